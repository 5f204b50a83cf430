import type { CheckedSop } from '../check/checked.ts';
import { count } from '../diagnostics/words.ts';
import type { SheetResult } from '../replay/answer-sheet.ts';
import type { Backtest, BacktestOptions, Figures } from '../replay/backtest.ts';
import { showSignals } from '../replay/evaluate.ts';
import type { TimeSample } from '../replay/prove-sample.ts';
import { f1Of, type Interval, precisionOf, recallOf, wilson } from '../replay/statistics.ts';
import { showKey } from '../replay/subjects.ts';
import { formatDuration, formatTime } from '../text/time.ts';
import { padEnd, padStart, printable, widthOf, wrap } from './layout.ts';
import type { Page } from './paint.ts';

const mostListed = 12;

/** Two rows of figures, what could not be decided, then the misses and false alarms that are worth reading. */
export function prettyBacktest(
  result: Backtest,
  checked: CheckedSop,
  options: BacktestOptions,
  unavailable: ReadonlyMap<string, string>,
  sample: TimeSample,
  verbose: boolean,
  page: Page,
): string {
  const { paint } = page;
  const { sop } = checked;
  if (result.rows === 0 && unavailable.size > 0) return `${prettyUnavailable(unavailable, result, page).join('\n')}`;
  const lines = [
    ...headed(
      `${sop.id.value} ${sop.version.value}`,
      `${count(result.rows, 'subject')}, alerts from ${options.from}, matched within ${formatDuration(options.withinSeconds)} by ${options.by.join(', ')}`,
      page,
    ),
    '',
    ...prettyUnavailable(unavailable, result, page),
    ...figureTable(
      [
        ...(result.near === null
          ? []
          : [[`within ${formatDuration(options.nearSeconds ?? 0)} of a label`, result.near] as const]),
        ['everywhere', result] as const,
      ],
      page,
    ),
    '',
    ...wrap(
      'Shares are rounded down. In brackets: 95 % intervals (Wilson; F1 by bootstrap over groups).',
      page.columns,
    ).map(paint.dim),
  ];
  if (result.undecided > 0)
    lines.push(
      `${paint.yellow('!')} ${count(result.undecided, 'subject')} undecided: no alert, and no all-clear either`,
    );
  if (result.invalid > 0)
    lines.push(
      `${paint.yellow('!')} ${count(result.invalid, 'subject')} invalid (a value outside its range, or two rules at once)`,
    );
  lines.push(...sampleLines(sample, page));
  const most = verbose ? Number.POSITIVE_INFINITY : mostListed;
  lines.push('', `${paint.bold(`Missed: ${result.missed.length} of ${count(result.labels, 'label')}`)}`);
  for (const { label, closest } of result.missed.slice(0, most)) {
    const why =
      closest === null
        ? 'nothing was decided about it within reach'
        : `${closest.disposition} at ${formatTime(closest.at)}: ${closest.why}`;
    lines.push(
      ...entry(
        `${options.by.map((_, index) => String(label.by[index] ?? '')).join(' ')} ${formatTime(label.at)}`,
        why,
        page,
      ),
    );
  }
  lines.push(
    ...more(result.missed.length - most),
    '',
    paint.bold(`False alarms: ${result.falseAlarms.length} of ${count(result.alerts, 'alert')}`),
  );
  for (const alert of result.falseAlarms.slice(0, most)) {
    const signals = Object.entries(showSignals(alert.opening, checked)).map(([name, value]) => `${name} ${value}`);
    lines.push(
      ...entry(
        `${showKey(alert.opening.key, sop)}`,
        `${alert.disposition} by ${alert.rule}: ${signals.join(', ')}`,
        page,
      ),
    );
  }
  lines.push(...more(result.falseAlarms.length - most));
  return `${lines.join('\n')}\n`;
}

function sampleLines({ tried, changed }: TimeSample, { paint, columns }: Page): string[] {
  if (tried === 0) return [];
  const text =
    changed === 0
      ? `${count(tried, 'decision')} tried again on data that ended when it had settled: none changed`
      : `${changed} of ${count(tried, 'decision')} tried again on data that ended when it had settled came out otherwise: the figures above rest on later rows`;
  const mark = changed === 0 ? paint.green('✓') : paint.red('✗');
  return wrap(text, columns - 2).map((line, index) => (index === 0 ? `${mark} ${line}` : `  ${line}`));
}

/** A sentence that starts with a bold name, broken where the page ends. */
function headed(name: string, text: string, { paint, columns }: Page): string[] {
  const [first = '', ...rest] = wrap(`${name}: ${text}`, columns);
  return [paint.bold(first.slice(0, name.length)) + first.slice(name.length), ...rest];
}

