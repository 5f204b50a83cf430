import { compileDecision, type Decide } from '../../decision/decide.ts';
import type { Logic } from '../../decision/logic.ts';

const known = new WeakMap<Logic, Decide>();

/** A logic as a function. One that is asked again and again is compiled once. */
export function deciderOf(logic: Logic): Decide {
  const decide = known.get(logic) ?? compileDecision(logic);
  known.set(logic, decide);
  return decide;
}
