import type { sqlParameters } from '../check/binder.ts';
import type { DataSet, Limits, ResultColumn, RowBatch, SqlProblem } from '../model/ports.ts';
import type { SqlText } from '../model/sop.ts';

export type Ran =
  | { readonly ok: true; readonly columns: readonly ResultColumn[]; readonly batches: readonly RowBatch[] }
  | { readonly ok: false; readonly problem: SqlProblem };

/** Runs a block of a SOP's SQL and keeps its rows. */
export async function runSql(
  data: DataSet,
  sql: SqlText,
  parameters: ReturnType<typeof sqlParameters>,
  limits: Limits,
): Promise<Ran> {
  const batches: RowBatch[] = [];
  const result = await data.run({ sql: sql.text, parameters }, limits, (batch) => batches.push(batch));
  return result.ok ? { ok: true, columns: result.value, batches } : { ok: false, problem: result.problem };
}

/** SQL that was bound at check time can only miss a name because the data lacks it: unavailable, not misspelt. */
export function missingData(problem: SqlProblem): string | null {
  return problem.reason === 'unknown_column' || problem.reason === 'unknown_table'
    ? (problem.name ?? 'a column')
    : null;
}
