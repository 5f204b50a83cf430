import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { GivenRow, GivenTable, ProvidedRow, Story } from '../model/case.ts';
import type { MarketTable } from '../model/library.ts';
import type { DataProblem, Store, TableData } from '../model/ports.ts';
import type { Sop } from '../model/sop.ts';
import type { RawValue } from '../model/value.ts';
import { parseTime, sqlTime } from '../text/time.ts';
import type { ProvidedValues } from './evaluate.ts';
import { isTimeColumn } from './subjects.ts';

/** A case, of a SOP or of a view, as far as its data is concerned: paths start at the folder above its `cases/`. */
type DataOwner = Pick<Story, 'name' | 'path' | 'sop'>;

/** The rows and files of a case as the engine takes them. Files stay inside the folder of the SOP, or of the views. */
export async function caseData(
  entry: DataOwner,
  { given }: { readonly given: readonly GivenTable[] },
  tables: readonly MarketTable[],
  store: Store,
): Promise<readonly TableData[] | Diagnostic> {
  const data: TableData[] = [];
  for (const table of given) {
    const shape = tables.find((candidate) => candidate.name === table.name.value);
    if (shape === undefined) continue;
    const made = table.data.kind === 'rows' ? rowsOf(table, table.data.rows, shape) : await fileOf(entry, table, store);
    if ('code' in made) return made;
    data.push(made);
  }
  return data;
}

function rowsOf(table: GivenTable, rows: readonly GivenRow[], shape: MarketTable): TableData {
  const stated = new Set(rows.flatMap((row) => row.cells.map((cell) => cell.column.value)));
  const columns = shape.columns.filter((column) => stated.has(column.name));
  return {
    kind: 'rows',
    table: table.name.value,
    columns: columns.map((column) => column.name),
    rows: rows.map((row) =>
      columns.map((column) => {
        const text = row.cells.find((cell) => cell.column.value === column.name)?.text ?? null;
        // a check has refused what is no time
        return text !== null && column.sql === 'TIMESTAMP' ? sqlTime(parseTime(text) ?? 0) : text;
      }),
    ),
  };
}

async function fileOf(entry: DataOwner, table: GivenTable, store: Store): Promise<TableData | Diagnostic> {
  if (table.data.kind !== 'file') throw new Error('a table of rows has no file');
  const { value, span } = table.data.path;
  const folder = entry.path.replace(/\/cases\/[^/]*$/, '');
  const found = await store.resolveInside(folder, value.startsWith('/') ? value : `cases/${value}`);
  if (found.kind === 'file') return { kind: 'files', table: table.name.value, absolute: [found.absolute] };
  return found.kind === 'outside'
    ? diagnose('SOP317', span, { file: value })
    : diagnose('SOP316', span, { file: value, near: [] });
}

/** A file that can't be used, said at the line of the case that names it. */
export function describeDataProblem(
  problem: DataProblem,
  entry: DataOwner,
  { given }: { readonly given: readonly GivenTable[] },
): Diagnostic {
  const table = given.find((candidate) => candidate.name.value === problem.table);
  const path = table?.data.kind === 'file' ? table.data.path : undefined;
  const what =
    problem.column === undefined
      ? (problem.detail ?? 'it cannot be read')
      : `column \`${problem.column}\`: ${problem.detail ?? 'it does not have the right type'}`;
  return diagnose('SOP713', path?.span ?? table?.name.span ?? entry.name.span, {
    case: entry.name.value,
    sop: entry.sop,
    file: path?.value ?? problem.table,
    what,
  });
}

/** Provided rows with the same columns go together: each set is a group of its own. */
export function providedValues(rows: readonly ProvidedRow[], sop: Sop): ProvidedValues[] {
  const groups = new Map<string, { names: string[]; rows: RawValue[][] }>();
  for (const row of rows) {
    const names = row.values.map((value) => value.name.value);
    const key = [...names].sort().join(',');
    const group = groups.get(key) ?? { names, rows: [] };
    groups.set(key, group);
    group.rows.push(group.names.map((name) => givenValue(row, name, sop)));
  }
  return [...groups.values()];
}

/** A key stays as written, but for times: what type it has is known only once SQL has returned some (`evaluate.ts`). */
function givenValue(row: ProvidedRow, name: string, sop: Sop): RawValue {
  const given = row.values.find((value) => value.name.value === name);
  if (given === undefined) return null;
  if (!sop.subject.columns.some((column) => column.name === name) || given.text === null) return given.value;
  return isTimeColumn(name, sop) ? (parseTime(given.text) ?? given.text) : given.text;
}
