import { chooseSplit } from './choose-split.ts';
import type { Box, Live } from './live.ts';
import { onlyAnswer, type Said } from './possible-answers.ts';
import { differenceOf, type Pair } from './same-tables.ts';
import type { Side } from './side.ts';
import { type TableState, tableStates, unknownRules } from './table-state.ts';

/** A box over all of which both sides have one answer each, and these differ. */
export interface ChangedBox {
  readonly box: Box;
  readonly before: Said;
  readonly after: Said;
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
export function partition(
  sides: readonly [Side, Side],
  boxes: readonly Box[],
  budget: number,
  by: 'answer' | 'rule' = 'answer',
): Partition {
  const changed: ChangedBox[] = [];
  const alike: Box[] = [];
  const open: Box[] = [];
  let work = 0;
  const rules = { before: unknownRules(sides[0]), after: unknownRules(sides[1]) };
  const waiting = boxes.map((box): Waiting => ({ box, axis: null, ...rules }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { box } = next;
    if (work >= budget) {
      open.push(box);
      continue;
    }
    work += 1 + [...next.before, ...next.after].reduce((sum, list) => sum + list.length, 0);
    const pair: Pair = {
      before: tableStates(sides[0], next.before, box, next.axis),
      after: tableStates(sides[1], next.after, box, next.axis),
    };
    const found = settle(pair, sides, box, by);
    if (found === 'same') continue;
    if (found === 'alike') alike.push(box);
    else if (found !== null) changed.push(found);
    else waiting.push(...parts(pair, sides, box, by));
  }
  return { changed, alike, open, work };
}

/** Null where it takes smaller boxes to tell. */
function settle(
  pair: Pair,
  sides: readonly [Side, Side],
  box: Box,
  by: 'answer' | 'rule',
): 'same' | 'alike' | ChangedBox | null {
  if (isSame(pair, sides, box, true)) return 'same';
  const byRule = by === 'rule';
  if (!byRule && isSame(pair, sides, box, false)) return 'alike';
  const [before, after] = [
    onlyAnswer(sides[0], pair.before, box, byRule),
    onlyAnswer(sides[1], pair.after, box, byRule),
  ];
  if (before === null || after === null) return null;
  if (before.answer !== after.answer || (byRule && before.rule !== after.rule)) return { box, before, after };
  return 'alike';
}

function parts(pair: Pair, sides: readonly [Side, Side], box: Box, by: 'answer' | 'rule'): Waiting[] {
  const split = chooseSplit(pair, sides, box, by === 'rule');
  if (split === null) throw new Error('a box that cannot be parted has one answer on each side');
  const { axis, places } = split;
  const live = { before: liveOf(pair.before), after: liveOf(pair.after) };
  const part = (there: bigint): Waiting => ({ box: box.map((all, at) => (at === axis ? there : all)), axis, ...live });
  return [part((box[axis] ?? 0n) & ~places), part(places)];
}

function liveOf(states: readonly TableState[]): readonly (readonly Live[])[] {
  return states.map(({ live }) => live);
}

/** Both allow the same, the last tables are one function, and no earlier table contradicts itself on one side alone. */
function isSame(pair: Pair, sides: readonly [Side, Side], box: Box, idsCount: boolean): boolean {
  const [one, other] = sides;
  if (box.some((there, axis) => (there & (one.allowed[axis] ?? 0n)) !== (there & (other.allowed[axis] ?? 0n))))
    return false;
  const [before, after] = [pair.before.at(-1), pair.after.at(-1)];
  if (before === undefined || after === undefined) return before === after;
  if (differenceOf(before, after, pair, box, idsCount) !== null) return false;
  const contradicts = (states: readonly TableState[]) =>
    states.slice(0, -1).filter(({ conflict }) => conflict !== 'never');
  const [a, b] = [contradicts(pair.before), contradicts(pair.after)];
  if (a.length !== b.length) return false;
  return a.every((state, place) => {
    const like = b[place];
    return like !== undefined && differenceOf(state, like, pair, box) === null;
  });
}
