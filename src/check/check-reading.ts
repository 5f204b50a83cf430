import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { Library } from '../model/library.ts';
import type { BoundQuery } from '../model/ports.ts';
import type { Sop, SqlText } from '../model/sop.ts';
import { type Span, spanAt } from '../text/source.ts';
import { evidenceColumns } from './bind-evidence.ts';
import type { CheckedGroup, CheckedView } from './checked.ts';
import { readsOf } from './reads.ts';
import { firstLine } from './sql-problem.ts';

/** Of an approved SOP: the rows behind every signal can be seen, and every market table that it reads is required. */
export function checkReading(
  groups: readonly CheckedGroup[],
  sop: Sop,
  { tables }: Library,
  views: readonly CheckedView[],
): Diagnostic[] {
  if (sop.status.value !== 'approved') return [];
  const told = new Set(sop.requires.map((row) => row.table.value));
  const subject = sop.subject.columns.map((column) => column.name);
  const listed = (bound: BoundQuery | null) => [
    ...(bound?.columns ?? []).map((column) => column.name).filter((name) => subject.includes(name)),
    ...Object.keys(evidenceColumns(sop)),
  ];
  const market = new Set(tables.map((table) => table.name));
  const { segmentBy } = sop;
  const from = segmentBy === null ? [] : readsOf([segmentBy.table.value], views).tables;
  const unasked = from.filter((table) => market.has(table) && !told.has(table));
  for (const table of unasked) told.add(table);
  const segments = unasked.map((table) =>
    diagnose('SOP442', segmentBy?.table.span ?? sop.id.span, { table, group: null }),
  );
  const read = groups.flatMap(({ group, bound }) => {
    if (group.sql === null) return [];
    const { sql } = group;
    const signals = group.signals.map((signal) => signal.name.value);
    const open = readsOf(bound?.tables ?? [], views).tables.filter((table) => market.has(table) && !told.has(table));
    for (const table of open) told.add(table);
    return [
      ...(group.evidence === null
        ? [diagnose('SOP441', group.name.span, { group: group.name.value, signals, columns: listed(bound) })]
        : []),
      ...open.map((table) => diagnose('SOP442', whereRead(table, sql), { table, group: group.name.value })),
    ];
  });
  return [...segments, ...read];
}

/** The first `FROM` or `JOIN` that names the table; the SQL's first line where a view reads it. */
function whereRead(table: string, sql: SqlText): Span {
  const found = new RegExp(`\\b(?:from|join)\\s+${table}\\b`, 'i').exec(sql.text);
  if (found === null) return firstLine(sql);
  const end = sql.start + found.index + found[0].length;
  return spanAt(sql.span.path, end - table.length, end);
}
