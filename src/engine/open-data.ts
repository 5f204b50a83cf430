import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Reading } from '../model/mapping.ts';
import type { DataProblem, FileColumns, SqlProblem, TableData, TableShape, ViewShape, Window } from '../model/ports.ts';
import { detach } from './attach.ts';
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
import type { Request } from './protocol.ts';
import { quoteName } from './quote.ts';
import { cutTables, heapName } from './window.ts';

type OpenRequest = Extract<Request, { op: 'open' }>;

/** A data set in the child: a connection whose temporary views are the market tables, cut to what may be seen. */
export interface OpenData {
  readonly connection: DuckDBConnection;
  /** The tables as they are there: a file's table has only the columns that the files have. */
  readonly tables: readonly TableShape[];
  readonly views: HeldViews;
  /** All that SQL may read: the tables and the views. */
  readonly sources: readonly TableShape[];
  readonly files: readonly FileColumns[];
  /** An instance of its own, where views read files. */
  readonly instance?: DuckDBInstance;
}

/** The views of a data set. What was made of them holds for one window and its times; for another it is made anew. */
export interface HeldViews {
  readonly shapes: readonly ViewShape[];
  /** What came of each that was asked for: null where its table is there. One that failed is not tried again. */
  readonly made: Map<string, SqlProblem | null>;
  /** The present window, and what `made` was made for: the window, and the times of the query that read it. */
  window: Window;
  madeFor: string;
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
 * Opens a data set. Rows and small files are loaded into an instance that has no files at all and is shared (a connection
 * sees only its own temporary tables); larger files need an instance that may read exactly them.
 */
export async function openData(instances: Instances, request: OpenRequest): Promise<OpenDataResult> {
  const { tables, content, views } = request;
  checkContent(tables, content, views);
  const described = new Map<string, FileTable>();
  const loader = content.some((data) => data.kind === 'files') ? await instances.loader(request.megabytes) : undefined;
  for (const shape of tables) {
    const files = content.flatMap((data) => (data.kind === 'files' && data.table === shape.name ? toRead(data) : []));
    if (files.length === 0 || loader === undefined) continue;
    const table = await describeTable(loader, shape, files, request.loadBelowBytes);
    if (!table.ok) return table;
    described.set(shape.name, table.value);
  }
  const streamed = [...described.values()].filter((table) => table.streamed).flatMap((table) => table.files);
  const instance =
    streamed.length === 0
      ? undefined
      : await instances.withFiles(
          request,
          streamed.map((file) => file.path),
          streamed.flatMap((file) => file.attached ?? []),
        );
  const connection = await (instance ?? (await instances.shared(request))).connect();
  const shapes: TableShape[] = [];
  const fail = (problem: DataProblem): OpenDataResult => {
    connection.closeSync();
    instance?.closeSync();
    return { ok: false, problem };
  };
  for (const shape of tables) {
    const table = described.get(shape.name);
    shapes.push(table?.shape ?? shape);
    const problem =
      table === undefined
        ? await fillTable(instances, connection, shape, content)
        : table.streamed
          ? await createView(connection, table)
          : await copyFiles(loader, connection, table);
    if (problem !== undefined) return fail(problem);
  }
  if (loader !== undefined)
    await detachAll(
      loader,
      [...described.values()].flatMap((table) => table.files),
    );
  await cutTables(connection, shapes, { since: null, asOf: null });
  const files = [...described.values()].map((table) => table.told);
  const held: HeldViews = { shapes: views, made: new Map(), window: { since: null, asOf: null }, madeFor: '' };
  return {
    ok: true,
    value: {
      connection,
      tables: shapes,
      views: held,
      sources: [...shapes, ...views],
      files,
      ...(instance && { instance }),
    },
  };
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
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
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

async function fillTable(
  instances: Instances,
  connection: DuckDBConnection,
  shape: TableShape,
  content: readonly TableData[],
): Promise<DataProblem | undefined> {
  await createTable(connection, shape, heapName(shape.name));
  for (const data of content) {
    if (data.kind !== 'rows' || data.table !== shape.name) continue;
    const problem = await loadRows(instances.duckdb, connection, shape, data);
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
