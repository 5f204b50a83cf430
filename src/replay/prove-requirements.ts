import type { CheckedSop } from '../check/checked.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { Case } from '../model/case.ts';
import { type Comparison, compareDecisions } from './comparer.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import { caseRequest, type Given, openCase, type Without } from './open-case.ts';
import type { World } from './run-case.ts';
import { withoutIt } from './without-it.ts';

/**
 * Runs an attack case once without each table and column that its SOP requires, and once without the last hour of each
 * table, as on a desk whose feed is late. Whoever must be found may then be undecided, or be found all the same; a milder
 * answer is an error.
 */
export async function proveRequirements(
  entry: Case,
  checked: CheckedSop,
  world: World,
  evaluation: Evaluation,
): Promise<Diagnostic[]> {
  const { input } = entry;
  if (input.kind !== 'given' || entry.kind === 'benign') return [];
  const before = compareExpected(entry, checked, world, evaluation);
  const found: Diagnostic[] = [];
  for (const without of losses(entry, checked, world)) {
    const after = await runWithout(without, entry, input, checked, world, evaluation);
    // Whoever is missed anyway is told so elsewhere.
    const milder = after.find(({ outcome }, index) => outcome === 'missed' && before[index]?.outcome !== 'missed');
    if (milder === undefined) continue;
    found.push(
      diagnose(
        'SOP722',
        entry.name.span,
        {
          case: entry.name.value,
          sop: checked.sop.id.value,
          kind: without.kind,
          table: without.table,
          column: without.kind === 'column' ? without.column : '',
          subject: milder.subject,
          expected: milder.expected.disposition ?? 'a decision',
          actual: milder.actual?.kind === 'decided' ? milder.actual.disposition : 'nothing',
        },
        { related: placeOf(without, checked) },
      ),
    );
  }
  return found;
}

/** One comparison an expectation, in their order. */
function compareExpected(entry: Case, { sop }: CheckedSop, { library }: World, evaluation: Evaluation): Comparison[] {
  const { desk } = library;
  const lowest = desk.dispositions[0] ?? '';
  const absent = withoutIt(evaluation.readiness, sop);
  const all = compareDecisions(entry.kind, entry.expect, lowest, evaluation.decided, sop, desk, absent);
  return all.slice(0, entry.expect.length);
}

async function runWithout(
  without: Without,
  entry: Case,
  input: Given,
  checked: CheckedSop,
  world: World,
  { window }: Evaluation,
): Promise<Comparison[]> {
  const opened = await openCase(entry, input, checked, world, world.library.sources, without);
  if ('why' in opened) return [];
  const request = caseRequest(entry, input, checked);
  const isLate = without.kind === 'last_hour';
  const evaluated = isLate
    ? await evaluate(
        onlyFresh(checked, without.table),
        { ...opened, complete: false },
        { ...request, asOf: window.asOf },
      )
    : await evaluate(checked, opened, request);
  await opened.data.close();
  // SQL that fails, or that needs a column which is not there, gives no decision, and so no milder one.
  if (!evaluated.ok || evaluated.value.unavailable.size > 0) return [];
  return compareExpected(entry, checked, world, evaluated.value);
}

/** The SOP with one requirement: how old the newest row of a table may be. A case states too little to meet the others. */
function onlyFresh(checked: CheckedSop, table: string): CheckedSop {
  const row = checked.sop.requires.find((candidate) => candidate.table.value === table);
  const requires = row === undefined ? [] : [{ ...row, columns: [], covers: null }];
  return { ...checked, sop: { ...checked.sop, requires } };
}

function losses({ input }: Case, { sop }: CheckedSop, { library }: World): Without[] {
  const hasTime = (table: string) =>
    library.tables.find((shape) => shape.name === table)?.time !== undefined &&
    input.kind === 'given' &&
    input.tables.some(({ name, data }) => name.value === table && data.kind === 'rows' && data.rows.length > 0);
  return sop.requires.flatMap(({ table: { value: table }, columns }) => [
    { kind: 'table', table },
    ...columns.map(({ value: column }) => ({ kind: 'column', table, column }) as const),
    ...(hasTime(table) ? [{ kind: 'last_hour', table } as const] : []),
  ]);
}

function placeOf({ table }: Without, { sop }: CheckedSop) {
  const row = sop.requires.find((candidate) => candidate.table.value === table);
  return row === undefined ? [] : [{ span: row.table.span, label: 'required here' }];
}
