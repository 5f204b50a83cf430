import { matchInTime, type Timed } from '../../src/replay/match-labels.ts';

/**
 * Picks the bounds of C1, C2 and C3 of `pump-and-dump` from some coins, and counts them on others.
 *
 * A setting is worth the mean of two F1: within 24 hours of a label, and everywhere. What is picked is not the best
 * setting but the one whose neighbourhood is best: its worth and that of all settings that differ from it by one step of
 * one bound, on average. So a bound that only sits right below one lucky pump is not chosen.
 */
export interface Chunk {
  readonly symbol: string;
  readonly at: number; // seconds
  readonly z: number;
  readonly rise: number;
  readonly share: number;
}

export interface Counted {
  readonly alerts: number;
  readonly nearAlerts: number;
  readonly right: number;
  readonly labels: number;
}

export interface Scores {
  readonly near: number;
  readonly all: number;
}

/** The values that are tried, in the order of the bounds: z, rise, share of C1; the same of C2; rise, share of C3. */
export const GRID: readonly (readonly number[])[] = [
  [8, 10, 12, 14, 16],
  [4, 5, 6, 7, 8],
  [4, 6, 8, 10, 12],
  [20, 25, 30],
  [2, 3],
  [15, 20, 25],
  [8, 10, 12],
  [20, 30, 40],
];

const QUIET = 30 * 60;
const WITHIN = 2 * 60;
const NEAR = 24 * 3600;

export class Tuning {
  readonly coins: readonly string[];
  readonly settings: readonly (readonly number[])[];
  readonly #counts: readonly (readonly Counted[])[]; // by setting, by coin
  readonly #neighbours: readonly (readonly number[])[];
  readonly #labels: ReadonlyMap<string, readonly Timed[]>;
  readonly #chunks: readonly (readonly Chunk[])[];

  constructor(chunks: readonly Chunk[], labels: ReadonlyMap<string, readonly Timed[]>) {
    this.#labels = labels;
    // Older first: by the first label of the coin, then by name.
    this.coins = [...labels.keys()].sort((a, b) => first(labels, a) - first(labels, b) || (a < b ? -1 : 1));
    this.#chunks = this.coins.map((coin) =>
      chunks.filter((chunk) => chunk.symbol === coin).sort((a, b) => a.at - b.at),
    );
    this.settings = GRID.reduce<number[][]>(
      (all, values) => all.flatMap((setting) => values.map((value) => [...setting, value])),
      [[]],
    );
    this.#neighbours = neighbours(GRID.map((values) => values.length));
    this.#counts = this.settings.map((bounds) => this.count(bounds));
  }

  /** By coin, in the order of `coins`. */
  count([
    z1 = 0,
    rise1 = 0,
    share1 = 0,
    z2 = 0,
    rise2 = 0,
    share2 = 0,
    rise3 = 0,
    share3 = 0,
  ]: readonly number[]): Counted[] {
    return this.coins.map((coin, index) => {
      const labels = this.#labels.get(coin) ?? [];
      const alerts: Timed[] = [];
      let open = Number.NEGATIVE_INFINITY;
      for (const { at, z, rise, share } of this.#chunks[index] ?? []) {
        const found =
          (z >= z1 && rise >= rise1 && share >= share1) ||
          (z >= z2 && rise >= rise2 && share >= share2) ||
          (rise >= rise3 && share >= share3);
        if (!found || at - open <= QUIET) continue;
        open = at;
        alerts.push({ at });
      }
      const beside = (alert: Timed, reach: number) => labels.some((label) => Math.abs(label.at - alert.at) <= reach);
      const candidates = alerts.filter((alert) => beside(alert, WITHIN));
      return {
        alerts: alerts.length,
        nearAlerts: alerts.filter((alert) => beside(alert, NEAR)).length,
        right: candidates.length === 0 ? 0 : matchInTime(candidates, labels, WITHIN).length,
        labels: labels.length,
      };
    });
  }

  /** The setting whose neighbourhood is best on these coins; the first in the order of the grid where several are. */
  pick(coins: readonly number[]): number {
    const worth = this.#counts.map((counts) => {
      const { near, all } = scores(coins.map((coin) => counts[coin]));
      return (near + all) / 2;
    });
    let best = 0;
    let most = -1;
    this.#neighbours.forEach((around, setting) => {
      const mean = around.reduce((sum, other) => sum + (worth[other] ?? 0), 0) / around.length;
      if (mean > most + 1e-12) [best, most] = [setting, mean];
    });
    return best;
  }

  scores(setting: number, coins: readonly number[]): Scores {
    return scores(this.counted(setting, coins));
  }

  counted(setting: number, coins: readonly number[]): Counted[] {
    return coins.flatMap((coin) => this.#counts[setting]?.[coin] ?? []);
  }
}

export function scores(counts: readonly (Counted | undefined)[]): Scores {
  let [alerts, near, right, labels] = [0, 0, 0, 0];
  for (const count of counts) {
    if (count === undefined) continue;
    alerts += count.alerts;
    near += count.nearAlerts;
    right += count.right;
    labels += count.labels;
  }
  return { near: (2 * right) / (near + labels || 1), all: (2 * right) / (alerts + labels || 1) };
}

/** The coins in another order, the same for the same seed. */
export function shuffled(count: number, seed: number): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  let state = seed;
  for (let index = count - 1; index > 0; index--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (index + 1));
    [order[index], order[other]] = [order[other] ?? 0, order[index] ?? 0];
  }
  return order;
}

function first(labels: ReadonlyMap<string, readonly Timed[]>, coin: string): number {
  return Math.min(...(labels.get(coin) ?? []).map((label) => label.at));
}

/** Of each point of a grid itself and those one step away along one axis; the last axis runs fastest. */
function neighbours(sizes: readonly number[]): number[][] {
  const strides = sizes.map((_, axis) => sizes.slice(axis + 1).reduce((product, size) => product * size, 1));
  const total = sizes.reduce((product, size) => product * size, 1);
  return Array.from({ length: total }, (_, point) => [
    point,
    ...sizes.flatMap((size, axis) => {
      const stride = strides[axis] ?? 1;
      const place = Math.floor(point / stride) % size;
      return [...(place > 0 ? [point - stride] : []), ...(place < size - 1 ? [point + stride] : [])];
    }),
  ]);
}
