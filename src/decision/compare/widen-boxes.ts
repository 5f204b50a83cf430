import type { Box } from './live.ts';
import type { Places } from './side.ts';

/** More boxes than a person reads are left as they are. */
const mostBoxes = 24;
/** Parts to look at before it is taken that boxes do not hold another one. */
const mostParts = 500;

/**
 * Boxes that say the same with fewer conditions, and may overlap: each is stretched, axis by axis, as far as all of them together
 * reach, and left out where the others hold it. They hold the same inputs as before.
 */
export function widenBoxes(boxes: readonly Box[]): readonly Box[] {
  if (boxes.length < 2 || boxes.length > mostBoxes) return boxes;
  const wide = boxes.map((box) => stretch(box, boxes));
  return wide.reduceRight<readonly Box[]>((kept, box) => {
    const others = kept.filter((other) => other !== box);
    return isHeld(box, others) ? others : kept;
  }, wide);
}

function stretch(box: Box, boxes: readonly Box[]): Box {
  return box.reduce<Box>((wide, _, axis) => {
    const slab = (there: Places) => wide.map((own, at) => (at === axis ? there : own));
    const more = placesToldApart(axis, boxes).filter((there) => isHeld(slab(there), boxes));
    return slab(more.reduce((all, there) => all | there, wide[axis] ?? 0n));
  }, box);
}

/** What the boxes hold of an axis, in parts that each box holds whole or not at all. */
function placesToldApart(axis: number, boxes: readonly Box[]): readonly Places[] {
  const all = boxes.reduce((sum, box) => sum | (box[axis] ?? 0n), 0n);
  return boxes.reduce<readonly Places[]>(
    (parts, box) =>
      parts.flatMap((part) => [part & (box[axis] ?? 0n), part & ~(box[axis] ?? 0n)].filter((there) => there !== 0n)),
    [all],
  );
}

/** Whether boxes together hold all of another; where that is long to tell, it is taken that they do not. */
function isHeld(box: Box, by: readonly Box[]): boolean {
  let parts: readonly Box[] = [box];
  for (const other of by) {
    parts = parts.flatMap((part) => outside(part, other));
    if (parts.length > mostParts) return false;
  }
  return parts.length === 0;
}

/** What of a box lies outside another, in parts that do not overlap. */
function outside(box: Box, other: Box): readonly Box[] {
  if (box.some((there, axis) => (there & (other[axis] ?? 0n)) === 0n)) return [box];
  const inside = (upTo: number) => box.map((there, axis) => (axis < upTo ? there & (other[axis] ?? 0n) : there));
  return box.flatMap((there, axis) => {
    const rest = there & ~(other[axis] ?? 0n);
    return rest === 0n ? [] : [inside(axis).map((own, at) => (at === axis ? rest : own))];
  });
}
