import { type Area, areaOf, mergeBoxes } from '../boxes/area.ts';
import type { Box, State } from '../boxes/box.ts';
import type { Meter } from '../boxes/budget.ts';
import { explore, lastOf, stopBefore } from '../boxes/explore.ts';
import { rootOf } from '../boxes/state.ts';
import { insist } from './confirm.ts';
import { findPoint } from './find-point.ts';
import type { Inquiry } from './inquiry.ts';
import { findReach, type Reach } from './reach.ts';

/** Gaps and masked rules. `later` is asked where `meter` did not do: what can't be told of all rules together may be told of each. */
export function tellReach(inquiry: Inquiry, meter: Meter, later: () => Meter): Reach {
  const reach = findReach(inquiry.frame, meter);
  if (reach.open.length > 0) inquiry.leaveOpen('reach', null, reach.open);
  const known = reach.open.length > 0 ? oneByOne(inquiry, reach, later()) : reach;
  tellGaps(inquiry, reach.gaps);
  for (const [rule, isReached] of known.reached.entries())
    if (isReached === false) tellMasked(inquiry, rule, reach.open.length > 0 ? later() : meter);
  return { ...reach, reached: known.reached.map((isReached) => isReached === true) };
}

/** Null where it stays open whether a rule is reached. */
function oneByOne({ frame, layer }: Inquiry, reach: Reach, meter: Meter): { reached: (boolean | null)[] } {
  return {
    reached: reach.reached.map((isReached, rule) => {
      if (isReached) return true;
      const point = findPoint(frame, [rule], (other) => layer.ordered && other < rule, meter);
      return point === 'open' ? null : point !== null;
    }),
  };
}

function tellGaps({ table, frame, tell, ask, add, takes }: Inquiry, gaps: readonly Box[]): void {
  for (const area of mergeBoxes(gaps)) {
    if (!takes('gap')) continue;
    const region = tell(frame, area);
    insist(ask(region).answer().kind === 'no_rule', () => `a gap of \`${table.name}\``);
    add({ kind: 'gap', table: table.name, region });
  }
}

function tellMasked(inquiry: Inquiry, rule: number, meter: Meter): void {
  const { table, layer, frame, tell, ask, add, takes } = inquiry;
  if (!takes('masked')) return;
  const id = layer.rules[rule]?.id ?? '';
  const { by, example, open } = masksOf(inquiry, rule, meter);
  if (open.length > 0) inquiry.leaveOpen('reach', id, open);
  if (example === null) {
    if (open.length > 0) return;
    add({ kind: 'masked', table: table.name, rule: id, by: [], region: null });
    return;
  }
  const region = tell(frame, example);
  const asked = ask(region);
  const answer = asked.answer();
  const isHit = asked.hits([id]).length > 0;
  insist(isHit && answer.kind === 'answer' && answer.rules[0] !== id, () => `\`${id}\` of \`${table.name}\` is masked`);
  add({ kind: 'masked', table: table.name, rule: id, by, region });
}

/** The rules that decide where a masked rule matches, and a box of the first of them. */
function masksOf({ frame, layer }: Inquiry, rule: number, meter: Meter) {
  const root = rootOf(frame, rule);
  const by = new Set<number>();
  let example: Area | null = null;
  const visit = (box: Box, states: readonly State[]) => {
    const stop = stopBefore(states);
    const { alive, sure } = lastOf(states);
    const at = alive.indexOf(rule);
    const first = alive[0] ?? -1;
    if (stop === 'sure' || at < 0 || (sure[0] && by.has(first))) return 'done';
    if (stop === 'maybe' || !sure[0] || !sure[at]) return 'cut';
    by.add(first);
    example ??= areaOf(box);
    return 'done';
  };
  const open = root === null ? [] : explore({ frame, meter, kept: rule, visit }, root);
  const ids = [...by].sort((a, b) => a - b).map((mask) => layer.rules[mask]?.id ?? '');
  return { by: ids, example: example as Area | null, open };
}
