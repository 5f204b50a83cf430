import { type Area, mergeBoxes } from '../boxes/area.ts';
import type { Box } from '../boxes/box.ts';
import { meterOf } from '../boxes/budget.ts';
import { rootOf } from '../boxes/state.ts';
import { widenAreas } from '../boxes/widen-areas.ts';
import { compileDecision, type Decision } from '../decide.ts';
import type { Column, Logic } from '../logic.ts';
import { missingValue, type Scalar } from '../normalise.ts';
import type { Axis } from '../region/axis.ts';
import type { Region } from '../region/region.ts';
import { type Answer, answerKey, answerOf, type DeskOrder, type Direction, directionOf } from './answer.ts';
import { type Both, bothOf } from './both.ts';
import { type ColumnChange, jointAxes, signalsOf } from './joint-axes.ts';
import { type ChangedBox, partition } from './partition.ts';
import type { Said } from './possible-answers.ts';
import { regionOf } from './show-box.ts';

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
  /** What it cost, in cells of rules that were looked at. */
  readonly work: number;
}

/** Cells to look at before it is said that the rest is not known. Counted, not timed: the same logics end at the same place everywhere. */
const usualBudget = 100_000_000;

/**
 * All inputs of which two logics say different things: exact, by parting the box of all inputs until both sides are known in each
 * part. They are equivalent just where it is `comparable` and neither `changes` nor `open` has anything; the witness of each change
 * is an input that tells them apart. With `answers alone` it is not told which rules give the same answer. Every change comes with an input that both were asked about again; a contradiction is a fault of ours and throws.
 */
export function compareLogic(
  before: Logic,
  after: Logic,
  desk: DeskOrder,
  budget = usualBudget,
  rulesToo: 'with rules' | 'answers alone' = 'with rules',
): LogicChange {
  const { axes, changes: columns } = jointAxes(before, after);
  if (columns.some(({ what }) => what === 'type' || what === 'step'))
    return { comparable: false, columns, changes: [], open: [], sameAnswer: { rules: [], areAll: false }, work: 0 };
  const both = bothOf(before, after, axes);
  const root = rootOf(both.frame);
  const meter = meterOf(budget);
  const found = partition(both, root === null ? [] : [root], meter, 'answer');
  const ask = asking(before, after);
  const usual = new Map([...signalsOf(before), ...signalsOf(after)]);
  const changes = grouped(found.changed).map((group) => changeOf(group, axes, usual, ask, desk));
  const order: readonly Direction[] = ['looser', 'incomparable', 'stricter'];
  return {
    comparable: true,
    columns,
    changes: changes.sort((a, b) => order.indexOf(a.direction) - order.indexOf(b.direction)),
    open: mergeBoxes(found.open).map((area) => regionOf(area, axes, usual)),
    sameAnswer:
      rulesToo === 'with rules' ? otherRules(found.alike, both) : { rules: [], areAll: found.alike.length === 0 },
    work: budget - meter.left(),
  };
}

/** An area over all of which both sides have one answer each. */
interface ChangedArea {
  readonly area: Area;
  readonly before: Said;
  readonly after: Said;
}

/** Boxes with the same pair of answers, in as few areas and with as few conditions as they come to; these may overlap. */
function grouped(boxes: readonly ChangedBox[]): ChangedArea[] {
  const groups = new Map<string, { before: Said; after: Said; boxes: Box[] }>();
  for (const { box, before, after } of boxes) {
    const key = `${before.answer} ${after.answer}`;
    const group = groups.get(key) ?? { before, after, boxes: [] };
    groups.set(key, group);
    group.boxes.push(box);
  }
  return [...groups.values()].flatMap(({ before, after, boxes: all }) =>
    widenAreas(mergeBoxes(all)).map((area) => ({ area, before, after })),
  );
}

type Ask = (witness: ReadonlyMap<string, Scalar>) => readonly [before: Decision, after: Decision];

function changeOf(
  { area, before, after }: ChangedArea,
  axes: readonly Axis[],
  usual: ReadonlyMap<string, Column>,
  ask: Ask,
  desk: DeskOrder,
): Change {
  const region = regionOf(area, axes, usual);
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

/** The inputs of a logic for a witness of both: what the subject has no value for is what this logic puts there. */
export function inputsOf(logic: Logic, witness: ReadonlyMap<string, Scalar>): Map<string, Scalar> {
  const given = (column: Column) => (column.fixed === true ? null : (witness.get(column.name) ?? null));
  return new Map(logic.inputs.map((column) => [column.name, given(column) ?? missingValue(column)]));
}

/** Which rule decides is of less interest than what it says: it gets a smaller budget. */
const ruleBudget = 2_500_000;

function otherRules(boxes: readonly Box[], both: Both): LogicChange['sameAnswer'] {
  const { changed, open } = partition(both, boxes, meterOf(ruleBudget), 'rule');
  const pairs = changed.map(({ before, after }) => [before.rule, after.rule] as const);
  const distinct = new Map(pairs.map((rules) => [JSON.stringify(rules), rules]));
  return { rules: [...distinct.values()], areAll: open.length === 0 };
}
