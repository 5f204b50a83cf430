import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { ColumnSql, DataProblem, TableData, TableShape } from '../model/ports.ts';
import type { DuckDb } from './lock.ts';
import { decimalOf, parseCell, typeOf } from './parse-cell.ts';
import { quoteName } from './quote.ts';
import { typeWords } from './type-words.ts';
import { heapName } from './window.ts';

export type InlineRows = Extract<TableData, { kind: 'rows' }>;

/** Rows that one chunk of the engine may hold. */
const chunkRows = 2048;

/** Makes a table that only this connection sees and that ends with it; `name` is the table's own unless it is stated. */
export async function createTable(connection: DuckDBConnection, shape: TableShape, name = shape.name): Promise<void> {
  const columns = shape.columns.map((column) => `${quoteName(column.name)} ${column.sql}`);
  await connection.run(`CREATE TEMP TABLE ${quoteName(name)} (${columns.join(', ')})`);
}

/** Appends the rows of a case, and hands over their columns. Values never become SQL text. */
export async function loadRows(
  duckdb: DuckDb,
  connection: DuckDBConnection,
  shape: TableShape,
  data: InlineRows,
  onColumns?: (columns: readonly (readonly DuckDBValue[])[]) => void,
): Promise<DataProblem | undefined> {
  const at = data.columns.map((name) => shape.columns.findIndex((column) => column.name === name));
  const stranger = data.columns.find((_, index) => at[index] === -1);
  if (stranger !== undefined) throw new Error(`table ${shape.name} has no column ${stranger}`);
  if (data.rows.length === 0) return undefined;
  const types = shape.columns.map((column) => typeOf(duckdb, column.sql));
  const appender = await connection.createAppender(heapName(shape.name), 'main', 'temp');
  try {
    for (let from = 0; from < data.rows.length; from += chunkRows) {
      const rows = data.rows.slice(from, from + chunkRows);
      const columns = chunkColumns(duckdb, shape, at, rows, from);
      if ('reason' in columns) return columns;
      onColumns?.(columns);
      const chunk = duckdb.DuckDBDataChunk.create(types, rows.length);
      chunk.setColumns(columns);
      appender.appendDataChunk(chunk);
    }
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
  return undefined;
}

/** The chunk column by column; `at` tells which column of the table each given one is. */
function chunkColumns(
  duckdb: DuckDb,
  shape: TableShape,
  at: readonly number[],
  rows: InlineRows['rows'],
  from: number,
): DuckDBValue[][] | DataProblem {
  const columns: DuckDBValue[][] = shape.columns.map(() => new Array<DuckDBValue>(rows.length).fill(null));
  for (const [index, target] of at.entries()) {
    const column = shape.columns[target];
    const values = columns[target];
    if (column === undefined || values === undefined) continue;
    for (const [row, cells] of rows.entries()) {
      const text = cells[index] ?? null;
      if (text === null) continue;
      const value = parseCell(duckdb, column.sql, text);
      if (value === undefined) return badCell(shape.name, column.name, column.sql, text, from + row);
      values[row] = value;
    }
  }
  return columns;
}

function badCell(table: string, column: string, sql: ColumnSql, text: string, row: number): DataProblem {
  return { reason: 'column_type', file: '', table, column, detail: `row ${row + 1}: ${cellWords(text, sql)}` };
}

/** `'abc' is no decimal (DECIMAL(38,8))`, said the same of a case's row and of a file's. */
export function cellWords(text: string, sql: ColumnSql): string {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  const decimal = decimalOf(sql);
  const digits = decimal !== undefined && /^[+-]?[\d.]+$/.test(text) ? ` with at most ${decimal.scale} decimals` : '';
  return `'${shown.replace(/\s+/g, ' ')}' can not be read as ${typeWords(sql)}${digits}`;
}
