import type { EvidenceQuery, ResultColumn, SqlResult } from '../model/ports.ts';
import { bindParameters } from './bind-parameters.ts';
import { resultColumn } from './bind-query.ts';
import { createTable, loadRows } from './load-rows.ts';
import type { OpenData } from './open-data.ts';
import { quoteName } from './quote.ts';
import { type RunOptions, runPrepared } from './run-query.ts';
import type { Session } from './session.ts';

/** Subjects whose rows are asked for. No table of a desk can have a blank in its name. */
const keyTable = 'evidence keys';

/**
 * Runs SQL that lists evidence, for the given subjects only. At most `most` rows a subject, by time, table, row and note; the
 * column `total` says how many there were.
 */
export async function runEvidence(
  session: Session,
  data: OpenData,
  query: EvidenceQuery,
  options: RunOptions,
): Promise<SqlResult<readonly ResultColumn[]>> {
  const { duckdb } = session.instances;
  const { connection } = data;
  return runPrepared(session, data, query, options, async (sql) => {
    const described = await connection.prepare(`DESCRIBE ${sql}`);
    bindParameters(duckdb, described, query.parameters);
    const columns = (await described.runAndReadAll())
      .getRows()
      .map(([name, type]) => resultColumn(String(name), String(type)));
    described.destroySync();
    const shape = {
      name: keyTable,
      key: [],
      columns: query.keyColumns.map((_, index) => ({ name: `k${index}`, sql: 'VARCHAR' as const })),
    };
    await connection.run(`DROP TABLE IF EXISTS ${quoteName(`${keyTable} rows`)}`);
    await createTable(connection, shape, `${keyTable} rows`);
    await loadRows(duckdb, connection, shape, {
      kind: 'rows',
      table: keyTable,
      columns: shape.columns.map((column) => column.name),
      rows: query.keys,
    });
    return listing(sql, query, columns);
  });
}

function listing(
  sql: string,
  { keyColumns, timeColumn, most }: EvidenceQuery,
  columns: readonly ResultColumn[],
): string {
  const keys = keyColumns.map((name) => `rows_of.${quoteName(name)}`).join(', ');
  const same = keyColumns.map((name, index) => {
    const type = columns.find((column) => column.name === name)?.sql ?? 'VARCHAR';
    return `rows_of.${quoteName(name)} IS NOT DISTINCT FROM CAST(wanted.k${index} AS ${type})`;
  });
  const order = [timeColumn, 'source_table', 'row_id', 'note'].map((name) => `rows_of.${quoteName(name)}`).join(', ');
  const inner =
    `SELECT rows_of.*, count(*) OVER (PARTITION BY ${keys}) AS total, row_number() OVER (PARTITION BY ${keys} ORDER BY ${order}) AS place ` +
    `FROM (\n${sql}\n) AS rows_of SEMI JOIN ${quoteName(`${keyTable} rows`)} AS wanted ON ${same.join(' AND ')}`;
  const names = [...keyColumns, 'source_table', 'row_id', timeColumn, 'note'].map(quoteName).join(', ');
  return `SELECT ${names}, total FROM (${inner}) WHERE place <= ${most} ORDER BY ${keyColumns.map(quoteName).join(', ')}, place`;
}
