import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparable, normalise, showScalar, stepsOf } from '../../src/decision/normalise.ts';
import { column } from '../support/columns.ts';

describe('steps, half away from zero', () => {
  test.each<[number | bigint | string, string, number | bigint]>([
    [0.5, '1', 1],
    [-0.5, '1', -1],
    [1.5, '1', 2],
    [2.5, '1', 3],
    [-2.5, '1', -3],
    [0.49999999999999994, '1', 0],
    [0.1 + 0.2, '0.1', 3],
    [0.1 + 0.2, '0.0001', 3000],
    [0.15, '0.1', 2],
    [0.25, '0.1', 3],
    [0.35, '0.1', 4],
    [1.005, '0.01', 101],
    [-1.005, '0.01', -101],
    [0.00005, '0.0001', 1],
    [0.000049999, '0.0001', 0],
    [1e-7, '0.0001', 0],
    [5e-324, '0.0001', 0],
    [-0, '0.25', 0],
    [-1e-9, '0.25', 0],
    [0.125, '0.25', 1],
    [0.375, '0.25', 2],
    [-0.125, '0.25', -1],
    [12.5, '5', 3],
    [-12.5, '5', -3],
    [12.499999, '5', 2],
    [2 ** 53, '1', 9007199254740992n],
    [2 ** 53, '5', 1801439850948198],
    [1e21, '1', 1000000000000000000000n],
    [1.7976931348623157e308, '1', BigInt(`17976931348623157${'0'.repeat(292)}`)],
    [9007199254740993n, '1', 9007199254740993n],
    [-9007199254740993n, '5', -1801439850948199],
    ['12345678901234567890.123456785', '0.00000001', 1234567890123456789012345679n],
    ['-0.00000001', '1', 0],
    ['2.5', '1', 3],
  ])('%s in steps of %s', (value, step, steps) => {
    const raw = typeof value === 'string' ? new Big(value) : value;
    expect(stepsOf(raw, new Big(step))).toBe(steps);
  });
});

/** An independent computation: the shortest decimal as a fraction of whole numbers, nothing rounded on the way. */
function exactSteps(text: string, step: string): bigint {
  const [n, d] = fraction(text);
  const [sn, sd] = fraction(step);
  const [top, bottom] = [n * sd, d * sn];
  const magnitude = ((top < 0n ? -top : top) * 2n + bottom) / (bottom * 2n);
  return top < 0n ? -magnitude : magnitude;
}

function fraction(text: string): [bigint, bigint] {
  const [, sign = '', whole = '', part = '', power = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text) ?? [];
  const shift = Number(power) - part.length;
  const digits = BigInt(`${sign}${whole}${part}`);
  return shift >= 0 ? [digits * 10n ** BigInt(shift), 1n] : [digits, 10n ** BigInt(-shift)];
}

const anyStep = fc.constantFrom('0.0001', '0.001', '0.01', '0.1', '0.25', '0.3', '1', '5', '7', '1000', '0.00000001');

test('every double lies on the step that exact arithmetic gives', () => {
  const near = fc.tuple(fc.integer({ min: -1e7, max: 1e7 }), anyStep).map(([n, step]) => (n / 2) * Number(step));
  const nudged = fc.tuple(near, fc.constantFrom(0, 1e-16, -1e-16, 1e-13, -1e-13)).map(([n, by]) => n + n * by);
  const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), near, nudged);
  fc.assert(
    fc.property(value, anyStep, (raw, step) => {
      const expected = exactSteps(Object.is(raw, -0) ? '0' : raw.toString(), step);
      const actual = stepsOf(raw, new Big(step));
      expect(BigInt(actual)).toBe(expected);
      expect(typeof actual).toBe(Number.isSafeInteger(Number(expected)) ? 'number' : 'bigint');
      expect(Object.is(actual, -0)).toBe(false);
    }),
    { numRuns: 3000, seed: 7 },
  );
});

test('every decimal of 38 digits, too', () => {
  const decimal = fc.tuple(fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }), fc.integer({ min: 0, max: 38 }));
  fc.assert(
    fc.property(decimal, anyStep, ([digits, scale], step) => {
      const text = new Big(digits.toString()).times(new Big(10).pow(-scale)).toFixed();
      expect(BigInt(stepsOf(new Big(text), new Big(step)))).toBe(exactSteps(text, step));
    }),
    { numRuns: 500, seed: 7 },
  );
});

