import type { CheckedSop } from '../check/checked.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { Case } from '../model/case.ts';
import type { Extent } from '../model/ports.ts';
import { type Comparison, compareDecisions } from './comparer.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import { inWindow, needsOf } from './in-window.ts';
import { caseRequest, type Given } from './open-case.ts';
import { readinessBySegment, type Supply } from './readiness.ts';
import type { Source } from './source.ts';
import { type DecidedSubject, keyText } from './subjects.ts';
import { withoutIt } from './without-it.ts';
import type { World } from './world.ts';

/** What a case is run without: a table, a column of one, or the rows of a table's last hour. */
type Without =
  | { readonly kind: 'table' | 'last_hour'; readonly table: string }
  | { readonly kind: 'column'; readonly table: string; readonly column: string };

/**
 * Decides an attack case again without each table and column that its SOP requires, and without the last hour of each
 * table, as on a desk whose feed is late. Whoever must be found may then be undecided, or be found all the same; a milder
 * answer is an error.
 */
export async function proveRequirements(
  entry: Case,
  checked: CheckedSop,
  world: World,
  source: Source,
  evaluation: Evaluation,
): Promise<Diagnostic[]> {
  const { input } = entry;
  if (input.kind !== 'given' || entry.kind === 'benign') return [];
  const before = compareExpected(entry, checked, world, evaluation);
  const found: Diagnostic[] = [];
  for (const without of losses(checked, source, evaluation)) {
    if (
      without.kind === 'last_hour' &&
      areOpen(before, lateSop(checked, without.table), source, lateSupply(without.table, evaluation))
    )
      continue;
    const less = await evaluateWithout(without, entry, input, checked, source, evaluation);
    if (less === null) continue;
    // Whoever is missed anyway is told so elsewhere.
    const milder = compareExpected(entry, checked, world, less).find(({ outcome }, index) => {
      const was = before[index];
      return outcome === 'missed' && was?.outcome !== 'missed' && !isOpen(was?.found ?? null, checked, less);
    });
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

/** An expectation may fit several subjects: the one that met it is undecided now, or would be if it were found. */
function isOpen(subject: DecidedSubject | null, { sop }: CheckedSop, { decided, readiness }: Evaluation): boolean {
  if (subject === null) return false;
  const now = decided.find(({ key }) => keyText(key) === keyText(subject.key));
  return now === undefined ? readiness(needsOf(sop)(subject.key)).length > 0 : now.decision.kind !== 'decided';
}

/** Null where SQL fails, or needs a column that is not there: that gives no decision, and so no milder one. */
async function evaluateWithout(
  without: Without,
  entry: Case,
  input: Given,
  checked: CheckedSop,
  source: Source,
  evaluation: Evaluation,
): Promise<Evaluation | null> {
  if (without.kind !== 'last_hour') return withLess(without, checked, source, evaluation);
  const supply = lateSupply(without.table, evaluation);
  const evaluated = await evaluate(
    lateSop(checked, without.table),
    { ...source, complete: false },
    {
      ...caseRequest(entry, input, checked),
      asOf: evaluation.window.asOf,
      supply,
      brokenOff: { table: without.table, last: supply.extents.get(without.table)?.last ?? -hour },
    },
  );
  return evaluated.ok && evaluated.value.unavailable.size === 0 ? evaluated.value : null;
}

const hour = 3600e6;

/** The data as it is where a table's feed broke off an hour before its last row. */
function lateSupply(table: string, { supply }: Evaluation): Supply {
  const extent = supply.extents.get(table);
  const last = (extent?.last ?? 0) - hour;
  const cut: Extent | undefined = extent && { ...extent, last, known: last, rows: 1 };
  return { ...supply, complete: false, extents: new Map(cut === undefined ? [] : [[table, cut]]) };
}

/** Whoever must be found lacks required data then, and is undecided whatever SQL says of the rest. */
function areOpen(before: readonly Comparison[], checked: CheckedSop, { shapes }: Source, supply: Supply): boolean {
  const readiness = readinessBySegment(checked, shapes, supply);
  return before.every(
    ({ outcome, found }) =>
      outcome === 'missed' ||
      (found !== null && readiness({ ...needsOf(checked.sop)(found.key), segment: found.segment }).length > 0),
  );
}

/** Nobody is decided about whose data is not there: what SQL would say of the rest does not matter. */
function withLess(
  without: Exclude<Without, { kind: 'last_hour' }>,
  checked: CheckedSop,
  { shapes }: Source,
  evaluation: Evaluation,
): Evaluation {
  const { supply, decided, window } = evaluation;
  const given = new Set(supply.given);
  if (without.kind === 'table') given.delete(without.table);
  const extents = new Map(supply.extents);
  const extent = extents.get(without.table);
  if (without.kind === 'column' && extent !== undefined)
    extents.set(without.table, { ...extent, empty: [...extent.empty, without.column] });
  const readiness = readinessBySegment(checked, shapes, { ...supply, given, extents });
  return { ...evaluation, readiness, decided: inWindow(decided, checked.sop, window, null, readiness) };
}

/** The SOP with one requirement: how old the newest row of a table may be. A case states too little to meet the others. */
function lateSop(checked: CheckedSop, table: string): CheckedSop {
  const row = checked.sop.requires.find((candidate) => candidate.table.value === table);
  const requires = row === undefined ? [] : [{ ...row, columns: [], covers: null }];
  return { ...checked, sop: { ...checked.sop, requires } };
}

/** A table without rows has no column to lose, and no last hour. */
function losses({ sop }: CheckedSop, { shapes }: Source, { supply }: Evaluation): Without[] {
  return sop.requires.flatMap(({ table: { value: table }, columns }) => {
    const extent = supply.extents.get(table);
    const hasRows = (extent?.rows ?? 0) > 0;
    const isEvent = shapes.find((shape) => shape.name === table)?.time !== undefined;
    return [
      { kind: 'table', table },
      ...(hasRows ? columns.map(({ value: column }) => ({ kind: 'column', table, column }) as const) : []),
      ...(hasRows && isEvent && extent?.last !== null ? [{ kind: 'last_hour', table } as const] : []),
    ];
  });
}

function placeOf({ table }: Without, { sop }: CheckedSop) {
  const row = sop.requires.find((candidate) => candidate.table.value === table);
  return row === undefined ? [] : [{ span: row.table.span, label: 'required here' }];
}
