import { type Area, areaOf } from '../boxes/area.ts';
import type { Box, State } from '../boxes/box.ts';
import type { Meter } from '../boxes/budget.ts';
import { explore, lastOf, stopBefore } from '../boxes/explore.ts';
import { decidesAlone } from '../boxes/frame.ts';
import { boxOf, rootOf } from '../boxes/state.ts';
import { insist } from './confirm.ts';
import type { Inquiry } from './inquiry.ts';

/** Of each input of the table that may be null, whether some rule decides then. */
export function tellNull(inquiry: Inquiry, meter: Meter): void {
  const { table, frame, index, logic } = inquiry;
  const own = new Set(table.inputs.map(({ name }) => name));
  frame.dims.forEach(({ name, axis }, dim) => {
    const isOwn = own.has(name) || index === logic.tables.length - 1;
    if (isOwn && axis.pieces.at(-1)?.kind === 'null' && axis.column.fixed !== true) tellOne(inquiry, dim, meter);
  });
}

function tellOne(inquiry: Inquiry, dim: number, meter: Meter): void {
  const { table, layer, frame, tell, ask, add, takes } = inquiry;
  const name = frame.dims[dim]?.name ?? '';
  const root = rootOf(frame);
  const part = root && nullPart(inquiry, root, dim);
  if (part === null) return;
  const asksGap = table.otherwise === null && decidesAlone(layer);
  let decided: Area | null = null;
  let undecided: Area | null = null;
  const visit = (box: Box, states: readonly State[]) => {
    const stop = stopBefore(states);
    const { alive, sure } = lastOf(states);
    if (stop === 'sure') return 'done';
    if (stop === 'maybe') return 'cut';
    const isGap = asksGap && alive.length === 0;
    if (asksGap && !isGap && !sure.includes(true)) return 'cut';
    if (isGap) undecided = areaOf(box);
    else decided ??= areaOf(box);
    return isGap || !asksGap ? 'end' : 'done';
  };
  const open = explore({ frame, meter, visit }, part);
  if (open.length > 0) inquiry.leaveOpen('null', name, open);
  const area: Area | null = undecided ?? decided;
  if (open.length > 0 || area === null || !takes('null')) return;
  const region = tell(frame, area);
  const isDecided = undecided === null;
  insist((ask(region).answer().kind !== 'no_rule') === isDecided, () => `null of \`${name}\` in \`${table.name}\``);
  add({ kind: 'null', table: table.name, column: name, decided: isDecided, region });
}

/** The part of a box in which an input is null. */
function nullPart({ frame }: Inquiry, { low, high }: Box, dim: number): Box | null {
  const from = low.slice();
  from[dim] = (frame.dims[dim]?.axis.pieces.length ?? 0) - 1;
  return boxOf(frame.layers, from, high);
}
