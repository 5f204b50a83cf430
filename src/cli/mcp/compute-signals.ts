import type { CheckedSop } from '../../check/checked.ts';
import type { Column } from '../../decision/logic.ts';
import { type Scalar, showScalar } from '../../decision/normalise.ts';
import { type Diagnostic, wording } from '../../diagnostics/diagnostic.ts';
import type { Limits, SqlEngine } from '../../model/ports.ts';
import { type Evaluation, evaluate, signalColumns } from '../../replay/evaluate.ts';
import { listEvidence } from '../../replay/list-evidence.ts';
import { sharedData } from '../../replay/shared-data.ts';
import type { Source } from '../../replay/source.ts';
import { type DecidedSubject, keyText } from '../../replay/subjects.ts';
import { tablesOf } from '../../replay/survey.ts';
import { jsonEvidence, jsonUnmet, subjectOf } from '../../report/json-run.ts';
import { formatTime, parseTime } from '../../text/time.ts';
import { CallError, ToolFailure } from './call-error.ts';
import { type GivenRows, givenTables } from './given-tables.ts';
import type { ServedSkill } from './shelf.ts';

/** What the tool is asked, valid against its schema. */
export interface ComputeCall {
  readonly skill: string;
  readonly tables: GivenRows;
  readonly from?: string;
  readonly as_of?: string;
  readonly subject?: Readonly<Record<string, string>>;
  readonly evidence?: boolean;
}

/** Subjects in an answer; with evidence, fewer. */
const mostSubjects = { plain: 500, withEvidence: 50 } as const;

/** How rows are taken. */
export interface Taking {
  readonly engine: SqlEngine;
  readonly limits: Limits;
  /** As a case states them: they are all there are, and time goes on until everything has settled. */
  readonly asCases: boolean;
}

/** Runs the SQL of a skill over the given rows, as `sop run` does over files: what is not given is unavailable. */
export async function computeSignals(call: ComputeCall, served: ServedSkill, taking: Taking) {
  const { limits, asCases } = taking;
  const { checked } = served;
  const moments = { from: timeOf('from', call.from), asOf: timeOf('as_of', call.as_of) };
  if (moments.from !== null && moments.asOf !== null && moments.from >= moments.asOf)
    throw new CallError('invalid', '/from: it must lie before as_of');
  const { source, notRead } = await openRows(call.tables, served, taking);
  const evaluated = await evaluate(checked, source, { provided: [], limits, label: 'this data', ...moments });
  if (!evaluated.ok) throw new ToolFailure(say(evaluated.diagnostic));
  const { value, warnings } = evaluated;
  const all = value.decided.filter((subject) => isAsked(subject, checked, call.subject));
  const told = all.slice(0, call.evidence === true ? mostSubjects.withEvidence : mostSubjects.plain);
  const evidence =
    call.evidence === true ? await listEvidence(checked, source.data, value.window, told, limits, 'this data') : null;
  return {
    skill: served.id,
    sop_version: checked.sop.version.value,
    skill_digest: served.digest,
    as_cases: asCases,
    window: { from: timeOrNull(value.window.from), as_of: timeOrNull(value.window.asOf) },
    subjects: told.map((subject) => ({
      ...tellSubject(subject, checked, value),
      ...(evidence && { evidence: (evidence.rows.get(keyText(subject.key)) ?? []).map(jsonEvidence) }),
    })),
    left_out: all.length - told.length,
    not_computable: [...value.unavailable].map(([signal, needs]) => ({ signal, needs })),
    provided_by_others: providedSignals(checked),
    missing: value.readiness({ at: null, symbol: null }).map(jsonUnmet),
    tables_not_read: notRead,
    warnings: [...warnings, ...(evidence?.diagnostics ?? [])].map(say),
  };
}

function timeOf(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const time = parseTime(text);
  if (time === undefined)
    throw new CallError('invalid', `/${name}: \`${text.slice(0, 60)}\` is no time; write it as 2026-11-02T03:00:00Z`);
  return time;
}

