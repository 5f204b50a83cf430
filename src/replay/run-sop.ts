import type { CheckedSop } from '../check/checked.ts';
import type { Desk } from '../model/library.ts';
import type { RawValue } from '../model/value.ts';
import { openAlerts } from './alerts.ts';
import { rank } from './comparer.ts';
import type { Evaluation } from './evaluate.ts';
import { type Group, groupId, groupsOf, keepIdentity } from './keep-identity.ts';
import { timeOf } from './prove-time.ts';
import type { Unmet } from './readiness.ts';
import type { RunWindow } from './source.ts';
import { compareKeys, type DecidedSubject } from './subjects.ts';

/** What a SOP says of a desk's data: first what it could not decide, then whom it names. */
export interface SopRun {
  readonly checked: CheckedSop;
  readonly window: RunWindow;
  /** Subjects that the SQL found in the window, decided or not. */
  readonly subjects: number;
  /** Required data that is missing at the window's end: nothing can be said of what it would have shown. */
  readonly unmet: readonly Unmet[];
  /** Signals that could not be computed, with the table or column that is missing. */
  readonly unavailable: ReadonlyMap<string, string>;
  readonly undecided: readonly UndecidedGroup[];
  readonly invalid: readonly DecidedSubject[];
  readonly alerts: readonly RunAlert[];
  /** Decisions by the rule of the final table, in its order. */
  readonly rules: readonly RuleCount[];
  readonly decided: readonly DecidedSubject[];
  /** Computed groups under the ids that they keep, ordered by id; empty in a SOP without `identity`. */
  readonly groups: readonly KeptGroup[];
}

/** A computed group: what it is called over the runs, and what the SQL of this run calls it. */
export interface KeptGroup extends Group {
  readonly sqlId: string;
}

/** Subjects that are undecided for one reason. */
export interface UndecidedGroup {
  readonly reason: Extract<DecidedSubject['decision'], { kind: 'undecided' }>['reason'];
  /** The words of the first of them. */
  readonly detail: string;
  readonly team: string | null;
  readonly subjects: readonly DecidedSubject[];
  /** How many of them would be alerts by the data that is there. */
  readonly leaning: number;
}

/** Decisions that a desk sees as one. */
export interface RunAlert {
  readonly subject: DecidedSubject;
  /** Microseconds since 1970 UTC; null where the SOP has no `at`. */
  readonly at: number | null;
  readonly by: readonly RawValue[];
  readonly disposition: string;
  readonly severity: string;
  readonly rule: string;
  readonly decisions: number;
  /** The id that a computed group keeps over the runs; null in a SOP without `identity`. */
  readonly group: string | null;
}

export interface RuleCount {
  /** The segment by whose parameters was decided; null in a SOP without segments. */
  readonly segment: string | null;
  readonly rule: string;
  readonly disposition: string;
  readonly severity: string;
  readonly decisions: number;
  readonly alerts: number;
}

/** Sums up an evaluation. `from` is the lowest disposition that is an alert. */
export function summariseRun(
  checked: CheckedSop,
  { decided, readiness, unavailable, window }: Evaluation,
  desk: Desk,
  from: string,
  earlier: readonly Group[] = [],
): SopRun {
  const groups = keepGroups(checked, decided, earlier);
  const kept = new Map(groups.map(({ id, sqlId }) => [sqlId, id]));
  const { sop } = checked;
  const groupOf = (subject: DecidedSubject) =>
    sop.identity === null ? null : (kept.get(groupId(subject, sop)) ?? null);
  const alerts = alertsOf(checked, decided, desk, from).map((alert) => ({ ...alert, group: groupOf(alert.subject) }));
  return {
    checked,
    window,
    subjects: decided.length,
    unmet: readiness({ at: null, symbol: null }),
    unavailable,
    undecided: groupUndecided(decided, desk, from),
    invalid: decided.filter(({ decision }) => decision.kind === 'invalid'),
    alerts,
    rules: countRules(checked, decided, alerts),
    decided,
    groups,
  };
}

