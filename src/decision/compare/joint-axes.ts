import { testKey } from '../boxes/intern.ts';
import { anything, type Column, giverOf, type Logic, type Test } from '../logic.ts';
import { missingValue, showScalar } from '../normalise.ts';
import { type Axis, axisOf, type Piece, rangesOf } from '../region/axis.ts';
import { places } from '../region/ranges.ts';

/** What two logics say differently of a column. Where type or step differ, the same measurement is not the same value. */
export interface ColumnChange {
  readonly column: string;
  readonly what: 'type' | 'step' | 'range' | 'missing';
  readonly before: string;
  readonly after: string;
}

export interface JointAxes {
  /** One a signal that one of the two reads; what both refuse is not on it. The piece `null` is a subject without a value. */
  readonly axes: readonly Axis[];
  readonly changes: readonly ColumnChange[];
}

/** The signals of two logics, cut where a test or a range of one of them cuts. */
export function jointAxes(before: Logic, after: Logic): JointAxes {
  const columns = [signalsOf(before), signalsOf(after)] as const;
  const names = [...new Set(columns.flatMap((side) => [...side.keys()]))];
  const changes: ColumnChange[] = [];
  const axes = names.map((name) => {
    const [one, other] = columns.map((side) => side.get(name));
    if (one !== undefined && other !== undefined) changes.push(...changesOf(one, other));
    return jointAxis(
      [one, other].filter((column) => column !== undefined),
      [...testsOf(name, before), ...testsOf(name, after)],
    );
  });
  return { axes, changes };
}

/** The columns that a subject gives: no parameter. */
export function signalsOf({ inputs }: Logic): Map<string, Column> {
  return new Map(inputs.filter(({ fixed }) => fixed !== true).map((column) => [column.name, column]));
}

/** The cells of all tables that look at a signal as such. */
export function testsOf(name: string, logic: Logic): Test[] {
  return logic.tables.flatMap((table, index) =>
    table.inputs.flatMap((column, place) =>
      column.name === name && giverOf(name, index, logic.tables) === null
        ? table.rules.map((rule) => rule.tests[place] ?? anything)
        : [],
    ),
  );
}

function jointAxis(columns: readonly Column[], tests: readonly Test[]): Axis {
  const [first] = columns;
  if (first === undefined) throw new Error('an axis of no column');
  const { fixed: _, ...signal } = first;
  const free: Column = { ...signal, range: anything, rangeText: '', missing: null };
  const distinct = new Map([...tests, ...columns.map(({ range }) => range)].map((test) => [testKey(test), test]));
  const whole = axisOf(free, [...distinct.values()]);
  const allowed = new Set(columns.flatMap(({ range }) => places(rangesOf(range, whole))));
  const mayLack = columns.some(({ missing }) => missing === null) || new Set(columns.map(missingText)).size > 1;
  const isIn = (piece: Piece, place: number) => (piece.kind === 'null' ? mayLack : allowed.has(place));
  return { column: free, pieces: whole.pieces.filter(isIn) };
}

function changesOf(before: Column, after: Column): ColumnChange[] {
  const pairs = [
    ['type', before.type, after.type],
    ['step', before.step?.toFixed() ?? 'none', after.step?.toFixed() ?? 'none'],
    ['range', rangeOf(before), rangeOf(after)],
    ['missing', missingText(before), missingText(after)],
  ] as const;
  return pairs.flatMap(([what, a, b]) => {
    const differs = what === 'range' ? testKey(before.range) !== testKey(after.range) : a !== b;
    return differs ? [{ column: before.name, what, before: a, after: b }] : [];
  });
}

function rangeOf({ range, rangeText }: Column): string {
  return range.kind === 'any' ? 'any' : rangeText;
}

function missingText(column: Column): string {
  return showScalar(missingValue(column), column);
}
