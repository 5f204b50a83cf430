import Big from 'big.js';
import type { Column, Test, TestAtom } from '../decision/logic.ts';
import type { Literal } from '../model/value.ts';
import { complement, type Stretch } from './complement.ts';

/**
 * A cell as unary tests of FEEL that match the same values, null among them. `values` are all that the column can have,
 * where that is known.
 */
export function feelOfTest(test: Test, column: Column, values: readonly Literal[] | null): string {
  if (test.kind === 'any') return '-';
  if (!test.negated) return test.atoms.map((atom) => feelOfAtom(atom, column)).join(', ');
  const named = test.atoms.filter((atom) => atom.kind !== 'null');
  const rest = isNumeric(column)
    ? complement(named).flatMap((stretch) => feelOfStretch(stretch, column))
    : values
        ?.filter((value) => value !== null && !named.some((atom) => atom.kind === 'equal' && atom.value === value))
        .map(feelOfLiteral);
  const listed = named.map((atom) => feelOfAtom(atom, column));
  if (rest !== undefined) {
    const parts = [...rest, ...(test.alsoNull ? ['null'] : [])];
    // Nothing at all is matched: only a negation says that.
    return parts.length > 0 ? parts.join(', ') : `not(${[...listed, 'null'].join(', ')})`;
  }
  if (!test.alsoNull) return `not(${[...listed, 'null'].join(', ')})`;
  return listed.length === 0 ? '-' : `not(${listed.join(', ')})`;
}

/** What a range allows, as allowed values: null can always come, so it is always named. */
export function feelOfRange(column: Column): string | null {
  return column.range.kind === 'any' ? null : `${feelOfTest(column.range, column, null)}, null`;
}

export function feelOfLiteral(value: Literal): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `"${value.replace(/["\\]/g, '\\$&')}"`;
  return typeof value === 'boolean' ? String(value) : value.toFixed();
}

function feelOfAtom(atom: TestAtom, column: Column): string {
  switch (atom.kind) {
    case 'null':
      return 'null';
    case 'equal':
      return feelOfLiteral(atom.value instanceof Big ? bound(atom.value, column) : atom.value);
    case 'compare':
      return `${atom.operator} ${bound(atom.bound, column).toFixed()}`;
    case 'interval':
      return interval(atom, column);
  }
}

function feelOfStretch({ low, lowClosed, high, highClosed }: Stretch, column: Column): string[] {
  if (low === null && high === null) return ['< 0', '>= 0'];
  if (low === null) return high === null ? [] : [`<${highClosed ? '=' : ''} ${bound(high, column).toFixed()}`];
  if (high === null) return [`>${lowClosed ? '=' : ''} ${bound(low, column).toFixed()}`];
  return low.eq(high) ? [bound(low, column).toFixed()] : [interval({ low, lowClosed, high, highClosed }, column)];
}

function interval(
  atom: { readonly low: Big; readonly lowClosed: boolean; readonly high: Big; readonly highClosed: boolean },
  column: Column,
): string {
  const { low, lowClosed, high, highClosed } = atom;
  return `${lowClosed ? '[' : '('}${bound(low, column).toFixed()}..${bound(high, column).toFixed()}${highClosed ? ']' : ')'}`;
}

/** FEEL compares decimals. A column that is compared as a double gets the decimal of its bound's double: the order is the same. */
function bound(value: Big, column: Column): Big {
  return column.type === 'number' && column.step === null ? new Big(Number(value.toString())) : value;
}

export function isNumeric({ type }: Column): boolean {
  return type === 'number' || type === 'integer' || type === 'decimal';
}
