import { type Moment, sqlParameters } from '../check/binder.ts';
import type { CheckedView } from '../check/checked.ts';
import { readsOf } from '../check/reads.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { DataSet, TableColumn } from '../model/ports.ts';
import type { View, ViewCase } from '../model/view.ts';
import { parseTime } from '../text/time.ts';
import { caseData, describeDataProblem } from './case-data.ts';
import { compareRows, type MissingRow, type Row, showExpectedRow, showRow, showValue } from './compare-rows.ts';
import { caseLimits } from './open-case.ts';
import { sharedData } from './shared-data.ts';
import { earliestOf, newestOf } from './survey.ts';
import { describeViewProblem } from './view-problem.ts';
import type { World } from './world.ts';

/** How a case of a view came out. */
export interface ViewResult {
  readonly entry: ViewCase;
  readonly passed: boolean;
  /** Why it was not run; empty where it was. */
  readonly why: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** So many rows that are missing are told; the others are likely the same mistake. */
const toldRows = 3;

/** Computes the view on the data of its case and compares the rows. */
export async function runViewCase(
  entry: ViewCase,
  view: View,
  views: readonly CheckedView[],
  { library, store, engine }: World,
): Promise<ViewResult> {
  const result = (diagnostics: readonly Diagnostic[]): ViewResult => ({
    entry,
    passed: diagnostics.length === 0,
    why: '',
    diagnostics,
  });
  const place = { name: entry.name, path: entry.path, sop: view.name.value };
  const reads = readsOf([view.name.value], views);
  const data = await caseData(place, entry, library.sources, store);
  if ('code' in data) return result([data]);
  const names = entry.given.map((table) => table.name.value);
  const shared = sharedData(reads, library.lists, names);
  const lists = new Set(shared.tables.map((table) => table.name));
  const tables = library.sources.filter(({ name }) => reads.tables.includes(name) && !lists.has(name));
  const content = data.filter(({ table }) => tables.some(({ name }) => name === table));
  const opened = await engine.open([...tables, ...shared.tables], [...content, ...shared.content], {
    limits: caseLimits,
    threads: 1,
    views: shared.views,
  });
  if (!opened.ok) return result([describeDataProblem(opened.problem, place, entry)]);
  const columns = view.columns.map((column): TableColumn => ({ name: column.name.value, sql: column.sql }));
  const moment = await cutTo(
    entry,
    opened.value,
    tables.map(({ name }) => name),
  );
  const rows = await readRows(opened.value, view, columns, reads.views, entry, moment);
  await opened.value.close();
  if ('code' in rows) return result([rows]);
  const { missing, left } = compareRows(entry.expect, rows, columns);
  const tooMany = entry.others === 'none' && missing.length === 0 ? left : [];
  return result([
    ...missing.slice(0, toldRows).map((row) => describeMissing(row, entry, rows.length, columns)),
    ...describeLeft(tooMany, entry, columns),
  ]);
}

/** Shows the view what could be known at `as_of`, or all rows where the case states none. */
async function cutTo(entry: ViewCase, data: DataSet, tables: readonly string[]): Promise<Moment> {
  const stated = entry.asOf === null ? null : (parseTime(entry.asOf.value) ?? null); // a check has refused what is no time
  if (stated !== null) await data.cut({ since: null, asOf: stated });
  const read = await data.extents(
    tables.map((table) => ({ table, columns: [], by: null })),
    caseLimits,
  );
  const extents = read.ok ? read.value : [];
  const asOf = stated ?? newestOf(extents, 0) ?? 0;
  return { from: earliestOf(extents) ?? asOf, asOf };
}

async function readRows(
  data: DataSet,
  view: View,
  columns: readonly TableColumn[],
  views: readonly View[],
  entry: ViewCase,
  moment: Moment,
): Promise<readonly Row[] | Diagnostic> {
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const sql = `SELECT ${names} FROM "${view.name.value}" ORDER BY ALL`;
  const parameters = sqlParameters([], moment);
  const rows: Row[] = [];
  const ran = await data.run({ sql, parameters }, caseLimits, (batch) => {
    for (let row = 0; row < batch.length; row++) rows.push(batch.columns.map((column) => column[row] ?? null));
  });
  if (ran.ok) return rows;
  const { problem } = ran;
  const failed = views.find(({ name }) => name.value === problem.view) ?? view;
  // Only a file can lack a column: rows leave out what is NULL.
  const isLacking = problem.reason === 'unknown_column' || problem.reason === 'unknown_table';
  const told = isLacking
    ? { ...problem, detail: `the data file has no \`${problem.name ?? 'such column'}\`` }
    : problem;
  return describeViewProblem(told, failed, entry.name.value);
}

function describeMissing(
  { expected, nearest }: MissingRow,
  entry: ViewCase,
  rows: number,
  columns: readonly TableColumn[],
): Diagnostic {
  const differs = nearest?.differs.map(({ column, text }) => {
    const at = columns.findIndex((candidate) => candidate.name === column.value);
    return `\`${column.value}\` is ${showValue(nearest.row[at] ?? null, columns[at]?.sql)}, not ${text ?? 'null'}`;
  });
  const found =
    nearest === null
      ? rows === 0
        ? 'the view returns no row at all'
        : 'every row of the view is another expected one'
      : `in the nearest row ${differs?.join(', ')}; it is ${showRow(nearest.row, columns)}`;
  const args = { view: entry.view.value, case: entry.name.value, row: showExpectedRow(expected), nearest: found };
  return diagnose('SOP741', expected.span, args);
}

function describeLeft(left: readonly Row[], entry: ViewCase, columns: readonly TableColumn[]): Diagnostic[] {
  const [first] = left;
  if (first === undefined) return [];
  const args = { view: entry.view.value, case: entry.name.value, row: showRow(first, columns), rows: left.length };
  return [diagnose('SOP742', entry.name.span, args)];
}
