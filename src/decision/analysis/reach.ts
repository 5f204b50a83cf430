import type { Box, State } from '../boxes/box.ts';
import type { Meter } from '../boxes/budget.ts';
import { explore, lastOf, stopBefore } from '../boxes/explore.ts';
import { decidesAlone, type Frame, type Layer } from '../boxes/frame.ts';
import { rootOf } from '../boxes/state.ts';

/** Which rules have a say, and where none has. */
export interface Reach {
  /** F and P: decides somewhere. All others: matches somewhere. */
  readonly reached: readonly boolean[];
  /** Some input is decided by no rule. */
  readonly reachesNone: boolean;
  /** Boxes that no rule decides; not kept where there is an `else`. */
  readonly gaps: readonly Box[];
  readonly open: readonly Box[];
}

/** What keeping a gap costs, in visits: a table that is nearly all gaps must not fill the memory. */
const perGap = 1_000;

export function findReach(frame: Frame, meter: Meter): Reach {
  const layer = frame.layers[frame.layers.length - 1] as Layer;
  const root = rootOf(frame);
  const reached = layer.rules.map(() => false);
  const gaps: Box[] = [];
  let unreached = layer.rules.length;
  let reachesNone = false;
  if (root === null) return { reached, reachesNone, gaps, open: [] };
  const keepsGaps = layer.table.otherwise === null && decidesAlone(layer);
  const mark = (rule: number) => {
    if (reached[rule]) return;
    reached[rule] = true;
    unreached--;
  };
  const keep = ({ low, high }: Box) => {
    meter.spend(perGap);
    gaps.push({ low, high, live: [] });
  };
  const note = ({ alive, sure }: State, box: Box) => {
    if (alive.length === 0) {
      reachesNone = true;
      if (keepsGaps) keep(box);
    } else if (layer.ordered) {
      if (sure[0]) mark(alive[0] ?? -1);
    } else for (const [at, rule] of alive.entries()) if (sure[at]) mark(rule);
  };
  const visit = (box: Box, states: readonly State[]) => {
    const stop = stopBefore(states);
    if (stop === 'sure') return 'done';
    const last = lastOf(states);
    if (stop === 'no') note(last, box);
    const asksNone = keepsGaps || !reachesNone;
    if (asksNone && !last.sure.includes(true)) return last.alive.length === 0 && stop === 'no' ? 'done' : 'cut';
    return unreached === 0 || last.alive.every((rule) => reached[rule]) ? 'done' : 'cut';
  };
  const open = explore({ frame, meter, visit }, root);
  return { reached, reachesNone, gaps, open };
}
