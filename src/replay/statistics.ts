/** Counts of a comparison with labels. */
export interface Counts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly misses: number;
}

export type Interval = readonly [low: number, high: number];

/** A share, or null where there is nothing to take a share of: 0 of 0 is not 0. */
export function precisionOf({ truePositives, falsePositives }: Counts): number | null {
  return share(truePositives, truePositives + falsePositives);
}

export function recallOf({ truePositives, misses }: Counts): number | null {
  return share(truePositives, truePositives + misses);
}

export function f1Of({ truePositives, falsePositives, misses }: Counts): number | null {
  return share(2 * truePositives, 2 * truePositives + falsePositives + misses);
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

const z = 1.959963984540054; // the normal distribution's 97.5 % point

/** Wilson's 95 % interval of a share (Wilson 1927); null for 0 of 0. */
export function wilson(part: number, whole: number): Interval | null {
  if (whole === 0) return null;
  const p = part / whole;
  const centre = (p + (z * z) / (2 * whole)) / (1 + (z * z) / whole);
  const reach = (z / (1 + (z * z) / whole)) * Math.sqrt((p * (1 - p)) / whole + (z * z) / (4 * whole * whole));
  return [Math.max(0, centre - reach), Math.min(1, centre + reach)];
}

const resamples = 2000;

/**
 * 95 % interval of F1 by drawing whole groups again with replacement (percentile bootstrap, Efron 1979): events of one
 * group are not independent of each other. Null for fewer than two groups. The seed makes it repeatable.
 */
export function bootstrapF1(groups: readonly Counts[], seed: number): Interval | null {
  if (groups.length < 2) return null;
  const random = generator(seed);
  const values: number[] = [];
  for (let sample = 0; sample < resamples; sample++) {
    let [truePositives, falsePositives, misses] = [0, 0, 0];
    for (let draw = 0; draw < groups.length; draw++) {
      const group = groups[Math.floor(random() * groups.length)];
      truePositives += group?.truePositives ?? 0;
      falsePositives += group?.falsePositives ?? 0;
      misses += group?.misses ?? 0;
    }
    values.push(f1Of({ truePositives, falsePositives, misses }) ?? 0);
  }
  values.sort((a, b) => a - b);
  return [values[Math.floor(resamples * 0.025)] ?? 0, values[Math.ceil(resamples * 0.975) - 1] ?? 1];
}

/** A 32-bit generator (mulberry32): small, fast, the same on every machine; not for secrets. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
