import fc from 'fast-check';
import { expect, test } from 'vitest';
import { widenBoxes } from '../../src/decision/compare/widen-boxes.ts';

const box = fc.array(fc.bigInt({ min: 1n, max: 7n }), { minLength: 3, maxLength: 3 });
const points = [0, 1, 2].flatMap((a) => [0, 1, 2].flatMap((b) => [0, 1, 2].map((c) => [a, b, c])));
const holds = (boxes: readonly (readonly bigint[])[]) =>
  points.filter((point) =>
    boxes.some((one) => point.every((place, axis) => (((one[axis] ?? 0n) >> BigInt(place)) & 1n) === 1n)),
  );

test('widened boxes hold the same inputs, and are no more', () => {
  fc.assert(
    fc.property(fc.array(box, { maxLength: 6 }), (boxes) => {
      const wide = widenBoxes(boxes);
      expect(holds(wide)).toEqual(holds(boxes));
      expect(wide.length).toBeLessThanOrEqual(boxes.length);
    }),
  );
});

test('what is left of a box around another is told by one condition each', () => {
  // All of three axes with two places each, but for the corner where each has its first place.
  const apart = [
    [2n, 3n, 3n],
    [1n, 2n, 3n],
    [1n, 1n, 2n],
  ];
  expect(widenBoxes(apart)).toEqual([
    [2n, 3n, 3n],
    [3n, 2n, 3n],
    [3n, 3n, 2n],
  ]);
});