function prettyUnavailable(
  unavailable: ReadonlyMap<string, string>,
  result: Backtest,
  { paint, columns }: Page,
): string[] {
  if (unavailable.size === 0) return [];
  const lines = [...unavailable].map(([signal, needs]) => `  \`${signal}\` needs \`${needs}\``);
  const effect =
    result.rows === 0 ? 'Nothing could be decided.' : 'Subjects that need them are undecided, never dismissed.';
  return [
    `${paint.red('✗')} ${paint.bold('The data lacks what these signals need')}`,
    ...lines,
    ...wrap(effect, columns),
    '',
  ];
}

function figureTable(rows: readonly (readonly [string, Figures])[], { paint, columns }: Page): string[] {
  const name = Math.max(...rows.map(([title]) => title.length));
  return rows.flatMap(([title, figures]) => {
    const f1 = value(figures.f1, figures.intervals.f1);
    // Widths are those of plain text: colours come last.
    const parts = (shown: string) =>
      `precision ${value(figures.precision, figures.intervals.precision)}  recall ${value(figures.recall, figures.intervals.recall)}  F1 ${shown}`;
    const counts = `${figures.truePositives} of ${count(figures.alerts, 'alert')} right, ${figures.truePositives} of ${count(figures.labels, 'label')} found`;
    const line = (shown: string) => `  ${padEnd(title, name)}  ${parts(shown)}`;
    return [
      ...(widthOf(line(f1)) > columns ? [`  ${title}`, `    ${parts(paint.bold(f1))}`] : [line(paint.bold(f1))]),
      `  ${padEnd('', name)}  ${paint.dim(counts)}`,
    ];
  });
}

/** Rounded down, so that .9996 never reads as 1. */
function value(share: number | null, interval: Interval | null): string {
  const digits = (n: number) => (Math.floor(n * 1000 + 1e-9) / 1000).toFixed(3).replace(/^0/, '');
  if (share === null) return 'n/a';
  return interval === null ? digits(share) : `${digits(share)} [${digits(interval[0])}–${digits(interval[1])}]`;
}

function entry(head: string, text: string, { columns, paint }: Page): string[] {
  return [`  ${printable(head)}`, ...wrap(printable(text), columns - 4).map((line) => paint.dim(`    ${line}`))];
}

function more(rest: number): string[] {
  return rest > 0 && Number.isFinite(rest)
    ? [`  … and ${rest} more: \`--verbose\`, or \`--out DIR\` for all of them`]
    : [];
}

/** Where a sheet and the SOP disagree, by rule. */
export function prettySheet(
  result: SheetResult,
  checked: CheckedSop,
  from: string,
  verbose: boolean,
  page: Page,
): string {
  const { paint } = page;
  const share = (part: number | null) =>
    part === null ? 'n/a' : (Math.floor(part * 1000 + 1e-9) / 1000).toFixed(3).replace(/^0/, '');
  const interval = wilson(result.agreed, result.rows - result.unread.length);
  const lines = [
    ...headed(
      `${checked.sop.id.value} ${checked.sop.version.value}`,
      `${count(result.rows, 'row')}, ${result.agreed} agree, ${result.disagreements.length} disagree, ${result.unread.length} unread${interval === null ? '' : `; agreement ${value(result.agreed / Math.max(1, result.rows - result.unread.length), interval)}`}`,
      page,
    ),
    `  from ${from}: precision ${share(precisionOf(result))}, recall ${share(recallOf(result))}, F1 ${share(f1Of(result))} (${count(result.alerts, 'alert')}, ${count(result.labels, 'label')})`,
  ];
  if (result.undecided + result.invalid > 0)
    lines.push(`${paint.yellow('!')} ${result.undecided} undecided, ${result.invalid} invalid`);
  const most = verbose ? Number.POSITIVE_INFINITY : mostListed;
  for (const { row, why } of result.unread.slice(0, most))
    lines.push(`${paint.yellow('!')} row ${row} not read: ${printable(why)}`);
  lines.push(...more(result.unread.length - most));
  const rules = [...new Set(result.disagreements.map((entry) => entry.rule))];
  for (const rule of rules) {
    const own = result.disagreements.filter((entry) => entry.rule === rule);
    lines.push(
      '',
      paint.bold(`${rule === null ? 'no decision' : `rule ${rule}`}: ${count(own.length, 'disagreement')}`),
    );
    for (const { row, expected, actual } of own.slice(0, most))
      lines.push(`  row ${padStart(String(row), 5)}  expected ${flat(expected)}; got ${flat(actual)}`);
    lines.push(...more(own.length - most));
  }
  return `${lines.join('\n')}\n`;
}

function flat(values: Readonly<Record<string, string | null>>): string {
  return printable(
    Object.values(values)
      .map((text) => text ?? 'nothing')
      .join(', '),
  );
}
