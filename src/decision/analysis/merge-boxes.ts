import type { Ranges } from '../region/axis.ts';
import { unite } from '../region/ranges.ts';
import type { Frame, Layer } from './frame.ts';
import type { Box } from './state.ts';

/** Places on each axis of a frame. */
export type Area = readonly Ranges[];

export function areaOf({ low, high }: Pick<Box, 'low' | 'high'>): Area {
  return Array.from(low, (from, dim) => [from, high[dim] ?? -1]);
}

/** Where a rule matches, as far as the axes tell. */
export function areaOfRule({ dims }: Frame, { low, high, runs }: Layer, rule: number): Area {
  return dims.map((_, dim) => {
    const cell = rule * dims.length + dim;
    return runs.get(cell) ?? [low[cell] ?? 1, high[cell] ?? 0];
  });
}

/**
 * Disjoint boxes told as few: boxes that differ on one axis only become one, axis by axis until none do. Greedy: not always the
 * fewest. Sorted by their first places.
 */
export function mergeBoxes(boxes: readonly Pick<Box, 'low' | 'high'>[]): Area[] {
  let areas = boxes.map(areaOf);
  const width = boxes[0]?.low.length ?? 0;
  for (let before = -1; before !== areas.length; ) {
    before = areas.length;
    for (let dim = width - 1; dim >= 0 && areas.length > 1; dim--) areas = mergeOn(areas, dim);
  }
  return areas.sort(compareAreas);
}

function mergeOn(areas: readonly Area[], dim: number): Area[] {
  const groups = new Map<string, Ranges[]>();
  for (const area of areas) {
    const key = area.map((ranges, at) => (at === dim ? '' : ranges.join())).join(';');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [...area]);
    else group[dim] = unite(group[dim] ?? [], area[dim] ?? []);
  }
  return [...groups.values()];
}

export function compareAreas(a: Area, b: Area): number {
  for (let dim = 0; dim < a.length; dim++) {
    const order = compareRanges(a[dim] ?? [], b[dim] ?? []);
    if (order !== 0) return order;
  }
  return 0;
}

function compareRanges(a: Ranges, b: Ranges): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const order = (a[at] ?? -1) - (b[at] ?? -1);
    if (order !== 0) return order;
  }
  return 0;
}
