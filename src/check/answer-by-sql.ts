import type { Column, Logic } from '../decision/logic.ts';
import { type Scalar, showScalar } from '../decision/normalise.ts';
import type { RawType } from '../decision/sql/carrier.ts';
import { dialects } from '../decision/sql/dialects.ts';
import { emitDecision } from '../decision/sql/emit-decision.ts';
import type { ColumnSql, DataSet, RowBatch, SqlEngine, TableShape } from '../model/ports.ts';

/** What the tables say of one point, as SQL computes it. */
export interface SqlAnswer {
  readonly kind: string;
  readonly disposition: string | null;
  readonly severity: string | null;
  readonly rule: string | null;
}

const limits = { milliseconds: 20_000, megabytes: 1_000, rows: 10_000 };

/** Points in a table of the engine, and decisions over them as SQL. */
export interface PointTable {
  readonly data: DataSet;
  /** A decision with the inputs of this one as a SELECT of `point`, `kind`, `disposition`, `severity`, `rule` …; a text says why SQL cannot say it. */
  readonly select: (logic: Logic) => string | { readonly sql: string };
}

/** Puts points into a table `points`, in which `point` counts them from 0. A text says why not. */
export async function openPoints(
  logic: Logic,
  points: readonly ReadonlyMap<string, Scalar>[],
  engine: SqlEngine,
): Promise<PointTable | string> {
  const held = logic.inputs.map((column) => ({ column, ...heldAs(column) }));
  const columns = [
    { name: 'point', sql: 'BIGINT' as const },
    ...held.map(({ column, sql }) => ({ name: column.name, sql })),
  ];
  const shape: TableShape = { name: 'points', key: [], columns };
  const rows = points.map((point, index) => [
    String(index),
    ...held.map(({ column }) => textOf(point.get(column.name) ?? null, column)),
  ]);
  const names = columns.map(({ name }) => name);
  const opened = await engine.open([shape], [{ kind: 'rows', table: 'points', columns: names, rows }], {
    limits,
    threads: 1,
  });
  if (!opened.ok) return opened.problem.detail ?? opened.problem.reason;
  const types = new Map(held.map(({ column, raw }) => [column.name, raw]));
  const select = (asked: Logic) => {
    const emitted = emitDecision(asked, dialects.duckdb, { from: ['points'], keep: ['point'], types });
    return emitted.ok ? { sql: emitted.sql } : emitted.reasons.join('; ');
  };
  return { data: opened.value, select };
}

/**
 * Asks the engine what the tables, written as SQL, answer for these points: the second opinion on the evaluator. A text says why
 * the tables cannot be asked as SQL.
 */
export async function answerBySql(
  logic: Logic,
  points: readonly ReadonlyMap<string, Scalar>[],
  engine: SqlEngine,
): Promise<readonly SqlAnswer[] | string> {
  const table = await openPoints(logic, points, engine);
  if (typeof table === 'string') return table;
  const asked = table.select(logic);
  if (typeof asked === 'string') {
    await table.data.close();
    return asked;
  }
  const answers = new Map<number, SqlAnswer>();
  const take = ({ length, columns: [place, ...rest] }: RowBatch) => {
    const [kinds, dispositions, severities, rules] = rest.map((column) =>
      Array.from(column, (value) => (value === null ? null : String(value))),
    );
    for (let row = 0; row < length; row++)
      answers.set(Number(place?.[row]), {
        kind: kinds?.[row] ?? '',
        disposition: dispositions?.[row] ?? null,
        severity: severities?.[row] ?? null,
        rule: rules?.[row] ?? null,
      });
  };
  const ran = await table.data.run({ sql: asked.sql, parameters: [] }, limits, take);
  await table.data.close();
  if (!ran.ok) return ran.problem.detail ?? ran.problem.reason;
  return points.map((_, index) => answers.get(index) ?? { kind: '', disposition: null, severity: null, rule: null });
}

/** Exact decimals get as many digits behind the point as SQL can hold beside what money needs before it. */
function heldAs(column: Column): { readonly raw: RawType; readonly sql: ColumnSql } {
  switch (column.type) {
    case 'number':
      return { raw: 'double', sql: 'DOUBLE' };
    case 'decimal':
      return { raw: { precision: 38, scale: 18 }, sql: 'DECIMAL(38,18)' };
    case 'boolean':
      return { raw: 'boolean', sql: 'BOOLEAN' };
    case 'enum':
    case 'text':
      return { raw: 'text', sql: 'VARCHAR' };
    default:
      return { raw: 'bigint', sql: 'BIGINT' };
  }
}

/** The raw value of a normalised one, as the engine reads it. */
function textOf(value: Scalar, column: Column): string | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean')
    return value === null ? null : String(value);
  return column.type === 'date and time' || column.type === 'duration' ? value.toString() : showScalar(value, column);
}
