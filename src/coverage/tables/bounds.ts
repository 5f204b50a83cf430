import Big from 'big.js';

import type { CheckedSop } from '../../check/checked.ts';
import { compileTest } from '../../decision/compile-test.ts';
import { type Column, isOrdered, type Logic, type Test, type TestAtom } from '../../decision/logic.ts';
import { isTimeType } from '../../model/value.ts';
import { type BoundPlace, boundAt, operandsOf, showBound } from '../../replay/movable-bounds.ts';
import { logicIn } from '../../replay/segment-runs.ts';
import type { Operand } from '../../syntax/unary-test.ts';

import { scalarAt } from './zone.ts';

/** A cell of a logic, by place. */
export interface CellPlace {
  readonly table: number;
  readonly rule: number;
  readonly column: number;
}

/** A number that a cell compares with, in the segments in which it is this number. */
export interface Bound {
  readonly place: BoundPlace;
  readonly operand: Operand;
  readonly value: Big;
  readonly column: Column;
  /** The other numbers of the cell and of the column's range: what holds just beside the bound need not hold beyond them. */
  readonly others: readonly Big[];
  /** Null: in all. */
  readonly segments: readonly string[] | null;
}

/** Every bound of the cells of a SOP, table by table. A parameter with a value per segment is a bound for each of its values. */
export function boundsOf(checked: CheckedSop): Bound[] {
  const names = checked.segmentation?.segments.map(({ name }) => name) ?? null;
  const logics = (names ?? [null]).map((name) => ({ name, logic: logicIn(checked, name ?? undefined) }));
  return operandsOf(checked.sop).flatMap(({ place, operand }) => byValue({ place, operand }, logics));
}

function byValue(
  spot: Pick<Bound, 'place' | 'operand'>,
  logics: readonly { readonly name: string | null; readonly logic: Logic }[],
): Bound[] {
  const found = new Map<string, Bound & { segments: string[] | null }>();
  for (const { name, logic } of logics) {
    const column = logic.tables[spot.place.table]?.inputs[spot.place.column];
    const test = logic.tables[spot.place.table]?.rules[spot.place.rule]?.tests[spot.place.column];
    const value = test === undefined ? undefined : boundAt(test, spot.place);
    if (test === undefined || value === undefined || column === undefined || !isOrdered(column)) continue;
    const key = value.toFixed();
    const first = { ...spot, value, column: given(column, logic, spot.place.table), others: [], segments: null };
    const known = found.get(key) ?? first;
    const others = [...known.others, ...numbersIn(test), ...numbersIn(column.range)].filter((one) => !one.eq(value));
    found.set(key, { ...known, others, segments: name === null ? null : [...(known.segments ?? []), name] });
  }
  return [...found.values()].map((bound) =>
    bound.segments?.length === logics.length ? { ...bound, segments: null } : bound,
  );
}

/** What earlier tables give in whole numbers goes by ones. */
function given(column: Column, { tables }: Logic, before: number): Column {
  if (column.step !== null) return column;
  const source = tables.slice(0, before).findLast(({ outputs }) => outputs.some(({ name }) => name === column.name));
  const at = source?.outputs.findIndex(({ name }) => name === column.name) ?? -1;
  if (source === undefined || at < 0) return column;
  const values = [...source.rules, ...(source.otherwise === null ? [] : [source.otherwise])].map(
    ({ outputs }) => outputs[at],
  );
  const isWhole = values.every((value) => value === null || (value instanceof Big && value.mod(1).eq(0)));
  return isWhole ? { ...column, step: new Big(1) } : column;
}

function numbersIn(test: Test): Big[] {
  if (test.kind === 'any') return [];
  return test.atoms.flatMap((atom) => {
    if (atom.kind === 'interval') return [atom.low, atom.high];
    if (atom.kind === 'compare') return [atom.bound];
    return atom.kind === 'equal' && atom.value instanceof Big ? [atom.value] : [];
  });
}

/** The test with another number in place of the bound. */
export function moved(test: Test, { atom, end }: Pick<BoundPlace, 'atom' | 'end'>, value: Big): Test {
  if (test.kind === 'any') return test;
  return { ...test, atoms: test.atoms.map((one, at) => (at === atom ? movedAtom(one, end, value) : one)) };
}

function movedAtom(atom: TestAtom, end: BoundPlace['end'], value: Big): TestAtom {
  if (atom.kind === 'compare') return { ...atom, bound: value };
  if (atom.kind === 'interval') return end === 'low' ? { ...atom, low: value } : { ...atom, high: value };
  return atom.kind === 'equal' ? { ...atom, value } : atom;
}

const second = new Big(1_000_000);

/** What "just beside" a bound is measured in. */
export type Reach = 'step' | 'second' | 'hundredth';

export function reachOf({ column }: Pick<Bound, 'column'>): Reach {
  if (isTimeType(column.type)) return 'second';
  return column.step === null ? 'hundredth' : 'step';
}

/** How far "just below" reaches: the column's step, for times a second at least; without one a hundredth of the number. */
export function notchOf({ value, column }: Pick<Bound, 'value' | 'column'>): Big {
  if (isTimeType(column.type)) return second;
  if (column.step !== null) return column.step;
  return value.eq(0) ? new Big('0.01') : value.abs().times('0.01');
}

/** The numbers that somebody could have written by mistake: a notch and a tenth to each side, as far as the column allows them. */
export function slips(bound: Pick<Bound, 'value' | 'column'>): Big[] {
  const { value, column } = bound;
  const notch = notchOf(bound);
  const tenth = value.abs().times('0.1');
  const wide = column.type === 'date and time' || tenth.lte(notch) ? [] : [tenth];
  const amounts = [notch, ...wide].flatMap((amount) => [value.minus(amount), value.plus(amount)]);
  const onGrid = amounts.map((amount) =>
    column.step === null ? amount : amount.div(column.step).round(0).times(column.step),
  );
  const distinct = new Map(onGrid.map((amount) => [amount.toFixed(), amount]));
  return [...distinct.values()].filter((amount) => !amount.eq(value) && isAllowed(amount, column));
}

export function isAllowed(value: Big, column: Column): boolean {
  const scalar = scalarAt(value, column);
  return scalar !== null && compileTest(column.range, column)(scalar);
}

/** The number as a cell states it: `0.2`, `duration("PT30M")`. */
export function written(value: Big, { type }: Column): string {
  const text = showBound(value, { type });
  return isTimeType(type) ? `${type}("${text}")` : text;
}
