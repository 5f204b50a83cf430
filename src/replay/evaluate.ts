import { type Moment, sqlParameters } from '../check/binder.ts';
import type { CheckedSop } from '../check/checked.ts';
import { signalColumn } from '../check/resolve-columns.ts';
import { firstLine } from '../check/sql-problem.ts';
import type { Column } from '../decision/logic.ts';
import { showScalar } from '../decision/normalise.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { DataSet, Limits } from '../model/ports.ts';
import type { SignalGroup, SqlText } from '../model/sop.ts';
import type { RawValue } from '../model/value.ts';
import { parseTime } from '../text/time.ts';
import { type CaseName, describeFailure, describeProvided, describeRows, describeUnread } from './describe-failure.ts';
import { inWindow } from './in-window.ts';
import { readMembers } from './read-members.ts';
import { readSegments } from './read-segments.ts';
import { type Readiness, readinessBySegment, type Supply } from './readiness.ts';
import { missingData, runSql } from './run-sql.ts';
import { runsOfPresent, segmentRuns } from './segment-runs.ts';
import type { RunWindow, Source, Stretched } from './source.ts';
import { SubjectParts } from './subject-parts.ts';
import type { DecidedSubject, RowProblem } from './subjects.ts';
import { survey } from './survey.ts';

/** What a SOP says of a data set. */
export interface Evaluation {
  readonly decided: readonly DecidedSubject[];
  /** Signals whose data is not there, with the table or column that is missing. */
  readonly unavailable: ReadonlyMap<string, string>;
  /** Tells what required data is missing, for subjects that were not found as well. */
  readonly readiness: Readiness;
  readonly window: RunWindow;
  /** What the data has, for runs on less of it. */
  readonly supply: Supply;
}

