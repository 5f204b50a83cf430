// A scripted agent for the tests of `sop eval`: no model is asked. It is right on purpose.
import { work } from './work.mjs';

await work({});
