import type { Meter } from '../boxes/budget.ts';
import { decidesAlone } from '../boxes/frame.ts';
import { findPoint } from './find-point.ts';
import type { Inquiry } from './inquiry.ts';
import type { Reach } from './reach.ts';

/** Words among the outputs of a table that no input gets. */
export function tellUnused(inquiry: Inquiry, reach: Reach, meter: Meter): void {
  const { table, layer, add, takes } = inquiry;
  if (!decidesAlone(layer)) return;
  const wins = winnersOf(inquiry, reach, meter);
  const sayers = [...layer.rules, ...(table.otherwise === null ? [] : [table.otherwise])];
  table.outputs.forEach(({ name, type }, output) => {
    if (type !== 'text') return;
    for (const value of new Set(sayers.map((rule) => rule.outputs[output]))) {
      if (typeof value !== 'string') continue;
      const places = sayers.flatMap((rule, place) => (rule.outputs[output] === value ? [place] : []));
      // What is open has been said where it was asked.
      if (places.some((place) => wins(place) !== 'no') || !takes('unused_output')) continue;
      const rules = places.map((place) => sayers[place]?.id ?? '');
      add({ kind: 'unused_output', table: table.name, output: name, value, rules });
    }
  });
}

type Wins = (place: number) => 'yes' | 'no' | 'open';

/** Whether a rule, or `else` behind them, has the last word somewhere. */
function winnersOf(inquiry: Inquiry, reach: Reach, meter: Meter): Wins {
  const { table, layer, frame } = inquiry;
  const unknown = reach.open.length > 0 ? 'open' : 'no';
  const known = new Map<number, 'yes' | 'no' | 'open'>();
  return (place) => {
    if (place === layer.rules.length) return reach.reachesNone ? 'yes' : unknown;
    if (layer.ordered) return reach.reached[place] ? 'yes' : unknown;
    const found = known.get(place);
    if (found !== undefined) return found;
    const bars = (other: number) =>
      other !== place && (table.hitPolicy === 'U' || layer.says[other] !== layer.says[place]);
    const point = findPoint(frame, [place], bars, meter);
    if (point === 'open') inquiry.leaveOpen('reach', layer.rules[place]?.id ?? null, []);
    const answer = point === 'open' ? 'open' : point === null ? 'no' : 'yes';
    known.set(place, answer);
    return answer;
  };
}