export type Evaluated =
  | { readonly ok: true; readonly value: Evaluation; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

export interface ProvidedValues {
  readonly names: readonly string[];
  readonly rows: readonly (readonly RawValue[])[];
}

/** The columns of every signal of a SOP, by name. */
export function signalColumns({ sop }: CheckedSop): Map<string, Column> {
  return new Map(
    sop.groups.flatMap((group) => group.signals).map((signal) => [signal.name.value, signalColumn(signal)]),
  );
}

/** The signals of a subject as text, for lists and files. */
export function showSignals(subject: DecidedSubject, checked: CheckedSop): Record<string, string> {
  const columns = signalColumns(checked);
  return Object.fromEntries(
    [...columns].map(([name, column]) => [name, showScalar(subject.values.get(name) ?? null, column)]),
  );
}

export interface Request extends Stretched {
  readonly provided: readonly ProvidedValues[];
  /** The case or the data, in messages. */
  readonly label: string;
}

/** Runs every group of a SOP on a data set, cut to the window, and decides every subject. */
export async function evaluate(checked: CheckedSop, source: Source, request: Request): Promise<Evaluated> {
  const { sop } = checked;
  const { limits, label } = request;
  const surveyed = await survey(checked, source, request);
  if (!surveyed.ok) return { ok: false, diagnostic: describeUnread(surveyed.detail, checked, label) };
  const { window, supply } = surveyed.value;
  const name = { case: label, sop: sop.id.value };
  const placer = await readSegments(checked.segmentation, sop, source, window.asOf, limits);
  if (!placer.ok) return { ok: false, diagnostic: describeUnread(placer.problem.detail ?? '', checked, label) };
  const run: Run = {
    checked,
    data: source.data,
    limits,
    present: source.complete ? (placer.value?.present ?? null) : null,
    moment: { from: window.from ?? 0, asOf: window.asOf ?? 0 },
    table: new SubjectParts(checked, signalColumns(checked), placer.value),
    name,
  };
  const groups = await takeGroups(run);
  if ('failed' in groups) return { ok: false, diagnostic: groups.failed };
  const { unavailable, warnings } = groups;
  for (const given of request.provided) {
    const problem = takeProvided(run.table, given, checked);
    if (problem !== null) return { ok: false, diagnostic: describeProvided(problem, checked, run.name) };
  }
  // The engine looks for members while the subjects are decided here.
  const [members, subjects] = await Promise.all([
    readMembers(checked, source.data, run.moment, limits, name),
    run.table.decide(new Set(unavailable.keys())),
  ]);
  if (members.kind === 'failed') return { ok: false, diagnostic: members.diagnostic };
  if (members.kind === 'unavailable') unavailable.set(sop.identity?.members.value ?? 'members', members.needs);
  const readiness = readinessBySegment(checked, source.shapes, supply);
  const decided = members.kind === 'read' ? members.join(subjects) : subjects;
  return {
    ok: true,
    value: { decided: inWindow(decided, sop, window, request.from, readiness), unavailable, readiness, window, supply },
    warnings,
  };
}

/** Runs the groups one after another; signals whose data is not there, with the table or column that is missing. */
async function takeGroups(
  run: Run,
): Promise<
  { readonly failed: Diagnostic } | { readonly unavailable: Map<string, string>; readonly warnings: Diagnostic[] }
> {
  const unavailable = new Map<string, string>();
  const warnings: Diagnostic[] = [];
  for (const { group } of run.checked.groups) {
    if (group.sql === null) continue;
    const taken = await takeGroup(run, group, group.sql);
    if (taken.kind === 'failed') return { failed: taken.diagnostic };
    if (taken.kind === 'unavailable')
      for (const signal of group.signals) unavailable.set(signal.name.value, taken.needs);
    else warnings.push(...notFinite(run, group, group.sql));
  }
  return { unavailable, warnings };
}

interface Run {
  readonly checked: CheckedSop;
  readonly data: DataSet;
  readonly limits: Limits;
  /** The segments that the data has; null where all may be there. */
  readonly present: ReadonlySet<string> | null;
  readonly moment: Moment;
  readonly table: SubjectParts;
  readonly name: CaseName;
}

type Taken =
  | { readonly kind: 'taken' }
  | { readonly kind: 'unavailable'; readonly needs: string }
  | { readonly kind: 'failed'; readonly diagnostic: Diagnostic };

/** Runs a group's SQL, with each segment's values where it names a parameter that differs. */
async function takeGroup(
  { checked, data, limits, present, moment, table, name }: Run,
  group: SignalGroup,
  sql: SqlText,
): Promise<Taken> {
  const signals = new Set(group.signals.map((signal) => signal.name.value));
  const runs = segmentRuns(checked, sql);
  for (const { parameters, segments } of present === null ? runs : runsOfPresent(runs, present)) {
    const ran = await runSql(data, sql, sqlParameters(parameters, moment), limits);
    if (!ran.ok) {
      const needs = missingData(ran.problem);
      return needs === null
        ? { kind: 'failed', diagnostic: describeFailure(ran.problem, group, sql, checked, name) }
        : { kind: 'unavailable', needs };
    }
    const take = table.group(segments, ran.columns, signals);
    for (const batch of ran.batches) {
      const problem = take(batch);
      if (problem !== null) return { kind: 'failed', diagnostic: describeRows(problem, group, sql, checked, name) };
    }
  }
  return { kind: 'taken' };
}

/** Says how many values of a group were no numbers: as null they match no comparison, which may hide somebody. */
function notFinite({ table, name }: Run, group: SignalGroup, sql: SqlText): Diagnostic[] {
  const spoilt = group.signals.map((signal) => signal.name.value).filter((signal) => table.notFinite(signal) > 0);
  if (spoilt.length === 0) return [];
  const values = spoilt.reduce((sum, signal) => sum + table.notFinite(signal), 0);
  return [diagnose('SOP711', firstLine(sql), { ...name, group: group.name.value, signals: spoilt, values })];
}

function takeProvided(table: SubjectParts, { names, rows }: ProvidedValues, { sop }: CheckedSop): RowProblem | null {
  const signals = new Set(
    sop.groups
      .filter((group) => group.sql === null)
      .flatMap((group) => group.signals.map((signal) => signal.name.value)),
  );
  const take = table.group(
    null,
    names.map((name) => ({ name })),
    signals,
  );
  const columns = names.map((name, column) => {
    const sample = table.sampleOf(name);
    return rows.map((row) => likeSample(row[column] ?? null, sample));
  });
  return take({ length: rows.length, columns });
}

/** A key written by hand as the type that SQL gave this column: `5` is a number where SQL returns numbers, else text. */
function likeSample(given: RawValue, sample: RawValue): RawValue {
  if (typeof given !== 'string') return given;
  if (typeof sample === 'number') return parseTime(given) ?? (given === '' ? given : Number(given));
  return typeof sample === 'boolean' ? given === 'true' : given;
}
