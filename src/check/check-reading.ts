import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { Library } from '../model/library.ts';
import type { Sop } from '../model/sop.ts';
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
  const market = new Set(tables.map((table) => table.name));
  return groups.flatMap(({ group, bound }) => {
    if (group.sql === null) return [];
    const place = firstLine(group.sql);
    const signals = group.signals.map((signal) => signal.name.value);
    const open = readsOf(bound?.tables ?? [], views).tables.filter((table) => market.has(table) && !told.has(table));
    for (const table of open) told.add(table);
    return [
      ...(group.evidence === null ? [diagnose('SOP441', group.name.span, { group: group.name.value, signals })] : []),
      ...open.map((table) => diagnose('SOP442', place, { table, group: group.name.value })),
    ];
  });
}