/** Market tables come from the call; views and the desk's lists from the project. */
async function openRows(
  rows: GivenRows,
  { checked, library: { library } }: ServedSkill,
  { engine, limits, asCases }: Taking,
): Promise<{ readonly source: Source; readonly notRead: readonly string[] }> {
  const views = library.views.map(({ name }) => name.value);
  // A case may give lists of its own, in the place of the desk's.
  const known = asCases ? library.sources.filter(({ name }) => !views.includes(name)) : library.tables;
  const given = givenTables(rows, known, asCases);
  const wanted = new Set(['coverage', ...tablesOf(checked)]);
  const stated = given.shapes.filter(({ name }) => wanted.has(name));
  const names = new Set(stated.map(({ name }) => name));
  const shared = sharedData({ ...checked.reads, sound: true }, library.lists, [...names]);
  const absent = library.tables.filter(({ name }) => wanted.has(name) && !names.has(name));
  const opened = await engine.open(
    [...stated, ...(asCases ? absent : []), ...shared.tables],
    [...given.content.filter(({ table }) => names.has(table)), ...shared.content],
    { limits, threads: 1, views: shared.views, covered: asCases ? [] : absent },
  );
  if (!opened.ok) {
    const { reason, table, column, detail = 'it cannot be read' } = opened.problem;
    const place = `/tables/${table}${column === undefined ? '' : `, column \`${column}\``}: ${detail}`;
    throw reason === 'column_type' ? new CallError('invalid', place) : new ToolFailure(place);
  }
  const present = new Set([...names, ...opened.value.covered]);
  const shapes = [...stated, ...absent.filter(({ name }) => asCases || present.has(name))];
  const notRead = given.shapes.map(({ name }) => name).filter((name) => !names.has(name));
  return { source: { data: opened.value, shapes, given: present, complete: asCases }, notRead };
}

function isAsked(subject: DecidedSubject, { sop }: CheckedSop, asked: ComputeCall['subject']): boolean {
  if (asked === undefined) return true;
  const columns = sop.subject.columns.map(({ name }) => name);
  const strange = Object.keys(asked).find((name) => !columns.includes(name));
  if (strange !== undefined)
    throw new CallError(
      'invalid',
      `/subject: \`${strange.slice(0, 100)}\` is no column of the subject; it has ${columns.join(', ')}`,
    );
  const own = subjectOf(subject, sop);
  return Object.entries(asked).every(([name, value]) => own[name] === value || sameTime(own[name], value));
}

function sameTime(own: string | null | undefined, asked: string): boolean {
  const time = parseTime(asked);
  return time !== undefined && typeof own === 'string' && parseTime(own) === time;
}

/**
 * A subject without the required data, or one that has not settled, gets no values: whoever decided on them would dismiss
 * what nobody has seen yet.
 */
function tellSubject(subject: DecidedSubject, checked: CheckedSop, { unavailable }: Evaluation) {
  const { decision } = subject;
  const withheld =
    decision.kind === 'undecided' && (decision.reason === 'requirement' || decision.reason === 'not_settled')
      ? { reason: decision.reason, detail: decision.detail, team: decision.team ?? null }
      : null;
  const columns = [...signalColumns(checked)].filter(
    ([name]) => withheld === null && !unavailable.has(name) && !providedSignals(checked).includes(name),
  );
  return {
    subject: subjectOf(subject, checked.sop),
    segment: subject.segment ?? null,
    members: subject.members ?? null,
    signals: Object.fromEntries(
      columns.map(([name, column]) => [name, jsonValue(subject.values.get(name) ?? null, column)]),
    ),
    undecided: withheld,
  };
}

function providedSignals({ sop }: CheckedSop): string[] {
  return sop.groups.filter(({ sql }) => sql === null).flatMap(({ signals }) => signals.map(({ name }) => name.value));
}

/** As `decide` takes it: numbers and times as texts, which keep all digits. */
function jsonValue(value: Scalar, column: Column): string | boolean | null {
  return value === null || typeof value === 'boolean' || typeof value === 'string' ? value : showScalar(value, column);
}

function timeOrNull(time: number | null): string | null {
  return time === null ? null : formatTime(time);
}

function say(diagnostic: Diagnostic): string {
  const { message, why, fix } = wording(diagnostic);
  return [`${diagnostic.code}: ${message}`, why, fix].filter((part) => part !== '').join('\n');
}
