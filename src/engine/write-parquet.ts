import type { TableColumn } from '../model/ports.ts';
import { globSafe } from './file-source.ts';
import type { Instances } from './instances.ts';
import { quoteName, quoteText } from './quote.ts';

/** Megabytes that writing may take; the rows are those of a report. */
const megabytes = 1_000;

/** One line: an alert with its members may be long. */
const longestLine = 256 * 2 ** 20;

/**
 * Writes our own JSON lines to a Parquet file, on a connection that never sees SQL of an SOP. Objects and lists become their
 * JSON text. The caller moves the file to its place.
 */
export async function writeParquet(
  instances: Instances,
  lines: string,
  path: string,
  columns: readonly TableColumn[],
): Promise<void> {
  const connection = await instances.loader(megabytes);
  const types = columns.map(({ name, sql }) => `${quoteText(name)}: ${quoteText(sql)}`).join(', ');
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  const read = `read_json([${quoteText(globSafe(lines))}], format = 'newline_delimited', columns = {${types}}, maximum_object_size = ${longestLine}, hive_partitioning = false)`;
  await connection.run(
    `COPY (SELECT ${names} FROM ${read}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd, PRESERVE_ORDER true)`,
  );
}
