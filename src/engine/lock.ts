import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type Attached, attachStatement } from './attach.ts';
import { quoteText } from './quote.ts';

/** The module @duckdb/node-api: loaded in the child only, because it costs 100 ms and may crash the process. */
export type DuckDb = typeof import('@duckdb/node-api');

export interface InstanceOptions {
  readonly threads: number;
  /** DuckDB's own bound; it lies below the one at which the parent kills. */
  readonly megabytes: number;
  /** `locked`: SQL of SOPs runs here. `trusted`: only our own SQL does. */
  readonly trust: 'locked' | 'trusted';
  /** Files that views may read; none for data that was loaded. */
  readonly paths: readonly string[];
  /** Databases of which views read a table each; they are attached before the lock, and read-only. */
  readonly attached?: readonly Attached[];
}

/** An instance and its first connection, which keeps more of a result that nobody has fetched yet. */
export interface Made<T> {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
  /** What came of filling it. */
  readonly filled: T;
}

/**
 * Makes an instance in memory. A locked one has no temporary directory, no extension that is not linked in, no file but
 * `paths`, and no setting that can be changed any more. errors_as_json and TimeZone are global: later connections have them.
 * Before it is locked, `fill` may read files into it; no SQL of a SOP may run there.
 */
export async function makeInstance<T>(
  duckdb: DuckDb,
  options: InstanceOptions,
  fill: (connection: DuckDBConnection) => Promise<T>,
): Promise<Made<T>> {
  const instance = await duckdb.DuckDBInstance.create(':memory:', { threads: String(options.threads) });
  const connection = await instance.connect();
  for (const statement of settings(options)) await connection.run(statement);
  const filled = await fill(connection);
  for (const statement of locks(options)) await connection.run(statement);
  return { instance, connection, filled };
}

function settings(options: InstanceOptions): string[] {
  return [
    // With the usual 1 MB the engine works on one thread as soon as a result is longer; only this connection can have it.
    "SET SESSION streaming_buffer_size = '16MB'",
    'SET GLOBAL errors_as_json = true',
    "SET GLOBAL TimeZone = 'UTC'",
    "SET GLOBAL temp_directory = ''",
    'SET GLOBAL autoinstall_known_extensions = false',
    'SET GLOBAL autoload_known_extensions = false',
    'SET GLOBAL allow_community_extensions = false',
    `SET GLOBAL memory_limit = '${Math.floor(options.megabytes)}MB'`,
    ...(options.attached ?? []).map(attachStatement),
  ];
}

function locks(options: InstanceOptions): string[] {
  if (options.trust === 'trusted') return ['SET GLOBAL lock_configuration = true'];
  const files =
    options.paths.length === 0
      ? ["SET GLOBAL disabled_filesystems = 'LocalFileSystem'"]
      : [`SET GLOBAL allowed_paths = [${options.paths.map(quoteText).join(', ')}]`];
  return [...files, 'SET GLOBAL enable_external_access = false', 'SET GLOBAL lock_configuration = true'];
}

/** The first column of every row, as JSON values. */
export async function firstColumn(connection: DuckDBConnection, sql: string): Promise<string[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowsJson().map((row) => String(row[0]));
}
