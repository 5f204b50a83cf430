import type { CheckedSop } from '../check/checked.ts';
import { nearestRule } from '../decision/explain.ts';
import type { Desk } from '../model/library.ts';
import type { RawValue } from '../model/value.ts';
import { type Alert, openAlerts } from './alerts.ts';
import { rank } from './comparer.ts';
import type { Evaluation } from './evaluate.ts';
import { matchInTime } from './match-labels.ts';
import { logicIn } from './segment-runs.ts';
import { bootstrapF1, type Counts, f1Of, type Interval, precisionOf, recallOf, wilson } from './statistics.ts';
import type { DecidedSubject } from './subjects.ts';

/** Something that happened, as somebody labelled it. */
export interface Label {
  /** The values of the columns by which alerts and labels meet. */
  readonly by: readonly RawValue[];
  /** Microseconds since 1970 UTC. */
  readonly at: number;
  /** Its place in the label file, from 1. */
  readonly row: number;
}

export interface BacktestOptions {
  /** Columns of the subject (and of the labels) by which alerts and labels meet. */
  readonly by: readonly string[];
  readonly withinSeconds: number;
  readonly nearSeconds: number | null;
  /** The lowest disposition that counts as an alert. */
  readonly from: string;
  readonly seed: number;
}

export interface Figures extends Counts {
  readonly alerts: number;
  readonly labels: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly intervals: {
    readonly precision: Interval | null;
    readonly recall: Interval | null;
    readonly f1: Interval | null;
  };
}

export interface Backtest extends Figures {
  /** Subjects that were decided about. */
  readonly rows: number;
  readonly undecided: number;
  readonly invalid: number;
  readonly near: Figures | null;
  readonly missed: readonly MissedLabel[];
  readonly falseAlarms: readonly Alert[];
  readonly alertList: readonly Alert[];
}

export interface MissedLabel {
  readonly label: Label;
  /** The gravest decision within reach of the label, and what kept it from being an alert. */
  readonly closest: { readonly at: number; readonly disposition: string; readonly why: string } | null;
}

/** Alerts of a SOP against labels. */
export function backtest(
  checked: CheckedSop,
  desk: Desk,
  { decided }: Evaluation,
  labels: readonly Label[],
  options: BacktestOptions,
): Backtest {
  const alerts = openAlerts(decided, checked.sop, desk, options.from);
  const matched = matchAll(alerts, labels, checked, options);
  const hits = new Set(matched.map(([alert]) => alert));
  const found = new Set(matched.map(([, label]) => label));
  const near = options.nearSeconds;
  const nearby =
    near === null ? null : alerts.filter((alert) => distanceToLabel(alert, labels, checked, options) <= near * 1e6);
  return {
    ...figures(alerts, labels, hits, found, checked, options),
    rows: decided.length,
    undecided: decided.filter((subject) => subject.decision.kind === 'undecided').length,
    invalid: decided.filter((subject) => subject.decision.kind === 'invalid').length,
    near: nearby === null ? null : nearFigures(nearby, labels, checked, options),
    missed: labels
      .filter((label) => !found.has(label))
      .map((label) => ({ label, closest: closestDecision(label, decided, checked, desk, options) })),
    falseAlarms: alerts.filter((alert) => !hits.has(alert)),
    alertList: alerts,
  };
}

function nearFigures(
  alerts: readonly Alert[],
  labels: readonly Label[],
  checked: CheckedSop,
  options: BacktestOptions,
): Figures {
  const matched = matchAll(alerts, labels, checked, options);
  return figures(
    alerts,
    labels,
    new Set(matched.map(([alert]) => alert)),
    new Set(matched.map(([, label]) => label)),
    checked,
    options,
  );
}

