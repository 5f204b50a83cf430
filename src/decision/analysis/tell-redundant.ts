import Big from 'big.js';
import { areaOfRule } from '../boxes/area.ts';
import type { Box, State } from '../boxes/box.ts';
import type { Meter } from '../boxes/budget.ts';
import { explore, lastOf, stopBefore } from '../boxes/explore.ts';
import type { Layer } from '../boxes/frame.ts';
import { keyOf, outcomesOf } from '../boxes/outcome.ts';
import { rootOf } from '../boxes/state.ts';
import { insist } from './confirm.ts';
import { findPoint } from './find-point.ts';
import type { Inquiry } from './inquiry.ts';
import type { Reach } from './reach.ts';

/** Rules without which every outcome is the same. One that is masked has been told. */
export function tellRedundant(inquiry: Inquiry, reach: Reach, meter: Meter): void {
  const { layer } = inquiry;
  const isLost = reach.open.length > 0;
  layer.rules.forEach((_, rule) => {
    if (isLost || reach.reached[rule]) tellIfRedundant(inquiry, rule, meter);
  });
}

function tellIfRedundant(inquiry: Inquiry, rule: number, meter: Meter): void {
  const { table, layer, frame, tell, ask, add, takes } = inquiry;
  const id = layer.rules[rule]?.id ?? '';
  const answer = matters(inquiry, rule, meter);
  if (answer === 'yes') return;
  const isBefore = (other: number) => layer.ordered && other < rule;
  const point = answer === 'open' ? 'open' : findPoint(frame, [rule], isBefore, meter);
  if (point === 'open') inquiry.leaveOpen('redundant', id, []);
  if (point === 'open' || point === null || !takes('redundant')) return;
  const region = { ...tell(frame, areaOfRule(frame, layer, rule)), witness: tell(frame, point).witness };
  const asked = ask(region);
  const hits = asked.hits();
  const others = hits.filter((hit) => hit.id !== id);
  const isSame = others.length < hits.length && keyOf(asked.withRules(others)) === keyOf(asked.answer());
  insist(isSame, () => `\`${id}\` of \`${table.name}\` is redundant`);
  add({ kind: 'redundant', table: table.name, rule: id, region });
}

/** Whether some input gets another outcome without the rule. */
function matters({ frame, layer }: Inquiry, rule: number, meter: Meter): 'yes' | 'no' | 'open' {
  if (meter.left() <= 0) return 'open';
  const root = rootOf(frame, rule);
  if (root === null) return 'no';
  const outcomes = outcomesOf(layer);
  const isHarmless = layer.ordered ? harmlessInOrder(layer, rule) : harmlessTogether(layer, rule);
  let found = false;
  const visit = (_: Box, states: readonly State[]) => {
    const stop = stopBefore(states);
    const last = lastOf(states);
    if (stop === 'sure' || !last.alive.includes(rule) || isHarmless(last)) return 'done';
    if (stop === 'maybe' || last.unsure > 0) return 'cut';
    const others = last.alive.filter((other) => other !== rule);
    found = outcomes(last.alive).key !== outcomes(others).key;
    return found ? 'end' : 'done';
  };
  const open = explore({ frame, meter, visit, kept: rule }, root);
  return found ? 'yes' : open.length > 0 ? 'open' : 'no';
}

type Harmless = (state: State) => boolean;

/** An earlier rule decides all of the box, or whatever may come next says the same. */
function harmlessInOrder({ says, rules }: Layer, rule: number): Harmless {
  return ({ alive, sure }) => {
    let hasSure = false;
    for (const [at, other] of alive.entries()) {
      if (other < rule && sure[at]) return true;
      if (other <= rule) continue;
      if (says[other] !== says[rule]) return false;
      if (sure[at]) hasSure = true;
    }
    return hasSure || says[rules.length] === says[rule];
  };
}

/** Rules that match all over the box make up for it. Never wrong, but not all that is harmless is told at once. */
function harmlessTogether({ says, rules, table }: Layer, rule: number): Harmless {
  const value = rules[rule]?.outputs[0] ?? null;
  const others = ({ alive, sure }: State) => alive.filter((other, at) => other !== rule && sure[at]);
  const isSilent = isSilentUnder(table.hitPolicy, rules[rule]?.outputs ?? []);
  switch (table.hitPolicy) {
    case 'U':
      return (state) => others(state).length > 1 || (state.alive.length === 1 && says[rules.length] === says[rule]);
    case 'A':
      return (state) => {
        const said = new Set(others(state).map((other) => says[other]));
        return said.size > 1 || said.has(says[rule]);
      };
    case 'C<':
    case 'C>':
      if (value instanceof Big)
        return (state) =>
          others(state).some((other) => {
            const given = rules[other]?.outputs[0] ?? null;
            return given instanceof Big && (table.hitPolicy === 'C<' ? given.lte(value) : given.gte(value));
          });
      break;
  }
  return (state) => isSilent && (table.otherwise === null || others(state).length > 0);
}

/** Whether a rule adds nothing to what others say. */
function isSilentUnder(hitPolicy: string, outputs: readonly unknown[]): boolean {
  const [value] = outputs;
  if (hitPolicy === 'C+') return !(value instanceof Big) || value.eq(0);
  if (hitPolicy === 'C#' || hitPolicy === 'C<' || hitPolicy === 'C>') return value === null;
  return outputs.every((output) => output === null);
}
