import Big from 'big.js';
import type { Literal } from '../../model/value.ts';
import { byPriority } from '../compile-table.ts';
import { type Column, giverOf, type Logic, type LogicRule, type LogicTable, type Test } from '../logic.ts';
import { type Axis, axisOf, type Ranges, rangesOf } from '../region/axis.ts';
import { intersect, wholeOf } from '../region/ranges.ts';
import { type Feed, feedOf } from './feed.ts';
import { type Intern, internTests } from './intern.ts';

/**
 * What one table is asked over: the signals that it and the tables that feed it read, each an axis of pieces, and those tables
 * in order, its own last. A box of a frame is a run of places on each axis.
 */
export interface Frame {
  readonly dims: readonly Dim[];
  readonly layers: readonly [...Layer[], Layer];
}

export interface Dim {
  readonly name: string;
  readonly axis: Axis;
}

/** The rules of a table over the axes of a frame. Rules are told by place in the order in which they are asked (P: by priority). */
export interface Layer {
  readonly table: LogicTable;
  /** Its place among the tables of the logic. */
  readonly index: number;
  /** Whether the first rule that matches decides. */
  readonly ordered: boolean;
  /** Whether two rules that match at once may end the decision. */
  readonly stops: boolean;
  readonly rules: readonly LogicRule[];
  /** A number for each rule, the same for equal outputs; of `else`, or of no rule, at the end. */
  readonly says: Int32Array;
  /** First and last place of each rule on each axis, at `rule * dims + dim`; 1 and 0 where it has none. */
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** All places, of cells that are several runs. */
  readonly runs: ReadonlyMap<number, Ranges>;
  /** For each rule those that it meets, in their order, where that is known. */
  readonly near?: readonly (readonly number[])[];
  /** Its columns that earlier tables of the frame fill. */
  readonly feeds: readonly Feed[];
}

/** How a table is looked at. */
export interface View {
  /** Columns that are axes of their own though an earlier table fills them: the table is looked at by itself. */
  readonly alone?: ReadonlyMap<string, Axis>;
  /** Earlier tables of which it is known that no two of their rules conflict. */
  readonly safe?: ReadonlySet<number>;
}

export function frameOf(logic: Logic, index: number, { alone, safe = new Set() }: View = {}): Frame {
  const isFed = (table: number, name: string) => alone === undefined && giverOf(name, table, logic.tables) !== null;
  const needed = alone === undefined ? neededTables(logic, index, safe) : [index];
  const intern = internTests();
  const signals = signalsOf(logic, needed, isFed, intern);
  const dims = inOrder([...signals.keys()], logic).map((name): Dim => {
    const signal = signals.get(name);
    const axis = alone?.get(name) ?? (signal && axisOf(signal.column, [...signal.tests]));
    if (axis === undefined) throw new Error(`no axis for ${name}`);
    return { name, axis };
  });
  const layers = needed.map((table): Layer => layerOf(logic, table, { needed, dims, isFed, safe, intern }));
  return { dims, layers: layers as [...Layer[], Layer] }; // the table itself is always needed
}

type IsFed = (table: number, name: string) => boolean;

function signalsOf(logic: Logic, needed: readonly number[], isFed: IsFed, intern: Intern) {
  const signals = new Map<string, { column: Column; tests: Set<Test> }>();
  for (const index of needed) {
    const table = logic.tables[index];
    for (const [at, column] of (table?.inputs ?? []).entries()) {
      if (isFed(index, column.name)) continue;
      const declared = logic.inputs.find((input) => input.name === column.name) ?? column;
      const signal = signals.get(column.name) ?? { column: declared, tests: new Set<Test>() };
      signals.set(column.name, signal);
      for (const rule of table?.rules ?? []) signal.tests.add(intern(rule.tests[at]));
    }
  }
  return signals;
}

/** The table, those that feed it, and those that can stop a decision before it is asked. In order. */
function neededTables(logic: Logic, index: number, safe: ReadonlySet<number>): number[] {
  const needed = new Set([index]);
  logic.tables.forEach(({ hitPolicy }, table) => {
    if (table < index && (hitPolicy === 'U' || hitPolicy === 'A') && !safe.has(table)) needed.add(table);
  });
  for (let table = index; table >= 0; table--) {
    if (!needed.has(table)) continue;
    for (const { name } of logic.tables[table]?.inputs ?? []) {
      const giver = giverOf(name, table, logic.tables);
      if (giver !== null) needed.add(giver.index);
    }
  }
  return [...needed].sort((a, b) => a - b);
}

interface Setting {
  readonly needed: readonly number[];
  readonly dims: readonly Dim[];
  readonly isFed: IsFed;
  readonly safe: ReadonlySet<number>;
  readonly intern: Intern;
}

function layerOf(logic: Logic, index: number, { needed, dims, isFed, safe, intern }: Setting): Layer {
  const table = logic.tables[index];
  if (table === undefined) throw new Error(`no table ${index}`);
  const rules = table.hitPolicy === 'P' ? [...table.rules].sort(byPriority(table)) : table.rules;
  const width = dims.length;
  const low = new Int32Array(rules.length * width);
  const high = new Int32Array(rules.length * width);
  const runs = new Map<number, Ranges>();
  const columns = dims.map(({ name, axis }) => ({
    axis,
    known: new Map<Test, Ranges>(),
    places: table.inputs.flatMap((column, at) => (column.name === name && !isFed(index, name) ? [at] : [])),
  }));
  rules.forEach((rule, at) => {
    columns.forEach(({ axis, known, places }, dim) => {
      let ranges = wholeOf(axis);
      for (const place of places) {
        const test = intern(rule.tests[place]);
        const own = known.get(test) ?? rangesOf(test, axis);
        known.set(test, own);
        ranges = ranges === wholeOf(axis) || places.length === 1 ? own : intersect(ranges, own);
      }
      const cell = at * width + dim;
      low[cell] = ranges[0] ?? 1;
      high[cell] = ranges.at(-1) ?? 0;
      if (ranges.length > 2) runs.set(cell, ranges);
    });
  });
  const feeds = table.inputs.flatMap((column, at): Feed[] => {
    const giver = isFed(index, column.name) ? giverOf(column.name, index, logic.tables) : null;
    const layer = giver === null ? -1 : needed.indexOf(giver.index);
    const testsAt = (place: number) => rules.map((rule) => intern(rule.tests[place]));
    const told = table.inputs.flatMap(({ name }, place) => (name === column.name ? testsAt(place) : []));
    return giver === null ? [] : [feedOf(column, told, testsAt(at), { layer, output: giver.output })];
  });
  const { hitPolicy } = table;
  return {
    table,
    index,
    ordered: hitPolicy === 'F' || hitPolicy === 'P',
    stops: (hitPolicy === 'U' || hitPolicy === 'A') && !safe.has(index),
    rules,
    says: saysOf(table, rules),
    low,
    high,
    runs,
    feeds,
  };
}

function saysOf(table: LogicTable, rules: readonly LogicRule[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from([...rules, table.otherwise], (rule) => {
    const key = rule === null ? '' : rule.outputs.map(literalKey).join(' ');
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}

function literalKey(value: Literal): string {
  return typeof value === 'string' ? JSON.stringify(value) : value instanceof Big ? value.toFixed() : String(value);
}

/** In the order of the logic's inputs; others last. */
function inOrder(names: readonly string[], logic: Logic): string[] {
  const place = new Map(logic.inputs.map((column, at) => [column.name, at]));
  const at = (name: string) => place.get(name) ?? place.size;
  return [...names].sort((a, b) => at(a) - at(b));
}
