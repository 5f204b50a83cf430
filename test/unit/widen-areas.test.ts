import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Area } from '../../src/decision/boxes/area.ts';
import { widenAreas } from '../../src/decision/boxes/widen-areas.ts';

/** Which of three places an axis holds, as ranges. */
const ranges: readonly (readonly number[])[] = [
  [0, 0],
  [1, 1],
  [2, 2],
  [0, 1],
  [1, 2],
  [0, 0, 2, 2],
  [0, 2],
];
const area = fc.array(fc.constantFrom(...ranges), { minLength: 3, maxLength: 3 });
const points = [0, 1, 2].flatMap((a) => [0, 1, 2].flatMap((b) => [0, 1, 2].map((c) => [a, b, c])));
const isIn = (place: number, own: readonly number[]) =>
  own.some((from, at) => at % 2 === 0 && place >= from && place <= (own[at + 1] ?? -1));
const holds = (areas: readonly Area[]) =>
  points.filter((point) => areas.some((one) => point.every((place, axis) => isIn(place, one[axis] ?? []))));

test('widened areas hold the same inputs, and are no more', () => {
  fc.assert(
    fc.property(fc.array(area, { maxLength: 6 }), (areas) => {
      const wide = widenAreas(areas);
      expect(holds(wide)).toEqual(holds(areas));
      expect(wide.length).toBeLessThanOrEqual(areas.length);
    }),
  );
});

test('what is left of an area around another is told by one condition each', () => {
  // All of three axes with two places each, but for the corner where each has its first place.
  const apart = [
    [
      [1, 1],
      [0, 1],
      [0, 1],
    ],
    [
      [0, 0],
      [1, 1],
      [0, 1],
    ],
    [
      [0, 0],
      [0, 0],
      [1, 1],
    ],
  ];
  expect(widenAreas(apart)).toEqual([
    [
      [1, 1],
      [0, 1],
      [0, 1],
    ],
    [
      [0, 1],
      [1, 1],
      [0, 1],
    ],
    [
      [0, 1],
      [0, 1],
      [1, 1],
    ],
  ]);
});
