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

/**
 * Makes an instance in memory. A locked one has no temporary directory, no extension that is not linked in, no file but
 * `paths`, and no setting that can be changed any more. errors_as_json and TimeZone are global: later connections have them.
 */
export async function makeInstance(duckdb: DuckDb, options: InstanceOptions): Promise<DuckDBInstance> {
  const instance = await duckdb.DuckDBInstance.create(':memory:', { threads: String(options.threads) });
  const connection = await instance.connect();
  for (const statement of settings(options)) await connection.run(statement);
  connection.closeSync();
  return instance;
}

function settings(options: InstanceOptions): string[] {
  const common = [
    'SET GLOBAL errors_as_json = true',
    "SET GLOBAL TimeZone = 'UTC'",
    "SET GLOBAL temp_directory = ''",
    'SET GLOBAL autoinstall_known_extensions = false',
    'SET GLOBAL autoload_known_extensions = false',
    'SET GLOBAL allow_community_extensions = false',
    `SET GLOBAL memory_limit = '${Math.floor(options.megabytes)}MB'`,
  ];
  if (options.trust === 'trusted') return [...common, 'SET GLOBAL lock_configuration = true'];
  const files =
    options.paths.length === 0
      ? ["SET GLOBAL disabled_filesystems = 'LocalFileSystem'"]
      : [`SET GLOBAL allowed_paths = [${options.paths.map(quoteText).join(', ')}]`];
  const attach = (options.attached ?? []).map(attachStatement);
  return [
    ...common,
    ...attach,
    ...files,
    'SET GLOBAL enable_external_access = false',
    'SET GLOBAL lock_configuration = true',
  ];
}

/** The first column of every row, as JSON values. */
export async function firstColumn(connection: DuckDBConnection, sql: string): Promise<string[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowsJson().map((row) => String(row[0]));
}
