import type { Frame } from '../src/decision/boxes/frame.ts';
import { meetsAt } from '../src/decision/boxes/state.ts';

/** The plain way to look for gaps: input after input in a fixed order, each piece of it with the rules that reach into it. */
export function sweepGaps({ dims, layers }: Frame): number {
  const [layer] = layers;
  const width = dims.length;
  const sweep = (dim: number, rules: readonly number[]): number => {
    if (rules.length === 0) return 1;
    if (dim === width) return 0;
    let gaps = 0;
    let last = '';
    let count = 0;
    for (let place = 0; place < (dims[dim]?.axis.pieces.length ?? 0); place++) {
      const live = rules.filter((rule) => meetsAt(layer, rule * width + dim, place, place));
      const key = live.join();
      if (place === 0 || key !== last) count = sweep(dim + 1, live);
      last = key;
      gaps += count;
    }
    return gaps;
  };
  return sweep(0, Array.from(layer.rules.keys()));
}

/** The plain way to look for overlaps: every rule against every other. */
export function allPairs({ dims, layers }: Frame): number {
  const [{ low, high, rules }] = layers;
  const width = dims.length;
  let pairs = 0;
  for (let a = 0; a < rules.length; a++)
    for (let b = a + 1; b < rules.length; b++) {
      let meets = true;
      for (let dim = 0; dim < width && meets; dim++)
        meets =
          (low[a * width + dim] ?? 1) <= (high[b * width + dim] ?? 0) &&
          (low[b * width + dim] ?? 1) <= (high[a * width + dim] ?? 0);
      if (meets) pairs++;
    }
  return pairs;
}