function figures(
  alerts: readonly Alert[],
  labels: readonly Label[],
  hits: ReadonlySet<Alert>,
  found: ReadonlySet<Label>,
  checked: CheckedSop,
  options: BacktestOptions,
): Figures {
  const counts: Counts = {
    truePositives: hits.size,
    falsePositives: alerts.length - hits.size,
    misses: labels.length - found.size,
  };
  const groups = new Map<string, { truePositives: number; falsePositives: number; misses: number }>();
  const group = (by: readonly RawValue[]) => {
    const name = meetingText(by);
    const entry = groups.get(name) ?? { truePositives: 0, falsePositives: 0, misses: 0 };
    groups.set(name, entry);
    return entry;
  };
  for (const alert of alerts)
    group(alertKey(alert, checked, options.by))[hits.has(alert) ? 'truePositives' : 'falsePositives']++;
  for (const label of labels) if (!found.has(label)) group(label.by).misses++;
  const ordered = [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  return {
    ...counts,
    alerts: alerts.length,
    labels: labels.length,
    precision: precisionOf(counts),
    recall: recallOf(counts),
    f1: f1Of(counts),
    intervals: {
      precision: wilson(counts.truePositives, alerts.length),
      recall: wilson(counts.truePositives, labels.length),
      f1: bootstrapF1(ordered, options.seed),
    },
  };
}

function matchAll(
  alerts: readonly Alert[],
  labels: readonly Label[],
  checked: CheckedSop,
  options: BacktestOptions,
): (readonly [Alert, Label])[] {
  const byAlert = groupBy(alerts, (alert) => meetingText(alertKey(alert, checked, options.by)));
  const byLabel = groupBy(labels, (label) => meetingText(label.by));
  return [...byAlert].flatMap(([name, group]) => {
    const own = [...group].sort((a, b) => a.at - b.at);
    const theirs = [...(byLabel.get(name) ?? [])].sort((a, b) => a.at - b.at || a.row - b.row);
    return matchInTime(own, theirs, options.withinSeconds * 1e6).flatMap(([a, l]) => {
      const [alert, label] = [own[a], theirs[l]];
      return alert === undefined || label === undefined ? [] : [[alert, label] as const];
    });
  });
}

function groupBy<T>(values: readonly T[], name: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = name(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

/** Labels are text where SQL may have numbers: both meet as text, and NULL meets only NULL. */
function meetingText(by: readonly RawValue[]): string {
  return by.map((part) => (part === null ? '\u0001' : String(part))).join('\u0000');
}

/** The subject's columns that labels know, of the decision that opened the alert. */
function alertKey(alert: Alert, { sop }: CheckedSop, by: readonly string[]): RawValue[] {
  return by.map((name) => alert.opening.key[sop.subject.columns.findIndex((column) => column.name === name)] ?? null);
}

function distanceToLabel(
  alert: Alert,
  labels: readonly Label[],
  checked: CheckedSop,
  options: BacktestOptions,
): number {
  const key = alertKey(alert, checked, options.by);
  const own = labels.filter((label) => meetingText(label.by) === meetingText(key));
  return Math.min(...own.map((label) => Math.abs(label.at - alert.at)), Number.POSITIVE_INFINITY);
}

function closestDecision(
  label: Label,
  decided: readonly DecidedSubject[],
  checked: CheckedSop,
  desk: Desk,
  options: BacktestOptions,
): MissedLabel['closest'] {
  const columns = checked.sop.subject.columns.map((column) => column.name);
  const at = columns.indexOf(checked.sop.at?.value ?? '');
  const places = options.by.map((name) => columns.indexOf(name));
  const reach = options.withinSeconds * 1e6;
  let best: { subject: DecidedSubject; time: number; weight: number } | null = null;
  for (const subject of decided) {
    const time = subject.key[at];
    if (typeof time !== 'number' || Math.abs(time - label.at) > reach) continue;
    if (meetingText(places.map((place) => subject.key[place] ?? null)) !== meetingText(label.by)) continue;
    const weight = subject.decision.kind === 'decided' ? rank(desk.dispositions, subject.decision.disposition) : -1;
    if (
      best === null ||
      weight > best.weight ||
      (weight === best.weight && Math.abs(time - label.at) < Math.abs(best.time - label.at))
    )
      best = { subject, time, weight };
  }
  if (best === null) return null;
  const { decision } = best.subject;
  const why =
    decision.kind === 'decided' ? explainShortfall(best.subject, checked, desk, options.from) : decision.detail;
  return { at: best.time, disposition: decision.kind === 'decided' ? decision.disposition : decision.kind, why };
}

function explainShortfall(subject: DecidedSubject, checked: CheckedSop, desk: Desk, from: string): string {
  const { decision } = subject;
  if (decision.kind !== 'decided') return '';
  const least = rank(desk.dispositions, from);
  if (rank(desk.dispositions, decision.disposition) >= least) return 'its alert was matched with another label';
  const near = nearestRule(
    logicIn(checked, subject.segment),
    subject.values,
    decision.trail,
    decision.rule,
    (output) => rank(desk.dispositions, output('disposition')) >= least,
  );
  if (near === null) return `no rule gives ${from}`;
  return near.failed
    .map((cell) => `${cell.column} is ${cell.value}, and ${near.rule} needs ${cell.condition}`)
    .join('; ');
}
