import type { CheckedSop } from '../check/checked.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Case, CaseInput } from '../model/case.ts';
import type { Limits, TableData, TableShape } from '../model/ports.ts';
import { parseTime } from '../model/time.ts';
import { caseData, describeDataProblem, providedValues } from './case-data.ts';
import type { Request, Source } from './evaluate.ts';
import type { World } from './run-case.ts';
import { sharedData } from './shared-data.ts';
import { tablesOf } from './survey.ts';

export type Given = Extract<CaseInput, { kind: 'given' }>;

/** A case of a few hundred rows is decided in milliseconds; what takes seconds has run away. */
export const caseLimits: Limits = { milliseconds: 20_000, megabytes: 2_000, rows: 100_000 };

/** What a case is run without: a table, a column of one, or the rows of a table's last hour. */
export type Without =
  | { readonly kind: 'table' | 'last_hour'; readonly table: string }
  | { readonly kind: 'column'; readonly table: string; readonly column: string };

/** Opens what a case states as a data set. Tables that it does not name are empty. */
export async function openCase(
  entry: Case,
  input: Given,
  checked: CheckedSop,
  world: World,
  shapes: readonly TableShape[],
  without: Without | null = null,
): Promise<Source | { readonly why: string; readonly diagnostics: readonly Diagnostic[] }> {
  const data = await caseData(entry, { given: input.tables }, world.library.sources, world.store);
  if ('code' in data) return { why: 'its data file cannot be used', diagnostics: [data] };
  const names = input.tables.map((table) => table.name.value);
  const shared = sharedData(checked.reads, world.library.lists, names);
  const read = new Set([...tablesOf(checked), 'coverage']);
  for (const { name } of shared.tables) read.delete(name);
  const open = shapes.filter((shape) => read.has(shape.name)).map((shape) => lessShape(shape, without));
  const needed = data
    .filter((table) => open.some((shape) => shape.name === table.table))
    .flatMap((table) => lessData(table, without, shapes));
  const opened = await world.engine.open([...open, ...shared.tables], [...needed, ...shared.content], {
    limits: caseLimits,
    threads: 1,
    views: shared.views,
  });
  if (!opened.ok)
    return {
      why: 'its data cannot be read',
      diagnostics: [describeDataProblem(opened.problem, entry, { given: input.tables })],
    };
  const given = new Set(names);
  if (without?.kind === 'table') given.delete(without.table);
  return { data: opened.value, shapes: open, given, complete: true };
}

function lessShape(shape: TableShape, without: Without | null): TableShape {
  if (without === null || without.kind !== 'column' || without.table !== shape.name) return shape;
  const { column } = without;
  return { ...shape, columns: shape.columns.filter(({ name }) => name !== column) };
}

/** What lies in a file stays as it is, but for columns: those are read by the shape. */
function lessData(data: TableData, without: Without | null, shapes: readonly TableShape[]): TableData[] {
  if (without === null || without.table !== data.table) return [data];
  if (without.kind === 'table') return [];
  if (data.kind === 'files') return [data];
  if (without.kind !== 'column')
    return [withoutLastHour(data, shapes.find((shape) => shape.name === data.table)?.time ?? '')];
  const { column } = without;
  const kept = data.columns.map((name) => name !== column);
  return [
    {
      ...data,
      columns: data.columns.filter((_, index) => kept[index]),
      rows: data.rows.map((row) => row.filter((_, index) => kept[index])),
    },
  ];
}

const hour = 3600e6;

type Rows = Extract<TableData, { kind: 'rows' }>;

function withoutLastHour(data: Rows, time: string): Rows {
  const place = data.columns.indexOf(time);
  const times = data.rows.map((row) => parseTime(row[place] ?? '') ?? null);
  const last = times.reduce<number | null>((most, at) => (at === null ? most : Math.max(most ?? at, at)), null);
  return { ...data, rows: data.rows.filter((_, row) => last === null || (times[row] ?? 0) <= last - hour) };
}

/** How a case is evaluated: as of its `as_of`, or with all it states and the time to settle. */
export function caseRequest(entry: Case, input: Given, { sop }: CheckedSop): Request {
  return {
    provided: providedValues(input.provided, sop),
    limits: caseLimits,
    label: entry.name.value,
    from: null,
    asOf: entry.asOf === null ? null : (parseTime(entry.asOf.value) ?? null),
  };
}