describe('reading a value as its column declares it', () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%s is null, and counted', (raw) => {
    expect(normalise(raw, column('x', 'number'))).toEqual({ ok: true, value: null, wasNotFinite: true });
    expect(normalise(raw, column('x', 'integer'))).toEqual({ ok: true, value: null, wasNotFinite: true });
  });
  test('null is null and not counted', () => {
    for (const type of ['number', 'integer', 'decimal', 'boolean', 'enum', 'text'] as const) {
      expect(normalise(null, column('x', type))).toEqual({ ok: true, value: null, wasNotFinite: false });
    }
  });
  test.each([
    ['text in a number', 'mm', 'number', 'a number'],
    ['true in a number', true, 'number', 'a number'],
    ['1.5 in an integer', 1.5, 'integer', 'a whole number'],
    ['a decimal 1.5 in an integer', new Big('1.5'), 'integer', 'a whole number'],
    ['1 in a boolean', 1, 'boolean', 'true or false'],
    ['text in a boolean', 'true', 'boolean', 'true or false'],
    ['5 in an enum', 5, 'enum', 'text'],
  ] as const)('%s is refused', (_, raw, type, expected) => {
    expect(normalise(raw, column('x', type))).toEqual({ ok: false, expected });
  });
  test.each([
    ['date and time', '2026-11-02T00:30:00.5+01:00', '2026-11-01T23:30:00.5Z'],
    ['date and time', 1_000_000, '1970-01-01T00:00:01Z'],
    ['duration', 'P1DT0.25S', 'P1DT0.25S'],
    ['duration', '90m', 'PT1H30M'],
    ['duration', new Big(-86_400_000_000), '-P1D'],
    ['duration', 0, 'PT0S'],
  ] as const)('a %s %s is %s', (type, raw, shown) => {
    const read = normalise(raw, { ...column('x', type), step: new Big(1) });
    expect(read.ok && showScalar(read.value, column('x', type))).toBe(shown);
  });
  test.each([
    ['date and time', 'P1D'],
    ['duration', '2026-11-02'],
    ['duration', 'P1M'],
    ['duration', 'PT'],
    ['duration', true],
  ] as const)('%s refuses %s', (type, raw) => {
    expect(normalise(raw, column('x', type)).ok).toBe(false);
  });
  test('whole numbers of any kind fit an integer', () => {
    const integer = column('x', 'integer');
    const values = [3, 3n, new Big('3.0'), new Big('-9007199254740993')].map((raw) => normalise(raw, integer));
    expect(values.map((read) => (read.ok ? read.value : read.expected))).toEqual([3, 3, 3, -9007199254740993n]);
  });
  test('without a step a number is its double and a decimal keeps every digit', () => {
    const digits = '0.1234567890123456789';
    expect(normalise(new Big(digits), column('x', 'number'))).toMatchObject({ value: Number(digits) });
    const exact = normalise(new Big(digits), column('x', 'decimal'));
    expect(exact.ok && String(exact.value)).toBe(digits);
  });
});

test('bounds come in the same terms as values', () => {
  const stepped = column('x', 'number', { step: '0.25' });
  expect(comparable(new Big('0.75'), stepped)).toBe(3);
  expect(comparable(new Big('0.8'), stepped)).toBe(3.2);
  expect(comparable(new Big('0.3'), column('x', 'number'))).toBe(0.3);
  expect(comparable('mm', column('x', 'enum'))).toBe('mm');
});

test('a value is shown as a person reads it', () => {
  const stepped = column('x', 'number', { step: '0.0001' });
  expect(showScalar(3000, stepped)).toBe('0.3');
  expect(showScalar(1000000000000000000000n, stepped)).toBe('100000000000000000');
  expect(showScalar(1e-7, null)).toBe('0.0000001');
  expect(showScalar(1e21, null)).toBe('1000000000000000000000');
  expect([showScalar(null, null), showScalar('mm', null), showScalar(false, null)]).toEqual(['null', '"mm"', 'false']);
});
