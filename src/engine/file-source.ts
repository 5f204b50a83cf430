import type { DuckDBConnection } from '@duckdb/node-api';
import { type Reading, rawColumns } from '../model/mapping.ts';
import type { ColumnSql, DataProblem, TableShape } from '../model/ports.ts';
import type { LookResult } from '../model/survey.ts';
import { type Attached, attach, attachedName } from './attach.ts';
import type { CsvHeader } from './csv-header.ts';
import { readEngineError } from './engine-problem.ts';
import { cellWords } from './load-rows.ts';
import { type FileStart, startOfFile } from './looks-like.ts';
import { quoteName, quoteText } from './quote.ts';
import { cellError, readError } from './readers/errors.ts';
import { givesColumn, type Mapped, mappedFile, mappedSelect } from './readers/mapped-file.ts';
import { plainName } from './readers/pattern.ts';
import type { RawFile } from './readers/raw-relation.ts';
import { fittingMappings, recognise } from './readers/recognise.ts';
import { typeWords } from './type-words.ts';

/** Bytes of one JSON document: an answer of an exchange is far smaller. */
const largestDocument = 64 * 2 ** 20;

/** A file and the columns that the engine finds in it. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: number;
  readonly start: Extract<FileStart, { ok: true }>;
  /** Column name as written in the file → the engine's type. */
  readonly columns: ReadonlyMap<string, string>;
  /** How it becomes the market table where its columns are not the table's own. */
  readonly mapped?: Mapped;
  /** True where broken lines are passed over: the check of data tells of them and looks at the rest. */
  readonly lenient?: boolean;
  /** The attached database and the table in it. */
  readonly attached?: Attached;
}

export type SourceResult =
  | { readonly ok: true; readonly file: SourceFile }
  | { readonly ok: false; readonly problem: DataProblem };

/**
 * Looks into a file on a trusted connection. A mapping that was asked for, or that recognises the file, says how it is
 * read; without one the file's own columns are those of the table.
 */
export async function describeFile(
  connection: DuckDBConnection,
  shape: TableShape,
  path: string,
  reading: Reading,
): Promise<SourceResult> {
  const table = shape.name;
  const start = startOfFile(path);
  if (!start.ok) return { ok: false, problem: { reason: 'unreadable', file: path, table, detail: start.detail } };
  try {
    const attached = start.format === 'duckdb' ? await attach(connection, path, reading.inside ?? table) : undefined;
    if (typeof attached === 'string') return unreadable(path, table, attached);
    const seen = { path, bytes: start.bytes, start, columns: new Map<string, string>(), ...(attached && { attached }) };
    const named = start.format === 'json' || start.format === 'fix' ? seen : await withColumns(connection, seen);
    const mapped = await chooseMapping(connection, named, reading);
    if (!mapped.ok) return unreadable(path, table, mapped.detail);
    if (mapped.value !== undefined) return { ok: true, file: { ...named, mapped: mapped.value } };
    if (start.format === 'fix')
      return unreadable(path, table, `its FIX messages become \`trades\` or \`orders\`, not \`${table}\``);
    return { ok: true, file: start.format === 'json' ? await withColumns(connection, seen) : named };
  } catch (error) {
    return { ok: false, problem: fileProblem(error, table, path) };
  }
}

function unreadable(file: string, table: string, detail: string): SourceResult {
  return { ok: false, problem: { reason: 'unreadable', file, table, detail } };
}

