import { count } from '../diagnostics/words.ts';
import type { RunDifference } from '../replay/compare-runs.ts';
import type { RunAlert } from '../replay/run-sop.ts';
import { showKey } from '../replay/subjects.ts';
import { undecidedOf } from './json-difference.ts';
import { aligned, marked, printable, wrap } from './layout.ts';
import type { Page } from './paint.ts';
import { lackLines } from './pretty-run.ts';

const mostListed = 12;

/** What a change does to the traffic: alerts per day and by rule, then whom it adds and whom it drops. */
export function prettyDifference(found: RunDifference, verbose: boolean, page: Page): string {
  const { paint, columns } = page;
  const { before, after, gained, lost, changed } = found;
  const { sop } = before.checked;
  const most = verbose ? Number.POSITIVE_INFINITY : mostListed;
  const open = (run: RunDifference['before']) => `${undecidedOf(run)} undecided, ${run.invalid.length} invalid`;
  const sums = `${count(before.alerts.length, 'alert')} before, ${after.alerts.length} after: ${gained.length} gained, ${lost.length} lost, ${changed.length} changed`;
  const lines = [
    ...wrap(`${sop.id.value}: ${sums}`, columns).map(paint.bold),
    ...wrap(
      `Without labels nobody knows which of them were right. Before: ${open(before)}; after: ${open(after)}.`,
      columns,
    ).map(paint.dim),
    ...lacks('before', before, page),
    ...lacks('after', after, page),
    '',
    ...dayLines(found, verbose, page),
    '',
    ...table(
      [['rule', 'before', 'after'], ...found.rules.map((rule) => [rule.rule, rule.before, rule.after].map(String))],
      page,
    ),
    ...list('Gained', gained, after.checked.sop, '+', most, page),
    ...list('Lost', lost, sop, '-', most, page),
    ...changedLines(changed, found, most, page),
  ];
  return `${lines.join('\n')}\n`;
}

/** The days on which alerts come or go; all of them with --verbose. */
function dayLines({ days }: RunDifference, verbose: boolean, page: Page): string[] {
  const shown = verbose ? days : days.filter(({ gained, lost }) => gained > 0 || lost > 0);
  const rest = days.length - shown.length;
  const head = ['day (UTC)', 'before', 'after', 'gained', 'lost'];
  const rows = shown.map(({ day, before, after, gained, lost }) => [
    day === '' ? 'no time' : day,
    ...[before, after, gained, lost].map(String),
  ]);
  const others = rest === 0 ? [] : [`  ${count(rest, shown.length === 0 ? 'day' : 'other day')} without a difference`];
  return [...(rows.length === 0 ? [] : table([head, ...rows], page)), ...others];
}

/** An alert that goes because data is missing is no alert that the change drops. */
function lacks(side: string, run: RunDifference['before'], page: Page): string[] {
  const lines = lackLines(run, page);
  return lines.length === 0 ? [] : ['', page.paint.bold(`Missing ${side} the change`), ...lines];
}

function table(rows: readonly (readonly string[])[], { paint }: Page): string[] {
  return aligned(rows, 1).map((line, index) => (index === 0 ? paint.dim(line) : line));
}

type Sop = RunDifference['before']['checked']['sop'];

function list(title: string, alerts: readonly RunAlert[], sop: Sop, mark: string, most: number, page: Page): string[] {
  if (alerts.length === 0) return [];
  const entries = alerts
    .slice(0, most)
    .map(
      (alert) =>
        `${alert.disposition}, ${alert.severity}, by ${alert.rule}: ${printable(showKey(alert.subject.key, sop))}`,
    );
  return [
    '',
    page.paint.bold(title),
    ...entries.flatMap((text) => marked(`  ${mark} `, text, page.columns)),
    ...more(alerts.length - most),
  ];
}

function changedLines(
  changed: RunDifference['changed'],
  { before }: RunDifference,
  most: number,
  page: Page,
): string[] {
  if (changed.length === 0) return [];
  const entries = changed
    .slice(0, most)
    .map(
      ([a, b]) =>
        `${a.disposition}, ${a.severity} → ${b.disposition}, ${b.severity}: ${printable(showKey(b.subject.key, before.checked.sop))}`,
    );
  return [
    '',
    page.paint.bold('Changed'),
    ...entries.flatMap((text) => marked('  ~ ', text, page.columns)),
    ...more(changed.length - most),
  ];
}

function more(left: number): string[] {
  return left > 0 ? [`  and ${left} more (--verbose)`] : [];
}
