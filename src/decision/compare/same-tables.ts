import type { LogicTable } from '../logic.ts';
import type { Box, Live } from './live.ts';
import { answerText, type Places } from './side.ts';
import type { TableState } from './table-state.ts';

/** The tables of both sides over one box. */
export interface Pair {
  readonly before: readonly TableState[];
  readonly after: readonly TableState[];
}

/** Where two tables begin to differ: rules at one place of their lists; undefined where a list has ended. */
export interface Difference {
  readonly before: Live | undefined;
  readonly after: Live | undefined;
  /** How many rules of both lists are alike before it; -1: it is not a rule that differs. */
  readonly place: number;
}

/** What differs between two tables of a box; null where they are one and the same function of its inputs. */
export function differenceOf(
  before: TableState,
  after: TableState,
  pair: Pair,
  box: Box,
  idsCount = false,
): Difference | null {
  const [one, other] = [before.table, after.table];
  const most = Math.max(before.live.length, after.live.length);
  for (let place = 0; place < most; place++) {
    const [a, b] = [before.live[place], after.live[place]];
    const isRenamed = idsCount && a?.rule.rule.id !== b?.rule.rule.id;
    if (a === undefined || b === undefined || isRenamed || !sameRule(a, b, pair, box))
      return { before: a, after: b, place };
  }
  if (sameFrame(one.table, other.table) && one.policy === other.policy && sameElse(before, after)) return null;
  return { before: undefined, after: undefined, place: -1 };
}

function sameRule(a: Live, b: Live, pair: Pair, box: Box): boolean {
  const [one, other] = [a.rule, b.rule];
  if (one.answer !== other.answer) return false;
  if (one.shape !== other.shape && differingAxis(a, b, box) !== null) return false;
  if (!a.isOpenGiven && !b.isOpenGiven) return true;
  if (one.given.length !== other.given.length) return false;
  return one.given.every((cell) => {
    const like = other.given.find(({ name, key }) => name === cell.name && key === cell.key);
    const sources = [pair.before[cell.source], like === undefined ? undefined : pair.after[like.source]] as const;
    return (
      sources[0] !== undefined && sources[1] !== undefined && differenceOf(sources[0], sources[1], pair, box) === null
    );
  });
}

/** An axis on which two rules let different parts of a box through. */
export function differingAxis({ rule: a, open: one }: Live, { rule: b, open: other }: Live, box: Box): number | null {
  const all = (axis: number) => box[axis] ?? 0n;
  const met = (mask: Places | undefined, axis: number) => (mask === undefined ? all(axis) : mask & all(axis));
  for (const axis of one.length === 0 ? other : other.length === 0 ? one : new Set([...one, ...other]))
    if (met(a.cells.get(axis), axis) !== met(b.cells.get(axis), axis)) return axis;
  return null;
}

/** What a box that no rule decides gets. Where a rule is met all over it, nothing is left for it. */
function sameElse(before: TableState, after: TableState): boolean {
  const text = ({ table }: TableState) => (table.otherwise === null ? '' : answerText(table.otherwise.outputs));
  return text(before) === text(after) || before.live.some(({ open, isOpenGiven }) => open.length === 0 && !isOpenGiven);
}

function sameFrame(one: LogicTable, other: LogicTable): boolean {
  if (one === other) return true;
  const frame = ({ outputs }: LogicTable) => JSON.stringify(outputs.map(({ name, type }) => [name, type]));
  return frame(one) === frame(other);
}
