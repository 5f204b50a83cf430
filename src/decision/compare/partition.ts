import type { Box, State } from '../boxes/box.ts';
import type { Meter } from '../boxes/budget.ts';
import { explore } from '../boxes/explore.ts';
import type { Both } from './both.ts';
import { chooseCut } from './choose-cut.ts';
import { onlyAnswer, type Said } from './possible-answers.ts';
import { differenceOf, type Part } from './same-tables.ts';

/** A box over all of which both sides have one answer each, and these differ. */
export interface ChangedBox {
  readonly box: Box;
  readonly before: Said;
  readonly after: Said;
}

export interface Partition {
  readonly changed: readonly ChangedBox[];
  /** Boxes where the rules differ and the answer is the same. */
  readonly alike: readonly Box[];
  /** Boxes that the meter did not reach. */
  readonly open: readonly Box[];
}

/** Parts boxes until each part is settled: both sides are one and the same function there, or both have one answer all over it. */
export function partition(both: Both, boxes: readonly Box[], meter: Meter, by: 'answer' | 'rule'): Partition {
  const { frame } = both;
  const changed: ChangedBox[] = [];
  const alike: Box[] = [];
  const visit = (box: Box, states: readonly State[]) => {
    const found = settle({ frame, box, states }, both, by);
    if (found === 'alike') alike.push(box);
    else if (found !== null && found !== 'same') changed.push(found);
    return found === null ? 'cut' : 'done';
  };
  const choose = (box: Box, states: readonly State[]) => {
    const cut = chooseCut({ frame, box, states }, both, by === 'rule');
    if (cut === null) throw new Error('a box that cannot be cut has one answer on each side');
    return cut;
  };
  const open = explore({ frame, meter, visit, choose }, ...boxes);
  return { changed, alike, open };
}

/** Null where it takes smaller boxes to tell. */
function settle(part: Part, { sides }: Both, by: 'answer' | 'rule'): 'same' | 'alike' | ChangedBox | null {
  if (isSame(part, sides, true)) return 'same';
  const byRule = by === 'rule';
  if (!byRule && isSame(part, sides, false)) return 'alike';
  const [before, after] = [onlyAnswer(sides[0], part, byRule), onlyAnswer(sides[1], part, byRule)];
  if (before === null || after === null) return null;
  const differs = before.answer !== after.answer || (byRule && before.rule !== after.rule);
  return differs ? { box: part.box, before, after } : 'alike';
}

/** Both allow the same, the last tables are one function, and no earlier table contradicts itself on one side alone. */
function isSame(part: Part, [before, after]: Both['sides'], idsCount: boolean): boolean {
  const [one, other] = [before.tables.at(-1), after.tables.at(-1)];
  if (one === undefined || other === undefined) return one === other;
  if (differenceOf(one, other, part, idsCount) !== null) return false;
  if (differenceOf(before.range, after.range, part) !== null) return false;
  const contradicts = (tables: readonly number[]) => tables.slice(0, -1).filter((at) => part.states[at]?.stop !== 'no');
  const [a, b] = [contradicts(before.tables), contradicts(after.tables)];
  return a.length === b.length && a.every((at, place) => differenceOf(at, b[place] ?? -1, part) === null);
}
