import { compileDecision, type Decision } from '../decide.ts';
import type { Column, Logic } from '../logic.ts';
import { normalise, type Scalar } from '../normalise.ts';
import type { Axis } from '../region/axis.ts';
import type { Region } from '../region/region.ts';
import { type Answer, answerKey, answerOf, type DeskOrder, type Direction, directionOf } from './answer.ts';
import { type ColumnChange, jointAxes, signalsOf } from './joint-axes.ts';
import type { Box } from './live.ts';
import { mergeBoxes } from './merge-boxes.ts';
import { type ChangedBox, partition } from './partition.ts';
import { regionOf } from './show-box.ts';
import { allPlaces, type Side, sideOf } from './side.ts';
import { widenBoxes } from './widen-boxes.ts';

/** Inputs of which one logic says something else than the other. Both say one thing all over it. */
export interface Change {
  readonly region: Region;
  readonly direction: Direction;
  readonly before: Answer;
  readonly after: Answer;
  /** The rules that decide the witness; empty where none does. */
  readonly rules: readonly [before: string, after: string];
}

export interface LogicChange {
  /** False: a column has another type or step, so an input of the one is no input of the other. Nothing was compared. */
  readonly comparable: boolean;
  readonly columns: readonly ColumnChange[];
  /** Looser first, then incomparable, then stricter. Together with `open` they hold every input whose answer differs. */
  readonly changes: readonly Change[];
  /** Where the budget ended before anything was known. */
  readonly open: readonly Region[];
  /** Pairs of rules of which the one decided some input and the other does now, with the same answer. */
  readonly sameAnswer: {
    readonly rules: readonly (readonly [before: string, after: string])[];
    /** False: the budget ended, and there may be more. */
    readonly areAll: boolean;
  };
  /** Rules of boxes that were looked at. */
  readonly work: number;
}

/** Rules to look at before it is said that the rest is not known. */
export const usualBudget = 20_000_000;

/**
 * All inputs of which two logics say different things: exact, by parting the box of all inputs until both sides are known in each
 * part. Every change comes with an input that both were asked about again; a contradiction is a fault of ours and throws.
 */
export function compareLogic(before: Logic, after: Logic, desk: DeskOrder, budget = usualBudget): LogicChange {
  const { axes, changes: columns } = jointAxes(before, after);
  if (columns.some(({ what }) => what === 'type' || what === 'step'))
    return { comparable: false, columns, changes: [], open: [], sameAnswer: { rules: [], areAll: false }, work: 0 };
  const whole = axes.map(allPlaces);
  const sides = [sideOf(before, axes), sideOf(after, axes)] as const;
  const isEmpty = whole.some((there) => there === 0n);
  const found = isEmpty ? { changed: [], alike: [], open: [], work: 0 } : partition(sides, [whole], budget);
  const ask = asking(before, after);
  const usual = new Map([...signalsOf(before), ...signalsOf(after)]);
  const changes = grouped(found.changed).map((box) => changeOf(box, axes, usual, ask, desk));
  const order: readonly Direction[] = ['looser', 'incomparable', 'stricter'];
  return {
    comparable: true,
    columns,
    changes: changes.sort((a, b) => order.indexOf(a.direction) - order.indexOf(b.direction)),
    open: mergeBoxes(found.open).map((box) => regionOf(box, axes, usual)),
    sameAnswer: otherRules(found.alike, sides),
    work: found.work,
  };
}

/** Boxes with the same pair of answers, in as few and with as few conditions as they come to; these may overlap. */
function grouped(boxes: readonly ChangedBox[]): ChangedBox[] {
  const groups = new Map<string, ChangedBox[]>();
  for (const box of boxes) {
    const key = `${box.before.answer} ${box.after.answer}`;
    groups.set(key, [...(groups.get(key) ?? []), box]);
  }
  return [...groups.values()].flatMap((group) => {
    const [{ before, after }] = group as [ChangedBox]; // no group is empty
    return widenBoxes(mergeBoxes(group.map(({ box }) => box))).map((box) => ({ box, before, after }));
  });
}

type Ask = (witness: ReadonlyMap<string, Scalar>) => readonly [before: Decision, after: Decision];

function changeOf(
  { box, before, after }: ChangedBox,
  axes: readonly Axis[],
  usual: ReadonlyMap<string, Column>,
  ask: Ask,
  desk: DeskOrder,
): Change {
  const region = regionOf(box, axes, usual);
  const decisions = ask(region.witness);
  const [one, other] = [answerOf(decisions[0]), answerOf(decisions[1])];
  if (answerKey(one) !== before.answer || answerKey(other) !== after.answer)
    throw new Error(
      `compared as ${before.answer} and ${after.answer}, decided as ${answerKey(one)} and ${answerKey(other)}`,
    );
  return { region, direction: directionOf(one, other, desk), before: one, after: other, rules: rulesOf(decisions) };
}

function rulesOf([before, after]: ReturnType<Ask>): readonly [string, string] {
  return [before.kind === 'decided' ? before.rule : '', after.kind === 'decided' ? after.rule : ''];
}

/** Both decisions about one subject: where it has no value, each logic puts what it says for that. */
function asking(before: Logic, after: Logic): Ask {
  const sides = [before, after].map((logic) => ({ logic, decide: compileDecision(logic) }));
  return (witness) => {
    const [one, other] = sides.map(({ logic, decide }) => decide(inputsOf(logic, witness), new Set()));
    if (one === undefined || other === undefined) throw new Error('unreachable: there are two sides');
    return [one, other];
  };
}

export function inputsOf(logic: Logic, witness: ReadonlyMap<string, Scalar>): Map<string, Scalar> {
  return new Map(
    logic.inputs.map((column) => {
      const given = column.fixed === true ? null : (witness.get(column.name) ?? null);
      if (given !== null) return [column.name, given];
      const read = normalise(column.missing, column);
      return [column.name, read.ok ? read.value : null];
    }),
  );
}

/** Which rule decides is of less interest than what it says: it gets a smaller budget. */
const ruleBudget = 500_000;

function otherRules(boxes: readonly Box[], sides: readonly [Side, Side]): LogicChange['sameAnswer'] {
  const { changed, open } = partition(sides, boxes, ruleBudget, 'rule');
  const pairs = changed.map(({ before, after }) => [before.rule, after.rule] as const);
  const distinct = new Map(pairs.map((rules) => [JSON.stringify(rules), rules]));
  return { rules: [...distinct.values()], areAll: open.length === 0 };
}
