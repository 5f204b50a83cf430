import type { CheckedSop } from '../check/checked.ts';
import type { Decision } from '../decision/decide.ts';
import type { CaseOutcome } from '../model/case.ts';
import type { Desk } from '../model/library.ts';
import { compareDecisions, worst } from './comparer.ts';
import type { CaseResult } from './run-case.ts';
import type { DecidedSubject } from './subjects.ts';

/** How a case would come out if its subjects were decided so, and what was decided about the one that matters. */
export function outcomeOf(
  { entry }: CaseResult,
  decided: readonly DecidedSubject[],
  { sop }: CheckedSop,
  desk: Desk,
): { readonly outcome: CaseOutcome; readonly actual: Decision | null } {
  const others = entry.others?.value ?? desk.dispositions[0] ?? '';
  const found = worst(compareDecisions(entry.kind, entry.expect, others, decided, sop, desk), entry.kind);
  const passed: CaseOutcome = entry.kind === 'benign' ? 'left_alone' : 'caught';
  return { outcome: found?.outcome ?? passed, actual: found?.actual ?? null };
}

/** Two decisions that no expectation of a case could tell apart. */
export function saysTheSame(one: Decision, other: Decision): boolean {
  if (one.kind !== 'decided' || other.kind !== 'decided') return one.kind === other.kind;
  return one.disposition === other.disposition && one.severity === other.severity && one.rule === other.rule;
}

/** Decided by the tables: where data is missing or not settled, they have no say. */
export function isByTables({ decision }: DecidedSubject): boolean {
  return decision.kind !== 'undecided' || decision.reason === 'no_rule';
}
