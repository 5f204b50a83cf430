import { describe, expect, test } from 'vitest';
import { bootstrapF1, type Counts, f1Of, precisionOf, recallOf, wilson } from '../../src/replay/statistics.ts';

const counts = (truePositives: number, falsePositives: number, misses: number): Counts => ({
  truePositives,
  falsePositives,
  misses,
});

test('shares; 0 of 0 is not 0', () => {
  expect([precisionOf(counts(3, 1, 2)), recallOf(counts(3, 1, 2)), f1Of(counts(3, 1, 2))]).toEqual([0.75, 0.6, 6 / 9]);
  expect([precisionOf(counts(0, 0, 2)), recallOf(counts(0, 2, 0)), f1Of(counts(0, 0, 0))]).toEqual([null, null, null]);
  expect([precisionOf(counts(0, 1, 0)), recallOf(counts(0, 0, 1)), f1Of(counts(0, 1, 1))]).toEqual([0, 0, 0]);
});

describe("Wilson's interval", () => {
  // Newcombe 1998, Table I, method 3, and Brown, Cai & DasGupta 2001 (0 of n has the upper end z²/(n+z²)).
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [29, 29, 0.883, 1],
    [5, 10, 0.2366, 0.7634],
  ])('%i of %i', (part, whole, low, high) => {
    const interval = wilson(part, whole);
    expect(interval?.[0]).toBeCloseTo(low, 4);
    expect(interval?.[1]).toBeCloseTo(high, 4);
  });
  test('0 of 0 has none; shares stay between 0 and 1', () => {
    expect(wilson(0, 0)).toBeNull();
    for (const n of [1, 2, 7, 1e6]) {
      expect(wilson(0, n)?.[0]).toBeCloseTo(0, 12);
      expect(wilson(n, n)?.[1]).toBeLessThanOrEqual(1);
    }
  });
});

describe('the bootstrap of F1', () => {
  const groups = [counts(3, 1, 0), counts(0, 2, 1), counts(5, 0, 2), counts(1, 1, 1), counts(0, 0, 3)];
  test('the same seed gives the same interval, another seed another one', () => {
    expect(bootstrapF1(groups, 1)).toEqual(bootstrapF1([...groups], 1));
    const other = [2, 3, 4, 5].map((seed) => JSON.stringify(bootstrapF1(groups, seed)));
    expect(new Set([...other, JSON.stringify(bootstrapF1(groups, 1))]).size).toBeGreaterThan(1);
  });
  test('it is pinned, so that no change of the generator goes unseen', () => {
    expect(bootstrapF1(groups, 1)?.map((end) => end.toFixed(6))).toEqual(['0.125000', '0.809524']);
  });
  test('it holds the estimate, and nothing outside 0 to 1', () => {
    const [low, high] = bootstrapF1(groups, 1) ?? [1, 0];
    const whole = groups.reduce((sum, group) =>
      counts(
        sum.truePositives + group.truePositives,
        sum.falsePositives + group.falsePositives,
        sum.misses + group.misses,
      ),
    );
    const f1 = f1Of(whole) ?? -1;
    expect(low).toBeLessThan(f1);
    expect(high).toBeGreaterThan(f1);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThanOrEqual(1);
  });
  test('groups without doubt have no width; one group has no interval', () => {
    expect(bootstrapF1([counts(2, 0, 0), counts(7, 0, 0)], 1)).toEqual([1, 1]);
    expect(bootstrapF1([counts(2, 1, 0)], 1)).toBeNull();
    expect(bootstrapF1([], 1)).toBeNull();
  });
});
