import type { DuckDBTimestampValue, DuckDBValue } from '@duckdb/node-api';
import type { TableShape, Window } from '../model/ports.ts';

/**
 * The times by which a window shows the rows of a loaded table, row by row, in microseconds since 1970 UTC; null where a row has
 * none.
 */
export interface RowTimes {
  /** When a row happened: what `since` and a feed that broke off cut at. Null: the table says nothing of it. */
  readonly happened: (number | null)[] | null;
  /** When a row could be known. */
  readonly known: (number | null)[];
  /** Of each column whose values become known later than their row, when; only of rows that have a value. */
  readonly values: readonly { readonly column: number; readonly at: number; readonly times: (number | null)[] }[];
}

/** The times of a table that has no rows yet. */
export function noTimes(shape: TableShape): RowTimes {
  const placeOf = (name: string) => shape.columns.findIndex((column) => column.name === name);
  return {
    happened: shape.time === undefined || placeOf(shape.time) < 0 ? null : [],
    known: [],
    values: shape.columns.flatMap(({ knownAt }, column) =>
      knownAt === undefined ? [] : [{ column, at: placeOf(knownAt), times: [] }],
    ),
  };
}

/** Adds rows, given as the columns of the table. */
export function addTimes(times: RowTimes, shape: TableShape, columns: readonly (readonly DuckDBValue[])[]): void {
  const placeOf = (name: string) => shape.columns.findIndex((column) => column.name === name);
  const cell = (column: number, row: number) => columns[column]?.[row] ?? null;
  const known = (shape.known ?? []).map(placeOf).filter((column) => column >= 0);
  const rows = columns[0]?.length ?? 0;
  for (let row = 0; row < rows; row++) {
    times.happened?.push(microseconds(cell(placeOf(shape.time ?? ''), row)));
    const first = known.find((column) => cell(column, row) !== null);
    times.known.push(first === undefined ? null : microseconds(cell(first, row)));
    for (const { column, at, times: list } of times.values)
      if (cell(column, row) !== null) list.push(microseconds(cell(at, row)));
  }
}

/**
 * What a window shows of a table, as a text: the same text means the same rows. Each condition hides the more rows the further
 * it is moved, so the number that it hides says which; where the rows are not known, the window itself is the text.
 */
export function sightOf(shape: TableShape, times: RowTimes | undefined, window: Window): string {
  const feed = window.feed !== undefined && shape.feed === window.feed.column ? window.feed : null;
  const last = window.brokenOff?.table === shape.name ? window.brokenOff.last : null;
  const { since, asOf } = window;
  if (times === undefined) return JSON.stringify([since, asOf, last, feed]);
  const { happened, known, values } = times;
  return JSON.stringify([
    count(happened, since, (time, cut) => time === null || time < cut),
    count(happened, last, (time, cut) => time === null || time > cut),
    count(known, asOf, (time, cut) => time !== null && time > cut),
    values.map(({ times: list }) => count(list, asOf, (time, cut) => time === null || time > cut)),
    feed,
  ]);
}

function count(
  times: readonly (number | null)[] | null,
  cut: number | null,
  isHidden: (time: number | null, cut: number) => boolean,
): number {
  if (times === null || cut === null) return 0;
  const whole = Math.trunc(cut);
  return times.reduce<number>((sum, time) => (isHidden(time, whole) ? sum + 1 : sum), 0);
}

function microseconds(value: DuckDBValue): number | null {
  // Columns of times hold nothing else.
  return value === null ? null : Number((value as DuckDBTimestampValue).micros);
}
