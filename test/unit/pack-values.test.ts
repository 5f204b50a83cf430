import Big from 'big.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packValue, unpackValue } from '../../src/replay/pack-values.ts';

const scalar = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.double(),
  fc.bigInt(),
  fc.string(),
  fc.integer().map((digits) => Big(digits).div(1000)),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value')),
    fc.array(fc.tuple(fc.string(), tie('value'))).map((entries) => new Map(entries)),
    fc.array(fc.tuple(fc.string({ minLength: 1 }), tie('value'))).map((entries) => Object.fromEntries(entries)),
  ),
}));

test('what is kept as JSON comes back as it was', () => {
  fc.assert(
    fc.property(value, (given) => {
      expect(unpackValue(JSON.parse(JSON.stringify(packValue(given))))).toEqual(given);
    }),
  );
});

test('what is no plain data is refused, not kept as something else', () => {
  expect(() => packValue({ at: new Date(0) })).toThrow('no plain data');
  expect(() => packValue(() => 1)).toThrow('no plain data');
});
