import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Reading } from '../model/mapping.ts';
import type {
  DataProblem,
  FileColumns,
  ResultColumn,
  SqlProblem,
  SqlResult,
  TableData,
  TableShape,
  ViewShape,
  Window,
} from '../model/ports.ts';
import { detach } from './attach.ts';
import { readEngineError } from './engine-problem.ts';
import {
  columnIn,
  describeFile,
  fileProblem,
  hasGlob,
  impossibleColumn,
  type SourceFile,
  selectFrom,
  unusedColumns,
} from './file-source.ts';
import type { Instances } from './instances.ts';
import { createTable, loadRows } from './load-rows.ts';
import { firstColumn } from './lock.ts';
import type { Request, WireBatch } from './protocol.ts';
import { quoteName } from './quote.ts';
import { addTimes, noTimes, type RowTimes, sightOf } from './sight.ts';
import { cutTables, heapName } from './window.ts';

type OpenRequest = Extract<Request, { op: 'open' }>;

/** A data set in the child: a connection whose temporary views are the market tables, cut to what may be seen. */
export interface OpenData {
  readonly connection: DuckDBConnection;
  /** The tables as they are there: a file's table has only the columns that the files have. */
  readonly tables: readonly TableShape[];
  readonly views: HeldViews;
  readonly window: HeldWindow;
  /** Of tables whose rows were given and not read from files, when their rows can be seen. */
  readonly times: ReadonlyMap<string, RowTimes>;
  /** What queries gave, where the data set is small: by the query and what it sees. */
  readonly answers: Map<string, Answer>;
  /** All that SQL may read: the tables and the views. */
  readonly sources: readonly TableShape[];
  readonly files: readonly FileColumns[];
  /** Names of the tables that are there, without rows, because `coverage` says something of them. */
  readonly covered: readonly string[];
  /** An instance of its own, where views read files or several threads work. */
  readonly instance?: DuckDBInstance;
}

/** The views of a data set. */
export interface HeldViews {
  readonly shapes: readonly ViewShape[];
  /** What came of each that was asked for, and what it saw: null where its table is there. One that failed is not tried again. */
  readonly made: Map<string, { readonly sees: string; readonly problem: SqlProblem | null }>;
  /** What each reads, by itself and by the views below it. */
  readonly reach: Map<string, Reach>;
}

/** What SQL reads, by itself and by the views that it reads. */
export interface Reach {
  readonly tables: ReadonlySet<string>;
  /** It, or a view below it, asks for the times of the window. */
  readonly asksTime: boolean;
}

/** What a query gave. */
interface Answer {
  readonly result: SqlResult<readonly ResultColumn[]>;
  readonly batches: readonly WireBatch[];
}

/** The window of a data set. */
export interface HeldWindow {
  /** What was last asked for. It waits for a query: a window that nobody looks through costs nothing. */
  wanted: Window;
  /** By table, what the window that it is cut to shows of it (`sightOf`); no entry before the first query. */
  readonly cut: Map<string, string>;
}

/** What the present window shows of a table. */
export function sightIn({ times, window }: OpenData, shape: TableShape): string {
  return sightOf(shape, times.get(shape.name), window.wanted);
}

/** Cuts the tables to the present window: those of which it shows other rows than the one before. */
export async function cutToWindow(data: OpenData): Promise<void> {
  const { connection, tables, window } = data;
  const sights = tables.map((shape) => ({ shape, sight: sightIn(data, shape) }));
  const stale = sights.filter(({ shape, sight }) => window.cut.get(shape.name) !== sight);
  await cutTables(
    connection,
    stale.map(({ shape }) => shape),
    window.wanted,
  );
  for (const { shape, sight } of stale) window.cut.set(shape.name, sight);
}

export type OpenDataResult =
  | { readonly ok: true; readonly value: OpenData }
  | { readonly ok: false; readonly problem: DataProblem };

/** A table that comes from files, described and found to be readable. */
interface FileTable {
  readonly shape: TableShape;
  readonly files: readonly SourceFile[];
  readonly told: FileColumns;
  /** Too large to load: read by a view at each query. */
  readonly streamed: boolean;
}

type Described =
  | { readonly ok: true; readonly value: FileTable }
  | { readonly ok: false; readonly problem: DataProblem };

/**
 * Opens a data set. Cases are many and small: their rows and files are loaded into an instance that has no files at all and is
 * shared (a connection sees only its own temporary tables). What runs on several threads, or reads large files at each query,
 * has an instance of its own, which may read exactly those.
 */
