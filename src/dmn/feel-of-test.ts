import Big from 'big.js';
import { type Column, isOrdered, type Test, type TestAtom } from '../decision/logic.ts';
import type { Literal } from '../model/value.ts';
import { formatTime, isoDuration } from '../text/time.ts';
import { complement, type Stretch } from './complement.ts';

/**
 * A cell as unary tests of FEEL that match the same values, null among them. `values` are all that the column can have,
 * where that is known.
 */
export function feelOfTest(test: Test, column: Column, values: readonly Literal[] | null): string {
  if (test.kind === 'any') return '-';
  if (!test.negated) return test.atoms.map((atom) => feelOfAtom(atom, column)).join(', ');
  const named = test.atoms.filter((atom) => atom.kind !== 'null');
  const rest = isOrdered(column)
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
      return atom.value instanceof Big ? feelBound(atom.value, column) : feelOfLiteral(atom.value);
    case 'compare':
      return `${atom.operator} ${feelBound(atom.bound, column)}`;
    case 'interval':
      return interval(atom, column);
  }
}

function feelOfStretch({ low, lowClosed, high, highClosed }: Stretch, column: Column): string[] {
  if (low === null && high === null) return ['< 0', '>= 0'];
  if (low === null) return high === null ? [] : [`<${highClosed ? '=' : ''} ${feelBound(high, column)}`];
  if (high === null) return [`>${lowClosed ? '=' : ''} ${feelBound(low, column)}`];
  return low.eq(high) ? [feelBound(low, column)] : [interval({ low, lowClosed, high, highClosed }, column)];
}

function interval(
  atom: { readonly low: Big; readonly lowClosed: boolean; readonly high: Big; readonly highClosed: boolean },
  column: Column,
): string {
  const { low, lowClosed, high, highClosed } = atom;
  return `${lowClosed ? '[' : '('}${feelBound(low, column)}..${feelBound(high, column)}${highClosed ? ']' : ')'}`;
}

/** FEEL compares decimals. A column that is compared as a double gets the decimal of its bound's double: the order is the same. */
function feelBound(value: Big, column: Column): string {
  return feelOfValue(
    column.type === 'number' && column.step === null ? new Big(Number(value.toString())) : value,
    column,
  );
}

/** A value of a column, which tells times and durations from numbers. */
export function feelOfValue(value: Literal, { type }: Column): string {
  if (value instanceof Big && type === 'date and time') return `date and time("${formatTime(Number(value))}")`;
  if (value instanceof Big && type === 'duration') return `duration("${isoDuration(Number(value))}")`;
  return feelOfLiteral(value);
}
