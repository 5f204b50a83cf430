import { bindLimits, sqlParameters } from '../../check/binder.ts';
import type { CheckedGroup, CheckedLibrary } from '../../check/checked.ts';
import { readsOf } from '../../check/reads.ts';
import type { SqlEngine, SqlQuery, TableShape } from '../../model/ports.ts';
import type { Sop } from '../../model/sop.ts';
import type { TableFacts } from '../../model/survey.ts';

/** What the files can fill of one group of signals. */
export interface GroupFill {
  readonly group: string;
  readonly signals: readonly string[];
  /** Market tables, and `table.column`; null where the group has no SQL: its values are provided. */
  readonly missing: readonly string[] | null;
}

export interface SopFill {
  readonly sop: string;
  readonly groups: readonly GroupFill[];
}

/** More columns than any query reads: the search for what is missing always ends. */
const mostMissing = 60;

/**
 * Which signals the files can fill: each group's SQL, and that of the views that it reads, is bound against the columns that
 * hold values, and each column that it then misses is told and added, until it binds.
 */
export async function fillable(
  checked: CheckedLibrary,
  facts: readonly TableFacts[],
  engine: SqlEngine,
): Promise<SopFill[]> {
  const told: SopFill[] = [];
  for (const { sop, groups, sound } of checked.sops) {
    if (!sound) continue;
    const fills: GroupFill[] = [];
    for (const entry of groups) {
      const missing = new Set<string>();
      const queries = queriesOf(sop, entry, checked);
      for (const [query, read] of queries)
        for (const name of await missingFor(query, read, checked.library, facts, engine)) missing.add(name);
      fills.push({
        group: entry.group.name.value,
        signals: entry.group.signals.map((signal) => signal.name.value),
        missing: queries.length === 0 ? null : [...missing].sort(),
      });
    }
    told.push({ sop: sop.id.value, groups: fills });
  }
  return told;
}

/** The SQL behind a group, with the names that each part reads. */
function queriesOf(sop: Sop, { group, bound }: CheckedGroup, checked: CheckedLibrary): [SqlQuery, readonly string[]][] {
  if (group.sql === null || bound === null) return [];
  const views = readsOf(bound.tables, checked.views).views.map((view): [SqlQuery, readonly string[]] => [
    { sql: view.sql.text, parameters: sqlParameters(view.parameters) },
    checked.views.find((entry) => entry.view === view)?.bound?.tables ?? [],
  ]);
  return [[{ sql: group.sql.text, parameters: sqlParameters(sop.parameters) }, bound.tables], ...views];
}

async function missingFor(
  query: SqlQuery,
  read: readonly string[],
  { tables: market, sources }: CheckedLibrary['library'],
  facts: readonly TableFacts[],
  engine: SqlEngine,
): Promise<string[]> {
  const isMarket = (table: TableShape) => market.some(({ name }) => name === table.name);
  const full: readonly TableShape[] = sources.filter((table) => read.includes(table.name));
  const missing = full
    .filter((table) => isMarket(table) && filledColumns(table.name, facts).size === 0)
    .map((table) => table.name);
  const present = new Map(
    full.map((table) => {
      const filled = filledColumns(table.name, facts);
      const whole = !isMarket(table) || filled.size === 0;
      return [table.name, whole ? new Set(table.columns.map((column) => column.name)) : filled] as const;
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
