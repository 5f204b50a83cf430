import type { CheckedSop } from '../check/checked.ts';
import type { Obligation } from '../coverage/obligation.ts';
import { showScalar } from '../decision/normalise.ts';
import { count } from '../diagnostics/words.ts';
import type { NamedSuggestion } from '../emit/cases/suggested-table.ts';
import { signalColumns } from '../replay/evaluate.ts';
import { printable, wrap } from './layout.ts';
import type { Page } from './paint.ts';

/** The cases that a SOP lacks, named. */
export interface SopSuggestions {
  readonly checked: CheckedSop;
  readonly named: readonly NamedSuggestion[];
  /** What drafts would prove that wait already. */
  readonly inDraft: readonly Obligation[];
  /** What no case of signal values was found for. */
  readonly left: readonly Obligation[];
  /** Open, and not looked at: there are too many for one call. */
  readonly later: readonly Obligation[];
  /** Cases that fail or could not be decided: they prove nothing. */
  readonly leftOut: readonly string[];
}

/** Each suggested case with what the SOP says of it today, and what it would prove. `written` are the files that were added to. */
export function prettySuggest(found: readonly SopSuggestions[], written: readonly string[], page: Page): string {
  const { paint, columns } = page;
  const lines = found.flatMap((entry) => [...sopLines(entry, page), '']);
  const total = found.reduce((sum, { named }) => sum + named.length, 0);
  const where =
    written.length > 0
      ? `Written to ${written.join(', ')}, as drafts. What the SOP says today is no answer: decide what ought to happen, then replace each \`?\`.`
      : total > 0
        ? 'Nothing was written.'
        : '';
  return `${[...lines, ...(where === '' ? [] : wrap(printable(where), columns).map(paint.bold))].join('\n').trimEnd()}\n`;
}

function sopLines({ checked, named, inDraft, left, later, leftOut }: SopSuggestions, page: Page): string[] {
  const { paint } = page;
  const id = checked.sop.id.value;
  const all = named.flatMap(({ suggestion }) => suggestion.closes);
  const gaps = all.filter(({ kind }) => kind === 'gap').length;
  const toward = gaps === 0 ? '' : `; ${count(gaps, 'case', 'cases')} would ask for a rule where there is none`;
  const head =
    named.length === 0
      ? `${id}: no further case to suggest`
      : `${id}: ${count(named.length, 'case')} would close ${count(all.length - gaps, 'open point')}, if today's answers are right${toward}`;
  return [
    paint.bold(printable(head)),
    ...block(
      leftOut.length === 0 ? '' : `These cases fail or were not decided, and prove nothing: ${leftOut.join(', ')}.`,
      page,
    ),
    ...block(
      inDraft.length === 0
        ? ''
        : `Not suggested again: ${count(inDraft.length, 'point')} where a draft waits for an answer, or a case fails.`,
      page,
    ),
    ...named.flatMap((one) => suggestionLines(one, checked, page)),
    ...block(
      later.length === 0
        ? ''
        : `${count(later.length, 'further open point')} not looked at, because there are too many for one call: answer these, then call again.`,
      page,
    ),
    ...(left.length === 0
      ? []
      : block(
          `Open, and no signal values were found that would show it: ${left.map(({ says }) => says).join('; ')}.`,
          page,
        )),
  ];
}

function suggestionLines({ name, suggestion }: NamedSuggestion, checked: CheckedSop, page: Page): string[] {
  const { segment, values, now, closes } = suggestion;
  const columns = signalColumns(checked);
  const shown = [...values].map(([signal, value]) => `${signal} ${showScalar(value, columns.get(signal) ?? null)}`);
  const today = now.kind === 'decided' ? `${now.disposition}, ${now.severity}, by ${now.rule}` : now.kind;
  return [
    '',
    `  ${page.paint.cyan(printable(name))}`,
    ...block(`${segment === null ? '' : `in ${segment}: `}${shown.join(', ')}`, page, 4),
    ...block(`today: ${today}`, page, 4),
    ...closes.flatMap(({ kind, says }) => block(`${leads[kind] ?? 'closes: no case where '}${says}`, page, 4)),
  ];
}

const leads: Readonly<Record<string, string>> = { mutant: 'closes: nobody would notice if ', gap: 'asks for a rule: ' };

function block(text: string, { columns }: Page, indent = 2): string[] {
  if (text === '') return [];
  const room = ' '.repeat(indent);
  return wrap(printable(text), columns - indent - 2).map((line, at) => `${room}${at === 0 ? '' : '  '}${line}`);
}
