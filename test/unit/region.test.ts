import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileTest } from '../../src/decision/compile-test.ts';
import { normalise } from '../../src/decision/normalise.ts';
import { axisOf, placeOf, rangesOf } from '../../src/decision/region/axis.ts';
import { places } from '../../src/decision/region/ranges.ts';
import { showRanges } from '../../src/decision/region/show.ts';
import { witnessOf } from '../../src/decision/region/witness.ts';
import { cell, column } from '../support/columns.ts';
import { upTo } from '../support/long.ts';

const columns = [
  column('n', 'number'),
  column('n', 'number', { range: '[0..1]', step: '0.01' }),
  column('n', 'integer', { range: '[0..10]' }),
  column('n', 'decimal', { range: '>= -2' }),
  column('n', 'number', { range: '(0..1]' }),
];
const bound = fc.constantFrom('0', '0.1', '0.25', '0.5', '1', '-1', '2', '3', '10');
const atom = fc.oneof(
  fc.constant('null'),
  bound,
  fc.tuple(fc.constantFrom('<', '<=', '>', '>='), bound).map(([sign, value]) => `${sign} ${value}`),
  fc
    .tuple(fc.constantFrom('[', '('), bound, bound, fc.constantFrom(']', ')'))
    .map(([open, low, high, close]) => `${open}${low}..${high}${close}`),
);
const numberCell = fc
  .tuple(fc.array(atom, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([atoms, negated]) => (negated ? `not(${atoms.join(', ')})` : atoms.join(', ')));
const near = fc.constantFrom(
  0,
  0.1,
  0.25,
  0.5,
  1,
  -1,
  2,
  3,
  10,
  0.24,
  0.26,
  0.4999999999999999,
  1e300,
  -1e-300,
  7,
  null,
);

test('a value is in the pieces of a test just where the evaluator lets it through', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...columns),
      fc.array(numberCell, { minLength: 1, maxLength: 4 }),
      near,
      (of, texts, raw) => {
        const tests = texts.map(cell);
        const axis = axisOf(of, tests);
        const read = normalise(of.type === 'integer' && raw !== null ? Math.round(raw) : raw, of);
        if (!read.ok) throw new Error('a number that is none');
        const allowed = read.value === null || compileTest(of.range, of)(read.value);
        const place = placeOf(read.value, axis);
        expect(place >= 0).toBe(allowed);
        if (allowed)
          for (const one of tests)
            expect(places(rangesOf(one, axis)).includes(place)).toBe(compileTest(one, of)(read.value));
      },
    ),
    { numRuns: upTo(5_000, 1_000), seed: 1 },
  );
});

test('every piece holds its witness, and the cell that is shown lets through just the pieces that it tells', () => {
  fc.assert(
    fc.property(fc.constantFrom(...columns), fc.array(numberCell, { minLength: 1, maxLength: 4 }), (of, texts) => {
      const tests = texts.map(cell);
      const axis = axisOf(of, tests);
      axis.pieces.forEach((piece, place) => {
        const value = witnessOf(piece, of, new Set());
        expect(placeOf(value, axis)).toBe(place);
      });
      for (const one of tests) {
        const ranges = rangesOf(one, axis);
        if (ranges.length === 0) continue;
        const shown = compileTest(cell(showRanges(ranges, axis)), of);
        axis.pieces.forEach((piece, place) => {
          expect(shown(witnessOf(piece, of, new Set()))).toBe(places(ranges).includes(place));
        });
      }
    }),
    { numRuns: upTo(3_000, 600), seed: 2 },
  );
});

describe('what is shown', () => {
  test.each([
    [column('n', 'number'), ['>= 0.3', '< 0.5'], '>= 0.3', '>= 0.3'],
    [column('n', 'number'), ['> 0.3'], '> 0.3', '> 0.3'],
    [column('n', 'number'), ['[0.2..0.5]', 'null'], '[0.2..0.5]', '[0.2..0.5]'],
    [column('n', 'integer'), ['<= 5', '> 2'], '(2..5]', '[3..5]'],
    [column('n', 'integer'), ['5'], '5', '5'],
    [column('w', 'enum', { range: '"a", "b", "c"' }), ['"a"'], 'not("a"), null', '"b", "c", null'],
    [column('w', 'text'), ['"a"'], 'not("a")', 'not("a")'],
  ])('%o %o: %s is %s', (of, tests, text, shown) => {
    const axis = axisOf(of, [...tests, text].map(cell));
    expect(showRanges(rangesOf(cell(text), axis), axis)).toBe(shown);
  });
});

describe('bounds at the end of what numbers can be', () => {
  const number = column('n', 'number');
  const shown = (text: string) => {
    const axis = axisOf(number, [cell(text)]);
    return [axis.pieces.length, showRanges(rangesOf(cell(text), axis), axis)];
  };
  test.each([
    ['<= 1e400', [2, 'not(null)']],
    ['> -1e400', [2, 'not(null)']],
    ['> 1e400', [2, '']],
    ['< -1e400', [2, '']],
    ['> 1.7976931348623157e308', [2, '']],
    ['[-1e400..1e400]', [2, 'not(null)']],
    ['[5..1e400]', [3, '>= 5']],
    ['not(> 1e400)', [2, 'not(null)']],
  ])('%s', (text, said) => {
    expect(shown(text)).toEqual(said);
  });
  test('an example beside a decimal of thirty digits', () => {
    const exact = column('n', 'decimal');
    const axis = axisOf(exact, [cell('(0.999999999999999999999999999999..1)')]);
    const found = axis.pieces.map((piece) => witnessOf(piece, exact, new Set()));
    expect(found.map((value) => placeOf(value, axis))).toEqual(axis.pieces.map((_, place) => place));
  });
  test('times are told by the bound that somebody wrote', () => {
    const age = { ...column('n', 'duration'), step: new Big(1) };
    const axis = axisOf(age, [cell('>= duration("PT30M")')]);
    expect(showRanges([0, 0], axis)).toBe('< PT30M');
  });
});
