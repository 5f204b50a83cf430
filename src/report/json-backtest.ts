import type { CheckedSop } from '../check/checked.ts';
import type { Alert } from '../replay/alerts.ts';
import type { SheetResult } from '../replay/answer-sheet.ts';
import type { Backtest, BacktestOptions, Figures, MissedLabel } from '../replay/backtest.ts';
import { showSignals } from '../replay/evaluate.ts';
import type { TimeSample } from '../replay/prove-sample.ts';
import { f1Of, precisionOf, recallOf, wilson } from '../replay/statistics.ts';
import { isTimeColumn, showKeyPart } from '../replay/subjects.ts';
import { formatTime } from '../text/time.ts';

/** What `sop backtest --format json` prints; `schemas/output/backtest.json` describes it. */
export function jsonBacktest(
  result: Backtest,
  checked: CheckedSop,
  options: BacktestOptions,
  unavailable: ReadonlyMap<string, string>,
  sample: TimeSample,
) {
  return {
    version: 1,
    sop: checked.sop.id.value,
    from: options.from,
    rows: result.rows,
    ...jsonFigures(result),
    invalid: result.invalid,
    undecided: result.undecided,
    unavailable: [...unavailable].map(([signal, needs]) => ({ signal, needs })),
    time_check: { tried: sample.tried, changed: sample.changed },
    near: result.near === null ? null : { within: options.nearSeconds, ...jsonFigures(result.near) },
    missed: result.missed.map((missed) => jsonMissed(missed, options)),
    false_alarms: result.falseAlarms.map((alert) => jsonAlert(alert, checked)),
    disagreements: [],
  };
}

function jsonFigures(figures: Figures) {
  return {
    alerts: figures.alerts,
    labels: figures.labels,
    true_positives: figures.truePositives,
    false_positives: figures.falsePositives,
    misses: figures.misses,
    precision: figures.precision,
    recall: figures.recall,
    f1: figures.f1,
    intervals: figures.intervals,
  };
}

export function jsonMissed({ label, closest }: MissedLabel, options: BacktestOptions) {
  const by = Object.fromEntries(options.by.map((name, index) => [name, String(label.by[index] ?? '')]));
  return {
    row: label.row,
    ...by,
    at: formatTime(label.at),
    closest:
      closest === null ? null : { at: formatTime(closest.at), disposition: closest.disposition, why: closest.why },
  };
}

export function jsonAlert(alert: Alert, checked: CheckedSop) {
  const { sop } = checked;
  const subject = Object.fromEntries(
    sop.subject.columns.map((column, index) => [
      column.name,
      showKeyPart(alert.opening.key[index] ?? null, isTimeColumn(column.name, sop)).replace(/^"|"$/g, ''),
    ]),
  );
  return {
    subject,
    at: formatTime(alert.at),
    disposition: alert.disposition,
    severity: alert.severity,
    rule: alert.rule,
    decisions: alert.decisions,
    signals: showSignals(alert.opening, checked),
  };
}

/** The same keys for a sheet of signal values, so that one script reads both. */
export function jsonSheet(result: SheetResult, checked: CheckedSop, from: string) {
  return {
    version: 1,
    sop: checked.sop.id.value,
    from,
    rows: result.rows,
    alerts: result.alerts,
    labels: result.labels,
    true_positives: result.truePositives,
    false_positives: result.falsePositives,
    misses: result.misses,
    precision: precisionOf(result),
    recall: recallOf(result),
    f1: f1Of(result),
    intervals: {
      precision: wilson(result.truePositives, result.alerts),
      recall: wilson(result.truePositives, result.labels),
      f1: null,
    },
    invalid: result.invalid,
    undecided: result.undecided,
    unavailable: [],
    time_check: { tried: 0, changed: 0 },
    near: null,
    missed: [],
    false_alarms: [],
    agreed: result.agreed,
    unread: result.unread,
    disagreements: result.disagreements,
  };
}