export async function openData(instances: Instances, request: OpenRequest): Promise<OpenDataResult> {
  const { tables, content, views } = request;
  checkContent(tables, content, views);
  const loader = content.some((data) => data.kind === 'files') ? await instances.loader(request.megabytes) : undefined;
  const described = await describeTables(loader, request);
  if ('problem' in described) return { ok: false, problem: described.problem };
  const filesOf = [...described.tables.values()];
  const streamed = filesOf.filter((table) => table.streamed).flatMap((table) => table.files);
  const times = new Map<string, RowTimes>();
  const fill = (connection: DuckDBConnection, isLocked: boolean) =>
    fillTables({ instances, loader, connection, isLocked, described: described.tables, times }, request);
  const own =
    streamed.length === 0 && request.threads === 1
      ? undefined
      : await instances.own(
          request,
          streamed.map((file) => file.path),
          streamed.flatMap((file) => file.attached ?? []),
          (connection) => fill(connection, false),
        );
  const connection = own?.connection ?? (await (await instances.shared(request)).connect());
  const problem = own === undefined ? await fill(connection, true) : own.filled;
  if (problem !== undefined) {
    connection.closeSync();
    own?.instance.closeSync();
    return { ok: false, problem };
  }
  if (loader !== undefined)
    await detachAll(
      loader,
      filesOf.flatMap((table) => table.files),
    );
  const covered = await addCovered(connection, request);
  const shapes = [...tables.map((shape) => described.tables.get(shape.name)?.shape ?? shape), ...covered];
  return {
    ok: true,
    value: {
      connection,
      tables: shapes,
      views: { shapes: views, made: new Map(), reach: new Map() },
      window: { wanted: { since: null, asOf: null }, cut: new Map() },
      times,
      answers: new Map(),
      sources: [...shapes, ...views],
      files: filesOf.map((table) => table.told),
      covered: covered.map((shape) => shape.name),
      ...(own && { instance: own.instance }),
    },
  };
}

/** Makes the tables that had no rows; where `coverage` has not the columns to say so, it says nothing. */
async function addCovered(
  connection: DuckDBConnection,
  { tables, covered }: OpenRequest,
): Promise<readonly TableShape[]> {
  if (covered.length === 0 || !tables.some((shape) => shape.name === 'coverage')) return [];
  const sql = `SELECT DISTINCT table_name FROM ${quoteName(heapName('coverage'))} WHERE from_ts < to_ts`;
  const named = await firstColumn(connection, sql).catch((error): string[] => {
    if (readEngineError(error) === undefined) throw error;
    return [];
  });
  const found = covered.filter((shape) => named.includes(shape.name));
  for (const shape of found) await createTable(connection, shape, heapName(shape.name));
  return found;
}

/** The tables that come from files, by name. */
async function describeTables(
  loader: DuckDBConnection | undefined,
  { tables, content, loadBelowBytes }: OpenRequest,
): Promise<{ readonly tables: ReadonlyMap<string, FileTable> } | { readonly problem: DataProblem }> {
  const described = new Map<string, FileTable>();
  for (const shape of tables) {
    const files = content.flatMap((data) => (data.kind === 'files' && data.table === shape.name ? toRead(data) : []));
    if (files.length === 0 || loader === undefined) continue;
    const table = await describeTable(loader, shape, files, loadBelowBytes);
    if (!table.ok) return table;
    described.set(shape.name, table.value);
  }
  return { tables: described };
}

/** Where the rows of a data set go, and what is known of the files that they come from. */
interface Filling {
  readonly instances: Instances;
  readonly loader: DuckDBConnection | undefined;
  readonly connection: DuckDBConnection;
  /** The connection can't read a file by itself any more. */
  readonly isLocked: boolean;
  readonly described: ReadonlyMap<string, FileTable>;
  /** Gets an entry for each table whose rows are given. */
  readonly times: Map<string, RowTimes>;
}

