import { type Area, areaOfRule } from '../boxes/area.ts';
import type { Meter } from '../boxes/budget.ts';
import { intersect } from '../region/ranges.ts';
import { insist } from './confirm.ts';
import type { Pairs } from './find-pairs.ts';
import { findPoint } from './find-point.ts';
import type { Inquiry } from './inquiry.ts';

/** Rules that conflict somewhere, and a part of where they do. */
interface Group {
  readonly rules: readonly number[];
  readonly area: Area;
}

/**
 * Overlaps that U and A forbid: every two rules that conflict are together in some group, and no rule can join a group. Gives whether
 * it is known that none conflict.
 */
export function tellOverlap(inquiry: Inquiry, { met, isWhole }: Pairs, meter: Meter): boolean {
  const { table, layer } = inquiry;
  if (table.hitPolicy !== 'U' && table.hitPolicy !== 'A') return true;
  const isAny = table.hitPolicy === 'A';
  const matters = (a: number, b: number) => !isAny || layer.says[a] !== layer.says[b];
  const near = met.map((others, a) => others.filter((b) => matters(a, b)));
  if (!isWhole) inquiry.leaveOpen('overlap', null, []);
  const covered = new Set<number>();
  const size = layer.rules.length;
  let isSafe = isWhole;
  const pairs = near.flatMap((others, a) => others.flatMap((b): [number, number][] => (a < b ? [[a, b]] : [])));
  for (const [a, b] of pairs) {
    if (covered.has(a * size + b)) continue;
    if (meter.left() <= 0) {
      inquiry.leaveOpen('overlap', layer.rules[a]?.id ?? null, []);
      return false;
    }
    const pair = startGroup(inquiry, a, b, meter);
    if (pair === null) continue;
    isSafe = false;
    if (pair === 'open') inquiry.leaveOpen('overlap', layer.rules[a]?.id ?? null, []);
    else {
      const group = grow(inquiry, pair, new Set([...(near[a] ?? []), ...(near[b] ?? [])]), meter);
      cover(covered, group.rules, size);
      if (inquiry.takes('overlap')) tellGroup(inquiry, group);
    }
  }
  return isSafe;
}

function cover(covered: Set<number>, rules: readonly number[], size: number): void {
  for (const [at, rule] of rules.entries()) for (const other of rules.slice(at + 1)) covered.add(rule * size + other);
}

/** Where earlier tables have no say, cells that meet are enough. */
function isPlain({ frame, layer }: Inquiry): boolean {
  return frame.layers.length === 1 && layer.feeds.length === 0;
}

function startGroup(inquiry: Inquiry, a: number, b: number, meter: Meter): Group | null | 'open' {
  const { frame, layer } = inquiry;
  if (isPlain(inquiry)) {
    const other = areaOfRule(frame, layer, b);
    const area = areaOfRule(frame, layer, a).map((ranges, dim) => intersect(ranges, other[dim] ?? []));
    return { rules: [a, b], area };
  }
  const area = findPoint(frame, [a, b], () => false, meter);
  return area === null || area === 'open' ? area : { rules: [a, b], area };
}

/** Takes in one rule after the other, in their order, as long as all have something in common. */
function grow(inquiry: Inquiry, group: Group, candidates: ReadonlySet<number>, meter: Meter): Group {
  const { frame, layer } = inquiry;
  let { rules, area } = group;
  for (const rule of [...candidates].sort((a, b) => a - b)) {
    if (rules.includes(rule)) continue;
    meter.spend(2 * frame.dims.length);
    if (isPlain(inquiry)) {
      const own = areaOfRule(frame, layer, rule);
      const both = area.map((ranges, dim) => intersect(ranges, own[dim] ?? []));
      if (both.some((ranges) => ranges.length === 0)) continue;
      area = both;
    } else {
      const found = findPoint(frame, [...rules, rule], () => false, meter);
      if (found === null || found === 'open') continue;
      area = found;
    }
    rules = [...rules, rule];
  }
  return { rules: [...rules].sort((a, b) => a - b), area };
}

function tellGroup({ table, layer, frame, tell, ask, add }: Inquiry, { rules, area }: Group): void {
  const ids = rules.map((rule) => layer.rules[rule]?.id ?? '');
  const region = tell(frame, area);
  const answer = ask(region).answer();
  const isConflict = answer.kind === 'conflict' && ids.every((id) => answer.rules.includes(id));
  insist(isConflict, () => `${ids.join()} of \`${table.name}\` conflict`);
  add({ kind: 'overlap', table: table.name, rules: ids, region });
}
