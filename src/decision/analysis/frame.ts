import type { Dim, Frame, Layer } from '../boxes/frame.ts';
import { type Intern, internTests } from '../boxes/intern.ts';
import { layerOf, type Place } from '../boxes/layer.ts';
import { type Column, giverOf, type Logic, type Test } from '../logic.ts';
import { type Axis, axisOf } from '../region/axis.ts';

/** How a table is looked at. */
export interface View {
  /** Columns that are axes of their own though an earlier table fills them: the table is looked at by itself. */
  readonly alone?: ReadonlyMap<string, Axis>;
  /** Earlier tables of which it is known that no two of their rules conflict. */
  readonly safe?: ReadonlySet<number>;
}

/** One table with those that feed it and those that can end the decision before it is asked, its own last. */
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
  const layers = needed.map((at): Layer => {
    const table = logic.tables[at];
    if (table === undefined) throw new Error(`no table ${at}`);
    const placeOf = ({ name }: Column): Place => {
      const giver = isFed(at, name) ? giverOf(name, at, logic.tables) : null;
      if (giver !== null) return { kind: 'fed', layer: needed.indexOf(giver.index), output: giver.output };
      return { kind: 'axis', dim: dims.findIndex((dim) => dim.name === name) };
    };
    return layerOf(table, { dims, placeOf, mayStop: !safe.has(at), intern });
  });
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

/** In the order of the logic's inputs; others last. */
function inOrder(names: readonly string[], logic: Logic): string[] {
  const place = new Map(logic.inputs.map((column, at) => [column.name, at]));
  const at = (name: string) => place.get(name) ?? place.size;
  return [...names].sort((a, b) => at(a) - at(b));
}
