import type { Decision } from '../decision/decide.ts';
import type { CaseKind, CaseOutcome, Expectation } from '../model/case.ts';
import type { Desk } from '../model/library.ts';
import type { RawValue } from '../model/value.ts';
import { parseTime } from '../text/time.ts';
import { type DecidedSubject, type KeyColumns, matchesText, showKey } from './subjects.ts';

/** The desk's words, each from lowest to highest. */
export type Ranks = Pick<Desk, 'dispositions' | 'severities'>;

/** What one subject came out as, against what it had to be. */
export interface Comparison {
  readonly outcome: CaseOutcome;
  /** The subject as a person reads it; empty for a case of signal values. */
  readonly subject: string;
  readonly expected: Expected;
  readonly actual: Decision | null;
  readonly found: DecidedSubject | null;
  /** The members by which the subject was looked for; empty where it was by its columns. */
  readonly members: readonly string[];
}

export interface Expected {
  readonly disposition: string | null;
  readonly severity: string | null;
  readonly rules: readonly string[];
  /** The disposition is a limit: at most this. */
  readonly atMost: boolean;
}

/**
 * Compares decisions with expectations in the desk's order: disposition, then severity, then rule. Every subject that no
 * expectation names may get `others` at most. One comparison an expectation, then one a subject that is above `others`.
 */
export function compareDecisions(
  kind: CaseKind,
  expectations: readonly Expectation[],
  others: string,
  decided: readonly DecidedSubject[],
  sop: KeyColumns,
  desk: Ranks,
  /** What is said of an expected subject that was not found: undecided, where data is missing that it needs. */
  absent: (expectation: Expectation) => Decision | null = () => null,
): Comparison[] {
  const named = new Set<DecidedSubject>();
  const results = expectations.map((expectation) => {
    const matching = decided.filter((subject) => matchesSubject(expectation, subject, sop));
    for (const subject of matching) named.add(subject);
    return compareExpected(kind, expectation, gravest(matching, kind, desk), absent, sop, desk);
  });
  const limit: Expected = { disposition: others, severity: null, rules: [], atMost: true };
  for (const subject of decided) {
    if (named.has(subject)) continue;
    const { decision } = subject;
    const above =
      decision.kind === 'decided' && rank(desk.dispositions, decision.disposition) > rank(desk.dispositions, others);
    if (decision.kind === 'decided' && !above) continue;
    results.push({
      outcome: above ? 'false_alarm' : 'error',
      subject: showKey(subject.key, sop),
      expected: limit,
      actual: decision,
      found: subject,
      members: [],
    });
  }
  return results;
}

/**
 * An expectation may name a stretch of time; what counts is the gravest decision in it. Where nobody may be accused, one
 * that is undecided is the gravest: an innocent must be left alone, not left open.
 */
export function gravest(subjects: readonly DecidedSubject[], kind: CaseKind, desk: Ranks): DecidedSubject | null {
  const open = kind === 'benign' ? Number.POSITIVE_INFINITY : -1;
  const weight = ({ decision }: DecidedSubject) =>
    decision.kind === 'decided'
      ? rank(desk.dispositions, decision.disposition) * desk.severities.length +
        rank(desk.severities, decision.severity)
      : open;
  return subjects.reduce<DecidedSubject | null>(
    (best, subject) => (best === null || weight(subject) > weight(best) ? subject : best),
    null,
  );
}

