import type { BoundQuery, ResultColumn, SqlQuery, SqlResult, TableShape } from '../model/ports.ts';
import { bindParameters } from './bind-parameters.ts';
import { checkLiterals } from './check-literals.ts';
import type { Inspection } from './inspect-query.ts';
import { failure, knownNames, type Session } from './session.ts';
import { kindOf } from './type-words.ts';

/**
 * DESCRIBE binds with the parameters' values and declared types; a plain prepare can't tell the type of `qty + $x`. It runs
 * nothing, but the engine's binder may still compute constants (`list_sort(range(200000000))`): the deadline covers that.
 */
const describe = 'DESCRIBE ';

/** Binds a query that was inspected against empty tables. */
export async function bindQuery(
  session: Session,
  tables: readonly TableShape[],
  query: SqlQuery,
  megabytes: number,
  inspection: Inspection,
): Promise<SqlResult<BoundQuery>> {
  if (!inspection.ok) return inspection;
  const connection = await session.instances.empty(tables, megabytes);
  try {
    const statement = await connection.prepare(describe + query.sql);
    const problem = bindParameters(session.instances.duckdb, statement, query.parameters);
    if (problem !== undefined)
      return { ok: false, problem: { ...problem, ...inspection.places.ofParameter(problem.name ?? '') } };
    const rows = (await statement.runAndReadAll()).getRows();
    statement.destroySync();
    const literal = await checkLiterals(connection, inspection.tree, inspection.places);
    if (literal !== undefined) return { ok: false, problem: literal };
    const columns = rows.map(([name, sql]) => resultColumn(String(name), String(sql)));
    return { ok: true, value: { columns, tables: inspection.tables, warnings: inspection.warnings } };
  } catch (error) {
    return failure(
      error,
      'bind',
      inspection.places,
      knownNames(tables, inspection.tables),
      (byte) => byte - describe.length,
    );
  }
}

export function resultColumn(name: string, sql: string): ResultColumn {
  return { name, sql, kind: kindOf(sql) };
}