async function fillTables(filling: Filling, { tables, content }: OpenRequest): Promise<DataProblem | undefined> {
  const { loader, connection, isLocked, described } = filling;
  for (const shape of tables) {
    const table = described.get(shape.name);
    const problem =
      table === undefined
        ? await fillTable(filling, shape, content)
        : table.streamed
          ? await createView(connection, table)
          : isLocked || table.files.some(({ attached }) => attached !== undefined)
            ? await copyFiles(loader, connection, table)
            : await readFiles(connection, table);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Mistakes of the caller: content for a table that it does not declare, or of both kinds; two tables of one name. */
function checkContent(
  tables: readonly TableShape[],
  content: readonly TableData[],
  views: readonly TableShape[],
): void {
  for (const view of views) {
    if (tables.some((table) => table.name === view.name)) throw new Error(`${view.name} is a table and a view`);
  }
  for (const data of content) {
    if (!tables.some((table) => table.name === data.table)) throw new Error(`no table ${data.table} is declared`);
    if (data.kind === 'files' && data.absolute.length === 0) throw new Error(`table ${data.table} has no file`);
    if (content.some((other) => other.table === data.table && other.kind !== data.kind)) {
      throw new Error(`table ${data.table} has rows and files`);
    }
  }
}

/** A file and how it is to be read. */
interface ToRead {
  readonly path: string;
  readonly reading: Reading;
}

const asItIs: Reading = { mappings: [], stated: false, contracts: [] };

export function toRead(data: Extract<TableData, { kind: 'files' }>): ToRead[] {
  return data.absolute.map((path) => ({ path, reading: data.reading ?? asItIs }));
}

async function detachAll(loader: DuckDBConnection, files: readonly SourceFile[]): Promise<void> {
  for (const { attached } of files) if (attached !== undefined) await detach(loader, attached);
}

async function describeTable(
  loader: DuckDBConnection,
  shape: TableShape,
  paths: readonly ToRead[],
  loadBelowBytes: number,
): Promise<Described> {
  const files: SourceFile[] = [];
  for (const { path, reading } of paths) {
    const found = await describeFile(loader, shape, path, reading);
    if (!found.ok) return found;
    const problem = impossibleColumn(found.file, shape);
    if (problem !== undefined) return { ok: false, problem };
    files.push(found.file);
  }
  const columns = shape.columns.filter((column) => files.some((file) => columnIn(file, column.name) !== undefined));
  const [first] = files;
  if (columns.length === 0) {
    const found = [...(first?.columns.keys() ?? [])].slice(0, 12).join(', ');
    return {
      ok: false,
      problem: { reason: 'no_columns', file: first?.path ?? '', table: shape.name, detail: `the file has ${found}` },
    };
  }
  const present = columns.map((column) => column.name);
  const ignored = new Set(files.flatMap((file) => unusedColumns(file, shape)));
  const bytes = files.reduce((sum, file) => sum + weightOf(file), 0);
  return {
    ok: true,
    value: {
      shape: { ...shape, columns, key: shape.key.every((name) => present.includes(name)) ? shape.key : [] },
      files,
      told: {
        table: shape.name,
        present,
        ignored: [...ignored].sort(),
        mappings: files.map((file) => file.mapped?.mapping.name ?? null),
      },
      streamed: bytes >= loadBelowBytes && !paths.some(({ path }) => hasGlob(path)),
    },
  };
}

/** Parquet holds about eight times the rows of CSV in a byte, and is read as fast as a table. */
function weightOf({ start, bytes }: SourceFile): number {
  return start.format === 'parquet' ? 8 * bytes : bytes;
}

async function fillTable(
  { instances, connection, times }: Filling,
  shape: TableShape,
  content: readonly TableData[],
): Promise<DataProblem | undefined> {
  await createTable(connection, shape, heapName(shape.name));
  const own = noTimes(shape);
  times.set(shape.name, own);
  for (const data of content) {
    if (data.kind !== 'rows' || data.table !== shape.name) continue;
    const add = (columns: Parameters<typeof addTimes>[2]) => addTimes(own, shape, columns);
    const problem = await loadRows(instances.duckdb, connection, shape, data, add);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

async function createView(connection: DuckDBConnection, table: FileTable): Promise<DataProblem | undefined> {
  const selects = table.files.map((file) => selectFrom(file, table.shape));
  try {
    await connection.run(`CREATE TEMP VIEW ${quoteName(heapName(table.shape.name))} AS ${selects.join(' UNION ALL ')}`);
    return undefined;
  } catch (error) {
    return fileProblem(error, table.shape.name, table.files[0]?.path ?? '', table.shape);
  }
}

/** On all threads, before the instance is locked. */
async function readFiles(connection: DuckDBConnection, { shape, files }: FileTable): Promise<DataProblem | undefined> {
  const heap = heapName(shape.name);
  await createTable(connection, shape, heap);
  for (const file of files) {
    try {
      await connection.run(`INSERT INTO ${quoteName(heap)} ${selectFrom(file, shape)}`);
    } catch (error) {
      return fileProblem(error, shape.name, file.path, shape);
    }
  }
  return undefined;
}

/** Moves rows chunk by chunk from the trusted instance, which reads files, to one that can't. */
async function copyFiles(
  loader: DuckDBConnection | undefined,
  connection: DuckDBConnection,
  table: FileTable,
): Promise<DataProblem | undefined> {
  if (loader === undefined) throw new Error('files without a loader');
  const heap = heapName(table.shape.name);
  await createTable(connection, table.shape, heap);
  const appender = await connection.createAppender(heap, 'main', 'temp');
  try {
    for (const file of table.files) {
      try {
        const result = await loader.stream(selectFrom(file, table.shape));
        for (
          let chunk = await result.fetchChunk();
          chunk !== null && chunk.rowCount > 0;
          chunk = await result.fetchChunk()
        ) {
          appender.appendDataChunk(chunk);
        }
        appender.flushSync();
      } catch (error) {
        return fileProblem(error, table.shape.name, file.path, table.shape);
      }
    }
  } finally {
    appender.closeSync();
  }
  return undefined;
}
