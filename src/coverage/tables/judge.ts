import type { CheckedSop } from '../../check/checked.ts';
import { type Meter, meterOf } from '../../decision/boxes/budget.ts';
import { type Change, compareLogic } from '../../decision/compare/compare.ts';
import type { Logic } from '../../decision/logic.ts';
import type { CaseOutcome } from '../../model/case.ts';
import type { Desk } from '../../model/library.ts';
import { isByTables, outcomeOf, saysTheSame } from '../../replay/decide-again.ts';
import type { CaseResult } from '../../replay/run-case.ts';
import type { DecidedSubject } from '../../replay/subjects.ts';
import type { Obligation, ObligationState, Witness } from '../obligation.ts';
import { answerText } from './answer-text.ts';
import { besideCell } from './beside.ts';
import { Nearby } from './nearby.ts';
import { type Redecide, redecide } from './redecide.ts';
import { type Scope, scopesIn } from './scope.ts';
import { tableAlone } from './table-alone.ts';
import type { Variant } from './variant.ts';

/** A case that proves something: it passes, or fails as the desk knows and accepts, and so would be noticed to change. */
interface Standing {
  readonly result: CaseResult;
  readonly before: CaseOutcome;
  readonly subjects: readonly DecidedSubject[];
}

/** Whoever changes its outcome turns it red. */
export function isStanding(outcome: CaseOutcome): boolean {
  return outcome === 'caught' || outcome === 'left_alone' || outcome === 'known_gap';
}

/** Judges variants of one SOP's decision. */
export interface Judge {
  readonly judge: (variant: Variant) => Obligation;
  /** Inputs, one a region, that the variant decides otherwise; none once it took too long for those before it. */
  readonly witnesses: (variant: Variant) => readonly Witness[];
  readonly scopes: readonly Scope[];
}

/** Cells to look at for one variant: it differs in one cell, and is soon told. */
export const budget = 10_000_000;
/** Cells to look at for all variants of a SOP. What is left then is not known, which is no proof. */
const budgetOfAll = 20_000_000;
/** Cells to look at in one table alone. */
const budgetAlone = 100_000;
/** Cells to look at for further inputs, of which each open variant has one already. */
const budgetOfWitnesses = 2_000_000;

export function judgeOf(checked: CheckedSop, results: readonly CaseResult[], desk: Desk): Judge {
  const standing = standingOf(checked, results, desk);
  const scopes = scopesIn(checked);
  const meter = meterOf(budgetOfAll);
  const nearby = new Nearby(
    standing.flatMap(({ subjects }) => subjects),
    desk,
    meter,
  );
  const comparing = (variant: Variant, held: Meter) =>
    scopesOf(variant, scopes).map((scope) => {
      const both = [scope.logic, variant.of(scope.logic)] as const;
      const [before, after] = variant.cell === null ? both : besideCell(both, variant.cell);
      const found = compareLogic(before, after, desk, Math.min(budget, held.left()), 'answers alone');
      held.spend(found.work);
      return { scope, found };
    });
  // A table alone is soon compared, and has a budget of its own: what cannot matter there need not be looked for in all of them.
  const isSameAlone = (variant: Variant) =>
    scopesOf(variant, scopes).every(({ logic }) => {
      const alone = tableAlone(logic, variant.of(logic));
      if (alone === null) return false;
      const { comparable, changes, open } = compareLogic(...alone, desk, budgetAlone, 'answers alone');
      return comparable && changes.length === 0 && open.length === 0;
    });
  const judge = (given: Variant): Obligation => {
    const variant = madeOnce(given);
    const { segments: _, cell: __, bound: ___, of: ____, ...told } = { ...variant, needs: null };
    const by = provedBy(variant, standing, scopes, checked, desk);
    if (by.length > 0) return { ...told, state: 'proven', by, witness: null };
    const near = nearby.witness(variant, scopesOf(variant, scopes));
    if (near !== null) return { ...told, state: 'open', by, witness: near };
    if (isSameAlone(variant)) return { ...told, state: 'impossible', by, witness: null };
    const compared = meter.left() <= 0 ? null : comparing(variant, meter);
    if (compared === null) return { ...told, state: 'undecided', by, witness: null };
    const [first] = compared.flatMap(({ scope, found }) =>
      found.changes.slice(0, 1).map((change) => witnessOf(change, scope)),
    );
    const isOpen = compared.some(({ found }) => found.open.length > 0);
    const state: ObligationState = first !== undefined ? 'open' : isOpen ? 'undecided' : 'impossible';
    return { ...told, state, by, witness: first ?? null };
  };
  const further = meterOf(budgetOfWitnesses);
  const witnesses = (variant: Variant) =>
    further.left() <= 0
      ? []
      : comparing(variant, further).flatMap(({ scope, found }) =>
          found.changes.map((change) => witnessOf(change, scope)),
        );
  return { judge, witnesses, scopes };
}

/** Whoever asks for its logic gets the same one, which is compiled once. */
function madeOnce(variant: Variant): Variant {
  const made = new Map<Logic, Logic>();
  const of = (logic: Logic) => {
    const known = made.get(logic) ?? variant.of(logic);
    made.set(logic, known);
    return known;
  };
  return { ...variant, of };
}

function standingOf(checked: CheckedSop, results: readonly CaseResult[], desk: Desk): Standing[] {
  const id = checked.sop.id.value;
  return results
    .filter(({ sop, outcome }) => sop === id && isStanding(outcome))
    .map((result) => ({
      result,
      before: outcomeOf(result, result.decided, checked, desk).outcome,
      subjects: result.decided.filter(isByTables),
    }));
}

function scopesOf({ segments }: Variant, scopes: readonly Scope[]): readonly Scope[] {
  return segments === null ? scopes : scopes.filter(({ name }) => name !== null && segments.includes(name));
}

/** Names of the cases that would come out otherwise. */
function provedBy(
  variant: Variant,
  standing: readonly Standing[],
  scopes: readonly Scope[],
  checked: CheckedSop,
  desk: Desk,
): string[] {
  const deciders = new Map<string | null, Redecide>();
  for (const { name, logic } of scopesOf(variant, scopes)) deciders.set(name, redecide(logic, variant));
  const by: string[] = [];
  for (const { result, before, subjects } of standing) {
    let changed: Map<DecidedSubject, DecidedSubject> | null = null;
    for (const subject of subjects) {
      const decision = deciders.get(subject.segment ?? null)?.(subject) ?? null;
      if (decision === null || saysTheSame(decision, subject.decision)) continue;
      changed ??= new Map();
      changed.set(subject, { ...subject, decision });
    }
    if (changed === null) continue;
    const now = changed;
    const decided = result.decided.map((subject) => now.get(subject) ?? subject);
    if (outcomeOf(result, decided, checked, desk).outcome !== before) by.push(result.entry.name.value);
  }
  return by;
}

export function witnessOf({ region, before, after, rules }: Change, { name }: Scope): Witness {
  return {
    segment: name,
    values: region.witness,
    before: answerText(before, rules[0]),
    after: answerText(after, rules[1]),
  };
}
