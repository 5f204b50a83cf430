import { areaOfRule } from '../boxes/area.ts';
import type { Meter } from '../boxes/budget.ts';
import type { Frame, Layer } from '../boxes/frame.ts';
import type { Axis, Ranges } from '../region/axis.ts';
import { intersect, sameRanges, unite } from '../region/ranges.ts';
import { showCell } from '../region/show.ts';
import { insist } from './confirm.ts';
import { findPoint, type Point } from './find-point.ts';
import type { Inquiry } from './inquiry.ts';
import type { Reach } from './reach.ts';

/** In groups of more rules only neighbours are held against each other. */
const manyRules = 16;

/** Pairs of rules that one rule can stand for. No rule is told twice for one column. */
export function tellMergeable(inquiry: Inquiry, alone: Frame, reach: Reach, meter: Meter): void {
  const layer = alone.layers[0];
  const isLost = reach.open.length > 0;
  const kept = layer.rules.flatMap((_, rule) => (isLost || reach.reached[rule] ? [rule] : []));
  const keys = rangeKeys(alone, layer, kept);
  alone.dims.forEach(({ axis }, dim) => {
    if (axis.column.fixed === true) return;
    for (const group of groupsOn(layer, kept, keys, dim)) mergeGroup(inquiry, alone, group, dim, meter);
  });
}

/** A number for each cell of each rule, the same for cells of a column that let the same through. */
function rangeKeys(frame: Frame, layer: Layer, rules: readonly number[]): Map<number, number[]> {
  const known = frame.dims.map(() => new Map<string, number>());
  return new Map(
    rules.map((rule) => [
      rule,
      areaOfRule(frame, layer, rule).map((ranges, dim) => {
        const key = ranges.join();
        const number = known[dim]?.get(key) ?? known[dim]?.size ?? 0;
        known[dim]?.set(key, number);
        return number;
      }),
    ]),
  );
}

