import type { Logic } from '../decision/logic.ts';
import type { Diagnostic, Outcome } from '../diagnostics/diagnostic.ts';
import type { Library } from '../model/library.ts';
import type { Sop } from '../model/sop.ts';
import { bindSignals } from './bind-signals.ts';
import type { Binder } from './binder.ts';
import { checkReading } from './check-reading.ts';
import type { CheckedGroup, CheckedSop, CheckedView, Rule, Segmentation } from './checked.ts';
import type { Prove } from './prove-tables.ts';
import { readsOf } from './reads.ts';
import { resolveSegments } from './resolve-segments.ts';
import { resolveTables } from './resolve-tables.ts';
import { blindSpots } from './rules/blind-spots.ts';
import { duplicateNames } from './rules/duplicate-names.ts';
import { finalTable } from './rules/final-table.ts';
import { governance } from './rules/governance.ts';
import { identity } from './rules/identity.ts';
import { lookAlikes } from './rules/look-alikes.ts';
import { missingValues, parameters } from './rules/parameters.ts';
import { requires } from './rules/requires.ts';
import { segments } from './rules/segments.ts';
import { steps } from './rules/steps.ts';
import { subject } from './rules/subject.ts';
import { summary } from './rules/summary.ts';
import { timing } from './rules/timing.ts';
import { unusedSignals } from './rules/unused-signals.ts';
import { vocabulary } from './rules/vocabulary.ts';
import { sayFindings } from './say-findings.ts';

/** Every rule that looks at one SOP. A rule is done with its code, its page, a failing case and a silent one. */
const rules: readonly Rule[] = [
  duplicateNames,
  vocabulary,
  subject,
  parameters,
  missingValues,
  requires,
  timing,
  segments,
  identity,
  finalTable,
  unusedSignals,
  steps,
  blindSpots,
  governance,
  summary,
  lookAlikes,
];

/** Resolves names, binds SQL, applies the rules. `before` are the errors that parsing and building found in this SOP. */
export async function checkSop(
  sop: Sop,
  library: Library,
  views: readonly CheckedView[],
  today: string,
  { binder, prove }: { readonly binder: Binder; readonly prove: Prove },
  before: readonly Diagnostic[],
): Promise<Outcome<CheckedSop>> {
  const [logic, resolved] = resolveTables(sop, library.desk);
  const [segmentation, bySegment] = resolveSegments(sop, library, resolved);
  const ruled = rules.flatMap((rule) => rule({ library, sop, logic, today }));
  const [groups, bound] = await bindSignals(sop, library, binder);
  const found = [...resolved, ...bySegment, ...ruled, ...bound];
  // What a table with a mistake in it says is a guess.
  const isClear = ![...before, ...resolved, ...bySegment, ...ruled].some(isError);
  if (isClear) found.push(...(await proveDecision(sop, logic, segmentation, library, prove)));
  // SQL that could not be bound for a broken view or list has no error here: that one has been told at its own place.
  const isCut = groups.some(isUnbound) && !bound.some(isError);
  const named = groups.flatMap(({ bound: signals, evidence, members }) => [signals, evidence, members]);
  const behind = readsOf(
    [...named.flatMap((query) => query?.tables ?? []), ...(segmentation === null ? [] : [segmentation.table])],
    views,
  );
  found.push(...checkReading(groups, sop, library, views));
  const reads = { ...behind, sound: behind.sound && !isCut };
  const hasError = [...before, ...found].some((diagnostic) => isError(diagnostic) && !harmless.has(diagnostic.code));
  const names = new Set(library.lists.map((list) => list.name.value));
  const lists = reads.tables.filter((table) => names.has(table));
  return [{ sop, logic, segmentation, groups, reads, lists, sound: reads.sound && !hasError }, found];
}

/** What the tables leave open or say in vain. In a SOP with segments each one's tables are looked at; what they share is said once. */
async function proveDecision(
  sop: Sop,
  logic: Logic,
  segmentation: Segmentation | null,
  { desk }: Library,
  prove: Prove,
): Promise<Diagnostic[]> {
  const logics = segmentation?.segments.map((segment) => segment.logic) ?? [logic];
  const found = new Map<string, Diagnostic>();
  for (const each of logics) {
    const proof = await prove(each, desk.dispositions);
    for (const diagnostic of sayFindings(proof, sop))
      found.set(JSON.stringify([diagnostic.code, diagnostic.span, diagnostic.args]), diagnostic);
  }
  return [...found.values()];
}

function isUnbound({ group, bound, evidence, members }: CheckedGroup): boolean {
  return (
    (group.sql !== null && bound === null) ||
    (group.evidence !== null && evidence === null) ||
    (group.members !== null && members === null)
  );
}

/** Errors that do not change what the SOP decides: its cases are still worth running. */
const harmless = new Set<string>([
  'SOP214',
  'SOP222',
  'SOP223',
  'SOP309',
  'SOP511',
  'SOP601',
  'SOP902',
  'SOP903',
  'SOP904',
]);

function isError({ level }: Diagnostic): boolean {
  return level === 'error';
}
