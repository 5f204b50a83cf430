import Big from 'big.js';
import type { Literal } from '../model/value.ts';
import { nextDouble, previousDouble } from './doubles.ts';
import type { Column, Test, TestAtom } from './logic.ts';
import { comparable, type Scalar } from './normalise.ts';

export type Predicate = (value: Scalar) => boolean;

/** A test as a function. Null matches only `-`, `null` and a list that names null; a `not(…)` never matches it. */
export function compileTest(test: Test, column: Column): Predicate {
  if (test.kind === 'any') return () => true;
  const namesNull = test.atoms.some((atom) => atom.kind === 'null');
  const onNull = test.negated ? test.alsoNull : namesNull;
  const matches = test.atoms.filter((atom) => atom.kind !== 'null').map((atom) => compileAtom(atom, column));
  const { negated } = test;
  const only = matches.length === 1 ? matches[0] : undefined;
  if (only !== undefined && !negated) return (value) => (value === null ? onNull : only(value));
  return (value) => (value === null ? onNull : matches.some((match) => match(value)) !== negated);
}

type Known = Exclude<Scalar, null>;

/** The numbers that a test accepts, from the least to the greatest of them. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * A test of one bound, one value or one interval as an interval of plain numbers, which is checked without a call. Null for other tests, and where
 * a bound is no plain number; values that are none take the way of `compileTest`.
 */
export function intervalOf(test: Test, column: Column): Interval | null {
  if (test.kind === 'any' || test.negated || test.atoms.length !== 1) return null;
  const [atom] = test.atoms;
  if (atom === undefined || atom.kind === 'null') return null;
  if (atom.kind === 'compare') {
    const isFloor = atom.operator === '>=' || atom.operator === '>';
    const low = isFloor ? edge(atom.bound, column, atom.operator === '>=', nextDouble) : Number.NEGATIVE_INFINITY;
    const high = isFloor ? Number.POSITIVE_INFINITY : edge(atom.bound, column, atom.operator === '<=', previousDouble);
    return low === null || high === null ? null : { low, high };
  }
  const [from, to] = atom.kind === 'equal' ? [atom.value, atom.value] : [atom.low, atom.high];
  const low = edge(from, column, atom.kind === 'equal' || atom.lowClosed, nextDouble);
  const high = edge(to, column, atom.kind === 'equal' || atom.highClosed, previousDouble);
  return low === null || high === null ? null : { low, high };
}

function edge(
  bound: Exclude<Literal, null>,
  column: Column,
  closed: boolean,
  beside: (value: number) => number,
): number | null {
  const value = comparable(bound, column);
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  return closed ? value : beside(value);
}

/** The only text that a test accepts; null for other tests. */
export function wordOf(test: Test): string | null {
  if (test.kind === 'any' || test.negated || test.atoms.length !== 1) return null;
  const [atom] = test.atoms;
  return atom?.kind === 'equal' && typeof atom.value === 'string' ? atom.value : null;
}

function compileAtom(atom: Exclude<TestAtom, { kind: 'null' }>, column: Column): (value: Known) => boolean {
  switch (atom.kind) {
    case 'equal': {
      const wanted = comparable(atom.value, column);
      if (typeof wanted === 'string' || typeof wanted === 'boolean') return (value) => value === wanted;
      return (value) =>
        typeof value === 'number' && typeof wanted === 'number' ? value === wanted : compare(value, wanted) === 0;
    }
    case 'compare': {
      return compileBound(atom.operator, comparable(atom.bound, column));
    }
    case 'interval': {
      const low = comparable(atom.low, column);
      const high = comparable(atom.high, column);
      const above = compileBound(atom.lowClosed ? '>=' : '>', low);
      const below = compileBound(atom.highClosed ? '<=' : '<', high);
      return (value) => above(value) && below(value);
    }
  }
}

type Operator = '<' | '<=' | '>' | '>=';

function compileBound(operator: Operator, bound: Known): (value: Known) => boolean {
  if (typeof bound === 'number') return compareNumber(operator, bound);
  if (operator === '<') return (value) => compare(value, bound) < 0;
  if (operator === '<=') return (value) => compare(value, bound) <= 0;
  if (operator === '>') return (value) => compare(value, bound) > 0;
  return (value) => compare(value, bound) >= 0;
}

/** Nearly all values and bounds are whole steps; the others take the long way. */
function compareNumber(operator: Operator, bound: number): (value: Known) => boolean {
  switch (operator) {
    case '<':
      return (value) => (typeof value === 'number' ? value < bound : compare(value, bound) < 0);
    case '<=':
      return (value) => (typeof value === 'number' ? value <= bound : compare(value, bound) <= 0);
    case '>':
      return (value) => (typeof value === 'number' ? value > bound : compare(value, bound) > 0);
    case '>=':
      return (value) => (typeof value === 'number' ? value >= bound : compare(value, bound) >= 0);
  }
}

/** Exact order of two known values of one column; values of different kinds are never equal. */
export function compare(a: Known, b: Known): number {
  if (a instanceof Big && b instanceof Big) return compareBigs(a, b);
  if (a instanceof Big || b instanceof Big) {
    if (typeof a === 'string' || typeof a === 'boolean' || typeof b === 'string' || typeof b === 'boolean')
      return Number.NaN;
    return new Big(a.toString()).cmp(b.toString());
  }
  if (typeof a === 'string' || typeof a === 'boolean' || typeof b === 'string' || typeof b === 'boolean')
    return a === b ? 0 : Number.NaN;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** As `cmp` of the two, which would copy one of them each time. */
function compareBigs(a: Big, b: Big): number {
  const [sign, other] = [signOf(a), signOf(b)];
  if (sign !== other) return sign > other ? 1 : -1;
  return sign === 0 ? 0 : sign * compareSizes(a, b);
}

function signOf({ s, c }: Big): number {
  return c[0] === 0 ? 0 : s;
}

/** Of two that are not 0. */
function compareSizes(a: Big, b: Big): number {
  if (a.e !== b.e) return a.e > b.e ? 1 : -1;
  const length = Math.max(a.c.length, b.c.length);
  for (let at = 0; at < length; at++) {
    const difference = (a.c[at] ?? 0) - (b.c[at] ?? 0);
    if (difference !== 0) return difference > 0 ? 1 : -1;
  }
  return 0;
}
