import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileTest } from '../../src/decision/compile-test.ts';
import type { Column } from '../../src/decision/logic.ts';
import { normalise } from '../../src/decision/normalise.ts';
import type { RawValue } from '../../src/model/value.ts';
import { cell, column } from '../support/columns.ts';

function matches(text: string, of: Column, raw: RawValue): boolean {
  const read = normalise(raw, of);
  if (!read.ok) throw new Error(`${String(raw)} is not ${read.expected}`);
  return compileTest(cell(text), of)(read.value);
}

const number = column('x', 'number');
const word = column('x', 'enum');
const boolean = column('x', 'boolean');

describe('null is a value of its own', () => {
  const yes = ['-', 'null', 'null, 5', '> 5, null', 'not(5), null', 'not(null), null'];
  const no = ['5', '> 5', '<= 5', '[0..9]', '5, 6', 'not(5)', 'not(5, null)', 'not(> 5)', 'not(null)', 'not([0..1])'];
  test.each(yes)('%s matches null', (text) => expect(matches(text, number, null)).toBe(true));
  test.each(no)('%s never matches null', (text) => expect(matches(text, number, null)).toBe(false));
  test.each([...yes, ...no])('%s answers NaN and infinities as null', (text) => {
    for (const raw of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(matches(text, number, raw)).toBe(matches(text, number, null));
    }
  });
  test.each([0, -0, 1, -5, 1e300])('not(null) matches %s', (raw) =>
    expect(matches('not(null)', number, raw)).toBe(true),
  );
  test('not(…, null) matches what is known and not listed', () => {
    expect(matches('not(5, null)', number, 6)).toBe(true);
    expect(matches('not(5, null)', number, 5)).toBe(false);
  });
});

describe('known values', () => {
  test.each<[string, Column, RawValue, boolean]>([
    ['5', number, 5, true],
    ['5.0', number, 5, true],
    ['0', number, -0, true],
    ['0.3', number, 0.1 + 0.2, false],
    ['0.3', column('x', 'number', { step: '0.1' }), 0.1 + 0.2, true],
    ['> 0.3', number, 0.1 + 0.2, true],
    ['> 0.3', column('x', 'number', { step: '0.0001' }), 0.1 + 0.2, false],
    ['[0..1]', number, 0, true],
    ['(0..1]', number, 0, false],
    [']0..1]', number, 0, false],
    ['[0..1]', number, 1, true],
    ['[0..1)', number, 1, false],
    ['[0..1[', number, 1, false],
    ['[5..1]', number, 3, false],
    ['< 1, > 9', number, 5, false],
    ['< 1, > 9', number, 10, true],
    ['not(< 1, > 9)', number, 5, true],
    ['"mm"', word, 'mm', true],
    ['"mm"', word, 'MM', false],
    ['"mm"', word, 'mm ', false],
    ['not("mm")', word, 'retail', true],
    ['"a", "b"', word, 'b', true],
    ['""', word, '', true],
    ['true', boolean, true, true],
    ['true', boolean, false, false],
    ['not(true)', boolean, false, true],
    ['>= 9007199254740993', column('x', 'integer'), 9007199254740992n, false],
    ['>= 9007199254740993', column('x', 'integer'), 9007199254740993n, true],
    ['5', column('x', 'decimal'), 5n, true],
  ])('%s of %s: %s', (text, of, raw, expected) => {
    expect(matches(text, of, raw)).toBe(expected);
  });
});

test('a value of another kind is never equal, less or greater', () => {
  for (const text of ['5', '> 5', '< 5', '[0..9]']) {
    expect(compileTest(cell(text), number)('5')).toBe(false);
    expect(compileTest(cell(text), number)(true)).toBe(false);
  }
});

test('a comparison and its negation split what is known, with and without a step', () => {
  const columns = [number, column('x', 'number', { step: '0.001' }), column('x', 'decimal')];
  const texts = ['< 0.5', '>= 0.5', '[0.25..0.75)', '0.5', '< 0.1, > 0.9'];
  fc.assert(
    fc.property(fc.double({ min: -2, max: 2, noNaN: true }), fc.constantFrom(...columns), (raw, of) => {
      for (const text of texts) expect(matches(text, of, raw)).toBe(!matches(`not(${text})`, of, raw));
      const sides = ['< 0.5', '0.5', '> 0.5'].filter((text) => matches(text, of, raw));
      expect(sides).toHaveLength(1);
    }),
    { seed: 3 },
  );
});