function keepGroups({ sop }: CheckedSop, decided: readonly DecidedSubject[], earlier: readonly Group[]): KeptGroup[] {
  if (sop.identity === null) return [];
  const fresh = groupsOf(decided, sop);
  const kept = keepIdentity(earlier, fresh, sop.identity.match);
  return fresh
    .map((group) => ({ ...group, sqlId: group.id, id: kept.get(group.id) ?? group.id }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Without `at` or `alert` in the SOP every decision stands alone. Gravest first, then by time and subject. */
function alertsOf(
  checked: CheckedSop,
  decided: readonly DecidedSubject[],
  desk: Desk,
  from: string,
): Omit<RunAlert, 'group'>[] {
  const { sop } = checked;
  const least = rank(desk.dispositions, from);
  const alerts: Omit<RunAlert, 'group'>[] =
    sop.at !== null && sop.alert !== null
      ? openAlerts(decided, sop, desk, from).map(({ gravest, at, by, disposition, severity, rule, decisions }) => ({
          subject: gravest, at, by, disposition, severity, rule, decisions,
        })) // biome-ignore format: one line a field list
      : decided.flatMap((subject) => {
          const { decision } = subject;
          if (decision.kind !== 'decided' || rank(desk.dispositions, decision.disposition) < least) return [];
          const { disposition, severity, rule } = decision;
          return [
            { subject, at: timeOf(subject, checked), by: subject.key, disposition, severity, rule, decisions: 1 },
          ];
        });
  const weight = (alert: Omit<RunAlert, 'group'>) =>
    rank(desk.dispositions, alert.disposition) * desk.severities.length + rank(desk.severities, alert.severity);
  return alerts.sort(
    (a, b) => weight(b) - weight(a) || (a.at ?? 0) - (b.at ?? 0) || compareKeys(a.subject.key, b.subject.key),
  );
}

function groupUndecided(decided: readonly DecidedSubject[], desk: Desk, from: string): UndecidedGroup[] {
  const groups = new Map<string, { first: UndecidedGroup; subjects: DecidedSubject[]; leaning: number }>();
  const least = rank(desk.dispositions, from);
  for (const subject of decided) {
    const { decision } = subject;
    if (decision.kind !== 'undecided') continue;
    const { reason, detail, team = null, cause = '' } = decision;
    // What has not settled differs by a time in each; the reason is one.
    const key = `${reason}\u0000${cause}\u0000${team ?? ''}`;
    const group = groups.get(key) ?? {
      first: { reason, detail, team, subjects: [], leaning: 0 },
      subjects: [],
      leaning: 0,
    };
    groups.set(key, group);
    group.subjects.push(subject);
    if (decision.leaning !== undefined && rank(desk.dispositions, decision.leaning.disposition) >= least)
      group.leaning++;
  }
  return [...groups.entries()]
    .sort(
      ([a, left], [b, right]) =>
        right.leaning - left.leaning || right.subjects.length - left.subjects.length || (a < b ? -1 : 1),
    )
    .map(([, { first, subjects, leaning }]) => ({ ...first, subjects, leaning }));
}

function countRules({ sop }: CheckedSop, decided: readonly DecidedSubject[], alerts: readonly RunAlert[]): RuleCount[] {
  const order = (sop.tables.at(-1)?.rules ?? []).map((rule) => rule.id.value);
  const counts = new Map<string, { -readonly [field in keyof RuleCount]: RuleCount[field] }>();
  const keyOf = (rule: string, { segment }: DecidedSubject) => JSON.stringify([segment ?? null, rule]);
  for (const subject of decided) {
    const { decision } = subject;
    if (decision.kind !== 'decided') continue;
    const { rule, disposition, severity } = decision;
    const key = keyOf(rule, subject);
    const entry = counts.get(key) ?? {
      segment: subject.segment ?? null,
      rule,
      disposition,
      severity,
      decisions: 0,
      alerts: 0,
    };
    counts.set(key, entry);
    entry.decisions++;
  }
  for (const { rule, subject } of alerts) {
    const entry = counts.get(keyOf(rule, subject));
    if (entry !== undefined) entry.alerts++;
  }
  const place = (rule: string) => (order.includes(rule) ? order.indexOf(rule) : order.length);
  const name = ({ segment }: RuleCount) => segment ?? '';
  return [...counts.values()].sort(
    (a, b) =>
      (name(a) === name(b) ? 0 : name(a) < name(b) ? -1 : 1) ||
      place(a.rule) - place(b.rule) ||
      (a.rule < b.rule ? -1 : 1),
  );
}
