import type { DataSet, Limits } from '../model/ports.ts';

/** A stretch of time for which a table holds all rows that there were; times in microseconds since 1970 UTC. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What the table `coverage` says of the others: by table, then by symbol (null: of all symbols). */
export type Coverage = ReadonlyMap<string, ReadonlyMap<string | null, readonly Stretch[]>>;

/** Reads `coverage`. A text says why it cannot be read: without a column that it must have, for example. */
export async function readCoverage(data: DataSet, limits: Limits): Promise<Coverage | string> {
  const file = data.files.find(({ table }) => table === 'coverage');
  const symbol = file === undefined || file.present.includes('symbol') ? 'symbol' : 'CAST(NULL AS VARCHAR)';
  const sql = `SELECT table_name, ${symbol} AS symbol, from_ts, to_ts FROM coverage WHERE from_ts < to_ts ORDER BY ALL`;
  const found = new Map<string, Map<string | null, Stretch[]>>();
  const result = await data.run({ sql, parameters: [] }, limits, (batch) => {
    const [tables, symbols, starts, ends] = batch.columns;
    for (let row = 0; row < batch.length; row++) {
      const [from, to] = [starts?.[row], ends?.[row]];
      if (typeof from !== 'number' || typeof to !== 'number') continue;
      const symbol = symbols?.[row] ?? null;
      const table = found.get(String(tables?.[row])) ?? new Map<string | null, Stretch[]>();
      found.set(String(tables?.[row]), table);
      const name = symbol === null ? null : String(symbol);
      table.set(name, [...(table.get(name) ?? []), { from, to }]);
    }
  });
  return result.ok
    ? found
    : `\`coverage\` cannot be read: ${result.problem.detail ?? result.problem.name ?? result.problem.reason}`;
}

/** The stretches joined where they touch or overlap, in order. */
export function joinStretches(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const next of [...stretches].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const last = joined.at(-1);
    if (last !== undefined && next.from <= last.to)
      joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, next.to) };
    else joined.push(next);
  }
  return joined;
}
