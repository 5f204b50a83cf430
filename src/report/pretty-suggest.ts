import type { CheckedSop } from '../check/checked.ts';
import type { Obligation } from '../coverage/obligation.ts';
import type { SqlProof } from '../coverage/prove-sql.ts';
import { showScalar } from '../decision/normalise.ts';
import { count } from '../diagnostics/words.ts';
import type { NamedSuggestion } from '../emit/cases/suggested-table.ts';
import { signalColumns } from '../replay/evaluate.ts';
import { printable, wrap } from './layout.ts';
import type { Page } from './paint.ts';
import { sqlLines } from './pretty-open.ts';

/** The cases that a SOP lacks, named. */
export interface SopSuggestions {
  readonly checked: CheckedSop;
  readonly named: readonly NamedSuggestion[];
  /** What drafts would prove that wait already. */
  readonly inDraft: readonly Obligation[];
  /** What no case of signal values was found for. */
  readonly left: readonly Obligation[];
  /** Open, and left for a later call: there are too many for one. */
  readonly later: readonly Obligation[];
  /** Cases that fail or could not be decided: they prove nothing. */
  readonly leftOut: readonly string[];
  /** How many obligations nobody could tell to be open or impossible. */
  readonly undecided: number;
  /** What the cases prove of the SQL; null where nobody asked. */
  readonly sql: SqlProof | null;
}

/** Lines about one case, and about what is left; `--verbose` shows all. */
const most = { closes: 4, left: 6 };

/** Each suggested case with what the SOP says of it today, and what it would prove. `written` are the files that were added to. */
export function prettySuggest(
  found: readonly SopSuggestions[],
  written: readonly string[],
  verbose: boolean,
  page: Page,
): string {
  const { paint, columns } = page;
  const lines = found.flatMap((entry) => [...sopLines(entry, verbose, page), '']);
  const total = found.reduce((sum, { named }) => sum + named.length, 0);
  const where =
    written.length > 0
      ? `Written to ${written.join(', ')}, as drafts. What the SOP says today is no answer: decide what ought to happen, then replace each \`?\`; \`sop test\` runs them.`
      : total > 0
        ? 'Nothing was written.'
        : found.length === 0
          ? 'There is no SOP for which a case could be suggested.'
          : '';
  return `${[...lines, ...(where === '' ? [] : wrap(printable(where), columns).map(paint.bold))].join('\n').trimEnd()}\n`;
}

function sopLines(entry: SopSuggestions, verbose: boolean, page: Page): string[] {
  const { checked, named, inDraft, left, later, leftOut, undecided } = entry;
  const open = left.map(({ says }) => says);
  const told = verbose ? open : open.slice(0, most.left);
  const more = open.length - told.length;
  const asides = [
    leftOut.length === 0 ? '' : `These cases fail or were not decided, and prove nothing: ${leftOut.join(', ')}.`,
    inDraft.length === 0
      ? ''
      : `Not suggested again: ${count(inDraft.length, 'open obligation')}, for which a draft waits for an answer, or a case fails.`,
    undecided === 0
      ? ''
      : `Of ${count(undecided, 'obligation')} it could not be told whether any input shows ${undecided === 1 ? 'it' : 'them'}.`,
  ];
  return [
    ...wrap(printable(headOf(entry)), page.columns).map(page.paint.bold),
    ...asides.flatMap((text) => block(text, page)),
    ...named.flatMap((one) => suggestionLines(one, checked, verbose, page)),
    ...block(
      open.length === 0
        ? ''
        : `Open, and no signal values were found that would show it: ${told.join('; ')}${more === 0 ? '' : `; and ${more} more (--verbose)`}.`,
      page,
    ),
    ...block(
      later.length === 0
        ? ''
        : `${count(later.length, 'more open obligation')} left for a later call: answer these first.`,
      page,
    ),
    ...needLines(entry.sql, verbose, page),
  ];
}

/** Rows of data that somebody has to make up or find: values of signals pass the SQL by. */
function needLines(sql: SqlProof | null, verbose: boolean, page: Page): string[] {
  if (sql === null) return [];
  const all = sql.obligations.filter(({ state }) => state !== 'impossible').length;
  const open = sql.obligations.filter(({ state }) => state !== 'proven' && state !== 'impossible').length;
  const head =
    open === 0
      ? `No slip in the SQL that was tried goes unnoticed (${all}).`
      : `The SQL: of ${count(all, 'slip')}, ${open} would go unnoticed. No draft can try them: they need a case with rows of data.`;
  return ['', ...block(head, page), ...sqlLines(sql.obligations, sql.reach, verbose, page)];
}

/** Never more than is known: that nothing is open is said where nothing is. */
function headOf({ checked, named, inDraft, left, later, undecided }: SopSuggestions): string {
  const id = checked.sop.id.value;
  const all = named.flatMap(({ suggestion }) => suggestion.closes);
  const gaps = all.filter(({ kind }) => kind === 'gap').length;
  const asks = gaps === 0 ? '' : `; ${count(gaps, 'gap')} ${gaps === 1 ? 'asks' : 'ask'} for a rule`;
  if (named.length > 0)
    return `${id}: ${count(named.length, 'case')} would close ${count(all.length - gaps, 'open obligation')}, if today's answers are right${asks}`;
  if (inDraft.length + left.length + later.length > 0) return `${id}: no case to add`;
  return `${id}: no obligation of its decision tables is ${undecided === 0 ? '' : 'known to be '}open`;
}

function suggestionLines(
  { name, suggestion }: NamedSuggestion,
  checked: CheckedSop,
  verbose: boolean,
  page: Page,
): string[] {
  const { segment, values, now, closes } = suggestion;
  const columns = signalColumns(checked);
  const shown = [...values].map(([signal, value]) => `${signal} ${showScalar(value, columns.get(signal) ?? null)}`);
  const today = now.kind === 'decided' ? `${now.disposition}, ${now.severity}, by ${now.rule}` : now.kind;
  const told = verbose ? closes : closes.slice(0, most.closes);
  const more = closes.length - told.length;
  return [
    '',
    `  ${page.paint.cyan(printable(name))}`,
    ...block(`${segment === null ? '' : `in ${segment}: `}${shown.join(', ')}`, page, 4),
    ...block(`today: ${today}`, page, 4),
    ...told.flatMap(({ kind, says }) => block(`${leads[kind] ?? 'would show: '}${says}`, page, 4)),
    ...block(more === 0 ? '' : `and ${more} more (--verbose)`, page, 4),
  ];
}

const leads: Readonly<Record<string, string>> = { mutant: 'would notice if ', gap: 'asks for a rule: ' };

function block(text: string, { columns }: Page, indent = 2): string[] {
  if (text === '') return [];
  const room = ' '.repeat(indent);
  return wrap(printable(text), columns - indent - 2).map((line, at) => `${room}${at === 0 ? '' : '  '}${line}`);
}
