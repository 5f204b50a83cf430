import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import type { SqlProblem, SqlQuery, SqlResult, TableShape } from '../model/ports.ts';
import type { SqlMutants } from '../model/sql-mutant.ts';
import { engineProblem, readEngineError } from './engine-problem.ts';
import type { KnownNames } from './engine-rules.ts';
import { type Inspection, inspectQuery } from './inspect-query.ts';
import type { Instances } from './instances.ts';
import { cellWords } from './load-rows.ts';
import { firstColumn } from './lock.ts';
import { sqlMutants } from './mutants/sql-mutants.ts';
import type { Places } from './places.ts';
import { readError } from './readers/errors.ts';

/** What the child keeps to judge SQL: a connection that only parses, and the engine's list of functions. */
export interface Session {
  readonly instances: Instances;
  /** Texts of views that the engine has read as one SELECT. */
  readonly selects: Set<string>;
  inspect(tables: readonly TableShape[], query: SqlQuery, megabytes: number): Promise<Inspection>;
  mutants(sql: string, megabytes: number): Promise<SqlResult<SqlMutants>>;
}

export function createSession(instances: Instances): Session {
  let parser: Promise<{ connection: DuckDBConnection; serialize: DuckDBPreparedStatement }> | undefined;
  let functions: Promise<ReadonlySet<string>> | undefined;
  const open = async (megabytes: number) => {
    const connection = await (await instances.shared({ threads: 1, megabytes })).connect();
    const sql = 'SELECT json_serialize_sql($1::VARCHAR, skip_empty := true, skip_null := true)';
    return { connection, serialize: await connection.prepare(sql) };
  };
  let last: Promise<unknown> = Promise.resolve();
  /** One text after another: all go through one prepared statement. */
  const serialized = (sql: string, megabytes: number): Promise<string> => {
    parser ??= open(megabytes);
    const opening = parser;
    const turn = last.then(async () => {
      const { serialize } = await opening;
      serialize.bindVarchar(1, sql);
      const [[text] = []] = (await serialize.runAndReadAll()).getRows();
      return String(text);
    });
    last = turn.catch(() => undefined);
    return turn;
  };
  const inspect = async (tables: readonly TableShape[], query: SqlQuery, megabytes: number): Promise<Inspection> => {
    parser ??= open(megabytes);
    const { connection } = await parser;
    if (query.sql.includes('\0')) return { ok: false, problem: nulCharacter(query.sql) };
    const tree = await serialized(query.sql, megabytes);
    const exists = async (name: string) => {
      functions ??= firstColumn(connection, 'SELECT DISTINCT function_name FROM duckdb_functions()').then(
        (names) => new Set(names.map((known) => known.toLowerCase())),
      );
      return (await functions).has(name.toLowerCase());
    };
    try {
      return await inspectQuery(query, tables, tree, exists);
    } catch (error) {
      // Our walk over the tree is recursive, as the engine's own is.
      if (error instanceof RangeError) return { ok: false, problem: tooDeep };
      throw error;
    }
  };
  const seen = new Map<string, Promise<Inspection>>();
  const ids = new Map<string, number>();
  const known = new WeakMap<readonly TableShape[], number>();
  /** The same number for tables of the same names and columns: to write them all out takes longer than the rest of a look-up. */
  const idOf = (tables: readonly TableShape[]): number => {
    const found = known.get(tables);
    if (found !== undefined) return found;
    const text = JSON.stringify(tables.map(({ name, columns, key }) => [name, columns, key]));
    const id = ids.get(text) ?? ids.size;
    ids.set(text, id);
    known.set(tables, id);
    return id;
  };
  return {
    instances,
    selects: new Set(),
    mutants: async (sql, megabytes) => {
      if (sql.includes('\0')) return { ok: false, problem: nulCharacter(sql) };
      try {
        return await sqlMutants(sql, (text) => serialized(text, megabytes));
      } catch (error) {
        if (error instanceof RangeError) return { ok: false, problem: tooDeep };
        throw error;
      }
    },
    // The same SQL is run on case after case: what its text tells does not change.
    inspect: (tables, query, megabytes) => {
      const names = query.parameters.map((parameter) => parameter.name);
      const key = JSON.stringify([idOf(tables), names, query.sql]);
      const found = seen.get(key) ?? inspect(tables, query, megabytes);
      seen.delete(key);
      seen.set(key, found);
      const [oldest] = seen.size > keptInspections ? seen.keys() : [];
      if (oldest !== undefined) seen.delete(oldest);
      found.catch(() => seen.delete(key));
      return found;
    },
  };
}

const tooDeep: SqlProblem = { reason: 'other', detail: 'the SQL is nested too deeply' };

/** A run has a few dozen queries, each on the tables of its cases. */
const keptInspections = 200;

/** An error of the engine as a problem of the SQL; anything else is thrown on. `written` tells the byte of the SQL that a byte of what ran came from. */
export function failure(
  error: unknown,
  stage: 'bind' | 'run',
  places: Places,
  known: KnownNames,
  written?: (byte: number) => number,
): Extract<SqlResult<never>, { ok: false }> {
  const said = readEngineError(error);
  if (said === undefined) throw error;
  return { ok: false, problem: engineProblem(said, stage, places, known, written) };
}

/** A value of a large file that can't be read is only met while a query runs. */
export function unreadableCell(
  error: unknown,
  tables: readonly TableShape[],
): Extract<SqlResult<never>, { ok: false }> | undefined {
  const cell = readError(readEngineError(error)?.message ?? '');
  if (cell === undefined) return undefined;
  const shape = tables.find((table) => table.name === cell.table);
  const sql = shape?.columns.find((column) => column.name === cell.column)?.sql;
  const name = `${cell.table}.${cell.column}`;
  const detail = cell.said
    ? `in the data file, ${cell.text}`
    : sql === undefined
      ? 'a value can not be read'
      : `in the data file, ${cellWords(cell.text, sql)}`;
  return { ok: false, problem: { reason: 'runtime', name, detail } };
}

/** Names for suggestions: columns of the tables that are read. */
export function knownNames(tables: readonly TableShape[], read: readonly string[]): KnownNames {
  const seen = tables.filter((table) => read.includes(table.name));
  return {
    columns: seen.flatMap((table) => table.columns.map((column) => column.name)),
    tables: tables.map((table) => table.name),
  };
}

function nulCharacter(sql: string): SqlProblem {
  return { reason: 'syntax', offset: sql.indexOf('\0'), length: 1, detail: 'the text holds a NUL character' };
}
