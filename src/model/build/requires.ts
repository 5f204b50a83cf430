import { type Diagnostic, diagnose } from '../../diagnostics/diagnostic.ts';
import type { Cell, Section } from '../../syntax/markdown.ts';
import { type Located, spanAt } from '../../text/source.ts';
import { secondsOf } from '../../text/time.ts';
import type { Covers, Requirement } from '../requirement.ts';
import { isBlank, readRows, tableOf } from './columns.ts';

const requiresColumns = {
  all: ['Table', 'Columns', 'Covers', 'Fresh within', 'Team'],
  optional: ['Columns', 'Covers', 'Fresh within', 'Team'],
} as const;

/** `## Requires`: the data without which there is no answer. */
export function buildRequires(section: Section, found: Diagnostic[]): Requirement[] {
  const table = tableOf(section, requiresColumns, found);
  if (table === undefined) return [];
  return readRows(table, 'Requires', requiresColumns, found).map(({ cells, row }) => ({
    table: { value: cells.Table.text, span: cells.Table.span },
    columns: listOf(cells.Columns),
    covers: coversOf(cells.Covers, found),
    freshSeconds: freshOf(cells['Fresh within'], found),
    team: isBlank(cells.Team.text) ? null : { value: cells.Team.text, span: cells.Team.span },
    span: row.span,
  }));
}

/** `a, b`, each perhaps in backquotes, each with its own place. */
function listOf({ text, span }: Cell): Located<string>[] {
  if (isBlank(text)) return [];
  return [...text.matchAll(/[^,\s`]+/g)].map(({ 0: value, index }) => ({
    value,
    span: spanAt(span.path, span.start + index, span.start + index + value.length),
  }));
}

/** `24h before at`, or a parameter in its own unit of time: `window` before `at`. */
function coversOf({ text, span }: Cell, found: Diagnostic[]): Covers | null {
  if (isBlank(text)) return null;
  const [, amount] = /^`?([a-z0-9_]+)`?\s+before\s+`?at`?$/.exec(text) ?? [];
  const seconds = amount === undefined ? undefined : secondsOf(amount);
  if (amount !== undefined && (seconds !== undefined || /^[a-z]/.test(amount)))
    return { amount: seconds ?? amount, text: `${amount} before at`, span };
  found.push(diagnose('SOP240', span, { cell: text }));
  return null;
}

function freshOf({ text, span }: Cell, found: Diagnostic[]): number | null {
  if (isBlank(text)) return null;
  const seconds = secondsOf(text.replaceAll('`', ''));
  if (seconds === undefined)
    found.push(
      diagnose('SOP205', span, { what: '`Fresh within`', value: text, say: 'a number and s, m, h or d, such as 30m' }),
    );
  return seconds ?? null;
}