function compareExpected(
  kind: CaseKind,
  expectation: Expectation,
  found: DecidedSubject | null,
  absent: (expectation: Expectation) => Decision | null,
  sop: KeyColumns,
  desk: Ranks,
): Comparison {
  const lowest = desk.dispositions[0] ?? '';
  const expected: Expected = {
    disposition: expectation.disposition?.value ?? null,
    severity: expectation.severity?.value ?? null,
    rules: expectation.rules.map((rule) => rule.value),
    atMost: false,
  };
  const isInnocent = kind === 'benign' || expected.disposition === lowest;
  const subject = found === null || found.key.length === 0 ? describeExpected(expectation) : showKey(found.key, sop);
  const outcome = (actual: Decision | null) => outcomeOf(kind, expected, actual, isInnocent, desk);
  const said = found?.decision ?? null;
  // Where data is missing, somebody may be there who was not found: whoever was found does not stand for him.
  const missing = said === null || outcome(said) === 'missed' ? absent(expectation) : null;
  const actual = missing ?? said;
  const members = expectation.members.map(({ value }) => value);
  return { outcome: outcome(actual), subject, expected, actual, found, members };
}

/** The first line of the language's table of outcomes that applies to one named subject. */
function outcomeOf(
  kind: CaseKind,
  expected: Expected,
  actual: Decision | null,
  isInnocent: boolean,
  desk: Ranks,
): CaseOutcome {
  const passed = kind === 'benign' ? 'left_alone' : 'caught';
  const tooLow = isInnocent ? 'differs' : 'missed';
  if (actual === null) {
    const isAsExpected = expected.disposition === desk.dispositions[0] && expected.rules.length === 0;
    return isAsExpected ? passed : tooLow;
  }
  if (actual.kind !== 'decided') return 'error';
  const order =
    expected.disposition === null ? 0 : distance(desk.dispositions, actual.disposition, expected.disposition);
  if (order < 0) return tooLow;
  if (order > 0) return isInnocent || kind === 'incident' ? 'false_alarm' : 'differs';
  const agrees =
    (expected.severity === null || expected.severity === actual.severity) &&
    (expected.rules.length === 0 || expected.rules.includes(actual.rule));
  return agrees ? passed : 'differs';
}

function distance(order: readonly string[], actual: string, expected: string): number {
  return rank(order, actual) - rank(order, expected);
}

function describeExpected({ subject, members }: Expectation): string {
  const columns = subject.map(({ column, match }) =>
    match.kind === 'near' ? `${column.value} near ${match.text}` : `${column.value} = ${match.text ?? 'null'}`,
  );
  const held = members.map(({ value }) => value).join(', ');
  return [...(held === '' ? [] : [`the subject that holds ${held}`]), ...columns].join(', ');
}

/** True for the subjects that an expectation is about: by their columns, and by the members that they must hold. */
export function matchesSubject(
  expectation: Expectation,
  { key, members }: { readonly key: readonly RawValue[]; readonly members?: readonly string[] },
  sop: KeyColumns,
): boolean {
  if (!expectation.members.every(({ value }) => members?.includes(value) === true)) return false;
  return expectation.subject.every(({ column, match }) => {
    const part = key[sop.subject.columns.findIndex((entry) => entry.name === column.value)] ?? null;
    if (match.kind === 'equal') return matchesText(part, match.text);
    const wanted = parseTime(match.text);
    return typeof part === 'number' && wanted !== undefined && Math.abs(part - wanted) <= match.seconds * 1e6;
  });
}

/** The highest disposition that anybody gets; null where nothing was decided about anybody. */
export function highestOf(subjects: readonly DecidedSubject[], { dispositions }: Ranks): string | null {
  const given = subjects.flatMap(({ decision }) => (decision.kind === 'decided' ? [decision.disposition] : []));
  return given.sort((a, b) => rank(dispositions, b) - rank(dispositions, a))[0] ?? null;
}

export function rank(order: readonly string[], word: string): number {
  return order.indexOf(word);
}

/** The worst of several outcomes, in the order of the language: error, missed, false_alarm, differs, passed. */
export function worst(comparisons: readonly Comparison[], kind: CaseKind): Comparison | null {
  const order: readonly CaseOutcome[] = [
    'error',
    'missed',
    'false_alarm',
    'differs',
    kind === 'benign' ? 'left_alone' : 'caught',
  ];
  return [...comparisons].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome))[0] ?? null;
}
