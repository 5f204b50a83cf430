import { count } from '../diagnostics/words.ts';
import { type MovableBound, showPlace, type Untried } from '../replay/movable-bounds.ts';
import type { Leeway, Sensitivity, SensitivityReport, Stop } from '../replay/sensitivity.ts';
import { padEnd, padStart, printable, wrap } from './layout.ts';
import type { Page } from './paint.ts';

/** A row a bound, with the case that stops it on each side; first what no case holds. */
export function prettySensitivity(report: SensitivityReport, verbose: boolean, page: Page): string {
  const { checked, bounds, cases, leftOut } = report;
  const { paint, columns } = page;
  const { id, version } = checked.sop;
  const loose = bounds.filter(({ down, up }) => isLoose(down) || isLoose(up));
  const head = `${id.value} ${version.value}: ${count(bounds.length, 'bound')} against ${count(cases, 'case')}`;
  const said = 'How far each may move, all else as it is, before a case comes out otherwise than now.';
  const aside =
    leftOut.length === 0
      ? []
      : wrap(
          `Left out, because nobody is decided about or they failed: ${count(leftOut.length, 'case')}${verbose ? ` (${leftOut.join(', ')})` : ''}.`,
          columns,
        ).map(paint.dim);
  const lines = [
    ...wrap(head, columns).map(paint.bold),
    ...wrap(said, columns).map(paint.dim),
    ...aside,
    ...looseLines(loose, page),
    ...(bounds.length === 0 ? [] : ['', ...table(bounds, page)]),
    ...untriedLines(report.untried, page),
  ];
  return `${lines.join('\n')}\n`;
}

function isLoose({ stop, isIdle }: Leeway): boolean {
  return stop === null && !isIdle;
}

function looseLines(loose: readonly Sensitivity[], { paint, columns }: Page): string[] {
  if (loose.length === 0) return [];
  const lines = loose.map(({ bound, down, up }) => {
    const sides = [...(isLoose(down) ? ['downwards'] : []), ...(isLoose(up) ? ['upwards'] : [])].join(' and ');
    return `${nameOf({ bound })}: nothing holds it ${sides}; a case at ${showPlace(bound.now, bound)} and one just beside it would`;
  });
  return [
    '',
    paint.bold('Nothing holds'),
    ...lines.flatMap((text) =>
      wrap(printable(text), columns - 4).map((line, at) =>
        at === 0 ? `  ! ${paint.yellow(line)}` : `    ${paint.yellow(line)}`,
      ),
    ),
  ];
}

function nameOf({ bound: { what } }: Pick<Sensitivity, 'bound'>): string {
  if (what.kind === 'cell') return `${what.rule} ${what.column} ${what.cell}`;
  return what.segment === null ? what.name : `${what.name} in ${what.segment}`;
}

function table(bounds: readonly Sensitivity[], page: Page): string[] {
  const rows = bounds.map(({ bound, down, up }) => [
    printable(nameOf({ bound })),
    showPlace(bound.now, bound),
    limitWords(down, '>', bound),
    limitWords(up, '<', bound),
  ]);
  const all = [['bound', 'now', 'down to', 'up to'], ...rows];
  const width = (at: number) => Math.max(...all.map((row) => row[at]?.length ?? 0));
  const widths = [Math.min(width(0), page.columns - 8 - width(1) - width(2) - width(3)), width(1), width(2), width(3)];
  const show = (row: readonly string[]) =>
    `  ${row.map((cell, at) => (at === 0 ? padEnd(cell, widths[0] ?? 0) : padStart(cell, widths[at] ?? 0))).join('  ')}`;
  return [
    page.paint.dim(show(all[0] ?? [])),
    ...bounds.flatMap(({ bound, down, up }, place) => [
      show(rows[place] ?? []),
      ...sideLines('below', down, bound, page),
      ...sideLines('above', up, bound, page),
    ]),
  ];
}

function limitWords({ limit, included, stop, isIdle }: Leeway, open: '<' | '>', bound: MovableBound): string {
  if (limit === null) return stop === null && isIdle ? 'any' : 'no end';
  return included ? showPlace(limit, bound) : `${open} ${showPlace(limit, bound)}`;
}

function sideLines(
  where: 'below' | 'above',
  { stop, isIdle, limit, included }: Leeway,
  bound: MovableBound,
  { paint, columns }: Page,
): string[] {
  const end = limit === null ? '' : showPlace(limit, bound);
  const from = limit === null ? where : included ? `${where} ${end}` : `at ${end}`;
  const text =
    stop === null
      ? `${where}: ${isIdle ? 'no input at all is decided otherwise' : 'nothing holds it'}`
      : `${from}: ${stopWords(stop)}`;
  return wrap(printable(text), columns - 6).map((line, at) => `${at === 0 ? '    ' : '      '}${paint.dim(line)}`);
}

function stopWords({ case: name, before, after, decision, others }: Stop): string {
  const said =
    decision === null
      ? ''
      : decision.kind === 'decided'
        ? ` (${decision.disposition}, ${decision.severity}, by ${decision.rule})`
        : ` (${decision.kind})`;
  const more = others === 0 ? '' : `, and ${count(others, 'other case')} ${others === 1 ? 'changes' : 'change'}`;
  return `${name} turns from ${words(before)} to ${words(after)}${said}${more}`;
}

function words(outcome: string): string {
  return outcome.replaceAll('_', ' ');
}

const reasons: Readonly<Record<Untried['why'], string>> = {
  sql: 'SQL reads it, so other values give other signals; `sop run --what-if` and `sop test` show what it does',
  requires: 'it says how much data is required',
  word: 'it is a word, not a number',
  output: 'rules give it as an answer',
  heads_a_column: 'it heads a column of a table; move the bounds of that column instead',
  two_tables: 'tables that feed one another both use it',
};

function untriedLines(untried: readonly Untried[], { paint, columns }: Page): string[] {
  if (untried.length === 0) return [];
  const lines = [...new Set(untried.map(({ why }) => why))].flatMap((why) => {
    const all = untried.filter((entry) => entry.why === why);
    const names = all.map(
      ({ parameter, segment, now }) => `${parameter}${segment === null ? '' : ` in ${segment}`} (${now})`,
    );
    return wrap(printable(`${names.join(', ')}: ${reasons[why]}.`), columns - 2).map((line) => `  ${line}`);
  });
  return ['', paint.bold('Not tried'), ...lines];
}
