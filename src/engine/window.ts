import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableColumn, TableShape, Window } from '../model/ports.ts';
import { quoteName, quoteText } from './quote.ts';

/** What holds all rows of a table. No name in SQL of an SOP can hold a blank, so that SQL can't reach it. */
export function heapName(table: string): string {
  return `${table} rows`;
}

/** Makes the tables that SQL of SOPs reads: views over all rows that let through what may be seen. */
export async function cutTables(
  connection: DuckDBConnection,
  tables: readonly TableShape[],
  window: Window,
): Promise<void> {
  const views = tables.map((shape) => {
    const conditions = [
      knownBy(shape, window.asOf),
      happenedSince(shape, window.since),
      happenedUntil(shape, window.brokenOff),
      ofFeed(shape, window.feed),
    ].filter((sql) => sql !== null);
    const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
    const columns = shape.columns.map((column) => visible(column, shape, window.asOf));
    return `CREATE OR REPLACE TEMP VIEW ${quoteName(shape.name)} AS SELECT ${columns.join(', ')} FROM ${quoteName(heapName(shape.name))}${where}`;
  });
  // In one call: each way to the engine and back takes longer than a view.
  if (views.length > 0) await connection.run(views.join('; '));
}

/** The condition that a row could be known; null where all rows are. */
export function knownBy(shape: TableShape, asOf: number | null): string | null {
  const known = knownTime(shape);
  if (asOf === null || known === null) return null;
  // The engine can use a file's statistics on a plain column only.
  return !known.startsWith('coalesce(')
    ? `(${known} <= ${timestamp(asOf)} OR ${known} IS NULL)`
    : `coalesce(${known} <= ${timestamp(asOf)}, true)`;
}

/** The time at which a row could be known, as SQL; null where no column says so. */
export function knownTime(shape: TableShape): string | null {
  const present = (shape.known ?? []).filter((name) => has(shape, name)).map(quoteName);
  const [only] = present;
  if (only === undefined) return null;
  return present.length === 1 ? only : `coalesce(${present.join(', ')})`;
}

function happenedSince(shape: TableShape, since: number | null): string | null {
  if (since === null || shape.time === undefined || !has(shape, shape.time)) return null;
  return `${quoteName(shape.time)} >= ${timestamp(since)}`;
}

function happenedUntil(shape: TableShape, brokenOff: Window['brokenOff']): string | null {
  if (brokenOff?.table !== shape.name || shape.time === undefined || !has(shape, shape.time)) return null;
  return `${quoteName(shape.time)} <= ${timestamp(brokenOff.last)}`;
}

function ofFeed(shape: TableShape, feed: Window['feed']): string | null {
  if (feed === undefined || shape.feed !== feed.column || !has(shape, feed.column)) return null;
  return `${quoteName(feed.column)} = ${quoteText(feed.value)}`;
}

/** A value that only became known later is not there yet. Where nothing says when, nobody can have known it. */
function visible({ name, knownAt }: TableColumn, shape: TableShape, asOf: number | null): string {
  const column = quoteName(name);
  if (knownAt === undefined || asOf === null) return column;
  const then = has(shape, knownAt) ? `${quoteName(knownAt)} <= ${timestamp(asOf)}` : 'false';
  return `CASE WHEN ${then} THEN ${column} END AS ${column}`;
}

function has(shape: TableShape, name: string): boolean {
  return shape.columns.some((column) => column.name === name);
}

/** Microseconds since 1970 UTC as SQL. */
function timestamp(microseconds: number): string {
  return `make_timestamp(${Math.trunc(microseconds)})`;
}
