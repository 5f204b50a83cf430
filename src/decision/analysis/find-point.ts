import { type Area, areaOf } from '../boxes/area.ts';
import type { Box, State } from '../boxes/box.ts';
import type { Meter } from '../boxes/budget.ts';
import { explore, lastOf, stopBefore } from '../boxes/explore.ts';
import type { Frame, Layer } from '../boxes/frame.ts';
import { rootOf } from '../boxes/state.ts';

/** Where it was found; null where it is nowhere; `open` where the meter ran out first. */
export type Point = Area | null | 'open';

const plain = new WeakMap<Frame, Frame>();

/** The frame with its last table's rules all asked, whichever comes first. */
function allAsked(frame: Frame): Frame {
  const found = plain.get(frame);
  if (found !== undefined) return found;
  const last = frame.layers[frame.layers.length - 1] as Layer;
  const made: Frame = { dims: frame.dims, layers: [...frame.layers.slice(0, -1), { ...last, ordered: false }] };
  plain.set(frame, made);
  return made;
}

/** A part of a frame in which the last table is asked, all of these rules match, and none of those. */
export function findPoint(
  given: Frame,
  all: readonly number[],
  isNone: (rule: number) => boolean,
  meter: Meter,
): Point {
  if (meter.left() <= 0) return 'open';
  const frame = allAsked(given);
  const root = rootOf(frame, ...all);
  if (root === null) return null;
  const wanted = new Set(all);
  const place = frame.layers.length - 1;
  const live = root.live.map((rules, at) =>
    at === place ? rules.filter((rule) => wanted.has(rule) || isNone(rule)) : rules,
  );
  let found: Area | null = null;
  const visit = (box: Box, states: readonly State[]) => {
    const stop = stopBefore(states);
    const { alive, sure } = lastOf(states);
    let met = 0;
    let isBarred = false;
    alive.forEach((rule, at) => {
      if (wanted.has(rule)) met++;
      else if (sure[at]) isBarred = true;
    });
    if (stop === 'sure' || isBarred || met < wanted.size) return 'done';
    if (stop === 'maybe' || alive.length > met || sure.includes(false)) return 'cut';
    found = areaOf(box);
    return 'end';
  };
  const open = explore({ frame, meter, visit }, { ...root, live });
  return open.length > 0 ? 'open' : found;
}
