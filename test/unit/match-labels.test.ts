import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchInTime, type Pairs } from '../../src/replay/match-labels.ts';

const timed = (times: readonly number[]) => times.map((at) => ({ at }));

function match(alerts: readonly number[], labels: readonly number[], within: number): string {
  return matchInTime(timed(alerts), timed(labels), within)
    .map(([a, l]) => `${alerts[a]}-${labels[l]}`)
    .join(' ');
}

describe('most pairs, then least distance, then the earlier ones', () => {
  test.each<[string, number[], number[], number, string]>([
    ['nothing', [], [], 5, ''],
    ['no labels', [1, 2], [], 5, ''],
    ['the edge is inside', [0, 20], [5, 26], 5, '0-5'],
    ['both sides of a label', [10], [7, 12], 5, '10-12'],
    ['pairs before distance', [0, 9], [8, 14], 9, '0-8 9-14'],
    ['one alert, two labels as far: the earlier', [5], [2, 8], 3, '5-2'],
    ['two alerts as far from one label: the earlier', [2, 8], [5], 3, '2-5'],
    ['equal times', [5, 5], [5, 5], 0, '5-5 5-5'],
    ['more alerts than labels', [0, 1, 2, 3], [2, 3], 1, '2-2 3-3'],
    ['within 0', [1, 3], [1, 2, 3], 0, '1-1 3-3'],
    ['a chain in which greedy would lose a pair', [0, 4, 8], [4, 8, 12], 4, '0-4 4-8 8-12'],
  ])('%s', (_, alerts, labels, within, expected) => {
    expect(match(alerts, labels, within)).toBe(expected);
  });
  test('microseconds of this century add up exactly', () => {
    const start = 1.7e15;
    expect(match([start, start + 7], [start + 3, start + 4], 7)).toBe(
      `${start}-${start + 3} ${start + 7}-${start + 4}`,
    );
  });
});

interface Score {
  readonly pairs: number;
  readonly distance: number;
  readonly places: readonly number[];
}

/** Every matching there is, crossing ones included. */
function* matchings(
  alerts: readonly number[],
  labels: readonly number[],
  within: number,
  from = 0,
  used = 0,
): Generator<[number, number][]> {
  if (from === alerts.length) {
    yield [];
    return;
  }
  yield* matchings(alerts, labels, within, from + 1, used);
  for (let l = 0; l < labels.length; l++) {
    if (used & (1 << l) || Math.abs((alerts[from] ?? 0) - (labels[l] ?? 0)) > within) continue;
    for (const rest of matchings(alerts, labels, within, from + 1, used | (1 << l))) yield [[from, l], ...rest];
  }
}

function score(pairs: Pairs, alerts: readonly number[], labels: readonly number[]): Score {
  const times = pairs.map(([a, l]) => [alerts[a] ?? 0, labels[l] ?? 0] as const);
  const distance = times.reduce((sum, [a, l]) => sum + Math.abs(a - l), 0);
  // Times, sorted: which of two events of one moment is meant makes no difference.
  return {
    pairs: pairs.length,
    distance,
    places: [...times.map(([a]) => a).sort(up), ...times.map(([, l]) => l).sort(up)],
  };
}

const up = (a: number, b: number) => a - b;

function best(alerts: readonly number[], labels: readonly number[], within: number): Score {
  let found: Score | undefined;
  for (const pairs of matchings(alerts, labels, within)) {
    const next = score(pairs, alerts, labels);
    if (found === undefined || isBetter(next, found)) found = next;
  }
  return found ?? { pairs: 0, distance: 0, places: [] };
}

function isBetter(a: Score, b: Score): boolean {
  if (a.pairs !== b.pairs) return a.pairs > b.pairs;
  if (a.distance !== b.distance) return a.distance < b.distance;
  const at = a.places.findIndex((place, index) => place !== b.places[index]);
  return at >= 0 && (a.places[at] ?? 0) < (b.places[at] ?? 0);
}

test('it finds what trying every matching finds', () => {
  const times = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 5 }).map((list) => [...list].sort(up));
  fc.assert(
    fc.property(times, times, fc.integer({ min: 0, max: 12 }), (alerts, labels, within) => {
      const pairs = matchInTime(timed(alerts), timed(labels), within);
      expect(new Set(pairs.map(([a]) => a)).size).toBe(pairs.length);
      expect(new Set(pairs.map(([, l]) => l)).size).toBe(pairs.length);
      for (const [a, l] of pairs) expect(Math.abs((alerts[a] ?? 0) - (labels[l] ?? 0))).toBeLessThanOrEqual(within);
      expect(score(pairs, alerts, labels)).toEqual(best(alerts, labels, within));
    }),
    { numRuns: 2000, seed: 11 },
  );
});

test('a long history is cut where nothing can reach across', () => {
  const alerts = Array.from({ length: 20_000 }, (_, index) => index * 100);
  const labels = alerts.map((at) => at + (at % 300 === 0 ? 30 : 3));
  const pairs = matchInTime(timed(alerts), timed(labels), 10);
  expect(pairs).toHaveLength(alerts.length - Math.ceil(alerts.length / 3));
  expect(pairs.every(([a, l]) => a === l)).toBe(true);
});
