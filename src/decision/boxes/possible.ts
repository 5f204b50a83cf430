import Big from 'big.js';
import type { State } from './box.ts';
import type { Feed } from './feed.ts';
import type { Layer } from './frame.ts';
import { outcomesOf } from './outcome.ts';

/** Beyond so many different sums only their least and their greatest are kept. */
const manySums = 512;

/**
 * Pieces of a column that a table may fill it with, as far as is known over a box: never too few, and just the one where the table
 * is settled. Conflicts are left out: they end the decision.
 */
export function possiblePlaces(feed: Feed, layer: Layer | undefined, state: State | undefined): readonly number[] {
  if (layer === undefined || state === undefined) throw new Error('a table is fed by none');
  const outcomes = outcomesOf(layer);
  const placeOf = (hits: readonly number[]) => {
    const { answer } = outcomes(hits);
    return feed.placeOf(answer.kind === 'answer' ? (answer.outputs[feed.output] ?? null) : null);
  };
  if (state.unsure === 0) return [placeOf(state.alive)];
  const { hitPolicy } = layer.table;
  const found = new Set<number>();
  if (!state.sure.includes(true)) found.add(placeOf([]));
  if (hitPolicy === 'C+' || hitPolicy === 'C#') {
    if (feed.output === 0) addSums(found, feed, layer, state, hitPolicy === 'C#');
    else found.add(feed.placeOf(null));
  } else if (hitPolicy === 'C' || hitPolicy === 'R' || hitPolicy === 'O') {
    found.add(feed.placeOf(null));
  } else {
    for (const rule of state.alive) found.add(placeOf([rule]));
  }
  return [...found];
}

/** What each subset of the unsure rules adds to the sure ones. */
function addSums(found: Set<number>, feed: Feed, layer: Layer, { alive, sure }: State, counts: boolean): void {
  const weightOf = (rule: number) => {
    const value = layer.rules[rule]?.outputs[0] ?? null;
    if (counts) return new Big(value === null ? 0 : 1);
    return value instanceof Big ? value : new Big(0);
  };
  let base = new Big(0);
  const free: Big[] = [];
  alive.forEach((rule, at) => {
    const weight = weightOf(rule);
    if (sure[at]) base = base.plus(weight);
    else if (!weight.eq(0)) free.push(weight);
  });
  let sums = new Map([[base.toFixed(), base]]);
  for (const weight of free) {
    const next = new Map(sums);
    for (const sum of sums.values()) {
      const more = sum.plus(weight);
      next.set(more.toFixed(), more);
    }
    sums = next;
    if (sums.size > manySums) {
      addSpan(found, feed, base, free);
      return;
    }
  }
  for (const sum of sums.values()) found.add(feed.placeOf(sum));
}

/** All pieces from the least sum to the greatest. */
function addSpan(found: Set<number>, feed: Feed, base: Big, free: readonly Big[]): void {
  const sum = (weights: readonly Big[]) => weights.reduce((total, weight) => total.plus(weight), base);
  const from = feed.placeOf(sum(free.filter((weight) => weight.lt(0))));
  const to = feed.placeOf(sum(free.filter((weight) => weight.gt(0))));
  for (let place = from; place <= to; place++) found.add(place);
}
