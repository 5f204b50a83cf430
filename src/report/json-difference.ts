import type { RunDifference } from '../replay/compare-runs.ts';
import type { SopRun } from '../replay/run-sop.ts';
import { jsonLacks, jsonRunAlert } from './json-run.ts';

/** What `sop run --what-if … --format json` prints; `schemas/output/what-if.json` describes it. */
export function jsonDifferences(differences: readonly RunDifference[]) {
  return {
    version: 1,
    sops: differences.map(({ before, after, gained, lost, changed, days, rules }) => ({
      sop: before.checked.sop.id.value,
      before: jsonSide(before),
      after: jsonSide(after),
      days,
      rules,
      gained: gained.map((alert) => jsonRunAlert(alert, after)),
      lost: lost.map((alert) => jsonRunAlert(alert, before)),
      changed: changed.map(([a, b]) => ({ before: jsonRunAlert(a, before), after: jsonRunAlert(b, after) })),
    })),
  };
}

function jsonSide(run: SopRun) {
  return {
    alerts: run.alerts.length,
    undecided: undecidedOf(run),
    invalid: run.invalid.length,
    ...jsonLacks(run),
  };
}

export function undecidedOf({ undecided }: RunDifference['before']): number {
  return undecided.reduce((sum, group) => sum + group.subjects.length, 0);
}
