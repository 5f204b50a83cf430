import type { Box } from './live.ts';

/** Boxes that differ on one axis only become one, as long as there are such. They hold the same inputs as before. */
export function mergeBoxes(boxes: readonly Box[]): readonly Box[] {
  let merged = boxes;
  for (let before = Number.POSITIVE_INFINITY; merged.length < before; ) {
    before = merged.length;
    const axes = merged[0]?.length ?? 0;
    for (let axis = 0; axis < axes; axis++) merged = mergeAlong(merged, axis);
  }
  return merged;
}

function mergeAlong(boxes: readonly Box[], axis: number): readonly Box[] {
  const found = new Map<string, Box>();
  for (const box of boxes) {
    const key = box.map((there, at) => (at === axis ? '' : there.toString(36))).join(' ');
    const known = found.get(key);
    found.set(
      key,
      known === undefined ? box : known.map((there, at) => (at === axis ? there | (box[at] ?? 0n) : there)),
    );
  }
  return [...found.values()];
}
