import type { Box } from '../boxes/box.ts';
import type { Meter } from '../boxes/budget.ts';
import { chooseCut, partsOf } from '../boxes/cut-box.ts';
import type { Frame, Layer } from '../boxes/frame.ts';
import { cellAt, rootOf, statesOf } from '../boxes/state.ts';
import { intersect } from '../region/ranges.ts';

/** Boxes with so few rules are not cut further: each rule is held against each. */
const few = 24;

/** What keeping a pair costs, in visits. */
const perPair = 20;

export interface Pairs {
  readonly met: readonly (readonly number[])[];
  readonly isWhole: boolean;
}

/**
 * All pairs of rules of a table whose cells have something in common, as far as its signals tell: for each rule those that it meets, in
 * their order. `isWhole`: the meter did not run out.
 */
export function findPairs(given: Frame, layer: Layer, meter: Meter): Pairs {
  const frame: Frame = { dims: given.dims, layers: [{ ...layer, ordered: false, stops: false, feeds: [] }] };
  const met: number[][] = layer.rules.map(() => []);
  const root = rootOf(frame);
  const stack = root === null ? [] : [root];
  for (let box = stack.pop(); box !== undefined; box = stack.pop()) {
    const live = box.live[0] ?? new Int32Array();
    if (!meter.spend((live.length + 1) * (frame.dims.length + 1))) return { met, isWhole: false };
    const parts = live.length <= few ? null : split(frame, box);
    if (parts !== null) {
      stack.push(parts[1], parts[0]);
      continue;
    }
    if (!meter.spend((live.length * live.length) / 2)) return { met, isWhole: false };
    pairsIn(layer, box, (a, b) => {
      meter.spend(perPair);
      met[a]?.push(b);
      met[b]?.push(a);
    });
  }
  for (const others of met) others.sort((a, b) => a - b);
  return { met, isWhole: true };
}

/** Null where it is less work to hold all rules of the box against each other. */
function split(frame: Frame, box: Box): [Box, Box] | null {
  const states = statesOf(frame, box);
  const cut = chooseCut(frame, box, states);
  if (cut === null) return null;
  const parts = partsOf(frame, box, states, cut);
  const [lower, upper] = parts.map(({ live }) => live[0]?.length ?? 0) as [number, number];
  const count = box.live[0]?.length ?? 0;
  return lower * lower + upper * upper + 2 * count * frame.dims.length > count * count ? null : parts;
}

/** Pairs of a box whose lowest common corner lies in it: each pair is met in one box only. */
function pairsIn(layer: Layer, box: Box, meet: (a: number, b: number) => void): void {
  const live = box.live[0] ?? new Int32Array();
  const width = box.low.length;
  for (let i = 0; i < live.length; i++) {
    const a = live[i] ?? 0;
    for (let j = i + 1; j < live.length; j++) {
      const b = live[j] ?? 0;
      if (!cornerIn(layer, box, a * width, b * width)) continue;
      if (layer.runs.size === 0 || meetExactly(layer, a * width, b * width, width)) meet(a, b);
    }
  }
}

function cornerIn({ low, high }: Layer, box: Box, a: number, b: number): boolean {
  for (let dim = 0; dim < box.low.length; dim++) {
    const corner = Math.max(low[a + dim] ?? 0, low[b + dim] ?? 0);
    if (corner > (high[a + dim] ?? 0) || corner > (high[b + dim] ?? 0)) return false;
    if (corner < (box.low[dim] ?? 0) || corner > (box.high[dim] ?? 0)) return false;
  }
  return true;
}

function meetExactly(layer: Layer, a: number, b: number, width: number): boolean {
  for (let dim = 0; dim < width; dim++)
    if (intersect(cellAt(layer, a + dim), cellAt(layer, b + dim)).length === 0) return false;
  return true;
}
