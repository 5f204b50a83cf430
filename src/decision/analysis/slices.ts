import type { Box, State } from '../boxes/box.ts';
import { stopBefore } from '../boxes/explore.ts';
import type { Frame, Layer } from '../boxes/frame.ts';
import { outcomesOf } from '../boxes/outcome.ts';
import { boxOf, cellAt, coversAt, statesOf } from '../boxes/state.ts';
import type { TableAnswer } from '../compile-table.ts';

/** What a table says while one input runs from place to place and all others stay in a box. */
export interface Slice {
  readonly from: number;
  readonly to: number;
  /** Null where an earlier table has ended the decision. */
  readonly answer: TableAnswer | null;
  readonly key: string;
}

/** Along one axis of a box that no rule cuts on another axis. */
export function answersAlong(frame: Frame, box: Box, states: readonly State[], dim: number): Slice[] {
  const last = frame.layers[frame.layers.length - 1] as Layer;
  const starts = startsAlong(frame, box, states, dim);
  return starts.flatMap((from, at): Slice[] => {
    const to = (starts[at + 1] ?? (box.high[dim] ?? 0) + 1) - 1;
    const low = box.low.slice();
    const high = box.high.slice();
    low[dim] = from;
    high[dim] = to;
    const part = boxOf([], low, high);
    if (part === null) return [];
    const within = statesOf(frame, { ...part, live: liveIn(frame, states, dim, from) });
    if (stopBefore(within) === 'sure') return [{ from, to, answer: null, key: 'stopped' }];
    const outcome = outcomesOf(last)(within[within.length - 1]?.alive ?? []);
    return [{ from, to, ...outcome }];
  });
}

function liveIn({ layers, dims }: Frame, states: readonly State[], dim: number, place: number): Int32Array[] {
  return layers.map((layer, at) =>
    Int32Array.from(
      (states[at]?.alive ?? []).filter((rule) => coversAt(layer, rule * dims.length + dim, place, place)),
    ),
  );
}

/** Places from which on another set of rules matches. */
function startsAlong({ layers, dims }: Frame, box: Box, states: readonly State[], dim: number): number[] {
  const from = box.low[dim] ?? 0;
  const to = box.high[dim] ?? 0;
  const starts = new Set([from]);
  const add = (place: number) => {
    if (place > from && place <= to) starts.add(place);
  };
  layers.forEach((layer, at) => {
    for (const rule of states[at]?.alive ?? []) {
      const runs = cellAt(layer, rule * dims.length + dim);
      for (let run = 0; run < runs.length; run += 2) {
        add(runs[run] ?? 0);
        add((runs[run + 1] ?? 0) + 1);
      }
    }
  });
  // Null is told apart from what is known, whatever the rules say of both.
  if (dims[dim]?.axis.pieces.at(-1)?.kind === 'null') add((dims[dim]?.axis.pieces.length ?? 0) - 1);
  return [...starts].sort((a, b) => a - b);
}

/** Whether any rule that may match in a box tells its places on an axis apart. */
export function isToldApart({ layers, dims }: Frame, box: Box, states: readonly State[], dim: number): boolean {
  return layers.some((layer, at) =>
    (states[at]?.alive ?? []).some(
      (rule) => !coversAt(layer, rule * dims.length + dim, box.low[dim] ?? 0, box.high[dim] ?? 0),
    ),
  );
}
