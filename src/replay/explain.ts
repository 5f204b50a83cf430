import type { CheckedSop } from '../check/checked.ts';
import { nearestRule } from '../decision/explain.ts';
import { showScalar } from '../decision/normalise.ts';
import type { Desk } from '../model/library.ts';
import type { Sop } from '../model/sop.ts';
import { type Comparison, rank } from './comparer.ts';
import { logicIn } from './segment-runs.ts';
import { type DecidedSubject, showKey } from './subjects.ts';

/** Why a subject came out as it did: the rule that decided, or the one that came nearest and the cell that failed. */
export function explainComparison(
  result: Comparison,
  decided: readonly DecidedSubject[],
  checked: CheckedSop,
  desk: Desk,
): string {
  const { outcome, actual, found, expected, subject } = result;
  if (outcome === 'caught' || outcome === 'left_alone') return '';
  if (actual?.kind === 'undecided' && actual.reason === 'requirement') return notStated(actual.detail);
  if (actual === null || found === null) return notFound(result, decided, checked);
  // Nobody asked about a subject that `others` caught, so the reader does not know yet whom it concerns.
  const whom = expected.atMost && subject !== '' ? `${subject}: ` : '';
  if (actual.kind !== 'decided') return `${whom}${actual.detail}`;
  if (outcome === 'missed' || isBelow(result, desk)) return explainMiss(result, found, checked, desk);
  return `${whom}rule ${actual.rule} decides it: ${valuesOf(actual.rule, found, checked)}`;
}

function notStated(detail: string): string {
  return `${detail}, which Requires asks for; state it under \`given:\`: a table without rows as \`[]\`, a column with a value in some row`;
}

function isBelow({ actual, expected }: Comparison, desk: Desk): boolean {
  if (actual?.kind !== 'decided' || expected.disposition === null) return false;
  return rank(desk.dispositions, actual.disposition) < rank(desk.dispositions, expected.disposition);
}

function notFound(result: Comparison, decided: readonly DecidedSubject[], { sop }: CheckedSop): string {
  const subject = result.subject === '' ? 'such a subject' : result.subject;
  if (decided.length === 0)
    return `the SQL returns no row at all for this data, so nothing was decided about ${subject}`;
  const apart = heldApart(result, decided, sop);
  if (apart !== null) return apart;
  const others = decided
    .slice(0, 3)
    .map((entry) => showKey(entry.key, sop))
    .join('; ');
  return `the SQL returns no row for ${subject}; it returns ${others}${decided.length > 3 ? ` and ${decided.length - 3} more` : ''}`;
}

/** Members that must stand together and do not: who holds which of them. Null where it is not for that. */
function heldApart({ members }: Comparison, decided: readonly DecidedSubject[], sop: Sop): string | null {
  const holders = decided
    .map((subject) => ({ subject, held: members.filter((member) => subject.members?.includes(member) === true) }))
    .filter(({ held }) => held.length > 0);
  if (members.length === 0 || holders.some(({ held }) => held.length === members.length)) return null;
  const free = members.filter((member) => !holders.some(({ held }) => held.includes(member)));
  return [
    `no subject holds ${few(members)}${members.length > 1 ? ' together' : ''}`,
    ...holders.slice(0, 3).map(({ subject, held }) => `${showKey(subject.key, sop)} holds ${few(held)}`),
    ...(holders.length > 3 ? [`${holders.length - 3} more hold some of them`] : []),
    ...(free.length === 0 ? [] : [`nobody holds ${few(free)}`]),
  ].join('; ');
}

function few(members: readonly string[]): string {
  const shown = members.slice(0, 6).join(', ');
  return members.length > 6 ? `${shown} and ${members.length - 6} more` : shown;
}

function explainMiss({ expected, actual }: Comparison, found: DecidedSubject, checked: CheckedSop, desk: Desk): string {
  if (actual?.kind !== 'decided') return '';
  const wantedRank = rank(desk.dispositions, expected.disposition ?? '');
  const wanted = (output: (name: string) => string) => rank(desk.dispositions, output('disposition')) >= wantedRank;
  const logic = logicIn(checked, found.segment);
  const near = nearestRule(logic, found.values, actual.trail, actual.rule, wanted, expected.rules);
  if (near === null) return `no rule gives ${expected.disposition ?? 'that'}`;
  if (near.hiddenBy !== null) return `rule ${near.rule} matches too, but ${near.hiddenBy} comes first`;
  const cells = near.failed.map(
    (cell) => `\`${cell.column}\` is ${cell.value}, and ${near.rule} needs ${cell.condition}`,
  );
  const decided = actual.rule === 'else' ? 'no rule matches' : `rule ${actual.rule} decides it`;
  return `${decided}; ${near.rule} comes nearest: ${cells.join('; ')}`;
}

/** The values that the deciding rule looked at. */
function valuesOf(rule: string, found: DecidedSubject, checked: CheckedSop): string {
  const table = logicIn(checked, found.segment).tables.at(-1);
  const matched = table?.rules.find((entry) => entry.id === rule);
  const trail = found.decision.trail;
  const looked = (table?.inputs ?? []).filter(
    (_, index) => matched === undefined || matched.tests[index]?.kind !== 'any',
  );
  const shown = looked.map((column) => {
    const computed = trail.find((step) => column.name in step.outputs)?.outputs[column.name];
    const value =
      computed === undefined || Array.isArray(computed) ? (found.values.get(column.name) ?? null) : computed;
    return `\`${column.name}\` is ${showScalar(value as Parameters<typeof showScalar>[0], column)}`; // lists are never inputs
  });
  return shown.length === 0 ? 'it looks at nothing' : shown.join(', ');
}
