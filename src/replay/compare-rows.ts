import Big from 'big.js';
import { exactNumber } from '../model/build/literals.ts';
import type { GivenCell } from '../model/case.ts';
import type { ColumnSql, TableColumn } from '../model/ports.ts';
import type { RawValue } from '../model/value.ts';
import type { ExpectedRow } from '../model/view.ts';
import { formatTime, parseTime } from '../text/time.ts';

/** A row as a view returned it: one value a column. */
export type Row = readonly RawValue[];

/** An expected row that nothing matches, with the row that comes nearest and the columns in which that one differs. */
export interface MissingRow {
  readonly expected: ExpectedRow;
  readonly nearest: { readonly row: Row; readonly differs: readonly GivenCell[] } | null;
}

/** Pairs expected rows with returned ones, one to one, as many as possible; says what is left on either side. */
export function compareRows(
  expected: readonly ExpectedRow[],
  rows: readonly Row[],
  columns: readonly TableColumn[],
): { readonly missing: readonly MissingRow[]; readonly left: readonly Row[] } {
  const owner = new Map<number, number>();
  const fits = expected.map(({ cells }) => rows.map((row) => differing(cells, row, columns).length === 0));
  /** Gives an expected row one of its rows, moving others to theirs where that helps. */
  const place = (at: number, tried: Set<number>): boolean =>
    rows.some((_, row) => {
      if (fits[at]?.[row] !== true || tried.has(row)) return false;
      tried.add(row);
      const holder = owner.get(row);
      if (holder !== undefined && !place(holder, tried)) return false;
      owner.set(row, at);
      return true;
    });
  const unplaced = expected.filter((_, at) => !place(at, new Set()));
  const left = rows.filter((_, row) => !owner.has(row));
  return { missing: unplaced.map((entry) => ({ expected: entry, nearest: nearestOf(entry, left, columns) })), left };
}

function nearestOf(expected: ExpectedRow, rows: readonly Row[], columns: readonly TableColumn[]) {
  let best: MissingRow['nearest'] = null;
  for (const row of rows) {
    const differs = differing(expected.cells, row, columns);
    if (best === null || differs.length < best.differs.length) best = { row, differs };
  }
  return best;
}

function differing(cells: readonly GivenCell[], row: Row, columns: readonly TableColumn[]): GivenCell[] {
  return cells.filter(({ column, text }) => {
    const at = columns.findIndex((candidate) => candidate.name === column.value);
    const sql = columns[at]?.sql;
    return sql === undefined || !isSame(text, row[at] ?? null, sql);
  });
}

function isSame(text: string | null, value: RawValue, sql: ColumnSql): boolean {
  if (text === null || value === null) return text === value;
  if (sql === 'VARCHAR' || sql === 'BOOLEAN') return String(value) === text;
  if (sql === 'TIMESTAMP') return value === parseTime(text);
  if (sql === 'DOUBLE') return Number(text) === value;
  const number = exactNumber(text);
  return number !== undefined && new Big(String(value)).eq(number);
}

/** `{symbol: BTC-USDT, trades: 3}`, with all columns, or those of an expectation. */
export function showRow(row: Row, columns: readonly TableColumn[]): string {
  return braces(columns.map(({ name }, at) => [name, showValue(row[at] ?? null, columns[at]?.sql)] as const));
}

export function showExpectedRow({ cells }: ExpectedRow): string {
  return braces(cells.map(({ column, text }) => [column.value, text ?? 'null'] as const));
}

export function showValue(value: RawValue, sql: ColumnSql | undefined): string {
  if (value === null) return 'null';
  if (sql === 'TIMESTAMP' && typeof value === 'number') return formatTime(value);
  return value instanceof Big ? value.toFixed() : String(value);
}

function braces(parts: readonly (readonly [string, string])[]): string {
  return `{${parts.map(([name, value]) => `${name}: ${value}`).join(', ')}}`;
}
