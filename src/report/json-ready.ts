import type { ReadyState } from '../replay/ready.ts';
import { formatTime } from '../text/time.ts';
import { jsonUnmet } from './json-run.ts';

/** What `sop ready --format json` prints; `schemas/output/ready.json` describes it. */
export function jsonReady(states: readonly ReadyState[], symbol: string | null) {
  return {
    version: 1,
    symbol,
    sops: states.map(({ checked, state, asOf, unmet, unlisted }) => ({
      sop: checked.sop.id.value,
      state,
      as_of: asOf === null ? null : formatTime(asOf),
      missing: unmet.map(jsonUnmet),
      not_given: unlisted,
    })),
  };
}
