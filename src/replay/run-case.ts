import type { CheckedSop } from '../check/checked.ts';
import { compileDecision, type Decision } from '../decision/decide.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Case, CaseInput, CaseOutcome, Story } from '../model/case.ts';
import type { Desk, Library } from '../model/library.ts';
import type { TableShape } from '../model/ports.ts';
import { type Comparison, compareDecisions, type Expected, worst } from './comparer.ts';
import { type Evaluation, evaluate, type Request, showSignals, signalColumns } from './evaluate.ts';
import { explainComparison } from './explain.ts';
import { withoutData } from './in-window.ts';
import { caseRequest, openCase } from './open-case.ts';
import { proveMonotone } from './prove-monotone.ts';
import { proveRequirements } from './prove-requirements.ts';
import { proveTime } from './prove-time.ts';
import type { Readiness } from './readiness.ts';
import { logicIn } from './segment-runs.ts';
import type { Source } from './source.ts';
import { type DecidedSubject, valuesFrom, withParameters } from './subjects.ts';
import { tablesOf } from './survey.ts';
import { withoutIt } from './without-it.ts';
import type { World } from './world.ts';

/** What a SOP says of a case. */
export interface CaseResult {
  readonly entry: Case;
  /** The SOP that was asked; the case's own, or another one. */
  readonly sop: string;
  /** The outcome counts: it is the case's own SOP, or the case names it under `also`. */
  readonly counts: boolean;
  readonly outcome: CaseOutcome;
  /** How it came out before a known gap was taken into account. */
  readonly observed: CaseOutcome;
  readonly subject: string;
  readonly expected: Expected;
  readonly actual: Decision | null;
  readonly decided: readonly DecidedSubject[];
  /** The signals of the subject that decided the outcome, as text; empty where there is none. */
  readonly signals: Readonly<Record<string, string>>;
  /** Why it came out so, in a sentence or two. */
  readonly why: string;
  /** What is wrong with the SQL or the data, at its place. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Runs a case on its own SOP, or on one that it names under `also`. `again`: also on less data and on more, which must change
 * nothing that is promised.
 */
export async function runCase(entry: Case, checked: CheckedSop, world: World, again: boolean): Promise<CaseResult> {
  const run = await decideStory(entry, checked, world, world.library.sources, again ? entry : null);
  const blank = {
    entry,
    sop: checked.sop.id.value,
    counts: true,
    subject: '',
    expected: expectedOf(entry),
    actual: null,
    decided: [],
    signals: {},
  };
  if (!run.ok) return { ...blank, outcome: 'error', observed: 'error', why: run.why, diagnostics: run.diagnostics };
  if (run.unavailable.size > 0) {
    return { ...blank, outcome: 'error', observed: 'error', why: lacks(run.unavailable), diagnostics: run.diagnostics };
  }
  const result = judgeCase(entry, checked, world.library.desk, run);
  const outcome = withKnownGap(result.outcome, entry, world.today);
  return {
    ...blank,
    outcome,
    observed: result.outcome,
    subject: result.subject,
    expected: result.expected,
    actual: result.actual,
    decided: run.decided,
    signals: result.found === null ? {} : showSignals(result.found, checked),
    why: explainComparison(result, run.decided, checked, world.library.desk),
    diagnostics: run.diagnostics,
  };
}

/** The comparison that decides how a case comes out, before a known gap is taken into account. */
export function judgeCase(
  entry: Case,
  { sop }: CheckedSop,
  desk: Desk,
  { decided, readiness }: { readonly decided: readonly DecidedSubject[]; readonly readiness: Readiness },
): Comparison {
  const others = entry.others?.value ?? desk.dispositions[0] ?? '';
  const absent = withoutIt(readiness, sop);
  const comparisons = compareDecisions(entry.kind, entry.expect, others, decided, sop, desk, absent);
  const passed: CaseOutcome = entry.kind === 'benign' ? 'left_alone' : 'caught';
  // Where the data does not let the SOP decide about anybody, nobody was left alone.
  const unmet = comparisons.length === 0 ? readiness({ at: null, symbol: null }) : [];
  return (
    worst(comparisons, entry.kind) ?? {
      outcome: unmet.length === 0 ? passed : 'error',
      subject: '',
      expected: expectedOf(entry),
      actual: unmet.length === 0 ? null : withoutData(unmet, null),
      found: null,
      members: [],
    }
  );
}

/**
 * What another SOP says of the case. Null where it does not apply: its SQL needs a table that the case does not state, or it
 * requires a column that no row has, so its answer would rest on data that is not there.
 */
export async function askOther(
  entry: Case,
  checked: CheckedSop,
  world: World,
): Promise<readonly DecidedSubject[] | null> {
  if (entry.input.kind !== 'given') return null;
  const stated = statedTables(entry.input, world.library);
  const lists = new Set(world.library.lists.map(({ name }) => name.value));
  if (tablesOf(checked).some((name) => !lists.has(name) && !stated.some((table) => table.name === name))) return null;
  const { segmentation } = checked;
  const saysSegment = stated.some(
    ({ name, columns }) =>
      name === segmentation?.table && columns.some((column) => column.name === segmentation.column),
  );
  if (segmentation !== null && !saysSegment) return null;
  const run = await decideStory(entry, checked, world, stated, null);
  if (!run.ok || run.unavailable.size > 0) return null;
  if (run.readiness({ at: null, symbol: null }).length > 0) return null;
  return run.decided;
}

type Run =
  | {
      readonly ok: true;
      readonly decided: readonly DecidedSubject[];
      readonly unavailable: ReadonlyMap<string, string>;
      readonly readiness: Readiness;
      readonly diagnostics: readonly Diagnostic[];
    }
  | { readonly ok: false; readonly why: string; readonly diagnostics: readonly Diagnostic[] };

/** `proved`: the case that is run again to prove its decisions; null: it is not. */
export async function decideStory(
  entry: Story,
  checked: CheckedSop,
  world: World,
  shapes: readonly TableShape[],
  proved: Case | null,
): Promise<Run> {
  const { input } = entry;
  if (input.kind === 'signals') return decideSignals(input, entry.segment?.value, checked);
  const opened = await openCase(entry, input, checked, world, shapes);
  if ('why' in opened) return { ok: false, ...opened };
  const request = caseRequest(entry, input, checked);
  const evaluated = await evaluate(checked, opened, request);
  const proofs =
    proved !== null && evaluated.ok ? await proveCase(proved, checked, world, opened, evaluated.value, request) : [];
  await opened.data.close();
  if (!evaluated.ok) return { ok: false, why: 'its signals cannot be computed', diagnostics: [evaluated.diagnostic] };
  const { decided, unavailable, readiness } = evaluated.value;
  return { ok: true, decided, unavailable, readiness, diagnostics: [...evaluated.warnings, ...proofs] };
}

/** What looks ahead suffers from a late feed as well: the first of the two is the reason, and is told alone. */
async function proveCase(
  entry: Case,
  checked: CheckedSop,
  world: World,
  source: Source,
  evaluation: Evaluation,
  request: Request,
): Promise<readonly Diagnostic[]> {
  const faults = await proveTime(entry, checked, source, evaluation, request, world.library.desk);
  const grown = await proveMonotone(entry, checked, world, evaluation.decided);
  if (faults.some(({ code }) => code === 'SOP720')) return [...faults, ...grown];
  return [...faults, ...(await proveRequirements(entry, checked, world, source, evaluation)), ...grown];
}

function decideSignals(
  input: Extract<CaseInput, { kind: 'signals' }>,
  segment: string | undefined,
  checked: CheckedSop,
): Run {
  const { segmentation } = checked;
  if (segmentation !== null && !segmentation.segments.some(({ name }) => name === segment))
    return { ok: false, why: `it does not say in which segment (\`${segmentation.by}\`) it happens`, diagnostics: [] };
  const logic = logicIn(checked, segment);
  const given = input.values.map(({ name, value }) => ({ name: name.value, value }));
  const { values, problem } = valuesFrom(given, signalColumns(checked));
  if (problem?.kind === 'type')
    return { ok: false, why: `\`${problem.signal}\` must be ${problem.expected}`, diagnostics: [] };
  const all = withParameters(values, logic);
  const subject = { key: [], values: all, decision: compileDecision(logic)(all, new Set()) };
  return {
    ok: true,
    decided: [segmentation === null || segment === undefined ? subject : { ...subject, segment }],
    unavailable: new Map(),
    readiness: () => [],
    diagnostics: [],
  };
}

/** Tables that the case does not name do not exist for other SOPs; a column that no row of a table has is NULL, as for its own. */
function statedTables(input: Extract<CaseInput, { kind: 'given' }>, library: Library): TableShape[] {
  return input.tables.flatMap(({ name }) => library.sources.find((table) => table.name === name.value) ?? []);
}

/** Only a file can lack a column: rows leave out what is NULL. */
function lacks(unavailable: ReadonlyMap<string, string>): string {
  const needs = [...new Set(unavailable.values())].map((name) => `\`${name}\``).join(', ');
  const signals = [...unavailable.keys()].map((name) => `\`${name}\``).join(', ');
  return `its data file has no ${needs}, so ${signals} cannot be computed; add the column, it may stay empty`;
}

/** A known gap excuses exactly the outcome that it names, until its date; a case that passes has to lose it. */
export function withKnownGap(outcome: CaseOutcome, { knownGap }: Case, today: string): CaseOutcome {
  if (knownGap === null) return outcome;
  if (outcome === 'caught' || outcome === 'left_alone') return 'gap_closed';
  if (outcome !== knownGap.outcome) return outcome;
  return knownGap.until.value < today ? 'gap_expired' : 'known_gap';
}

/** The first expectation, for a case that could not be compared. */
export function expectedOf(entry: Case): Expected {
  const first = entry.expect[0];
  return {
    disposition: first?.disposition?.value ?? null,
    severity: first?.severity?.value ?? null,
    rules: first?.rules.map((rule) => rule.value) ?? [],
    atMost: false,
  };
}
