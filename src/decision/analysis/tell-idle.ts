import { areaOf } from '../boxes/area.ts';
import type { Box, State } from '../boxes/box.ts';
import type { Meter } from '../boxes/budget.ts';
import { explore, lastOf, stopBefore } from '../boxes/explore.ts';
import type { Frame, Layer } from '../boxes/frame.ts';
import { possiblePlaces } from '../boxes/possible.ts';
import { rootOf } from '../boxes/state.ts';
import type { Axis } from '../region/axis.ts';
import { frameOf } from './frame.ts';
import type { Inquiry } from './inquiry.ts';
import { answersAlong, isToldApart } from './slices.ts';

/**
 * The table by itself: its inputs may be anything, but for those that earlier tables fill. These take only values that the tables give,
 * though not only together with the other inputs that make them do so.
 */
export function frameAlone({ logic, index, frame, layer }: Inquiry, meter: Meter): Frame {
  if (frame.layers.length === 1) return frame;
  const alone = new Map<string, Axis>();
  for (const feed of layer.feeds) {
    const places = reachedPlaces(frame, layer.feeds.indexOf(feed), meter);
    const { axis } = feed;
    alone.set(feed.column.name, {
      column: axis.column,
      pieces: axis.pieces.filter((_, place) => places === null || places.has(place)),
    });
  }
  return frameOf(logic, index, { alone });
}

/** Null where the meter ran out. */
function reachedPlaces(frame: Frame, at: number, meter: Meter): Set<number> | null {
  const last = frame.layers[frame.layers.length - 1] as Layer;
  const feed = last.feeds[at];
  const root = rootOf(frame);
  const reached = new Set<number>();
  if (feed === undefined || root === null) return reached;
  const visit = (_: Box, states: readonly State[]) => {
    const stop = stopBefore(states);
    if (stop === 'sure') return 'done';
    const state = states[feed.layer];
    const places = possiblePlaces(feed, frame.layers[feed.layer], state);
    if (places.every((place) => reached.has(place))) return 'done';
    if (stop === 'maybe' || state === undefined || places.length > 1) return 'cut';
    for (const place of places) reached.add(place);
    return 'done';
  };
  return explore({ frame, meter, visit }, root).length > 0 ? null : reached;
}

/** Columns that change no outcome of the table. */
export function tellIdle(inquiry: Inquiry, alone: Frame, meter: Meter): void {
  const { table, tell, add, takes } = inquiry;
  alone.dims.forEach(({ name, axis }, dim) => {
    if (axis.column.fixed === true || axis.pieces.length === 0) return;
    const answer = matters(alone, dim, meter);
    if (answer === 'open') inquiry.leaveOpen('idle_column', name, []);
    if (answer !== 'no' || !takes('idle_column')) return;
    const root = rootOf(inquiry.frame);
    if (root === null) return;
    const region = { cells: [], witness: tell(inquiry.frame, areaOf(root)).witness };
    add({ kind: 'idle_column', table: table.name, column: name, region });
  });
}

function matters(frame: Frame, dim: number, meter: Meter): 'yes' | 'no' | 'open' {
  const root = rootOf(frame);
  if (root === null) return 'no';
  const layer = frame.layers[0];
  let found = false;
  const visit = (box: Box, states: readonly State[]) => {
    const { alive, sure } = lastOf(states);
    if ((layer.ordered && sure[0]) || alive.length === 0) return 'done';
    if (!isToldApart(frame, box, states, dim)) return 'done';
    if (layer.ordered && saysOne(layer, alive, sure)) return 'done';
    return 'cut';
  };
  const leaf = (box: Box, states: readonly State[]) => {
    const answers = answersAlong(frame, box, states, dim);
    found = answers.some(({ key }) => key !== answers[0]?.key);
    return found ? 'end' : 'done';
  };
  const open = explore({ frame, meter, visit, leaf, spared: dim }, root);
  return found ? 'yes' : open.length > 0 ? 'open' : 'no';
}

/** Whichever rule comes first, and where none does, the table says the same. */
function saysOne({ says, rules }: Layer, alive: readonly number[], sure: readonly boolean[]): boolean {
  const only = says[alive[0] ?? 0];
  return alive.every((rule) => says[rule] === only) && (sure.includes(true) || says[rules.length] === only);
}
