import type { DuckDBResult } from '@duckdb/node-api';
import type { ResultColumn, SqlParameter, SqlProblem, SqlQuery, SqlResult } from '../model/ports.ts';
import { answerOnce } from './answers.ts';
import { bindParameters } from './bind-parameters.ts';
import { resultColumn } from './bind-query.ts';
import { batchBuilder } from './encode-batch.ts';
import type { Inspection } from './inspect-query.ts';
import { withLiterals } from './literals.ts';
import { type MakeOptions, makeViews } from './make-views.ts';
import { cutToWindow, type OpenData } from './open-data.ts';
import { withoutEnd } from './places.ts';
import type { WireBatch } from './protocol.ts';
import { failure, knownNames, type Session, unreadableCell } from './session.ts';
import { typeWords } from './type-words.ts';

/** Rows of one message: large enough that its overhead vanishes, small enough for the memory bound. */
const batchRows = 16_384;

export interface RunOptions extends Omit<MakeOptions, 'times'> {
  /** Resolves once the batch is written, so that a slow parent slows the engine. */
  readonly send: (batch: WireBatch) => Promise<void>;
}

/** Runs a query on a data set, once the views that it reads are there. */
export function runQuery(
  session: Session,
  data: OpenData,
  query: SqlQuery,
  options: RunOptions,
): Promise<SqlResult<readonly ResultColumn[]>> {
  const asking = { ...options, times: timesOf(query) };
  return answerOnce(session, data, query, asking, (send) =>
    runPrepared(session, data, query, { ...options, send }, async (sql) => sql),
  );
}

/** The same with SQL of ours around that of the query. SQL that was not bound before is judged just as strictly here. */
export async function runPrepared(
  session: Session,
  data: OpenData,
  query: SqlQuery,
  options: RunOptions,
  around: (sql: string) => Promise<string>,
): Promise<SqlResult<readonly ResultColumn[]>> {
  const inspection = await session.inspect(data.sources, query, options.megabytes);
  if (!inspection.ok) return inspection;
  await cutToWindow(data);
  const below = await makeViews(session, data, inspection.tables, { ...options, times: timesOf(query) });
  if (below !== undefined) return { ok: false, problem: below };
  const { duckdb } = session.instances;
  const { sql: text, written } = withLiterals(
    withoutEnd(query.sql, inspection.places),
    inspection.places,
    query.parameters,
  );
  try {
    const sql = await around(text);
    const statement = await data.connection.prepare(sql);
    // The tree has said so already; it costs nothing to hear it from the engine as well.
    if (statement.statementType !== duckdb.StatementType.SELECT) throw new Error('a statement that is no SELECT');
    const problem = bindParameters(duckdb, statement, query.parameters);
    if (problem !== undefined)
      return { ok: false, problem: { ...problem, ...inspection.places.ofParameter(problem.name ?? '') } };
    const result = await statement.stream();
    const columns = result.columnNames().map((name, at) => resultColumn(name, String(result.columnType(at))));
    const odd = columns.find((column) => column.kind === 'other');
    if (odd !== undefined) return { ok: false, problem: oddColumn(odd, inspection) };
    const tooMany = await sendRows(session, result, options);
    return tooMany === undefined ? { ok: true, value: columns } : { ok: false, problem: tooMany };
  } catch (error) {
    return (
      unreadableCell(error, data.sources) ??
      failure(error, 'run', inspection.places, knownNames(data.sources, inspection.tables), written)
    );
  }
}

/** `$from` and `$as_of` are the same for a query and for the views that it reads. */
function timesOf({ parameters }: SqlQuery): SqlParameter[] {
  return parameters.filter(({ type }) => type === 'timestamp');
}

async function sendRows(session: Session, result: DuckDBResult, options: RunOptions): Promise<SqlProblem | undefined> {
  const builder = batchBuilder(session.instances.duckdb, result.columnTypes());
  let rows = 0;
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    rows += chunk.rowCount;
    if (rows > options.rows) return { reason: 'rows', detail: `the query gives more than ${options.rows} rows` };
    builder.add(chunk);
    if (builder.length >= batchRows) await options.send(builder.take());
  }
  if (builder.length > 0) await options.send(builder.take());
  return undefined;
}

function oddColumn(column: ResultColumn, inspection: Extract<Inspection, { ok: true }>): SqlProblem {
  const detail = `the column is ${typeWords(column.sql)}; return a number, text, true or false, a TIMESTAMP or an INTERVAL`;
  return { reason: 'type', name: column.name, detail, ...inspection.places.ofName(column.name) };
}
