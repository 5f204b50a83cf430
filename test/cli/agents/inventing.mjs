// A scripted agent for the tests of `sop eval`: no model is asked. It invents numbers on purpose, and decides by them.
import { work } from './work.mjs';

await work({ signals: (signals) => ({ ...signals, self_ratio: 0.87, self_notional: '123456' }) });
