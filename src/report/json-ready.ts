import { formatTime } from '../model/time.ts';
import type { ReadyState } from '../replay/ready.ts';

/** What `sop ready --format json` prints; `schemas/output/ready.json` describes it. */
export function jsonReady(states: readonly ReadyState[], symbol: string | null) {
  return {
    version: 1,
    symbol,
    sops: states.map(({ checked, state, asOf, unmet, unlisted }) => ({
      sop: checked.sop.id.value,
      state,
      as_of: asOf === null ? null : formatTime(asOf),
      missing: unmet.map(({ table, reason, detail, team, readyAt }) => ({
        table,
        reason,
        detail,
        team,
        ready_at: readyAt === null ? null : formatTime(readyAt),
      })),
      not_given: unlisted,
    })),
  };
}
