import { type Diagnostic, diagnose, type Outcome } from '../../diagnostics/diagnostic.ts';
import { type CsvCell, type CsvRecord, parseCsv } from '../../syntax/parse-csv.ts';
import { type Located, type Span, spanAt } from '../../text/source.ts';
import { parseTime } from '../../text/time.ts';
import type { DeskList, ListEntry } from '../desk-list.ts';
import { listColumns } from '../list-table.ts';
import { readFileName } from './names.ts';

const header = listColumns.map((column) => column.name);

/** Reads a list. `null` where any of it is wrong: half a list of exemptions would exempt others than were approved. */
export function buildDeskList(path: string, text: string): Outcome<DeskList | null> {
  const [records, problems] = parseCsv(path, text);
  if (problems.length > 0)
    return [null, problems.slice(0, 3).map(({ what, span }) => diagnose('SOP251', span, { what }))];
  const [first, ...rest] = records;
  const place = first?.span ?? spanAt(path, 0, 1);
  if (first === undefined || first.cells.map((cell) => cell.text).join(',') !== header.join(','))
    return [null, [diagnose('SOP251', place, { what: headerProblem(first?.cells ?? []) })]];
  const found: Diagnostic[] = [];
  const name = readFileName(path, 'csv', place, found);
  const entries = rest.map((record) => readEntry(record, found)).filter((entry) => entry !== null);
  found.push(...overlaps(entries, name.value));
  return [found.length > 0 ? null : { path, name, entries }, found];
}

function headerProblem(cells: readonly CsvCell[]): string {
  if (cells.length === 0) return 'it is empty';
  const names = cells.map((cell) => cell.text.toLowerCase());
  const missing = header.find((name) => !names.includes(name));
  return missing === undefined
    ? 'its columns must be in the order key, reason, approver, valid_from, valid_to, in lower case and no others'
    : `its first line has no column ${missing}`;
}

function readEntry({ cells, span }: CsvRecord, found: Diagnostic[]): ListEntry | null {
  const [key, reason, approver, from, to] = cells;
  if (cells.length !== header.length || !key || !reason || !approver || !from || !to) {
    const what = `this line has ${cells.length} ${cells.length === 1 ? 'value' : 'values'} where five columns are`;
    found.push(diagnose('SOP251', span, { what }));
    return null;
  }
  for (const [cell, column] of [
    [key, 'key'],
    [reason, 'reason'],
    [approver, 'approver'],
    [from, 'valid_from'],
  ] as const) {
    if (cell.text === '') found.push(diagnose('SOP252', placeOf(cell), { column }));
  }
  const validFrom = from.text === '' ? null : readTime(from, 'valid_from', found);
  const validTo = to.text === '' ? null : readTime(to, 'valid_to', found);
  if (validFrom !== null && validTo !== null && validTo.value <= validFrom.value)
    found.push(
      diagnose('SOP253', validTo.span, { problem: '`valid_to` is not after `valid_from`: the entry never holds' }),
    );
  if (validFrom === null) return null;
  return {
    key: { value: key.text, span: key.span },
    reason: reason.text,
    approver: approver.text,
    validFrom,
    validTo,
    span,
  };
}

function readTime(cell: CsvCell, column: string, found: Diagnostic[]): Located<number> | null {
  const value = parseTime(cell.text);
  if (value !== undefined) return { value, span: cell.span };
  found.push(diagnose('SOP253', placeOf(cell), { problem: `\`${column}\` is no day or time of the calendar` }));
  return null;
}

/** An empty value has no width; the comma behind it shows where it would stand. */
function placeOf({ span }: CsvCell): Span {
  return span.end > span.start ? span : spanAt(span.path, span.start, span.start + 1);
}

/** Entries of one key follow one another in time, the open-ended one last. */
function overlaps(entries: readonly ListEntry[], list: string): Diagnostic[] {
  const ordered = [...entries].sort(
    (a, b) => compare(a.key.value, b.key.value) || a.validFrom.value - b.validFrom.value || a.span.start - b.span.start,
  );
  return ordered.flatMap((entry, index) => {
    const earlier = ordered[index - 1];
    if (earlier === undefined || earlier.key.value !== entry.key.value) return [];
    if (earlier.validTo !== null && earlier.validTo.value <= entry.validFrom.value) return [];
    const related = [{ span: earlier.key.span, label: 'overlaps this one' }];
    return [diagnose('SOP254', entry.key.span, { key: entry.key.value, list }, { related })];
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
