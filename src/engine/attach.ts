import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteName, quoteText } from './quote.ts';

/** A database file under a name of ours, and the one table of it that is read. */
export interface Attached {
  readonly path: string;
  readonly alias: string;
  readonly schema: string;
  readonly table: string;
}

let count = 0;

/**
 * Attaches a database read-only; a text says what is wrong. Only tables are read: a view in a file that somebody sent could
 * name other files.
 */
export async function attach(connection: DuckDBConnection, path: string, inside: string): Promise<Attached | string> {
  count++;
  const alias = `sop_database_${count}`;
  await connection.run(attachStatement({ path, alias }));
  const list = `SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = ${quoteText(alias)} ORDER BY ALL`;
  const tables = (await connection.runAndReadAll(list))
    .getRowsJson()
    .map(([schema, table]) => [String(schema), String(table)] as const);
  const found = tables.find(
    ([schema, table]) => inside === `${schema}.${table}` || (schema === 'main' && inside === table),
  );
  if (found !== undefined) return { path, alias, schema: found[0], table: found[1] };
  await connection.run(`DETACH ${quoteName(alias)}`);
  const names = tables.map(([schema, table]) => (schema === 'main' ? table : `${schema}.${table}`));
  const has = names.length === 0 ? 'it has none (views are not read)' : `it has ${names.slice(0, 12).join(', ')}`;
  return `the database has no table \`${inside}\`; ${has}. Write FILE#TABLE to name one`;
}

export function attachStatement({ path, alias }: Pick<Attached, 'path' | 'alias'>): string {
  return `ATTACH ${quoteText(path)} AS ${quoteName(alias)} (READ_ONLY)`;
}

export async function detach(connection: DuckDBConnection, { alias }: Attached): Promise<void> {
  await connection.run(`DETACH DATABASE IF EXISTS ${quoteName(alias)}`);
}

export function attachedName({ alias, schema, table }: Attached): string {
  return [alias, schema, table].map(quoteName).join('.');
}
