import { Buffer } from 'node:buffer';
import type { DuckDBConnection, DuckDBResultReader } from '@duckdb/node-api';
import type { SqlProblem, SqlQuery, ViewShape } from '../model/ports.ts';
import { bindParameters } from './bind-parameters.ts';
import type { Inspection } from './inspect-query.ts';
import { withLiterals } from './literals.ts';
import type { OpenData } from './open-data.ts';
import { withoutEnd } from './places.ts';
import { quoteName } from './quote.ts';
import { type Asking, whatIsSeen } from './reach.ts';
import { failure, knownNames, type Session, unreadableCell } from './session.ts';

/** `times` are parameters that a view has beside its own. */
export interface MakeOptions extends Asking {
  /** Rows that a view may have. */
  readonly rows: number;
  /** Tells the parent which view is being computed, so that it can say so if it has to kill; null afterwards. */
  readonly tell: (view: string | null) => Promise<void>;
}

/**
 * Computes those of the named tables that are views and are not there yet. The first problem ends it. A view that was made for
 * another window is made anew only if it can tell the two apart.
 */
export async function makeViews(
  session: Session,
  data: OpenData,
  names: readonly string[],
  options: MakeOptions,
): Promise<SqlProblem | undefined> {
  for (const name of names) {
    const view = data.views.shapes.find((shape) => shape.name === name);
    if (view === undefined) continue;
    const query: SqlQuery = { ...view.query, parameters: [...options.times, ...view.query.parameters] };
    const inspection = await session.inspect(data.sources, query, options.megabytes);
    if (!inspection.ok) return { ...inspection.problem, view: name };
    const sees = await whatIsSeen(session, data, [name], options);
    const known = data.views.made.get(name);
    const problem =
      known?.sees === sees
        ? known.problem
        : await makeView(session, data, { ...view, query }, inspection, sees, options);
    if (problem !== null) return problem;
  }
  return undefined;
}

/** SQL that was not bound before is judged just as strictly here. */
async function makeView(
  session: Session,
  data: OpenData,
  view: ViewShape,
  inspection: Extract<Inspection, { ok: true }>,
  sees: string,
  options: MakeOptions,
): Promise<SqlProblem | null> {
  const inView = (problem: SqlProblem): SqlProblem => ({ ...problem, view: view.name });
  const { made } = data.views;
  if (made.has(view.name)) await data.connection.run(`DROP TABLE IF EXISTS ${quoteName(view.name)}`);
  // Callers give no views that read each other in a circle; where one does, this says so instead of going round.
  made.set(view.name, { sees, problem: inView({ reason: 'other', detail: 'the view reads itself' }) });
  const below = await makeViews(session, data, inspection.tables, options);
  const own = below === undefined ? await fill(session, data, view, inspection, options) : undefined;
  const problem = below ?? (own === undefined ? null : inView(own));
  made.set(view.name, { sees, problem });
  return problem;
}

/** A table of the declared types takes the rows; a value that does not fit fails as it would in a CAST. */
async function fill(
  session: Session,
  data: OpenData,
  view: ViewShape,
  inspection: Extract<Inspection, { ok: true }>,
  options: MakeOptions,
): Promise<SqlProblem | undefined> {
  const { connection } = data;
  const { duckdb } = session.instances;
  await options.tell(view.name);
  const columns = view.columns.map(({ name, sql }) => `CAST(${quoteName(name)} AS ${sql}) AS ${quoteName(name)}`);
  const before = `CREATE TEMP TABLE ${quoteName(view.name)} AS SELECT ${columns.join(', ')} FROM (\n`;
  const { places } = inspection;
  const { sql, isWhole, written } = withLiterals(withoutEnd(view.query.sql, places), places, view.query.parameters);
  let shift = 0;
  try {
    if (!session.selects.has(view.query.sql)) {
      const alone = await connection.prepare(view.query.sql);
      // The tree has said so already; the engine is heard as well, once.
      if (alone.statementType !== duckdb.StatementType.SELECT) throw new Error('a statement that is no SELECT');
      alone.destroySync();
      session.selects.add(view.query.sql);
    }
    shift = Buffer.byteLength(before);
    // The line end closes a comment that the SQL may end with.
    const text = `${before}${sql}\n) AS view_rows`;
    const made = isWhole ? await connection.runAndReadAll(text) : await runBound(session, connection, text, view);
    if ('reason' in made) return { ...made, ...places.ofParameter(made.name ?? '') };
    // A statement that makes a table tells how many rows it has.
    const rows = Number(made.getRows()[0]?.[0]);
    if (rows > options.rows) return { reason: 'rows', detail: `the view has more than ${options.rows} rows` };
    return rows > 1 ? await repeatedKey(data, view) : undefined;
  } catch (error) {
    const known = knownNames(data.sources, inspection.tables);
    const failed =
      unreadableCell(error, data.sources) ?? failure(error, 'run', places, known, (byte) => written(byte - shift));
    return failed.problem;
  } finally {
    await options.tell(null);
  }
}

/** A text as the value of a parameter can be bound only: that costs to plan the statement twice. */
async function runBound(
  { instances: { duckdb } }: Session,
  connection: DuckDBConnection,
  sql: string,
  { query }: ViewShape,
): Promise<DuckDBResultReader | SqlProblem> {
  const statement = await connection.prepare(sql);
  try {
    return bindParameters(duckdb, statement, query.parameters) ?? (await statement.runAndReadAll());
  } finally {
    statement.destroySync();
  }
}

/** The first key, by its text, that two rows share; NULL is a value here. */
async function repeatedKey({ connection }: OpenData, view: ViewShape): Promise<SqlProblem | undefined> {
  if (view.key.length === 0) return undefined;
  const names = view.key.map(quoteName).join(', ');
  const texts = view.key.map((name) => `CAST(${quoteName(name)} AS VARCHAR)`).join(', ');
  const reader = await connection.runAndReadAll(
    `SELECT ${texts} FROM ${quoteName(view.name)} GROUP BY ${names} HAVING count(*) > 1 ORDER BY ALL LIMIT 1`,
  );
  const [row] = reader.getRowsJson();
  if (row === undefined) return undefined;
  const isText = (name: string) => view.columns.find((column) => column.name === name)?.sql === 'VARCHAR';
  const shown = view.key.map((name, at) => {
    const value = row[at];
    return `${name} = ${typeof value === 'string' && isText(name) ? JSON.stringify(value) : String(value)}`;
  });
  return { reason: 'two_rows', name: shown.join(', ') };
}
