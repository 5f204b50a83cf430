import type { CheckedSop } from '../check/checked.ts';
import { showScalar } from '../decision/normalise.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { Case } from '../model/case.ts';
import type { Desk } from '../model/library.ts';
import type { Span } from '../text/source.ts';
import { formatDuration, formatTime } from '../text/time.ts';
import { rank } from './comparer.ts';
import { type Evaluation, evaluate, type Request, signalColumns } from './evaluate.ts';
import { sameSubject } from './same-subject.ts';
import type { Source } from './source.ts';
import { type DecidedSubject, showKey } from './subjects.ts';

/** What changes about a subject when less of the data is there. */
export interface TimeFault {
  /** `ahead`: without what came after it had settled. `start`: without what lies before its lookback. */
  readonly kind: 'ahead' | 'start';
  readonly subject: DecidedSubject;
  /** The same subject with less data; null where nobody of that name was found. */
  readonly other: DecidedSubject | null;
  /** The moment at which the data was cut, in microseconds since 1970 UTC: its end (`ahead`) or its start. */
  readonly cut: number;
  /** Only less data brings the subject about: it is named by the first row that happens to be there. */
  readonly isNew: boolean;
  /** Signals that differ, in the order of the SOP; empty where the subject itself is gone. */
  readonly signals: readonly string[];
}

/** Moments of a case that are tried: its gravest decision, its first and its last one. */
const momentsTried = 3;

/**
 * Runs a case again, cut at the moment when a decision had settled, and again with nothing before its lookback: what is
 * decided about that subject must not change. One fault of each kind is told.
 */
export async function proveTime(
  entry: Case,
  checked: CheckedSop,
  source: Source,
  evaluation: Evaluation,
  request: Request,
  desk: Desk,
): Promise<Diagnostic[]> {
  const faults: TimeFault[] = [];
  for (const subject of chooseSubjects(evaluation.decided, checked, desk)) {
    const less = { ...request, supply: evaluation.supply };
    const moved = await unstableSubject(subject, checked, source, evaluation.decided, less);
    for (const fault of [...(await timeFaults(subject, checked, source, less)), ...moved]) {
      if (!faults.some((told) => told.kind === fault.kind)) faults.push(fault);
    }
  }
  return faults.map((fault) => describeFault(fault, entry.name.value, entry.name.span, checked));
}

function chooseSubjects(decided: readonly DecidedSubject[], checked: CheckedSop, desk: Desk): DecidedSubject[] {
  const timed = decided.filter((subject) => subject.decision.kind === 'decided' && timeOf(subject, checked) !== null);
  const grave = ({ decision }: DecidedSubject) =>
    decision.kind === 'decided' ? rank(desk.dispositions, decision.disposition) : -1;
  const byTime = [...timed].sort((a, b) => (timeOf(a, checked) ?? 0) - (timeOf(b, checked) ?? 0));
  const gravest = byTime.reduce<DecidedSubject | undefined>(
    (best, subject) => (best === undefined || grave(subject) > grave(best) ? subject : best),
    undefined,
  );
  const chosen = new Set([gravest, byTime[0], byTime.at(-1)].filter((subject) => subject !== undefined));
  return [...chosen].slice(0, momentsTried);
}

/** When a subject happened, in microseconds since 1970 UTC; null where the SOP has no `at`. */
export function timeOf(subject: DecidedSubject, { sop }: CheckedSop): number | null {
  const time = subject.key[sop.subject.columns.findIndex((column) => column.name === sop.at?.value)];
  return typeof time === 'number' ? time : null;
}

/** Decides one subject again on less data: up to when it had settled, and from its lookback on. */
export async function timeFaults(
  subject: DecidedSubject,
  checked: CheckedSop,
  source: Source,
  request: Request,
): Promise<TimeFault[]> {
  const at = timeOf(subject, checked);
  if (at === null) return [];
  const { sop } = checked;
  const settled = at + (sop.settle?.value ?? 0) * 1e6;
  const asOf = Math.min(settled, request.asOf ?? settled);
  const again = async (window: { readonly from: number | null; readonly asOf: number | null }) => {
    const run = await evaluate(checked, source, { ...request, ...window });
    // SQL that fails on less data would fail on a patrol as well: the subject is not found then.
    return (run.ok ? sameSubject(subject, run.value.decided, sop) : undefined) ?? null;
  };
  const start = at - (sop.lookback?.value ?? 0) * 1e6;
  const least = sop.lookback === null ? null : await again({ from: at, asOf });
  // That is what a patrol sees which decides as soon as it can: the same answer there is what was promised.
  if (least !== null && sameAnswer(subject, least)) return [];
  const faults = [compare('ahead', asOf, subject, await again({ from: request.from, asOf }), checked)];
  if (sop.lookback !== null)
    faults.push(compare('start', start, subject, await again({ from: at, asOf: request.asOf }), checked));
  const told = faults.filter((fault) => fault !== null);
  return told.length > 0 || sop.lookback === null
    ? told
    : [{ kind: 'start', subject, other: least, cut: start, isNew: false, signals: [] }];
}

