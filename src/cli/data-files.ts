import { existsSync, realpathSync } from 'node:fs';

import { availableParallelism, totalmem } from 'node:os';
import type { DataProblem, DataSet, Limits, OpenOptions, SqlEngine, TableData, TableShape } from '../model/ports.ts';
import type { RawValue } from '../model/value.ts';
import { UsageError } from './exit.ts';

/** History may be large: an hour, and most of the machine's memory. */
export function historyLimits(): Limits {
  return {
    milliseconds: 3_600_000,
    megabytes: Math.max(1_000, Math.floor((totalmem() * 0.7) / 1e6)),
    rows: 50_000_000,
  };
}

/** The real path of a file that the caller named. */
export function existing(file: string): string {
  if (!existsSync(file)) throw new UsageError(`there is no file ${file}`);
  return realpathSync(file);
}

/** Opens data that the caller named, on all cores; what can't be read ends the command. */
export async function openOrRefuse(
  engine: SqlEngine,
  shapes: readonly TableShape[],
  content: readonly TableData[],
  beside: Pick<OpenOptions, 'views' | 'covered'> = {},
): Promise<DataSet> {
  const how = { limits: historyLimits(), threads: availableParallelism(), ...beside };
  const opened = await engine.open(shapes, content, how);
  if (!opened.ok) throw new UsageError(describe(opened.problem));
  return opened.value;
}

function describe(problem: DataProblem): string {
  const column = problem.column === undefined ? '' : `, column \`${problem.column}\``;
  return `${problem.file === '' ? `the data of \`${problem.table}\`` : problem.file}${column}: ${problem.detail ?? 'it cannot be read'}`;
}

/** Refuses a file that lacks a column, with the columns that it has. */
export function requireColumns(data: DataSet, shape: TableShape, file: string): void {
  const [found] = data.files;
  for (const { name } of shape.columns) {
    if (found?.present.includes(name)) continue;
    const others = [...(found?.present ?? []), ...(found?.ignored ?? [])];
    throw new UsageError(`${file} has no column \`${name}\`; it has: ${others.join(', ')}`);
  }
}

/** Names from the command line become part of our own SQL, so they must be plain names. */
export function requireName(flag: string, name: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_ ]*$/.test(name))
    throw new UsageError(`\`${flag} ${name}\` is no plain column name (letters, digits, _ and spaces)`);
}

/** All rows of the one table of a data set, in the file's order. */
export async function readAll(data: DataSet, shape: TableShape): Promise<RawValue[][]> {
  const rows: RawValue[][] = [];
  const sql = `SELECT ${shape.columns.map((column) => `"${column.name}"`).join(', ')} FROM ${shape.name}`;
  const result = await data.run({ sql, parameters: [] }, historyLimits(), (batch) => {
    for (let row = 0; row < batch.length; row++) rows.push(batch.columns.map((column) => column[row] ?? null));
  });
  if (!result.ok)
    throw new UsageError(`the ${shape.name} cannot be read: ${result.problem.detail ?? result.problem.reason}`);
  return rows;
}
