import { placesOf } from '../boxes/box.ts';
import type { Cut } from '../boxes/cut-box.ts';
import type { Layer } from '../boxes/frame.ts';
import { cellAt, coversOn } from '../boxes/state.ts';
import { intersect, sameRanges } from '../region/ranges.ts';
import type { Both, Side } from './both.ts';
import { type Difference, differenceOf, differingDim, knownOf, type Part } from './same-tables.ts';

/** A rule of a layer. */
type At = readonly [layer: Layer, rule: number];

/** Where to cut a box in which two logics may differ, so that what differs is soon alone. Null: nothing is left to cut. */
export function chooseCut(part: Part, { sides }: Both, idsCount: boolean): Cut | null {
  const [before, after] = sides;
  return (
    // What a range refuses is apart from all rules.
    easiest([before.range, after.range], part) ??
    pairCut(before.tables.at(-1), after.tables.at(-1), part, sides, idsCount) ??
    easiest([...before.tables, ...after.tables], part)
  );
}

/** Where two tables differ; where the other side has no such table, anywhere in the one that is there. */
function pairCut(
  one: number | undefined,
  other: number | undefined,
  part: Part,
  sides: Both['sides'],
  idsCount = false,
): Cut | null {
  const both = [one, other].filter((at) => at !== undefined);
  const difference = one === undefined || other === undefined ? null : differenceOf(one, other, part, idsCount);
  if (difference === null) return easiest(both, part);
  return ruleCut(difference, part) ?? givenCut(difference, part, sides) ?? easiest(both, part);
}

/** At the rules that differ: the axis on which they do, else one on which the rule that the other side lacks is open. */
function ruleCut({ one, other, before, after, place }: Difference, part: Part): Cut | null {
  if (place < 0) return null;
  const [a, b] = [ruleAt(one, before, part), ruleAt(other, after, part)];
  if (a !== null && b !== null && idOf(a) === idOf(b)) {
    const dim = differingDim(...a, ...b, part.box);
    const cut = dim === null ? null : (cellCut(a, dim, part) ?? cellCut(b, dim, part));
    if (cut !== null) return cut;
  }
  const lacks = (at: number, rule: At | null) =>
    rule !== null && !rulesOf(at, part).some((known) => idOf(known) === idOf(rule));
  for (const rule of lacks(one, b) && !lacks(other, a) ? [b, a] : [a, b]) {
    const cut = rule && openCut(rule, part);
    if (cut !== null) return cut;
  }
  // Both match all over the box: what comes before them decides where they count.
  return easiest([one], part, place);
}

/** Rules that are open only in what earlier tables give: these are looked at. */
function givenCut({ one, other, before, after }: Difference, part: Part, sides: Both['sides']): Cut | null {
  const pairs = [
    ...sourcesOf(ruleAt(one, before, part)).map((at) => [at, likeOf(at, sides[1], part)] as const),
    ...sourcesOf(ruleAt(other, after, part)).map((at) => [likeOf(at, sides[0], part), at] as const),
  ];
  for (const [a, b] of pairs) {
    const cut = pairCut(a, b, part, sides);
    if (cut !== null) return cut;
  }
  return null;
}

/** The layers that fill what a rule asks for. */
function sourcesOf(at: At | null): number[] {
  if (at === null) return [];
  const [layer, rule] = at;
  return layer.feeds.filter(({ tests }) => tests[rule]?.kind === 'tests').map((feed) => feed.layer);
}

/** The table of the same name on the other side. */
function likeOf(source: number, { tables }: Side, { frame: { layers } }: Part): number | undefined {
  return tables.find((at) => layers[at]?.table.name === layers[source]?.table.name);
}

function ruleAt(at: number, rule: number | undefined, part: Part): At | null {
  return rule === undefined ? null : [knownOf(part, at).layer, rule];
}

/** The rules of a layer that may match somewhere in a part. */
function rulesOf(at: number, part: Part): At[] {
  const { layer, state } = knownOf(part, at);
  return state.alive.map((rule) => [layer, rule]);
}

function idOf([layer, rule]: At): string | undefined {
  return layer.rules[rule]?.id;
}

/** At the rule of these layers that soonest matches all over a box: the one with the fewest open cells, the first of these. */
function easiest(layers: readonly number[], part: Part, count = Number.POSITIVE_INFINITY): Cut | null {
  let best: Cut | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const at of layers) {
    const { layer, state } = knownOf(part, at);
    for (let place = 0; place < Math.min(count, state.alive.length); place++) {
      if (state.sure[place]) continue;
      const rule: At = [layer, state.alive[place] ?? -1];
      const open = openDims(rule, part, least);
      if (open.count === 0 || open.count >= least) continue;
      best = cellCut(rule, open.first, part);
      least = open.count;
    }
  }
  return best;
}

function openCut(rule: At, part: Part): Cut | null {
  const { count, first } = openDims(rule, part, 1);
  return count === 0 ? null : cellCut(rule, first, part);
}

/** The first of the axes on which a part of the box fails a rule, and how many there are; no more than `most` are counted. */
function openDims([layer, rule]: At, { frame: { dims }, box }: Part, most: number): { count: number; first: number } {
  let count = 0;
  let first = -1;
  for (let dim = 0; dim < dims.length && count < most; dim++) {
    if (coversOn(layer, rule, box, dim)) continue;
    if (count++ === 0) first = dim;
  }
  return { count, first };
}

/** Parts what a rule lets through on an axis from the rest. */
function cellCut([layer, rule]: At, dim: number, { frame: { dims }, box }: Part): Cut | null {
  const all = placesOf(box, dim);
  const places = intersect(all, cellAt(layer, rule * dims.length + dim));
  return places.length === 0 || sameRanges(places, all) ? null : { dim, places };
}