/**
 * Decides again on a window that begins just too late to see when a subject happened. Whoever is found then was found
 * before, under the same name.
 */
async function unstableSubject(
  subject: DecidedSubject,
  checked: CheckedSop,
  source: Source,
  decided: readonly DecidedSubject[],
  request: Request,
): Promise<TimeFault[]> {
  const at = timeOf(subject, checked);
  if (at === null || checked.sop.lookback === null) return [];
  const from = at + checked.sop.lookback.value * 1e6 + 1;
  const again = await evaluate(checked, source, { ...request, from });
  if (!again.ok) return [];
  const found = again.value.decided.find((entry) => sameSubject(entry, decided, checked.sop) === undefined);
  return found === undefined
    ? []
    : [{ kind: 'start', subject: found, other: null, cut: at + 1, isNew: true, signals: [] }];
}

function compare(
  kind: TimeFault['kind'],
  cut: number,
  subject: DecidedSubject,
  other: DecidedSubject | null,
  checked: CheckedSop,
): TimeFault | null {
  if (other === null) return { kind, subject, other, cut, isNew: false, signals: [] };
  const columns = [...signalColumns(checked)];
  const signals = columns
    .filter(([name, column]) => shown(subject, name, column) !== shown(other, name, column))
    .map(([name]) => name);
  return sameAnswer(subject, other) ? null : { kind, subject, other, cut, isNew: false, signals };
}

/** A signal may move as long as the decision stands: only what is decided is promised. */
export function sameAnswer(one: DecidedSubject, other: DecidedSubject): boolean {
  return JSON.stringify(answerOf(one)) === JSON.stringify(answerOf(other));
}

type Columns = ReturnType<typeof signalColumns>;
type ColumnOf = Columns extends Map<string, infer C> ? C : never;

function shown(subject: DecidedSubject, name: string, column: ColumnOf): string {
  return showScalar(subject.values.get(name) ?? null, column);
}

function answerOf({ decision }: DecidedSubject): readonly string[] {
  return decision.kind === 'decided' ? [decision.disposition, decision.severity, decision.rule] : [decision.kind];
}

/** `escalate, high, by R1`, or that the subject is not found at all. */
export function showAnswer(subject: DecidedSubject | null): string {
  if (subject === null) return 'no such subject';
  const { decision } = subject;
  return decision.kind === 'decided'
    ? `${decision.disposition}, ${decision.severity}, by ${decision.rule}`
    : `${decision.kind} (${decision.detail})`;
}

/** `label` names the case or the data, `place` is where it is told. */
export function describeFault(
  { kind, subject, other, cut, isNew, signals }: TimeFault,
  label: string,
  place: Span,
  { sop }: CheckedSop,
): Diagnostic {
  const args = {
    case: label,
    sop: sop.id.value,
    subject: showKey(subject.key, sop),
    cut: formatTime(cut),
    signals,
  };
  const declared = sop.groups.flatMap((group) => group.signals).filter(({ name }) => signals.includes(name.value));
  const related = declared.map(({ name }) => ({ span: name.span, label: 'this signal differs' }));
  const settle = sop.settle === null ? null : formatDuration(sop.settle.value);
  const lookback = formatDuration(sop.lookback?.value ?? 0);
  return kind === 'ahead'
    ? diagnose('SOP720', place, { ...args, before: showAnswer(other), after: showAnswer(subject), settle }, { related })
    : diagnose(
        'SOP721',
        place,
        {
          ...args,
          before: showAnswer(isNew ? other : subject),
          after: showAnswer(isNew ? subject : other),
          lookback,
          isNew,
        },
        { related },
      );
}
