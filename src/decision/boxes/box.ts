import type { Ranges } from '../region/axis.ts';

/** Places on each axis of a frame, mostly one run, and the rules of each layer that may match somewhere in it. */
export interface Box {
  /** The first and the last place on each axis. */
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** All places, of axes on which they are several runs. */
  readonly runs?: ReadonlyMap<number, Ranges>;
  readonly live: readonly Int32Array[];
}

export function placesOf({ low, high, runs }: Pick<Box, 'low' | 'high' | 'runs'>, dim: number): Ranges {
  return runs?.get(dim) ?? [low[dim] ?? 1, high[dim] ?? 0];
}

/** What is known of one table over a whole box. */
export interface State {
  /** Rules that may match, in the order in which they are asked; where the first that matches decides, none behind a sure one. */
  readonly alive: readonly number[];
  /** Of each of them whether it matches everywhere in the box. */
  readonly sure: readonly boolean[];
  /** How many are not sure. */
  readonly unsure: number;
  /** Whether the table ends the decision, because its rules conflict. */
  readonly stop: 'no' | 'maybe' | 'sure';
}
