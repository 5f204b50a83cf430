import { join } from 'node:path';
import type { Contract, Mapping } from '../../src/model/mapping.ts';
import { canonicalTables } from '../../src/model/market-tables.ts';
import type { SqlEngine } from '../../src/model/ports.ts';
import { shippedMappings } from '../../src/model/shipped-mappings.ts';
import { makeFolder } from '../support/folder.ts';
import { limits, rowsOf } from './support.ts';

export interface ReadOptions {
  readonly mappings?: readonly Mapping[];
  readonly stated?: boolean;
  readonly contracts?: readonly Contract[];
  readonly inside?: string;
}

/** The columns of a table as read from files, as text; or what was said instead. */
export async function read(
  engine: SqlEngine,
  table: string,
  files: Readonly<Record<string, string | Buffer>>,
  columns: readonly string[],
  options: ReadOptions = {},
): Promise<unknown[][] | string> {
  const folder = await makeFolder(files);
  return readPaths(
    engine,
    table,
    Object.keys(files).map((name) => join(folder, name)),
    columns,
    options,
  );
}

export async function readPaths(
  engine: SqlEngine,
  table: string,
  absolute: readonly string[],
  columns: readonly string[],
  options: ReadOptions = {},
): Promise<unknown[][] | string> {
  const shape = canonicalTables().find(({ name }) => name === table);
  if (shape === undefined) throw new Error(table);
  const mappings = options.mappings ?? shippedMappings().filter((mapping) => mapping.table === table);
  const { contracts = [], stated = false, inside } = options;
  const reading = { mappings, stated, contracts, ...(inside === undefined ? {} : { inside }) };
  const opened = await engine.open([shape], [{ kind: 'files', table, absolute, reading }], { limits, threads: 1 });
  if (!opened.ok) return opened.problem.detail ?? opened.problem.reason;
  const order = columns.map((_, at) => at + 1).join(', ');
  const items = columns.map((name) => `CAST(${name} AS VARCHAR) AS ${name}`).join(', ');
  const rows = await rowsOf(opened.value, `SELECT ${items} FROM ${table} ORDER BY ${order}`);
  await opened.value.close();
  return rows;
}
