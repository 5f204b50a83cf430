import { chooseSplit } from './choose-split.ts';
import { onlyAnswer } from './possible-answers.ts';
import { differenceOf, type Pair } from './same-tables.ts';
import type { Side } from './side.ts';
import { type Box, type Live, type TableState, tableStates, unknownRules } from './table-state.ts';

/** A box over all of which both sides have one answer each, and these differ. */
export interface ChangedBox {
  readonly box: Box;
  readonly before: string;
  readonly after: string;
}

export interface Partition {
  readonly changed: readonly ChangedBox[];
  /** Boxes that the budget did not reach. */
  readonly open: readonly Box[];
  /** Boxes where the rules differ and the answer is the same. */
  readonly alike: readonly Box[];
  /** Rules of boxes that were looked at. */
  readonly work: number;
}

interface Waiting {
  readonly box: Box;
  readonly axis: number | null;
  readonly before: readonly (readonly Live[])[];
  readonly after: readonly (readonly Live[])[];
}

/**
 * Parts a box of inputs until each part is settled: both sides are one and the same function there, or both have one answer all
 * over it. Work is counted in rules that are looked at, so the same input ends at the same place on every machine.
 */
export function partition(sides: readonly [Side, Side], whole: Box, budget: number): Partition {
  const changed: ChangedBox[] = [];
  const alike: Box[] = [];
  const open: Box[] = [];
  let work = 0;
  const waiting: Waiting[] = [
    { box: whole, axis: null, before: unknownRules(sides[0]), after: unknownRules(sides[1]) },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { box } = next;
    if (work >= budget) {
      open.push(box);
      continue;
    }
    work += 1 + [...next.before, ...next.after].reduce((sum, rules) => sum + rules.length, 0);
    const pair: Pair = {
      before: tableStates(sides[0], next.before, box, next.axis),
      after: tableStates(sides[1], next.after, box, next.axis),
    };
    if (isSame(pair, sides, box)) continue;
    const [before, after] = [onlyAnswer(sides[0], pair.before, box), onlyAnswer(sides[1], pair.after, box)];
    if (before !== null && after !== null) {
      if (before === after) alike.push(box);
      else changed.push({ box, before, after });
      continue;
    }
    const split = chooseSplit(pair, sides, box);
    if (split === null) throw new Error('a box that cannot be parted has one answer on each side');
    const { axis, places } = split;
    const part = (there: bigint): Waiting => ({
      box: box.map((all, at) => (at === axis ? there : all)),
      axis,
      before: liveOf(pair.before),
      after: liveOf(pair.after),
    });
    waiting.push(part((box[axis] ?? 0n) & ~places), part(places));
  }
  return { changed, alike, open, work };
}

function liveOf(states: readonly TableState[]): readonly (readonly Live[])[] {
  return states.map(({ live }) => live);
}

/** Both allow the same, the last tables are one function, and no earlier table contradicts itself on one side alone. */
function isSame(pair: Pair, sides: readonly [Side, Side], box: Box): boolean {
  const [one, other] = sides;
  if (box.some((there, axis) => (there & (one.allowed[axis] ?? 0n)) !== (there & (other.allowed[axis] ?? 0n))))
    return false;
  const [before, after] = [pair.before.at(-1), pair.after.at(-1)];
  if (before === undefined || after === undefined) return before === after;
  if (differenceOf(before, after, pair, box) !== null) return false;
  const contradicts = (states: readonly TableState[]) =>
    states.slice(0, -1).filter(({ conflict }) => conflict !== 'never');
  const [a, b] = [contradicts(pair.before), contradicts(pair.after)];
  if (a.length !== b.length) return false;
  return a.every((state, place) => {
    const like = b[place];
    return like !== undefined && differenceOf(state, like, pair, box) === null;
  });
}
