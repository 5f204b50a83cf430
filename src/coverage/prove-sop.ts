import type { CheckedSop } from '../check/checked.ts';
import type { Desk } from '../model/library.ts';
import type { CaseResult } from '../replay/run-case.ts';
import type { SopProof } from './obligation.ts';
import { boundVariants, movedBounds } from './tables/bound-variants.ts';
import { cellMutants, conditionVariants } from './tables/cell-variants.ts';
import { gaps } from './tables/gaps.ts';
import { isStanding, judgeOf } from './tables/judge.ts';
import { movedParameters, ruleMutants } from './tables/rule-variants.ts';
import { seen } from './tables/seen.ts';
import type { Variant } from './tables/variant.ts';

/**
 * What the cases of a sound SOP prove of its decision tables, and what they do not: each variant of the tables is decided on the
 * subjects of the cases, and one that no case would notice is compared with the tables as written over all inputs.
 */
export function proveSop(checked: CheckedSop, results: readonly CaseResult[], desk: Desk): SopProof {
  const own = results.filter(({ sop }) => sop === checked.sop.id.value);
  const { judge } = judgeOf(checked, own, desk);
  const obligations = [...seen(checked, own), ...variantsOf(checked, desk).map(judge), ...gaps(checked, desk)];
  return {
    sop: checked.sop.id.value,
    obligations,
    leftOut: own.filter(({ outcome }) => !isStanding(outcome)).map(({ entry }) => entry.name.value),
    sql: null,
  };
}

/** Bounds, conditions and mutants, in the order of the tables; no two of one id. */
export function variantsOf(checked: CheckedSop, desk: Desk): Variant[] {
  const all = [
    ...boundVariants(checked),
    ...conditionVariants(checked),
    ...movedBounds(checked),
    ...cellMutants(checked),
    ...ruleMutants(checked, desk),
    ...movedParameters(checked),
  ];
  return [...new Map(all.map((variant) => [variant.id, variant])).values()];
}
