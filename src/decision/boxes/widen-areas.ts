import type { Ranges } from '../region/axis.ts';
import { intersect, subtract, unite } from '../region/ranges.ts';
import type { Area } from './area.ts';

/** More areas than a person reads are left as they are. */
const mostAreas = 24;
/** Parts to look at before it is taken that areas do not hold another one. */
const mostParts = 500;

/**
 * Areas that say the same with fewer conditions, and may overlap: each is stretched, axis by axis, as far as all of them together
 * reach, and left out where the others hold it. They hold the same inputs as before.
 */
export function widenAreas(areas: readonly Area[]): readonly Area[] {
  if (areas.length < 2 || areas.length > mostAreas) return areas;
  const wide = areas.map((area) => stretch(area, areas));
  return wide.reduceRight<readonly Area[]>((kept, area) => {
    const others = kept.filter((other) => other !== area);
    return isHeld(area, others) ? others : kept;
  }, wide);
}

function stretch(area: Area, areas: readonly Area[]): Area {
  return area.reduce<Area>((wide, _, axis) => {
    const slab = (there: Ranges) => wide.map((own, at) => (at === axis ? there : own));
    const more = rangesToldApart(axis, areas).filter((there) => isHeld(slab(there), areas));
    return slab(more.reduce(unite, wide[axis] ?? []));
  }, area);
}

/** What the areas hold of an axis, in parts that each area holds whole or not at all. */
function rangesToldApart(axis: number, areas: readonly Area[]): readonly Ranges[] {
  const all = areas.map((area) => area[axis] ?? []);
  return all.reduce<readonly Ranges[]>(
    (parts, own) =>
      parts.flatMap((part) => [intersect(part, own), subtract(part, own)].filter(({ length }) => length > 0)),
    [all.reduce(unite, [])],
  );
}

/** Whether areas together hold all of another; where that is long to tell, it is taken that they do not. */
function isHeld(area: Area, by: readonly Area[]): boolean {
  let parts: readonly Area[] = [area];
  for (const other of by) {
    parts = parts.flatMap((part) => outside(part, other));
    if (parts.length > mostParts) return false;
  }
  return parts.length === 0;
}

/** What of an area lies outside another, in parts that do not overlap. */
function outside(area: Area, other: Area): readonly Area[] {
  const both = area.map((own, axis) => intersect(own, other[axis] ?? []));
  if (both.some(({ length }) => length === 0)) return [area];
  return area.flatMap((there, axis) => {
    const rest = subtract(there, other[axis] ?? []);
    const part = area.map((own, at) => (at === axis ? rest : at < axis ? (both[at] ?? []) : own));
    return rest.length === 0 ? [] : [part];
  });
}
