import type { TableShape } from '../model/ports.ts';
import type { Instances } from './instances.ts';
import { createTable, type InlineRows, loadRows } from './load-rows.ts';
import { quoteName, quoteText } from './quote.ts';
import { heapName } from './window.ts';

/** Megabytes that writing may take; the rows are those of a report. */
const megabytes = 1_000;

/** Writes rows to a Parquet file, on a connection that never sees SQL of an SOP. The caller moves it to its place. */
export async function writeParquet(
  instances: Instances,
  path: string,
  shape: TableShape,
  rows: InlineRows['rows'],
): Promise<void> {
  const connection = await instances.loader(megabytes);
  const heap = quoteName(heapName(shape.name));
  await connection.run(`DROP TABLE IF EXISTS ${heap}`);
  await createTable(connection, shape, heapName(shape.name));
  const columns = shape.columns.map((column) => column.name);
  const problem = await loadRows(instances.duckdb, connection, shape, {
    kind: 'rows',
    table: shape.name,
    columns,
    rows,
  });
  if (problem !== undefined) throw new Error(`a row of ours does not fit ${shape.name}: ${problem.detail ?? ''}`);
  await connection.run(
    `COPY (SELECT * FROM ${heap}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd, PRESERVE_ORDER true)`,
  );
  await connection.run(`DROP TABLE ${heap}`);
}
