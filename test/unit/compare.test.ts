import Big from 'big.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compare } from '../../src/decision/compile-test.ts';

test('exact decimals are in the order in which `cmp` of big.js has them', () => {
  const decimal = fc
    .tuple(fc.integer({ min: -1200, max: 1200 }), fc.integer({ min: -4, max: 4 }))
    .map(([digits, exponent]) => new Big(`${digits}e${exponent}`));
  fc.assert(
    fc.property(decimal, decimal, (a, b) => compare(a, b) === a.cmp(b)),
    { numRuns: 2000, seed: 1 },
  );
  for (const [a, b] of [
    ['0', '-0'],
    ['-0', '1'],
    ['1.0', '1'],
    ['10', '1e1'],
    ['-1', '-1.5'],
  ]) {
    const [one, other] = [new Big(a ?? 0), new Big(b ?? 0)];
    expect(Math.sign(compare(one, other))).toBe(Math.sign(one.cmp(other)));
  }
});
