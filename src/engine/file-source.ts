import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnSql, DataProblem, TableShape } from '../model/ports.ts';
import type { CsvHeader } from './csv-header.ts';
import { readEngineError } from './engine-problem.ts';
import { cellWords } from './load-rows.ts';
import { quoteName, quoteText } from './lock.ts';
import { type FileStart, startOfFile } from './looks-like.ts';
import { typeWords } from './type-words.ts';

/** A file and the columns that the engine finds in it. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: number;
  readonly start: Extract<FileStart, { ok: true }>;
  /** Column name as written in the file → the engine's type. */
  readonly columns: ReadonlyMap<string, string>;
}

export type SourceResult =
  | { readonly ok: true; readonly file: SourceFile }
  | { readonly ok: false; readonly problem: DataProblem };

/** Between the parts of a message of `error()`, by which a view tells which value it could not read. */
const mark = '\u0001';

/** Looks into a file on a trusted connection. */
export async function describeFile(connection: DuckDBConnection, table: string, path: string): Promise<SourceResult> {
  const start = startOfFile(path);
  if (!start.ok) return { ok: false, problem: { reason: 'unreadable', file: path, table, detail: start.detail } };
  if (start.header !== undefined) {
    const columns = new Map(start.header.names.map((name) => [name, 'VARCHAR']));
    return { ok: true, file: { path, bytes: start.bytes, start, columns } };
  }
  try {
    const reader = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${relation(path, start, undefined)}`);
    const rows = reader.getRowsJson();
    const columns = new Map(rows.map((row) => [String(row[0]), String(row[1])]));
    return { ok: true, file: { path, bytes: start.bytes, start, columns } };
  } catch (error) {
    return { ok: false, problem: fileProblem(error, table, path) };
  }
}

/** The name that a file gives to a column of ours; letters' case does not matter. */
export function columnIn(file: SourceFile, name: string): string | undefined {
  if (file.columns.has(name)) return name;
  return [...file.columns.keys()].find((column) => column.toLowerCase() === name.toLowerCase());
}

/** A SELECT that gives the columns of `shape` in order, each in its declared type; one that the file lacks is NULL. */
export function selectFrom(file: SourceFile, shape: TableShape): string {
  const items = shape.columns.map((column) => {
    const source = columnIn(file, column.name);
    const value =
      source === undefined
        ? `CAST(NULL AS ${column.sql})`
        : castFrom(file, source, column.sql, `${shape.name}${mark}${column.name}`);
    return `${value} AS ${quoteName(column.name)}`;
  });
  const read = shape.columns.map((column) => columnIn(file, column.name)).filter((name) => name !== undefined);
  return `SELECT ${items.join(', ')} FROM ${relation(file.path, file.start, read)}`;
}

/** The first column whose type in the file can't become the declared one, whatever its values. */
export function impossibleColumn(file: SourceFile, shape: TableShape): DataProblem | undefined {
  for (const column of shape.columns) {
    const source = columnIn(file, column.name);
    const type = source === undefined ? undefined : sourceType(file, source);
    if (type === undefined || canBecome(type, column.sql)) continue;
    const detail = `the file holds ${typeWords(type)}, the table ${typeWords(column.sql)}`;
    return { reason: 'column_type', file: file.path, table: shape.name, column: column.name, detail };
  }
  return undefined;
}

/** Problems with a file in plain words; an error that is no engine error is a mistake of ours. */
export function fileProblem(error: unknown, table: string, file: string, shape?: TableShape): DataProblem {
  const said = readEngineError(error);
  if (said === undefined) throw error;
  if (said.type === 'Out of Memory')
    return { reason: 'memory', file, table, detail: 'reading it needs more memory than allowed' };
  const cell = readCellError(said.message);
  if (cell !== undefined) {
    const sql = shape?.columns.find((column) => column.name === cell.column)?.sql;
    const detail = sql === undefined ? undefined : cellWords(cell.text, sql);
    return { reason: 'column_type', file, table, column: cell.column, ...(detail && { detail }) };
  }
  return { reason: 'unreadable', file, table, detail: fileWords(said.message) };
}

/** What a view's `error()` said about one value. */
export function readCellError(message: string): { table: string; column: string; text: string } | undefined {
  const [first, table, column, ...text] = message.split(mark);
  if (first === undefined || !first.endsWith('cell') || table === undefined || column === undefined) return undefined;
  return { table, column, text: text.join(mark) };
}

function fileWords(message: string): string {
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  const where = line === undefined ? '' : `line ${line}: `;
  const counts = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  if (counts !== null) return `${where}${counts[2]} values where the header has ${counts[1]} columns`;
  if (/Invalid unicode|not utf-8/i.test(message)) return `${where}it is not UTF-8 text`;
  if (/unterminated quote|quoted value/i.test(message)) return `${where}a quote has no end`;
  if (/state machine/i.test(message)) return `${where}its quotes or line ends are not regular`;
  if (/maximum line size/i.test(message)) return `${where}the line is too long`;
  if (/Malformed JSON/i.test(message)) return 'it is no valid JSON';
  if (/expected records|Expected OBJECT/i.test(message)) return 'it is no list of objects';
  if (/magic bytes|footer|thrift|TProtocol|parquet/i.test(message)) return 'it is a damaged or cut-off Parquet file';
  return `${where}it can not be read`;
}

/**
 * Text formats are read as text and cast by us: type guessing takes `+02:00` off times, and what it guesses depends on the
 * first rows. `columns` names what to read of a JSON file; without it the file is looked into.
 */
function relation(path: string, start: SourceFile['start'], columns: readonly string[] | undefined): string {
  const file = `[${quoteText(globSafe(path))}]`;
  switch (start.format) {
    case 'csv': {
      const { delimiter, names, skip } = csvHeaderOf(start);
      const types = names.map((name) => `${quoteText(name)}: 'VARCHAR'`);
      return (
        `read_csv(${file}, auto_detect = false, header = true, columns = {${types.join(', ')}}, skip = ${skip}, ` +
        `delim = ${quoteText(delimiter)}, quote = '"', escape = '"', hive_partitioning = false)`
      );
    }
    case 'parquet':
      return `read_parquet(${file}, hive_partitioning = false, binary_as_string = true)`;
    case 'json': {
      if (columns === undefined)
        return `read_json(${file}, records = true, sample_size = -1, hive_partitioning = false)`;
      const types = columns.map((name) => `${quoteName(name)}: 'VARCHAR'`);
      return `read_json(${file}, records = true, columns = {${types.join(', ')}}, hive_partitioning = false)`;
    }
  }
}

function csvHeaderOf(start: SourceFile['start']): CsvHeader {
  if (start.header === undefined) throw new Error('a CSV without its header');
  return start.header;
}

/** `[`, `*` and `?` in a path would match other files. */
function globSafe(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
}

export const hasGlob = (path: string): boolean => /[*?[]/.test(path);

function sourceType(file: SourceFile, column: string): string {
  return file.start.format === 'parquet' ? (file.columns.get(column) ?? 'VARCHAR') : 'VARCHAR';
}

const numeric = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\))$/;

function canBecome(type: string, sql: ColumnSql): boolean {
  if (type === sql || type === 'VARCHAR' || type.startsWith('ENUM(')) return true;
  if (sql === 'VARCHAR') return numeric.test(type) || /^(UUID|DATE|BOOLEAN|TIMESTAMP.*)$/.test(type);
  if (sql === 'TIMESTAMP') return type === 'DATE' || type.startsWith('TIMESTAMP');
  return numeric.test(type) || (type === 'BOOLEAN' && sql === 'BIGINT');
}

/** A value that can't be read raises an error that names it, when it is reached; it is never silently NULL. */
function castFrom(file: SourceFile, source: string, sql: ColumnSql, where: string): string {
  const type = sourceType(file, source);
  const name = quoteName(source);
  if (type === sql) return name;
  const text = type === 'VARCHAR' || type.startsWith('ENUM(');
  if (sql === 'VARCHAR') return `CAST(${name} AS VARCHAR)`;
  if (sql === 'TIMESTAMP' && !text) return `CAST(${name} AS TIMESTAMP)`;
  const cast = text ? fromText(`trim(CAST(${name} AS VARCHAR))`, sql) : fromNumber(name, sql);
  const told = `error(${quoteText(`cell${mark}${where}${mark}`)} || CAST(${name} AS VARCHAR))`;
  return `coalesce(${cast}, CASE WHEN ${name} IS NOT NULL THEN ${told} END)`;
}

function fromText(text: string, sql: ColumnSql): string {
  if (sql === 'TIMESTAMP') return `CAST(TRY_CAST(${text} AS TIMESTAMPTZ) AS TIMESTAMP)`;
  if (sql === 'BIGINT')
    return `CASE WHEN regexp_full_match(${text}, '[+-]?\\d+(\\.0*)?') THEN TRY_CAST(${text} AS BIGINT) END`;
  return `TRY_CAST(${text} AS ${sql})`;
}

/** The engine would round 1.5 to a BIGINT of 2. */
function fromNumber(name: string, sql: ColumnSql): string {
  if (sql !== 'BIGINT') return `TRY_CAST(${name} AS ${sql})`;
  return `CASE WHEN ${name} = CAST(TRY_CAST(${name} AS BIGINT) AS DOUBLE) THEN TRY_CAST(${name} AS BIGINT) END`;
}
