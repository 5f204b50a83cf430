import type Big from 'big.js';
import type { Relation } from './force-bound.ts';
import type { End, MovableBound } from './movable-bounds.ts';

/** A place to which a bound can be moved, and after which something may be otherwise. */
export interface Stand {
  readonly at: Big;
  /** On the value itself, or beyond it and before the next one. */
  readonly side: Relation;
  /** On a grid: the nearest value there that the bound can have. */
  readonly first: Big;
}

/** From the bound outwards: every place that differs from the one before for somebody with one of these values. */
export function* stands(bound: MovableBound, up: boolean, values: readonly Big[]): Generator<Stand> {
  const { now, step } = bound;
  const end = up ? bound.high : bound.low;
  const isBeyond = (value: Big, other: Big) => (up ? value.gt(other) : value.lt(other));
  const beyond = values.filter((value) => isBeyond(value, now)).sort((a, b) => (up ? a.cmp(b) : b.cmp(a)));
  const points = [now, ...beyond.filter((value, place) => place === 0 || !value.eq(beyond[place - 1] ?? now))];
  for (const [place, at] of points.entries()) {
    if (!reaches(at, end, up)) return;
    if (place > 0 && (step === null || at.mod(step).eq(0))) yield { at, side: 'at', first: at };
    const next = points[place + 1];
    const first = step === null ? at : gridBeyond(at, step, up);
    const isFree = step === null ? hasRoom(at, end, up) : reaches(first, end, up);
    const isBefore = step === null || next === undefined || isBeyond(next, first);
    if (isFree && isBefore) yield { at, side: up ? 'above' : 'below', first };
  }
}

function reaches(at: Big, end: End | null, up: boolean): boolean {
  if (end === null) return true;
  const left = up ? end.at.cmp(at) : at.cmp(end.at);
  return left > 0 || (left === 0 && end.included);
}

/** Whether the range holds anything beyond a point. */
function hasRoom(at: Big, end: End | null, up: boolean): boolean {
  return end === null || (up ? end.at.gt(at) : end.at.lt(at));
}

/** The next multiple of the step. */
function gridBeyond(at: Big, step: Big, up: boolean): Big {
  const rest = at.mod(step);
  const base = at.minus(rest); // towards zero
  if (rest.eq(0)) return up ? at.plus(step) : at.minus(step);
  if (up) return rest.gt(0) ? base.plus(step) : base;
  return rest.gt(0) ? base : base.minus(step);
}
