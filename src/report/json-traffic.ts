import type { Traffic } from '../coverage/traffic.ts';

/** What `sop traffic --format json` prints; `schemas/output/traffic.json` describes it. `all`: subjects that were found in the data. */
export function jsonTraffic(
  { sop, subjects, undecided, bounds, open, notCounted }: Traffic,
  all: number,
  unavailable: ReadonlyMap<string, string>,
) {
  return {
    version: 1,
    sop,
    subjects: all,
    by_tables: subjects,
    undecided,
    bounds: bounds.map(({ table, rule, column, value, segments, near, hang }) => ({
      table,
      rule,
      column,
      bound: value,
      segments,
      within_a_step: near,
      hang_on_it: hang,
    })),
    open: open.map(({ obligation: { id, kind, says }, subjects: count }) => ({ id, kind, says, subjects: count })),
    unavailable: Object.fromEntries(unavailable),
    not_counted: notCounted,
  };
}
