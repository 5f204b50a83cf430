import { matchInTime } from './match-labels.ts';
import type { RunAlert, SopRun } from './run-sop.ts';
import { keyText } from './subjects.ts';

/** Alerts of two runs on the same data: of a SOP as it is, and of a changed one. */
export interface RunDifference {
  readonly before: SopRun;
  readonly after: SopRun;
  readonly gained: readonly RunAlert[];
  readonly lost: readonly RunAlert[];
  /** Alerts that stand in both with another disposition or severity: before and after. */
  readonly changed: readonly (readonly [RunAlert, RunAlert])[];
  readonly days: readonly DayCount[];
  readonly rules: readonly RuleDifference[];
}

export interface DayCount {
  /** `2026-11-02`, UTC; empty for alerts without a time. */
  readonly day: string;
  readonly before: number;
  readonly after: number;
  readonly gained: number;
  readonly lost: number;
}

export interface RuleDifference {
  readonly rule: string;
  readonly before: number;
  readonly after: number;
}

/**
 * Pairs the alerts one to one: same columns of `alert.by`, opened within the quiet time of each other. Without times the
 * subject tells.
 */
export function compareRuns(before: SopRun, after: SopRun): RunDifference {
  const quiet = (before.checked.sop.alert?.quietSeconds ?? 0) * 1e6;
  const pairs = pairAlerts(before.alerts, after.alerts, quiet);
  const kept = new Set(pairs.map(([alert]) => alert));
  const found = new Set(pairs.map(([, alert]) => alert));
  const lost = before.alerts.filter((alert) => !kept.has(alert));
  const gained = after.alerts.filter((alert) => !found.has(alert));
  return {
    before,
    after,
    gained,
    lost,
    changed: pairs.filter(([a, b]) => a.disposition !== b.disposition || a.severity !== b.severity),
    days: countDays(before, after, gained, lost),
    rules: countRules(before, after),
  };
}

function pairAlerts(
  before: readonly RunAlert[],
  after: readonly RunAlert[],
  quiet: number,
): (readonly [RunAlert, RunAlert])[] {
  const name = ({ by, at, subject }: RunAlert) => (at === null ? keyText(subject.key) : keyText(by));
  const groups = new Map<string, { before: RunAlert[]; after: RunAlert[] }>();
  const add = (alert: RunAlert, side: 'before' | 'after') => {
    const group = groups.get(name(alert)) ?? { before: [], after: [] };
    groups.set(name(alert), group);
    group[side].push(alert);
  };
  for (const alert of before) add(alert, 'before');
  for (const alert of after) add(alert, 'after');
  const timed = (alerts: readonly RunAlert[]) =>
    alerts.map((alert) => ({ alert, at: alert.at ?? 0 })).sort((a, b) => a.at - b.at);
  return [...groups.values()].flatMap((group) => {
    const [left, right] = [timed(group.before), timed(group.after)];
    return matchInTime(left, right, quiet).flatMap(([a, b]) => {
      const [one, other] = [left[a]?.alert, right[b]?.alert];
      return one === undefined || other === undefined ? [] : [[one, other] as const];
    });
  });
}

function countDays(before: SopRun, after: SopRun, gained: readonly RunAlert[], lost: readonly RunAlert[]): DayCount[] {
  const days = new Map<string, { before: number; after: number; gained: number; lost: number }>();
  const count = (alerts: readonly RunAlert[], field: 'before' | 'after' | 'gained' | 'lost') => {
    for (const { at } of alerts) {
      const day = at === null ? '' : new Date(at / 1000).toISOString().slice(0, 10);
      const entry = days.get(day) ?? { before: 0, after: 0, gained: 0, lost: 0 };
      days.set(day, entry);
      entry[field]++;
    }
  };
  count(before.alerts, 'before');
  count(after.alerts, 'after');
  count(gained, 'gained');
  count(lost, 'lost');
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, counts]) => ({ day, ...counts }));
}

function countRules(before: SopRun, after: SopRun): RuleDifference[] {
  const alerts = (run: SopRun, rule: string) => run.alerts.filter((alert) => alert.rule === rule).length;
  const rules = [...new Set([...before.rules, ...after.rules].map(({ rule }) => rule))];
  return rules
    .map((rule) => ({ rule, before: alerts(before, rule), after: alerts(after, rule) }))
    .filter((entry) => entry.before > 0 || entry.after > 0);
}
