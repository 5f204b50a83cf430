import type { Box, State } from './box.ts';
import type { Meter } from './budget.ts';
import { type Cut, chooseCut, partsOf } from './cut-box.ts';
import type { Frame } from './frame.ts';
import { statesOf } from './state.ts';

export interface Search {
  readonly frame: Frame;
  readonly meter: Meter;
  /** Whether a box must be cut further. `end`: all is known. */
  readonly visit: (box: Box, states: readonly State[]) => 'cut' | 'done' | 'end';
  /** A box that no rule cuts, though it was to be cut. */
  readonly leaf?: (box: Box, states: readonly State[]) => 'done' | 'end';
  /** A rule of the last table that neither hides another nor is hidden. */
  readonly kept?: number;
  /** An axis that is not cut. */
  readonly spared?: number;
  /** Where to cut a box, in place of `chooseCut`. */
  readonly choose?: (box: Box, states: readonly State[]) => Cut | null;
}

/** Cuts boxes, and their parts, until each is told. Gives what was not looked at when the meter ran out; empty where all was. */
export function explore(search: Search, ...roots: readonly Box[]): Box[] {
  const { frame, meter, visit, leaf, kept, spared } = search;
  const choose = search.choose ?? ((box, states) => chooseCut(frame, box, states, spared));
  const width = frame.dims.length + 1;
  const stack = roots.toReversed();
  for (let box = stack.pop(); box !== undefined; box = stack.pop()) {
    const visits = box.live.reduce((sum, live) => sum + live.length, 1);
    if (!meter.spend(visits * width)) return [box, ...stack.reverse()];
    const states = statesOf(frame, box, kept);
    const verdict = visit(box, states);
    if (verdict === 'end') return [];
    if (verdict === 'done') continue;
    const cut = choose(box, states);
    if (cut === null) {
      if (leaf?.(box, states) === 'end') return [];
      continue;
    }
    const [first, second] = partsOf(frame, box, states, cut);
    stack.push(second, first);
  }
  return [];
}

/** Whether a table before the last one ends the decision somewhere in the box, or everywhere. */
export function stopBefore(states: readonly State[]): State['stop'] {
  let worst: State['stop'] = 'no';
  for (let place = 0; place < states.length - 1; place++) {
    const stop = states[place]?.stop;
    if (stop === 'sure') return 'sure';
    if (stop === 'maybe') worst = 'maybe';
  }
  return worst;
}

/** The state of the table that is asked. */
export function lastOf(states: readonly State[]): State {
  const last = states[states.length - 1];
  if (last === undefined) throw new Error('a frame without a table');
  return last;
}
