import { bindLimits, sqlParameters } from '../../check/binder.ts';
import type { CheckedSop } from '../../check/checked.ts';
import type { SqlEngine, SqlQuery, TableShape } from '../../model/ports.ts';
import type { TableFacts } from '../../model/survey.ts';

/** What the files can fill of one group of signals. */
export interface GroupFill {
  readonly group: string;
  readonly signals: readonly string[];
  /** Null where the group has no SQL: its values are provided. */
  readonly missing: readonly string[] | null;
}

export interface SopFill {
  readonly sop: string;
  readonly groups: readonly GroupFill[];
}

/** More columns than any query reads: the search for what is missing always ends. */
const mostMissing = 60;

/**
 * Which signals the files can fill: each group's SQL is bound against the columns that hold values, and each column that it
 * then misses is told and added, until it binds.
 */
export async function fillable(
  sops: readonly CheckedSop[],
  tables: readonly TableShape[],
  facts: readonly TableFacts[],
  engine: SqlEngine,
): Promise<SopFill[]> {
  const told: SopFill[] = [];
  for (const { sop, groups, sound } of sops) {
    if (!sound) continue;
    const fills: GroupFill[] = [];
    for (const { group, bound } of groups) {
      const signals = group.signals.map((signal) => signal.name.value);
      const query = group.sql === null ? null : { sql: group.sql.text, parameters: sqlParameters(sop.parameters) };
      const missing =
        query === null || bound === null ? null : await missingFor(query, bound.tables, tables, facts, engine);
      fills.push({ group: group.name.value, signals, missing });
    }
    told.push({ sop: sop.id.value, groups: fills });
  }
  return told;
}

async function missingFor(
  query: SqlQuery,
  read: readonly string[],
  tables: readonly TableShape[],
  facts: readonly TableFacts[],
  engine: SqlEngine,
): Promise<string[]> {
  const full = tables.filter((table) => read.includes(table.name));
  const missing = full.filter((table) => filledColumns(table.name, facts).size === 0).map((table) => table.name);
  const present = new Map(
    full.map((table) => {
      const filled = filledColumns(table.name, facts);
      return [table.name, filled.size === 0 ? new Set(table.columns.map((column) => column.name)) : filled] as const;
    }),
  );
  const columns: string[] = [];
  for (let turn = 0; turn < mostMissing; turn++) {
    const shapes = full.map((table) => ({
      ...table,
      key: table.key.every((name) => present.get(table.name)?.has(name)) ? table.key : [],
      columns: table.columns.filter((column) => present.get(table.name)?.has(column.name)),
    }));
    const result = await engine.bind(shapes, query, bindLimits);
    if (result.ok || result.problem.reason !== 'unknown_column') break;
    const name = (result.problem.name ?? '').split('.').at(-1)?.toLowerCase() ?? '';
    const lacking = full.filter(
      (table) => table.columns.some((column) => column.name === name) && present.get(table.name)?.has(name) === false,
    );
    if (lacking.length === 0) break;
    for (const table of lacking) {
      present.get(table.name)?.add(name);
      columns.push(`${table.name}.${name}`);
    }
  }
  return [...missing, ...columns].sort();
}

/** Columns of a table that hold a value in some row. */
function filledColumns(table: string, facts: readonly TableFacts[]): Set<string> {
  return new Set(
    facts
      .filter((entry) => entry.table === table)
      .flatMap((entry) => entry.columns.filter((column) => column.filled > 0).map((column) => column.name)),
  );
}
