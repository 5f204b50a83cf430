import type { Ranges } from '../region/axis.ts';
import { intersect, subtract } from '../region/ranges.ts';
import { type Box, placesOf, type State } from './box.ts';
import type { Frame, Layer } from './frame.ts';
import { meetsAt } from './state.ts';

/** Where a box is parted on one axis: the first place of the upper half, or the places of the one part. */
export type Cut = Halving | { readonly dim: number; readonly places: Ranges };

interface Halving {
  readonly dim: number;
  readonly at: number;
}

/**
 * Where to halve a box: of all ends of cells inside it, on any axis but `spared`, the one with the least max(L, R) + 2·(L + R − n), where
 * L and R are the rules that reach into each half and n all of them. Null where no rule that is not sure ends inside.
 */
export function chooseCut(frame: Frame, box: Box, states: readonly State[], spared = -1): Halving | null {
  const total = states.reduce((sum, { alive }) => sum + alive.length, 0);
  let best: Halving | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let dim = 0; dim < frame.dims.length; dim++) {
    if (dim === spared || box.low[dim] === box.high[dim]) continue;
    const ends = endsIn(frame, box, states, dim);
    if (ends.cuts.length === 0) continue;
    const found = cheapest(ends, total);
    if (found.cost < least) {
      least = found.cost;
      best = { dim, at: found.at };
    }
  }
  return best;
}

/** Of the rules that do not span a box on one axis: where each begins and ends inside it, and where it may be cut for them. */
interface Ends {
  readonly firsts: number[];
  readonly lasts: number[];
  readonly cuts: number[];
}

function endsIn(frame: Frame, box: Box, states: readonly State[], dim: number): Ends {
  const width = frame.dims.length;
  const from = box.low[dim] ?? 0;
  const to = box.high[dim] ?? 0;
  const ends: Ends = { firsts: [], lasts: [], cuts: [] };
  frame.layers.forEach((layer, place) => {
    const { alive = [], sure = [] } = states[place] ?? {};
    for (let at = 0; at < alive.length; at++) {
      if (sure[at]) continue;
      const cell = (alive[at] ?? 0) * width + dim;
      const runs = layer.runs.size === 0 ? undefined : layer.runs.get(cell);
      if (runs !== undefined) addRuns(runs, from, to, ends);
      else addRun(layer.low[cell] ?? 0, layer.high[cell] ?? 0, from, to, ends);
    }
  });
  return ends;
}

function addRun(low: number, high: number, from: number, to: number, { firsts, lasts, cuts }: Ends): void {
  if (low <= from && high >= to) return;
  firsts.push(Math.max(low, from));
  lasts.push(Math.min(high, to));
  if (low > from) cuts.push(low);
  if (high < to) cuts.push(high + 1);
}

function addRuns(runs: readonly number[], from: number, to: number, { firsts, lasts, cuts }: Ends): void {
  let first = -1;
  let last = -1;
  for (let at = 0; at < runs.length; at += 2) {
    const low = runs[at] ?? 0;
    const high = runs[at + 1] ?? -1;
    if (high < from || low > to) continue;
    if (low <= from && high >= to) return;
    if (first < 0) first = Math.max(low, from);
    last = Math.min(high, to);
    if (low > from) cuts.push(low);
    if (high < to) cuts.push(high + 1);
  }
  firsts.push(first);
  lasts.push(last);
}

/** Of cuts that cost the same the lowest. */
function cheapest(ends: Ends, total: number): { at: number; cost: number } {
  const { firsts, lasts, cuts } = ends;
  const spanning = total - firsts.length;
  const isShort = firsts.length <= 12;
  if (!isShort) for (const list of [firsts, lasts, cuts]) sortNumbers(list);
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  let begun = 0;
  let ended = 0;
  for (const at of cuts) {
    begun = isShort ? countBelow(firsts, at) : passBelow(firsts, at, begun);
    ended = isShort ? countBelow(lasts, at) : passBelow(lasts, at, ended);
    const left = begun + spanning;
    const right = firsts.length - ended + spanning;
    const cost = Math.max(left, right) + 2 * (left + right - total);
    if (cost < least || (cost === least && at < best)) {
      least = cost;
      best = at;
    }
  }
  return { at: best, cost: least };
}

function countBelow(places: readonly number[], at: number): number {
  let count = 0;
  for (const place of places) if (place < at) count++;
  return count;
}

/** How many of a sorted list are below; so many were already passed. */
function passBelow(sorted: readonly number[], at: number, passed: number): number {
  let count = passed;
  while (count < sorted.length && (sorted[count] ?? 0) < at) count++;
  return count;
}

/** Places are counted where they are close together. */
function sortNumbers(list: number[]): void {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const place of list) {
    if (place < low) low = place;
    if (place > high) high = place;
  }
  if (high - low > 4 * list.length) {
    const sorted = Int32Array.from(list).sort();
    for (let at = 0; at < list.length; at++) list[at] = sorted[at] ?? 0;
    return;
  }
  const counts = new Int32Array(high - low + 1);
  for (const place of list) counts[place - low] = (counts[place - low] ?? 0) + 1;
  let at = 0;
  for (let place = 0; place < counts.length; place++)
    for (let count = counts[place] ?? 0; count > 0; count--) list[at++] = place + low;
}

/** Both parts of a box, each with the rules that reach into it: the lower half first, or the part with the places of the cut. */
export function partsOf(frame: Frame, box: Box, states: readonly State[], cut: Cut): [Box, Box] {
  const { dim } = cut;
  if ('places' in cut) {
    const all = placesOf(box, dim);
    return [
      withPlaces(frame, box, states, dim, intersect(all, cut.places)),
      withPlaces(frame, box, states, dim, subtract(all, cut.places)),
    ];
  }
  const high = box.high.slice();
  high[dim] = cut.at - 1;
  const low = box.low.slice();
  low[dim] = cut.at;
  return [
    { low: box.low, high, live: reaching(frame, states, dim, [box.low[dim] ?? 0, cut.at - 1]) },
    { low, high: box.high, live: reaching(frame, states, dim, [cut.at, box.high[dim] ?? 0]) },
  ];
}

function withPlaces(frame: Frame, box: Box, states: readonly State[], dim: number, places: Ranges): Box {
  const low = box.low.slice();
  const high = box.high.slice();
  low[dim] = places[0] ?? 1;
  high[dim] = places.at(-1) ?? 0;
  const runs = new Map(box.runs);
  if (places.length > 2) runs.set(dim, places);
  else runs.delete(dim);
  const live = reaching(frame, states, dim, places);
  return runs.size === 0 ? { low, high, live } : { low, high, runs, live };
}

/** Of each layer the rules that let through any of these places. */
function reaching({ layers, dims }: Frame, states: readonly State[], dim: number, places: Ranges): Int32Array[] {
  return layers.map((layer, at) => {
    const rules = states[at]?.alive ?? [];
    const kept = new Int32Array(rules.length);
    let count = 0;
    for (const rule of rules) if (meetsAny(layer, rule * dims.length + dim, places)) kept[count++] = rule;
    return kept.subarray(0, count);
  });
}

function meetsAny(layer: Layer, cell: number, places: Ranges): boolean {
  for (let at = 0; at < places.length; at += 2)
    if (meetsAt(layer, cell, places[at] ?? 0, places[at + 1] ?? -1)) return true;
  return false;
}
