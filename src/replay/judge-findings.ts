import type { Decision } from '../decision/decide.ts';
import type { Case, CaseKind, Expectation, SubjectMatch } from '../model/case.ts';
import type { Desk } from '../model/library.ts';
import type { RawValue } from '../model/value.ts';
import type { Located } from '../text/source.ts';
import { parseTime } from '../text/time.ts';
import { type Comparison, compareDecisions, matchesSubject } from './comparer.ts';
import { type DecidedSubject, isTimeColumn, type KeyColumns } from './subjects.ts';

/** What a case asks of whoever answers it, as plain JSON: it goes into files. */
export interface AskedAnswer {
  readonly kind: CaseKind;
  /** The columns that name a subject; none where one subject's signals are given. */
  readonly subject: readonly string[];
  /** Those of them that are times. */
  readonly times: readonly string[];
  /** The desk's words, each from lowest to highest. */
  readonly dispositions: readonly string[];
  readonly severities: readonly string[];
  readonly expect: readonly AskedSubject[];
  /** The most that anybody else may get. */
  readonly others: string;
}

export interface AskedSubject {
  readonly subject: readonly AskedColumn[];
  /** The subject is the group that holds these members; empty: it is known by its columns. */
  readonly members: readonly string[];
  /** Null: not asked. */
  readonly disposition: string | null;
  readonly severity: string | null;
  /** Any of these; empty: not asked. */
  readonly rules: readonly string[];
}

export type AskedColumn =
  | { readonly column: string; readonly equal: string | null }
  | { readonly column: string; readonly near: string; readonly within_seconds: number };

export function askedOf(entry: Case, sop: KeyColumns, desk: Desk): AskedAnswer {
  const subject = entry.input.kind === 'signals' ? [] : sop.subject.columns.map(({ name }) => name);
  return {
    kind: entry.kind,
    subject,
    times: subject.filter((name) => isTimeColumn(name, sop)),
    dispositions: desk.dispositions,
    severities: desk.severities,
    expect: entry.expect.map((one) => ({
      subject: one.subject.map(({ column, match }) =>
        match.kind === 'near'
          ? { column: column.value, near: match.text, within_seconds: match.seconds }
          : { column: column.value, equal: match.text },
      ),
      members: one.members.map(({ value }) => value),
      disposition: one.disposition?.value ?? null,
      severity: one.severity?.value ?? null,
      rules: one.rules.map(({ value }) => value),
    })),
    others: entry.others?.value ?? desk.dispositions[0] ?? '',
  };
}

/** A finding as far as it is compared: any JSON may have been given. */
export type GivenFinding = Readonly<Record<string, unknown>>;

/**
 * Compares findings with what a case asks, by the comparer that compares the SOP's own decisions. Nobody has to be reported who gets the lowest
 * disposition, whichever rule gives it.
 */
export function judgeFindings(asked: AskedAnswer, findings: readonly GivenFinding[]): Comparison[] {
  const keys = keysOf(asked);
  const subjects = findings.map((finding) => subjectIn(finding, keys, asked.dispositions));
  const lowest = asked.dispositions[0] ?? '';
  const expectations = asked.expect.map(expectationOf).map((one) => {
    const isSilent = one.disposition?.value === lowest && !subjects.some((found) => matchesSubject(one, found, keys));
    return isSilent ? { ...one, severity: null, rules: [] } : one;
  });
  return compareDecisions(asked.kind, expectations, asked.others, subjects, keys, asked);
}

function keysOf({ subject, times }: AskedAnswer): KeyColumns {
  const at = times.find((name) => !isTimeColumn(name, { at: null }));
  return { subject: { columns: subject.map((name) => ({ name })) }, at: at === undefined ? null : { value: at } };
}

/** A finding as a decided subject. A decision that cannot be read is invalid: nobody may take it for one. */
export function subjectIn(finding: GivenFinding, keys: KeyColumns, dispositions: readonly string[]): DecidedSubject {
  const given = recordIn(finding, 'subject');
  const members = finding['members'];
  const key = keys.subject.columns.map(({ name }) => keyPart(given[name], isTimeColumn(name, keys)));
  const decision = decisionIn(recordIn(finding, 'decision'), dispositions);
  return {
    key,
    values: new Map(),
    decision,
    ...(Array.isArray(members) && { members: members.filter((one) => typeof one === 'string') }),
  };
}

function keyPart(given: unknown, isTime: boolean): RawValue {
  if (typeof given === 'string') return (isTime ? parseTime(given) : undefined) ?? given;
  return typeof given === 'number' || typeof given === 'boolean' ? given : null;
}

function decisionIn(given: GivenFinding, dispositions: readonly string[]): Decision {
  const { outcome, disposition, severity, rule } = given;
  if (outcome === 'undecided') return { kind: 'undecided', reason: 'no_rule', detail: '', trail: [] };
  if (outcome !== 'decided' || typeof disposition !== 'string' || !dispositions.includes(disposition))
    return { kind: 'invalid', detail: 'the finding holds no decision that can be read', trail: [] };
  return { kind: 'decided', disposition, severity: wordOf(severity), rule: wordOf(rule), trail: [] };
}

function wordOf(given: unknown): string {
  return typeof given === 'string' ? given : '';
}

function recordIn(given: GivenFinding, name: string): GivenFinding {
  const found = given[name];
  return typeof found === 'object' && found !== null && !Array.isArray(found)
    ? Object.fromEntries(Object.entries(found))
    : {};
}

const nowhere = { path: '', start: 0, end: 0 };

function expectationOf({ subject, members, disposition, severity, rules }: AskedSubject): Expectation {
  const located = <Value>(value: Value): Located<Value> => ({ value, span: nowhere });
  return {
    subject: subject.map((one): SubjectMatch => {
      const column = located(one.column);
      if ('near' in one) return { column, match: { kind: 'near', text: one.near, seconds: one.within_seconds } };
      return { column, match: { kind: 'equal', text: one.equal } };
    }),
    members: members.map(located),
    disposition: disposition === null ? null : located(disposition),
    severity: severity === null ? null : located(severity),
    rules: rules.map(located),
    span: nowhere,
  };
}
