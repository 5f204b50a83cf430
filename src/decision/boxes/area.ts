import type { Ranges } from '../region/axis.ts';
import { unite } from '../region/ranges.ts';
import { type Box, placesOf } from './box.ts';
import type { Frame, Layer } from './frame.ts';
import { cellAt } from './state.ts';

/** Places on each axis of a frame. */
export type Area = readonly Ranges[];

type Places = Pick<Box, 'low' | 'high' | 'runs'>;

export function areaOf(box: Places): Area {
  return Array.from(box.low, (_, dim) => placesOf(box, dim));
}

/** Where a rule matches, as far as the axes tell. */
export function areaOfRule({ dims }: Frame, layer: Layer, rule: number): Area {
  return dims.map((_, dim) => cellAt(layer, rule * dims.length + dim));
}

/**
 * Disjoint boxes told as few: boxes that differ on one axis only become one, axis by axis until none do. Greedy: not always the
 * fewest. Sorted by their first places.
 */
export function mergeBoxes(boxes: readonly Places[]): Area[] {
  const width = boxes[0]?.low.length ?? 0;
  const names = namesOf(width);
  let named = boxes.map((box) => names.name(areaOf(box)));
  for (let before = -1; before !== named.length; ) {
    before = named.length;
    for (let dim = width - 1; dim >= 0 && named.length > 1; dim--) named = mergeOn(named, dim, names);
  }
  return named.map(({ area }) => area).sort(compareAreas);
}

/** An area with a number for its places on each axis, the same for the same places, and a sum over all of them. */
interface Named {
  readonly area: Area;
  readonly numbers: readonly number[];
  readonly sum: number;
}

interface Names {
  readonly name: (area: Area) => Named;
  /** What one axis adds to the sum. */
  readonly share: (number: number, dim: number) => number;
}

function namesOf(width: number): Names {
  const known = Array.from({ length: width }, () => new Map<string, number>());
  const share = (number: number, dim: number) => Math.imul(number + 1, 2_654_435_761 + 2 * dim * 40_503);
  return {
    share,
    name: (area) => {
      const numbers = area.map((ranges, dim) => {
        const key = ranges.join();
        const number = known[dim]?.get(key) ?? known[dim]?.size ?? 0;
        known[dim]?.set(key, number);
        return number;
      });
      return { area, numbers, sum: numbers.reduce((sum, number, dim) => (sum + share(number, dim)) | 0, 0) };
    },
  };
}

/** Areas that differ on this axis only become one. Equal sums are looked at closely: they may be chance. */
function mergeOn(areas: readonly Named[], dim: number, { name, share }: Names): Named[] {
  const groups = new Map<number, { first: Named; ranges: Ranges; count: number }[]>();
  for (const area of areas) {
    const sum = (area.sum - share(area.numbers[dim] ?? 0, dim)) | 0;
    const group = groups.get(sum) ?? [];
    groups.set(sum, group);
    const own = area.area[dim] ?? [];
    const same = group.find(({ first }) =>
      first.numbers.every((number, at) => at === dim || number === area.numbers[at]),
    );
    if (same === undefined) group.push({ first: area, ranges: own, count: 1 });
    else {
      same.ranges = unite(same.ranges, own);
      same.count++;
    }
  }
  return [...groups.values()]
    .flat()
    .map(({ first, ranges, count }) => (count === 1 ? first : name(first.area.with(dim, ranges))));
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
