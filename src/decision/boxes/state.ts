import type { Ranges } from '../region/axis.ts';
import { intersect, sameRanges } from '../region/ranges.ts';
import type { Box, State } from './box.ts';
import { type Frame, type Layer, noPlace } from './frame.ts';
import { possiblePlaces } from './possible.ts';

/** The part of a frame that these rules of its last table span together; all of it where there are none. Null where it is empty. */
export function rootOf({ dims, layers }: Frame, ...rules: readonly number[]): Box | null {
  const last = layers[layers.length - 1] as Layer;
  const low = new Int32Array(dims.length);
  const high = Int32Array.from(dims, ({ axis }) => axis.pieces.length - 1);
  for (const rule of rules)
    for (let dim = 0; dim < dims.length; dim++) {
      low[dim] = Math.max(low[dim] ?? 0, last.low[rule * dims.length + dim] ?? 1);
      high[dim] = Math.min(high[dim] ?? 0, last.high[rule * dims.length + dim] ?? 0);
    }
  const [first] = rules;
  return boxOf(
    layers,
    low,
    high,
    first === undefined ? undefined : last.near?.[first] && withRule(last.near[first], first),
  );
}

/** A rule and those that it meets, in their order. */
function withRule(near: readonly number[], rule: number): number[] {
  return [...near.filter((other) => other < rule), rule, ...near.filter((other) => other > rule)];
}

/** Null where it is empty. `candidates` are the rules of the last layer that alone can reach into it; all, where there are none. */
export function boxOf(
  layers: readonly Layer[],
  low: Int32Array,
  high: Int32Array,
  candidates?: readonly number[],
): Box | null {
  for (let dim = 0; dim < low.length; dim++) if ((low[dim] ?? 1) > (high[dim] ?? 0)) return null;
  const live = layers.map((layer, place) => {
    if (candidates !== undefined && place === layers.length - 1)
      return Int32Array.from(candidates.filter((rule) => meets(layer, rule, low, high)));
    const all: number[] = [];
    for (let rule = 0; rule < layer.rules.length; rule++) if (meets(layer, rule, low, high)) all.push(rule);
    return Int32Array.from(all);
  });
  return { low, high, live };
}

function meets(layer: Layer, rule: number, low: Int32Array, high: Int32Array): boolean {
  for (let dim = 0; dim < low.length; dim++)
    if (!meetsAt(layer, rule * low.length + dim, low[dim] ?? 0, high[dim] ?? 0)) return false;
  return true;
}

/** Whether a cell lets through any place of a run. */
export function meetsAt({ low, high, runs }: Layer, cell: number, from: number, to: number): boolean {
  if ((low[cell] ?? 1) > to || (high[cell] ?? 0) < from) return false;
  const all = runs.size === 0 ? undefined : runs.get(cell);
  if (all === undefined) return true;
  for (let at = 0; at < all.length; at += 2) if ((all[at] ?? 0) <= to && (all[at + 1] ?? -1) >= from) return true;
  return false;
}

/** What a cell lets through. */
export function cellAt({ low, high, runs }: Layer, cell: number): Ranges {
  const [from, to] = [low[cell] ?? noPlace.low, high[cell] ?? noPlace.high];
  return from > to ? [] : (runs.get(cell) ?? [from, to]);
}

/** Whether a cell lets through every place of a run. */
export function coversAt({ low, high, runs }: Layer, cell: number, from: number, to: number): boolean {
  if ((low[cell] ?? 1) > from || (high[cell] ?? 0) < to) return false;
  const all = runs.size === 0 ? undefined : runs.get(cell);
  if (all === undefined) return true;
  for (let at = 0; at < all.length; at += 2) if ((all[at] ?? 0) <= from && (all[at + 1] ?? -1) >= to) return true;
  return false;
}

/**
 * The states of all tables over a box. `kept` is a rule of the last one that neither hides
 * another nor is hidden.
 */
export function statesOf(frame: Frame, box: Box, kept = -1): State[] {
  const states: State[] = [];
  for (const [place, layer] of frame.layers.entries()) {
    const isLast = place === frame.layers.length - 1;
    states.push(stateOf(frame, layer, box, box.live[place] ?? new Int32Array(), states, isLast ? kept : -1));
  }
  return states;
}

function stateOf(
  frame: Frame,
  layer: Layer,
  box: Box,
  live: Int32Array,
  before: readonly State[],
  kept: number,
): State {
  const alive: number[] = [];
  const sure: boolean[] = [];
  let unsure = 0;
  let isHidden = false;
  const given = layer.feeds.map((feed) => possiblePlaces(feed, frame.layers[feed.layer], before[feed.layer]));
  for (const rule of live) {
    if (isHidden && rule !== kept) continue;
    const fit = fitIn(layer, rule, box, given);
    if (fit === 'none') continue;
    alive.push(rule);
    sure.push(fit === 'all');
    if (fit !== 'all') unsure++;
    else if (layer.ordered && rule !== kept) {
      isHidden = true;
      if (kept <= rule) break;
    }
  }
  return { alive, sure, unsure, stop: layer.stops ? stopOf(layer, alive, sure) : 'no' };
}

/** How much of a box, which it reaches into, a rule covers. */
function fitIn(layer: Layer, rule: number, box: Box, given: readonly (readonly number[])[]): 'all' | 'some' | 'none' {
  let fit: 'all' | 'some' = coversAll(layer, rule, box) ? 'all' : 'some';
  for (const [at, feed] of layer.feeds.entries()) {
    const own = fitOf(given[at] ?? [], feed.lets, rule * feed.axis.pieces.length);
    if (own === 'none') return 'none';
    if (own === 'some') fit = 'some';
  }
  return fit;
}

function coversAll(layer: Layer, rule: number, box: Box): boolean {
  for (let dim = 0; dim < box.low.length; dim++) if (!coversOn(layer, rule, box, dim)) return false;
  return true;
}

/** Whether a rule lets through all that a box holds on one axis. */
export function coversOn(layer: Layer, rule: number, box: Box, dim: number): boolean {
  const cell = rule * box.low.length + dim;
  if (coversAt(layer, cell, box.low[dim] ?? 0, box.high[dim] ?? 0)) return true;
  const places = box.runs?.get(dim);
  return places !== undefined && sameRanges(intersect(places, cellAt(layer, cell)), places);
}

function fitOf(places: readonly number[], lets: Uint8Array, from: number): 'all' | 'some' | 'none' {
  let count = 0;
  for (const place of places) count += lets[from + place] ?? 0;
  return count === 0 ? 'none' : count === places.length ? 'all' : 'some';
}

function stopOf(layer: Layer, alive: readonly number[], sure: readonly boolean[]): State['stop'] {
  const conflicts = (rules: readonly number[]) =>
    layer.table.hitPolicy === 'U'
      ? rules.length > 1
      : rules.some((rule) => layer.says[rule] !== layer.says[rules[0] ?? 0]);
  if (!conflicts(alive)) return 'no';
  return conflicts(alive.filter((_, at) => sure[at])) ? 'sure' : 'maybe';
}
