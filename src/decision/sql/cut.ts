import Big from 'big.js';
import { exactDecimal, nextDouble, previousDouble } from '../doubles.ts';
import type { Column } from '../logic.ts';
import { comparable } from '../normalise.ts';
import { type Carrier, limits, unit } from './carrier.ts';

/**
 * Where raw numbers change sides. Rounding to a step keeps their order, so a bound on rounded values is a bound on raw ones:
 * with a step of 0.0001, `>= 0.5` begins at 0.49995. Nothing needs to be rounded in SQL, and no database's rounding matters.
 */
export type Cut =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  /** Raw numbers that are greater than `at`, or equal to it where `closed`. */
  | { readonly kind: 'from'; readonly at: Big; readonly closed: boolean };

type NumberCarrier = Extract<Carrier, { kind: 'double' | 'exact' }>;

/** The raw numbers of a carrier whose value is at least the bound (`orEqual`), or above it. */
export function cutAt(bound: Big, orEqual: boolean, column: Column, carrier: NumberCarrier): Cut {
  const cut = exactCut(comparable(bound, column), orEqual, column, carrier);
  if (cut.kind !== 'from') return cut;
  return carrier.kind === 'double' ? onDoubles(cut.at, cut.closed) : onGrid(cut.at, cut.closed, carrier);
}

/** The same for numbers with all their digits: a double counts as its shortest decimal. */
function exactCut(
  wanted: ReturnType<typeof comparable>,
  orEqual: boolean,
  column: Column,
  carrier: NumberCarrier,
): Cut {
  if (typeof wanted === 'string' || typeof wanted === 'boolean') return { kind: 'none' };
  if (typeof wanted === 'number' && !Number.isFinite(wanted)) return { kind: wanted > 0 ? 'none' : 'all' };
  if (column.step !== null) {
    // A bound between two steps is a double there, of which all digits count.
    const exact = typeof wanted === 'number' ? exactDecimal(wanted) : new Big(wanted.toString());
    return stepCut(exact, orEqual, column.step);
  }
  if (typeof wanted === 'number' && carrier.kind === 'exact') return nearestDoubleCut(wanted, orEqual);
  return { kind: 'from', at: new Big(wanted.toString()), closed: orEqual };
}

/** The first whole step that is high enough begins half a step below; halves belong to the step farther from zero. */
function stepCut(exact: Big, orEqual: boolean, step: Big): Cut {
  const below = exact.round(0, exact.lt(0) ? Big.roundUp : Big.roundDown);
  const first = below.eq(exact) && orEqual ? exact : below.plus(1);
  return { kind: 'from', at: first.minus('0.5').times(step), closed: first.gt(0) };
}

/** Decimals that are compared as doubles: the nearest double is high enough from half way to the one below it. */
function nearestDoubleCut(wanted: number, orEqual: boolean): Cut {
  const first = orEqual ? wanted : nextDouble(wanted);
  const below = previousDouble(first);
  if (!Number.isFinite(first)) return { kind: 'none' };
  if (!Number.isFinite(below)) return { kind: 'all' };
  const middle = exactDecimal(below).plus(exactDecimal(first)).times('0.5');
  return { kind: 'from', at: middle, closed: isEven(first) };
}

/** A number half way between two doubles becomes the one whose last bit is 0. */
function isEven(value: number): boolean {
  return (new BigUint64Array(new Float64Array([value]).buffer)[0] ?? 0n) % 2n === 0n;
}

/** The double nearest to the cut decides: all above it lie above the cut, and all below it below. */
function onDoubles(at: Big, closed: boolean): Cut {
  const nearest = Number(at.toString());
  if (!Number.isFinite(nearest)) return { kind: nearest > 0 ? 'none' : 'all' };
  const shortest = new Big(nearest.toString());
  return { kind: 'from', at: shortest, closed: shortest.eq(at) ? closed : shortest.gt(at) };
}

/** The cut on the numbers that a column can hold. */
function onGrid(at: Big, closed: boolean, carrier: Extract<Carrier, { kind: 'exact' }>): Cut {
  const { least, most } = limits(carrier);
  const grid = at.round(carrier.scale, at.gt(0) ? Big.roundUp : Big.roundDown);
  const isOn = grid.eq(at);
  if (grid.gt(most) || (isOn && !closed && grid.eq(most))) return { kind: 'none' };
  if (grid.lt(least) || (grid.eq(least) && (closed || !isOn))) return { kind: 'all' };
  // The least number itself may have no literal.
  if (grid.eq(least)) return { kind: 'from', at: grid.plus(unit(carrier.scale)), closed: true };
  return { kind: 'from', at: grid, closed: closed || !isOn };
}
