import type { Box, Live } from './live.ts';
import { type Difference, differenceOf, differingAxis, type Pair } from './same-tables.ts';
import type { Places, Side, SideRule } from './side.ts';
import type { TableState } from './table-state.ts';

/** Parts a box in two: the places of one axis that a cell lets through, and the rest. */
export interface Split {
  readonly axis: number;
  readonly places: Places;
}

/** How to part a box in which two logics may differ, so that what differs is soon alone. Null: nothing is left to part. */
export function chooseSplit(pair: Pair, sides: readonly [Side, Side], box: Box, idsCount: boolean): Split | null {
  return rangeSplit(sides, box) ?? tableSplit(pair, box, idsCount) ?? anySplit(pair, box);
}

/** What a range refuses is apart from all rules. */
function rangeSplit(sides: readonly [Side, Side], box: Box): Split | null {
  for (const { allowed } of sides)
    for (const [axis, mask] of allowed.entries()) {
      const split = proper(axis, mask, box);
      if (split !== null) return split;
    }
  return null;
}

function tableSplit(pair: Pair, box: Box, idsCount: boolean): Split | null {
  const [before, after] = [pair.before.at(-1), pair.after.at(-1)];
  if (before === undefined || after === undefined) return null;
  return pairSplit(before, after, pair, box, idsCount);
}

function pairSplit(before: TableState, after: TableState, pair: Pair, box: Box, idsCount = false): Split | null {
  const difference = differenceOf(before, after, pair, box, idsCount);
  if (difference === null) return easiest([...before.live, ...after.live], box);
  return (
    ruleSplit(difference, before, after, box) ??
    givenSplit(difference, pair, box) ??
    easiest([...before.live.slice(0, difference.place), ...before.live, ...after.live], box)
  );
}

/** At the rules that differ: the axis on which they do, else one on which the rule that the other side lacks is open. */
function ruleSplit(
  { before: a, after: b, place }: Difference,
  before: TableState,
  after: TableState,
  box: Box,
): Split | null {
  if (place < 0) return null;
  if (a !== undefined && b !== undefined && a.rule.rule.id === b.rule.rule.id) {
    const axis = differingAxis(a, b, box);
    if (axis !== null) {
      const split = cellSplit(a.rule, axis, box) ?? cellSplit(b.rule, axis, box);
      if (split !== null) return split;
    }
  }
  const lacks = (entry: Live | undefined, { live }: TableState) =>
    entry !== undefined && !live.some(({ rule }) => rule.rule.id === entry.rule.rule.id);
  const order = lacks(b, before) && !lacks(a, after) ? [b, a] : [a, b];
  for (const entry of order) {
    const split = entry === undefined ? null : openSplit(entry, box);
    if (split !== null) return split;
  }
  // Both are met all over the box: what comes before them decides where they count.
  return easiest(before.live.slice(0, place), box);
}

/** Rules that are open only in what an earlier table gives: that table is looked at. */
function givenSplit({ before: a, after: b }: Difference, pair: Pair, box: Box): Split | null {
  for (const [entry, states, others] of [
    [a, pair.before, pair.after],
    [b, pair.after, pair.before],
  ] as const) {
    if (entry === undefined || !entry.isOpenGiven) continue;
    for (const { source } of entry.rule.given) {
      const state = states[source];
      const like = others.find(({ table }) => table.table.name === state?.table.table.name);
      if (state === undefined) continue;
      const split =
        like === undefined
          ? easiest(state.live, box)
          : states === pair.before
            ? pairSplit(state, like, pair, box)
            : pairSplit(like, state, pair, box);
      if (split !== null) return split;
    }
  }
  return null;
}

function anySplit({ before, after }: Pair, box: Box): Split | null {
  return easiest(
    [...before, ...after].flatMap(({ live }) => live),
    box,
  );
}

/** The rule that is soonest met: the one with the fewest open cells, the first of these. */
function easiest(live: readonly Live[], box: Box): Split | null {
  let best: Live | null = null;
  for (const entry of live) {
    if (entry.open.length === 0) continue;
    if (best === null || entry.open.length < best.open.length) best = entry;
  }
  return best === null ? null : openSplit(best, box);
}

function openSplit({ rule, open }: Live, box: Box): Split | null {
  const [axis] = open;
  return axis === undefined ? null : cellSplit(rule, axis, box);
}

function cellSplit(rule: SideRule, axis: number, box: Box): Split | null {
  return proper(axis, rule.cells.get(axis) ?? 0n, box);
}

function proper(axis: number, mask: Places, box: Box): Split | null {
  const there = box[axis] ?? 0n;
  const met = there & mask;
  return met === 0n || met === there ? null : { axis, places: met };
}
