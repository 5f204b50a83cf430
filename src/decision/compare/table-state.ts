import type { Scalar } from '../normalise.ts';
import { type Box, isMet, type Live } from './live.ts';
import { outputsOf } from './possible-outputs.ts';
import type { Side, SideRule, SideTable } from './side.ts';

/** What is known of a table over a whole box. */
export interface TableState {
  readonly table: SideTable;
  readonly live: readonly Live[];
  /** Whether rules contradict each other: `maybe` somewhere in the box, as far as is known. */
  readonly conflict: 'never' | 'maybe' | 'surely';
  /** What each output may be, in their order; null where that is too much to list. It may list too much, never too little. */
  readonly outputs: readonly (readonly Scalar[] | null)[];
}

/** All rules of a side, of which nothing is known yet. */
export function unknownRules({ tables }: Side): readonly (readonly Live[])[] {
  return tables.map(({ rules }) => rules.map((rule) => ({ rule, open: [...rule.cells.keys()], isOpenGiven: true })));
}

/** Table by table what is left of the rules in a box, given what was left of them in a larger one. */
export function tableStates(
  side: Side,
  before: readonly (readonly Live[])[],
  box: Box,
  axis: number | null,
): TableState[] {
  const states: TableState[] = [];
  side.tables.forEach((table, place) => {
    const live = narrow(before[place] ?? [], box, axis, states);
    const kept = table.policy === 'F' ? untilMet(live) : live;
    states.push({ table, live: kept, conflict: conflictOf(table, kept), outputs: outputsOf(table, kept) });
  });
  return states;
}

/** `axis` null: the whole box is new. */
function narrow(rules: readonly Live[], box: Box, axis: number | null, earlier: readonly TableState[]): Live[] {
  const live: Live[] = [];
  for (const entry of rules) {
    const open = stillOpen(entry, box, axis);
    if (open === null) continue;
    const given = entry.isOpenGiven ? givenOf(entry.rule, earlier) : 'all';
    if (given === 'none') continue;
    const isOpenGiven = given === 'some';
    live.push(
      open === entry.open && isOpenGiven === entry.isOpenGiven ? entry : { rule: entry.rule, open, isOpenGiven },
    );
  }
  return live;
}

/** Null where no input of the box meets the rule. */
function stillOpen({ rule, open }: Live, box: Box, axis: number | null): readonly number[] | null {
  if (axis !== null && !open.includes(axis)) return open;
  const left: number[] = [];
  for (const at of open) {
    if (axis !== null && at !== axis) {
      left.push(at);
      continue;
    }
    const there = box[at] ?? 0n;
    const met = there & (rule.cells.get(at) ?? 0n);
    if (met === 0n) return null;
    if (met !== there) left.push(at);
  }
  return left.length === open.length ? open : left;
}

function givenOf(rule: SideRule, earlier: readonly TableState[]): 'all' | 'some' | 'none' {
  let isOpen = false;
  for (const { name, source, matches } of rule.given) {
    const state = earlier[source];
    const place = state?.table.table.outputs.findIndex((output) => output.name === name) ?? -1;
    const values = state?.outputs[place];
    if (values === undefined || values === null) {
      isOpen = true;
      continue;
    }
    const met = values.filter(matches).length;
    if (met === 0) return 'none';
    if (met < values.length) isOpen = true;
  }
  return isOpen ? 'some' : 'all';
}

function untilMet(live: readonly Live[]): readonly Live[] {
  const first = live.findIndex(isMet);
  return first < 0 || first === live.length - 1 ? live : live.slice(0, first + 1);
}

function conflictOf({ policy }: SideTable, live: readonly Live[]): TableState['conflict'] {
  if (policy !== 'U' && policy !== 'A') return 'never';
  const contradict = (rules: readonly Live[]) =>
    policy === 'U' ? rules.length > 1 : rules.some(({ rule }) => rule.answer !== rules[0]?.rule.answer);
  if (!contradict(live)) return 'never';
  return contradict(live.filter(isMet)) ? 'surely' : 'maybe';
}