async function withColumns(connection: DuckDBConnection, file: SourceFile): Promise<SourceFile> {
  const { header } = file.start;
  if (header !== undefined) return { ...file, columns: new Map(header.names.map((name) => [name, 'VARCHAR'])) };
  const reader = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${relation(file, undefined)}`);
  return { ...file, columns: new Map(reader.getRowsJson().map((row) => [String(row[0]), String(row[1])])) };
}

function rawFile(file: SourceFile): RawFile {
  return {
    start: file.start,
    columns: file.columns,
    relation: (headless) => relation(file, undefined, headless),
    documents: `read_json_objects([${quoteText(globSafe(file.path))}], maximum_object_size = ${largestDocument}, hive_partitioning = false)`,
    lines: `read_csv([${quoteText(globSafe(file.path))}], auto_detect = false, header = false, columns = {'line': 'VARCHAR'}, delim = '\u0002', quote = '', escape = '', max_line_size = 1048576, hive_partitioning = false)`,
  };
}

/** Mappings that fit a file, and its columns as far as they have names. */
export async function lookAt(connection: DuckDBConnection, path: string, reading: Reading): Promise<LookResult> {
  const start = startOfFile(path);
  if (!start.ok) return { ok: false, problem: { reason: 'unreadable', file: path, table: '', detail: start.detail } };
  if (start.format === 'duckdb') return { ok: true, value: { mappings: [], columns: [] } };
  try {
    const seen: SourceFile = { path, bytes: start.bytes, start, columns: new Map() };
    const plain = start.format === 'json' || start.format === 'fix';
    const named = plain ? seen : await withColumns(connection, seen);
    const fitting = await fittingMappings(connection, path, rawFile(named), reading.mappings);
    const own = start.format === 'json' && fitting.length === 0 ? await withColumns(connection, seen) : named;
    return { ok: true, value: { mappings: fitting.map(({ name }) => name), columns: [...own.columns.keys()] } };
  } catch (error) {
    return { ok: false, problem: fileProblem(error, '', path) };
  }
}

async function chooseMapping(
  connection: DuckDBConnection,
  file: SourceFile,
  reading: Reading,
): Promise<
  { readonly ok: true; readonly value: Mapped | undefined } | { readonly ok: false; readonly detail: string }
> {
  const raw = rawFile(file);
  const chosen = await recognise(connection, file.path, raw, reading);
  if (!chosen.ok) return chosen;
  if (chosen.value === undefined) return { ok: true, value: undefined };
  return mappedFile(chosen.value, file.path, raw, reading.contracts);
}

/** Columns of the table that the file has, by the name that the file gives them; letters' case does not matter. */
export function columnIn(file: SourceFile, name: string): string | undefined {
  if (file.mapped !== undefined) return givesColumn(file.mapped, name) ? name : undefined;
  if (file.columns.has(name)) return name;
  return [...file.columns.keys()].find((column) => column.toLowerCase() === name.toLowerCase());
}

/** A SELECT of one column `t`: the texts from which a column is read; undefined where the file holds no texts for it. */
export function rawTexts(file: SourceFile, name: string): string | undefined {
  const source = file.mapped === undefined ? columnIn(file, name) : undefined;
  if (source === undefined || sourceType(file, source) !== 'VARCHAR') return undefined;
  return `SELECT CAST(${quoteName(source)} AS VARCHAR) AS t FROM ${relation(file, [source])}`;
}

/** Columns of the file that nothing reads. */
export function unusedColumns(file: SourceFile, shape: TableShape): string[] {
  const own = [...file.columns.keys()];
  if (file.mapped !== undefined) {
    const read = rawColumns(file.mapped.mapping).map(plainName);
    return file.mapped.headless ? [] : own.filter((name) => !read.includes(plainName(name)));
  }
  const known = new Set(shape.columns.map((column) => column.name.toLowerCase()));
  return own.filter((name) => !known.has(name.toLowerCase()));
}

/** A SELECT that gives the columns of `shape` in order, each in its declared type; one that the file lacks is NULL. */
export function selectFrom(file: SourceFile, shape: TableShape): string {
  if (file.mapped !== undefined) return mappedSelect(file.mapped, shape);
  const items = shape.columns.map((column) => {
    const source = columnIn(file, column.name);
    const value =
      source === undefined
        ? `CAST(NULL AS ${column.sql})`
        : castFrom(file, source, column.sql, { table: shape.name, column: column.name });
    return `${value} AS ${quoteName(column.name)}`;
  });
  const read = shape.columns.map((column) => columnIn(file, column.name)).filter((name) => name !== undefined);
  return `SELECT ${items.join(', ')} FROM ${relation(file, read)}`;
}

/** The first column whose type in the file can't become the declared one, whatever its values. */
export function impossibleColumn(file: SourceFile, shape: TableShape): DataProblem | undefined {
  if (file.mapped !== undefined) return undefined;
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
  const cell = readError(said.message);
  if (cell !== undefined) {
    const sql = shape?.columns.find((column) => column.name === cell.column)?.sql;
    const detail = cell.said ? cell.text : sql === undefined ? undefined : cellWords(cell.text, sql);
    return { reason: 'column_type', file, table, column: cell.column, ...(detail && { detail }) };
  }
  return { reason: 'unreadable', file, table, detail: fileWords(said.message) };
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
function relation(source: SourceFile, columns: readonly string[] | undefined, headless = false): string {
  const { start } = source;
  const file = `[${quoteText(globSafe(source.path))}]`;
  switch (start.format) {
    case 'csv': {
      const { delimiter, names, skip } = csvHeaderOf(start);
      const types = names.map((name) => `${quoteText(name)}: 'VARCHAR'`);
      return (
        `read_csv(${file}, auto_detect = false, header = ${!headless}, columns = {${types.join(', ')}}, skip = ${skip}, ` +
        `delim = ${quoteText(delimiter)}, quote = '"', escape = '"', hive_partitioning = false${source.lenient === true ? ', ignore_errors = true' : ''})`
      );
    }
    case 'parquet':
      return `read_parquet(${file}, hive_partitioning = false, binary_as_string = true)`;
    case 'duckdb':
      if (source.attached === undefined) throw new Error('a database that is not attached');
      return attachedName(source.attached);
    case 'json': {
      if (columns === undefined)
        return `read_json(${file}, records = true, sample_size = -1, hive_partitioning = false)`;
      const types = columns.map((name) => `${quoteName(name)}: 'VARCHAR'`);
      return `read_json(${file}, records = true, columns = {${types.join(', ')}}, hive_partitioning = false)`;
    }
    case 'fix':
      throw new Error('FIX messages have no columns of their own');
  }
}

function csvHeaderOf(start: SourceFile['start']): CsvHeader {
  if (start.header === undefined) throw new Error('a CSV without its header');
  return start.header;
}

/** `[`, `*` and `?` in a path would match other files. */
export function globSafe(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
}

export const hasGlob = (path: string): boolean => /[*?[]/.test(path);

function sourceType(file: SourceFile, column: string): string {
  return file.start.format === 'parquet' || file.start.format === 'duckdb'
    ? (file.columns.get(column) ?? 'VARCHAR')
    : 'VARCHAR';
}

const numeric = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\))$/;

function canBecome(type: string, sql: ColumnSql): boolean {
  if (type === sql || type === 'VARCHAR' || type.startsWith('ENUM(')) return true;
  if (sql === 'VARCHAR') return numeric.test(type) || /^(UUID|DATE|BOOLEAN|TIMESTAMP.*)$/.test(type);
  if (sql === 'TIMESTAMP') return type === 'DATE' || type.startsWith('TIMESTAMP');
  return numeric.test(type) || (type === 'BOOLEAN' && sql === 'BIGINT');
}

/** A value that can't be read raises an error that names it, when it is reached; it is never silently NULL. */
function castFrom(
  file: SourceFile,
  source: string,
  sql: ColumnSql,
  where: { readonly table: string; readonly column: string },
): string {
  const type = sourceType(file, source);
  const name = quoteName(source);
  if (type === sql) return name;
  const text = type === 'VARCHAR' || type.startsWith('ENUM(');
  if (sql === 'VARCHAR') return `CAST(${name} AS VARCHAR)`;
  if (sql === 'TIMESTAMP' && !text) return `CAST(${name} AS TIMESTAMP)`;
  const cast = text ? fromText(`trim(CAST(${name} AS VARCHAR))`, sql) : fromNumber(name, sql);
  const told = cellError(where.table, where.column, `CAST(${name} AS VARCHAR)`);
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
