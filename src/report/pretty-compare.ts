import type { Answer, Direction } from '../decision/compare/answer.ts';
import type { Change, LogicChange } from '../decision/compare/compare.ts';
import type { ColumnChange } from '../decision/compare/joint-axes.ts';
import type { Region } from '../decision/region/region.ts';
import { inSentence } from '../decision/region/show.ts';
import { count } from '../diagnostics/words.ts';
import { decidesAsBefore, type Elsewhere, type SopChange } from '../replay/compare-sops.ts';
import { shownWitness } from './json-compare.ts';
import { printable, wrap } from './layout.ts';
import type { Page } from './paint.ts';

const mostListed = 10;

/** Which inputs are decided otherwise, the looser ones first, each with an input that anybody can try. */
export function prettyCompare(found: SopChange, verbose: boolean, page: Page): string {
  const { before, after, decisions, elsewhere } = found;
  const { id, version } = after.sop;
  const versions =
    before.sop.version.value === version.value
      ? `${version.value}, changed`
      : `${before.sop.version.value} to ${version.value}`;
  const lines = [
    page.paint.bold(`${id.value} ${versions}`),
    ...(decidesAsBefore(found) ? ['Every input is decided as before.'] : []),
    ...decisions.flatMap(({ segment, change }) => [
      ...(segment === null ? [] : ['', page.paint.bold(`In ${printable(segment)}`)]),
      ...changeLines(change, found, verbose, page),
    ]),
    ...elsewhereLines(elsewhere, page),
  ];
  return `${lines.join('\n')}\n`;
}

const titles: Readonly<Record<Direction, string>> = {
  looser: 'Looser: the same input gets less than before',
  incomparable: 'Neither looser nor stricter: undecided or invalid on one side',
  stricter: 'Stricter: the same input gets more than before',
};

function changeLines(change: LogicChange, found: SopChange, verbose: boolean, page: Page): string[] {
  const { paint, columns } = page;
  const said = change.columns.flatMap((one) => wrap(columnWords(one), columns - 2).map((line) => `  ${line}`));
  if (!change.comparable)
    return [
      ...said,
      ...wrap('Nothing was compared: what a step or a type changes shows only on data (`sop run --what-if`).', columns),
    ];
  const groups = (['looser', 'incomparable', 'stricter'] as const).flatMap((direction) => {
    const all = change.changes.filter((one) => one.direction === direction);
    if (all.length === 0) return [];
    const shown = verbose ? all : all.slice(0, mostListed);
    const rest = all.length - shown.length;
    return [
      '',
      ...wrap(`${titles[direction]} (${count(all.length, 'region')})`, columns).map(paint.bold),
      ...shown.flatMap((one) => regionLines(one, found, page)),
      ...(rest === 0 ? [] : [`  and ${rest} more (--verbose)`]),
    ];
  });
  const open =
    change.open.length === 0
      ? []
      : [
          '',
          ...wrap(
            `Not known of ${count(change.open.length, 'region')}: the comparison is too large to finish, and these may be decided otherwise too.`,
            columns,
          ).map(paint.bold),
          ...change.open
            .slice(0, verbose ? undefined : mostListed)
            .flatMap((region) => item(regionWords(region), page)),
        ];
  return [...said, ...groups, ...open, ...sameLines(change.sameAnswer, verbose, page)];
}

function sameLines({ rules, areAll }: LogicChange['sameAnswer'], verbose: boolean, { columns, paint }: Page): string[] {
  if (rules.length === 0) return [];
  const shown = (verbose ? rules : rules.slice(0, mostListed)).map(([a, b]) => `${a} → ${b}`);
  const rest = rules.length - shown.length;
  const more = [...(rest === 0 ? [] : [`and ${rest} more`]), ...(areAll ? [] : ['and maybe others'])];
  const text = `Decided by another rule with the same answer: ${[...shown, ...more].join(', ')}.`;
  return ['', ...wrap(text, columns).map(paint.dim)];
}

function regionLines(
  { region, before, after, rules }: Change,
  { before: one, after: other }: SopChange,
  page: Page,
): string[] {
  const witness = Object.entries(shownWitness(region.witness, [one.logic, other.logic]));
  const example = `for example ${witness.map(([name, value]) => `${name} ${value}`).join(', ')}`;
  return [
    ...item(`${regionWords(region)}: was ${answerWords(before, rules[0])}, now ${answerWords(after, rules[1])}`, page),
    ...wrap(printable(example), page.columns - 4).map((line) => `    ${page.paint.dim(line)}`),
  ];
}

function item(text: string, { columns }: Page): string[] {
  return wrap(printable(text), columns - 4).map((line, index) => (index === 0 ? `  - ${line}` : `    ${line}`));
}

function answerWords(answer: Answer, rule: string): string {
  return answer.kind === 'decided' ? `${answer.disposition}/${answer.severity} (${rule})` : answer.kind;
}

function regionWords({ cells }: Region): string {
  return cells.length === 0 ? 'every input' : cells.map(({ column, text }) => cellWords(column, text)).join(', ');
}

/** `ratio >= 0.5`, `type = "mm" or "house"`, `share in [0.2..0.5) or null`. */
function cellWords(column: string, text: string): string {
  if (text === 'not(null)') return `${column} is known`;
  const ways = inSentence(text);
  if (/^[<>]|^not\(/.test(text)) return `${column} ${ways}`;
  return /^[[(]/.test(text) ? `${column} in ${ways}` : `${column} = ${ways}`;
}

function columnWords({ column, what, before, after }: ColumnChange): string {
  const words = { type: 'type', step: 'step', range: 'range', missing: 'value where there is none (Missing)' };
  return `\`${column}\` has another ${words[what]}: was ${before}, now ${after}.`;
}

function elsewhereLines(elsewhere: readonly Elsewhere[], { columns, paint }: Page): string[] {
  if (elsewhere.length === 0) return [];
  const words: Record<Elsewhere['what'], (name: string) => string> = {
    sql: (name) => `the SQL of "${name}"`,
    members: (name) => `the members of "${name}"`,
    parameter: (name) => `the parameter \`${name}\`, which SQL reads`,
    requires: (name) => `what is required of \`${name}\``,
    segments: () => '`segment_by`',
    settle: () => '`settle`',
    lookback: () => '`lookback`',
  };
  const list = elsewhere.map(({ what, name }) => words[what](name)).join(', ');
  return [
    '',
    ...wrap(
      `Changed too, and not compared here: ${printable(list)}. What that does shows only on data: \`sop test\`, \`sop run --what-if\`.`,
      columns,
    ).map(paint.yellow),
  ];
}
