import type { MarketTable } from '../../model/library.ts';
import type { TableData, TableShape } from '../../model/ports.ts';
import { nearest } from '../../text/nearest.ts';
import { parseTime, sqlTime } from '../../text/time.ts';
import { CallError } from './call-error.ts';

/** Rows of market tables as JSON hands them over. */
export type GivenRows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

export interface GivenTables {
  /** The tables with the columns that the rows have: what no row names is unavailable, and not empty. */
  readonly shapes: readonly TableShape[];
  readonly content: readonly TableData[];
}

/** Of all tables of a call together. */
export const mostRows = 50_000;

const longestCell = 10_000;

/**
 * Reads the rows; what is wrong with them is told with the place. As a case states them, a column that no row names is
 * empty, as it is in a case.
 */
export function givenTables(rows: GivenRows, known: readonly MarketTable[], asCases: boolean): GivenTables {
  const entries = Object.entries(rows);
  const total = entries.reduce((sum, [, list]) => sum + list.length, 0);
  if (total > mostRows)
    throw new CallError(
      'invalid',
      `${total} rows are more than the ${mostRows} that are taken; cut the data, or use \`sop run\``,
    );
  const tables = entries.map(([name, list]) => {
    const shape = known.find((table) => table.name === name);
    if (shape === undefined)
      throw new CallError(
        'invalid',
        `/tables: ${unknown(
          'market table',
          name,
          known.map((table) => table.name),
        )}`,
      );
    return tableOf(shape, list, asCases);
  });
  return { shapes: tables.map(({ shape }) => shape), content: tables.map(({ data }) => data) };
}

function tableOf(
  shape: MarketTable,
  rows: GivenRows[string],
  asCases: boolean,
): { readonly shape: TableShape; readonly data: TableData } {
  const { name } = shape;
  const places = new Map(shape.columns.map((column, place) => [column.name, place]));
  const stated = new Set<string>();
  for (const [at, row] of rows.entries()) {
    if (typeof row !== 'object' || row === null || Array.isArray(row))
      throw new CallError('invalid', `/tables/${name}/${at}: a row is an object: {"column": value}`);
    for (const column of Object.keys(row)) {
      if (!places.has(column))
        throw new CallError('invalid', `/tables/${name}/${at}: ${unknown('column', column, places.keys())}`);
      stated.add(column);
    }
  }
  // A table without rows is there, and has all its columns.
  const columns =
    asCases || rows.length === 0 ? shape.columns : shape.columns.filter((column) => stated.has(column.name));
  const cells = rows.map((row, at) =>
    columns.map(({ name: column, sql }) => {
      const value = Object.hasOwn(row, column) ? row[column] : null;
      return cellOf(value, sql === 'TIMESTAMP', `/tables/${name}/${at}/${column}`);
    }),
  );
  const present = columns.map((column) => column.name);
  const key = shape.key.every((column) => present.includes(column)) ? shape.key : [];
  return { shape: { ...shape, columns, key }, data: { kind: 'rows', table: name, columns: present, rows: cells } };
}

function cellOf(value: unknown, isTime: boolean, place: string): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    throw new CallError('invalid', `${place}: a cell is a text, a number, true, false or null`);
  const text = String(value);
  if (text.length > longestCell) throw new CallError('invalid', `${place}: more than ${longestCell} characters`);
  if (!isTime) return text;
  const time = typeof value === 'string' ? parseTime(value) : undefined;
  if (time === undefined)
    throw new CallError('invalid', `${place}: \`${text.slice(0, 60)}\` is no time; write it as 2026-11-02T03:00:00Z`);
  return sqlTime(time);
}

function unknown(what: string, name: string, known: Iterable<string>): string {
  const names = [...known];
  const [near] = nearest(name.slice(0, 100), names);
  const hint = near === undefined ? `; there are: ${names.join(', ')}` : `; did you mean \`${near}\`?`;
  return `there is no ${what} \`${name.slice(0, 100)}\`${hint}`;
}