/** Rules that say the same and differ on this axis only, in their order. */
function groupsOn(
  layer: Layer,
  rules: readonly number[],
  keys: ReadonlyMap<number, readonly number[]>,
  dim: number,
): number[][] {
  const groups = new Map<string, number[]>();
  for (const rule of rules) {
    const key = `${layer.says[rule]};${keys.get(rule)?.map((number, at) => (at === dim ? '' : number))}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [rule]);
    else group.push(rule);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

function mergeGroup(inquiry: Inquiry, frame: Frame, group: readonly number[], dim: number, meter: Meter): void {
  const layer = frame.layers[0];
  const cell = (rule: number) => areaOfRule(frame, layer, rule)[dim] ?? [];
  const told = new Set<number>();
  for (const [one, other] of candidates(group, (rule) => cell(rule)[0] ?? 0)) {
    if (told.has(one) || told.has(other)) continue;
    const [first, second] = one < other ? [one, other] : [other, one];
    if (!areJoinable(cell(first), cell(second), frame.dims[dim]?.axis)) continue;
    const pair: Pair = { inquiry, frame, first, second, dim, meter };
    const place = placeFor(pair);
    if (place === 'open') inquiry.leaveOpen('mergeable', layer.rules[first]?.id ?? null, []);
    if (place === null || place === 'open') continue;
    told.add(first).add(second);
    tellPair(pair, place);
  }
}

/** All pairs of a small group; of a large one those whose cells begin one behind the other. */
function candidates(group: readonly number[], start: (rule: number) => number): [number, number][] {
  if (group.length <= manyRules)
    return group.flatMap((one, at) => group.slice(at + 1).map((other): [number, number] => [one, other]));
  const sorted = [...group].sort((a, b) => start(a) - start(b));
  return sorted.slice(1).map((other, at): [number, number] => [sorted[at] ?? other, other]);
}

/** Words always make a list; numbers must touch, or one of them be null alone. */
function areJoinable(a: Ranges, b: Ranges, axis: Axis | undefined): boolean {
  if (axis === undefined || sameRanges(a, b) || a.length === 0 || b.length === 0) return false;
  const last = axis.pieces.length - 1;
  if (axis.pieces[0]?.kind !== 'stretch') return true;
  const known = axis.pieces[last]?.kind === 'null' ? [0, last - 1] : [0, last];
  const [inA, inB] = [intersect(a, known), intersect(b, known)];
  return inA.length === 0 || inB.length === 0 || unite(inA, inB).length < inA.length + inB.length;
}

interface Pair {
  readonly inquiry: Inquiry;
  readonly frame: Frame;
  readonly first: number;
  readonly second: number;
  readonly dim: number;
  readonly meter: Meter;
}

/** At which of two rules one with both cells may stand; null where at none. */
function placeFor(pair: Pair): number | null | 'open' {
  const { frame, first, second, dim } = pair;
  const layer = frame.layers[0];
  const cell = (rule: number) => areaOfRule(frame, layer, rule)[dim] ?? [];
  const isApart = intersect(cell(first), cell(second)).length === 0;
  switch (layer.table.hitPolicy) {
    case 'A':
    case 'C<':
    case 'C>':
      return first;
    case 'U':
    case 'C+':
    case 'C#':
      return isApart ? first : null;
    case 'C':
    case 'R':
    case 'O':
      return isApart && !meetsBetween(pair) ? first : null;
  }
  const up = anyBetween(pair, second);
  if (up === 'no') return first;
  const down = anyBetween(pair, first);
  return down === 'no' ? second : up === 'open' || down === 'open' ? 'open' : null;
}

/** Rules from one to another that a rule may meet. */
function between({ near }: Layer, rule: number, first: number, second: number): number[] {
  const known = near?.[rule];
  if (known !== undefined) return known.filter((other) => other > first && other < second);
  return Array.from({ length: second - first - 1 }, (_, at) => first + 1 + at);
}

/** Whether a list would come in another order. */
function meetsBetween({ frame, first, second }: Pair): boolean {
  const layer = frame.layers[0];
  const moved = areaOfRule(frame, layer, second);
  for (const other of between(layer, second, first, second)) {
    const area = areaOfRule(frame, layer, other);
    if (moved.every((ranges, dim) => intersect(ranges, area[dim] ?? []).length > 0)) return true;
  }
  return false;
}

/** Whether a rule between the two that says something else decides where the moved rule matches. */
function anyBetween({ frame, first, second, meter }: Pair, moved: number): 'yes' | 'no' | 'open' {
  const layer = frame.layers[0];
  for (const other of between(layer, moved, first, second)) {
    if (layer.says[other] === layer.says[first]) continue;
    const isBefore = (rule: number) => rule < other && rule !== moved;
    const point: Point = findPoint(frame, [moved, other], isBefore, meter);
    if (point === 'open') return 'open';
    if (point !== null) return 'yes';
  }
  return 'no';
}

function tellPair({ inquiry, frame, first, second, dim, meter }: Pair, place: number): void {
  const { table, layer, tell, ask, add, takes } = inquiry;
  if (!takes('mergeable')) return;
  const axis = frame.dims[dim]?.axis;
  const point = findPoint(inquiry.frame, [second], () => false, meter);
  if (axis === undefined || point === null || point === 'open') return;
  const id = (rule: number) => layer.rules[rule]?.id ?? '';
  const area = areaOfRule(frame, frame.layers[0], second);
  const joined = unite(areaOfRule(frame, frame.layers[0], first)[dim] ?? [], area[dim] ?? []);
  const { cells } = tell(
    frame,
    area.map((ranges, at) => (at === dim ? joined : ranges)),
  );
  const region = { cells, witness: tell(inquiry.frame, point).witness };
  insist(ask(region).hits([id(second)]).length > 0, () => `\`${id(second)}\` of \`${table.name}\` matches`);
  add({
    kind: 'mergeable',
    table: table.name,
    rules: [id(first), id(second)],
    at: id(place),
    column: axis.column.name,
    cell: showCell(joined, axis),
    region,
  });
}
