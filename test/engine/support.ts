import { createDuckDbEngine, type EngineOptions } from '../../src/engine/engine.ts';
import type {
  DataSet,
  Limits,
  OpenResult,
  SqlEngine,
  SqlParameter,
  SqlProblem,
  SqlResult,
  TableData,
  TableShape,
} from '../../src/model/ports.ts';
import type { RawValue } from '../../src/model/value.ts';
import { sqlChild } from '../support/sql-child.ts';

export function testEngine(options: Partial<EngineOptions> = {}): SqlEngine {
  return createDuckDbEngine({ command: sqlChild, ...options });
}

export const limits: Limits = { milliseconds: 20_000, megabytes: 1500, rows: 1_000_000 };

export const tables: readonly TableShape[] = [
  {
    name: 'trades',
    key: ['trade_id'],
    columns: [
      { name: 'trade_id', sql: 'VARCHAR' },
      { name: 'ts', sql: 'TIMESTAMP' },
      { name: 'symbol', sql: 'VARCHAR' },
      { name: 'price', sql: 'DECIMAL(38,8)' },
      { name: 'qty', sql: 'DOUBLE' },
      { name: 'n', sql: 'BIGINT' },
      { name: 'maker', sql: 'BOOLEAN' },
    ],
  },
  {
    name: 'orders',
    key: ['order_id'],
    columns: [
      { name: 'order_id', sql: 'VARCHAR' },
      { name: 'ts', sql: 'TIMESTAMP' },
      { name: 'symbol', sql: 'VARCHAR' },
      { name: 'price', sql: 'DECIMAL(38,8)' },
    ],
  },
  {
    name: 'funding',
    key: ['symbol', 'ts'],
    columns: [
      { name: 'symbol', sql: 'VARCHAR' },
      { name: 'ts', sql: 'TIMESTAMP' },
      { name: 'rate', sql: 'DOUBLE' },
    ],
  },
];

export const parameters: readonly SqlParameter[] = [
  { name: 'window', type: 'integer', value: '60' },
  { name: 'x', type: 'number', value: '0.5' },
  { name: 'min_notional', type: 'decimal', value: '250000.50' },
  { name: 'flag', type: 'boolean', value: 'true' },
  { name: 'kind', type: 'enum', value: 'mm' },
];

export function trades(columns: readonly string[], ...rows: (string | null)[][]): TableData {
  return { kind: 'rows', table: 'trades', columns, rows };
}

export async function openRows(engine: SqlEngine, ...data: TableData[]): Promise<DataSet> {
  return opened(await engine.open(tables, data, { limits, threads: 1 }));
}

export function opened(result: OpenResult): DataSet {
  if (!result.ok) throw new Error(`did not open: ${JSON.stringify(result.problem)}`);
  return result.value;
}

/** The rows of a query, or an error that shows the problem. */
export async function rowsOf(data: DataSet, sql: string, within: Limits = limits): Promise<RawValue[][]> {
  const rows: RawValue[][] = [];
  const result = await data.run({ sql, parameters }, within, (batch) => {
    for (let row = 0; row < batch.length; row++) rows.push(batch.columns.map((column) => column[row] ?? null));
  });
  if (!result.ok) throw new Error(`did not run: ${JSON.stringify(result.problem)}`);
  return rows;
}

export async function problemOfRun(
  data: DataSet,
  sql: string,
  within: Limits = limits,
): Promise<SqlProblem | undefined> {
  return problemIn(await data.run({ sql, parameters }, within, () => {}));
}

export async function problemOfBind(
  engine: SqlEngine,
  sql: string,
  within: Limits = limits,
): Promise<SqlProblem | undefined> {
  return problemIn(await engine.bind(tables, { sql, parameters }, within));
}

function problemIn(result: SqlResult<unknown>): SqlProblem | undefined {
  return result.ok ? undefined : result.problem;
}
