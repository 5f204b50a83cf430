import type { EvidenceQuery, ResultColumn, SqlResult } from '../model/ports.ts';
import { bindParameters } from './bind-parameters.ts';
import { resultColumn } from './bind-query.ts';
import { createTable, loadRows } from './load-rows.ts';
import type { OpenData } from './open-data.ts';
import { quoteName, quoteText } from './quote.ts';
import { type RunOptions, runPrepared } from './run-query.ts';
import type { Session } from './session.ts';
import { heapName } from './window.ts';

/** Subjects whose rows are asked for, kept under a name that SQL of a SOP can't say. */
const keyTable = 'evidence';

/**
 * Runs SQL that lists evidence, for the given subjects only. A row for each subject that has any: `subject` (its place in
 * `keys`), `total` (how many rows there are) and `listed`, at most `most` of them by time, table, row and note, as JSON text: a
 * list of `[table, row, microseconds since 1970 UTC, note]`. Row by row the texts would take longer to fetch than to compute.
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
    const keys = query.keyColumns.map((_, index) => ({ name: `k${index}`, sql: 'VARCHAR' as const }));
    const shape = { name: keyTable, key: [], columns: [{ name: 'subject', sql: 'BIGINT' as const }, ...keys] };
    const heap = heapName(keyTable);
    await connection.run(`DROP TABLE IF EXISTS ${quoteName(heap)}`);
    await createTable(connection, shape, heap);
    await loadRows(duckdb, connection, shape, {
      kind: 'rows',
      table: keyTable,
      columns: shape.columns.map((column) => column.name),
      rows: query.keys.map((key, place) => [String(place), ...key]),
    });
    return listing(sql, query, columns);
  });
}

function listing(sql: string, query: EvidenceQuery, columns: readonly ResultColumn[]): string {
  const { keyColumns, timeColumn, most } = query;
  const same = keyColumns.map((name, index) => {
    const type = columns.find((column) => column.name === name)?.sql ?? 'VARCHAR';
    return `rows_of.${quoteName(name)} IS NOT DISTINCT FROM CAST(wanted.k${index} AS ${type})`;
  });
  const time = `rows_of.${quoteName(timeColumn)}`;
  const inner =
    'SELECT wanted.subject AS subject, count(*) OVER (PARTITION BY wanted.subject) AS total, ' +
    `row_number() OVER (PARTITION BY wanted.subject ORDER BY ${time}, rows_of.source_table, rows_of.row_id, rows_of.note) AS place, ` +
    `rows_of.source_table AS source_table, rows_of.row_id AS row_id, CASE WHEN isfinite(${time}) THEN epoch_us(${time}) END AS row_time, rows_of.note AS note ` +
    `FROM (\n${sql}\n) AS rows_of JOIN ${quoteName(heapName(keyTable))} AS wanted ON ${same.join(' AND ')}${timesOnly(query, columns)}`;
  return (
    'SELECT subject, max(total) AS total, ' +
    'CAST(to_json(list(json_array(source_table, row_id, row_time, note) ORDER BY place)) AS VARCHAR) AS listed ' +
    `FROM (${inner}) WHERE place <= ${most} GROUP BY subject ORDER BY subject`
  );
}

/** More would take longer to compare with than they leave out. */
const mostTimes = 1000;

/**
 * The times of the wanted subjects as a plain condition: it says nothing that the join does not say, but the engine applies it
 * before it puts together the texts of a row, and skips parts of files by it.
 */
function timesOnly({ keyColumns, keys }: EvidenceQuery, columns: readonly ResultColumn[]): string {
  const conditions = keyColumns.flatMap((name, index) => {
    if (columns.find((column) => column.name === name)?.sql !== 'TIMESTAMP') return [];
    const times = new Set(keys.map((key) => key[index] ?? null));
    if (times.has(null) || times.size > mostTimes) return [];
    const listed = [...times].map((time) => `TIMESTAMP ${quoteText(time ?? '')}`);
    return [`rows_of.${quoteName(name)} IN (${listed.join(', ')})`];
  });
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}
