import Big from 'big.js';
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

function compileAtom(atom: Exclude<TestAtom, { kind: 'null' }>, column: Column): (value: Known) => boolean {
  switch (atom.kind) {
    case 'equal': {
      const wanted = comparable(atom.value, column);
      return (value) => compare(value, wanted) === 0;
    }
    case 'compare': {
      const bound = comparable(atom.bound, column);
      if (typeof bound === 'number') return compareNumber(atom.operator, bound);
      if (atom.operator === '<') return (value) => compare(value, bound) < 0;
      if (atom.operator === '<=') return (value) => compare(value, bound) <= 0;
      if (atom.operator === '>') return (value) => compare(value, bound) > 0;
      return (value) => compare(value, bound) >= 0;
    }
    case 'interval': {
      const low = comparable(atom.low, column);
      const high = comparable(atom.high, column);
      const { lowClosed, highClosed } = atom;
      return (value) => {
        const left = compare(value, low);
        const right = compare(value, high);
        return (left > 0 || (lowClosed && left === 0)) && (right < 0 || (highClosed && right === 0));
      };
    }
  }
}

/** Nearly all values and bounds are whole steps; the others take the long way. */
function compareNumber(operator: '<' | '<=' | '>' | '>=', bound: number): (value: Known) => boolean {
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
  if (a instanceof Big || b instanceof Big) {
    if (typeof a === 'string' || typeof a === 'boolean' || typeof b === 'string' || typeof b === 'boolean')
      return Number.NaN;
    return new Big(a.toString()).cmp(b.toString());
  }
  if (typeof a === 'string' || typeof a === 'boolean' || typeof b === 'string' || typeof b === 'boolean')
    return a === b ? 0 : Number.NaN;
  return a < b ? -1 : a > b ? 1 : 0;
}
