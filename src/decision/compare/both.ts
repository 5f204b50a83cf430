import type { Dim, Frame, Layer } from '../boxes/frame.ts';
import { internTests } from '../boxes/intern.ts';
import { layerOf, type Place } from '../boxes/layer.ts';
import { byPriority } from '../compile-table.ts';
import { compileTest } from '../compile-test.ts';
import { anything, type Column, giverOf, type Logic, type LogicRule, type LogicTable, type Test } from '../logic.ts';
import { missingValue } from '../normalise.ts';
import { type Axis, type Ranges, rangesOf } from '../region/axis.ts';
import { intersect, unite } from '../region/ranges.ts';
import { signalsOf } from './joint-axes.ts';

/** Two logics over the axes of both: a frame with the layers of the one, and behind them those of the other. */
export interface Both {
  readonly frame: Frame;
  readonly sides: readonly [Side, Side];
}

/** The layers of one logic in the frame. */
export interface Side {
  /** Has one rule: what the logic's own ranges allow. */
  readonly range: number;
  /** The places of its tables, in their order. */
  readonly tables: readonly number[];
}

export function bothOf(before: Logic, after: Logic, axes: readonly Axis[]): Both {
  const dims = axes.map((axis): Dim => ({ name: axis.column.name, axis }));
  const intern = internTests();
  const numbers = new Map<string, number>();
  const layers: Layer[] = [];
  const add = (logic: Logic): Side => {
    const range = layers.length;
    const signals = signalsOf(logic);
    const lets = (test: Test, { name, axis }: Dim) => letThrough(test, axis, signals.get(name));
    const dimOf = (column: Column) =>
      signals.has(column.name) ? dims.findIndex(({ name }) => name === column.name) : -1;
    const make = (table: LogicTable, placeOf: (column: Column) => Place) => {
      const shared = { dims, intern, numbers, lets, mayStop: true };
      layers.push(layerOf(table, { ...shared, placeOf }));
    };
    make(rangeTable([...signals.values()]), (column) => ({ kind: 'axis', dim: dimOf(column) }));
    logic.tables.forEach((table, index) => {
      make(comparable(table, index, logic), (column) => {
        const giver = giverOf(column.name, index, logic.tables);
        if (giver !== null) return { kind: 'fed', layer: range + 1 + giver.index, output: giver.output };
        const dim = dimOf(column);
        return dim < 0 ? { kind: 'nowhere' } : { kind: 'axis', dim };
      });
    });
    return { range, tables: logic.tables.map((_, index) => range + 1 + index) };
  };
  const sides = [add(before), add(after)] as const;
  return { frame: { dims, layers: layers as [...Layer[], Layer] }, sides }; // each side has its range at least
}

/** Matches what ranges allow. */
function rangeTable(signals: readonly Column[]): LogicTable {
  const tests = signals.map(({ range, missing }): Test => {
    if (range.kind === 'any' || missing !== null) return range;
    return { ...range, alsoNull: true, atoms: range.negated ? range.atoms : [...range.atoms, { kind: 'null' }] };
  });
  const rules = [{ id: '', tests, outputs: [] }];
  return { name: '', hitPolicy: 'F', inputs: signals, outputs: [], rules, otherwise: null };
}

/** A table whose rules stand by id, where their order has no say, without those that a constant fails: that no subject can meet. */
function comparable(table: LogicTable, index: number, logic: Logic): LogicTable {
  const constants = table.inputs.map((column) => constantOf(column, index, logic));
  const isMet = (rule: LogicRule) =>
    constants.every((constant, at) => constant === null || constant(rule.tests[at] ?? anything));
  const rules = table.rules.filter(isMet);
  switch (table.hitPolicy) {
    case 'O':
      return { ...table, rules: rules.sort(byPriority(table)) };
    case 'U':
    case 'C+':
    case 'C#':
    case 'C<':
    case 'C>':
      return { ...table, rules: rules.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)) };
    default:
      return { ...table, rules };
  }
}

/** Whether a column that is the same for every subject passes a test: a parameter, or null where nobody gives it. Null for others. */
function constantOf(column: Column, index: number, logic: Logic): ((test: Test) => boolean) | null {
  if (giverOf(column.name, index, logic.tables) !== null) return null;
  const declared = logic.inputs.find(({ name }) => name === column.name);
  if (declared !== undefined && declared.fixed !== true) return null;
  const value = declared === undefined ? null : missingValue(declared);
  return (test) => compileTest(test, column)(value);
}

/** The places that a test lets through. A subject without a value is judged by what the logic says of it. */
function letThrough(test: Test, axis: Axis, column: Column | undefined): Ranges {
  const asked = rangesOf(test, axis);
  const last = axis.pieces.length - 1;
  if (column === undefined || column.missing === null || axis.pieces[last]?.kind !== 'null') return asked;
  const isIn = compileTest(test, column)(missingValue(column));
  const known = intersect(asked, [0, last - 1]);
  return isIn ? unite(known, [last, last]) : known;
}
