import type { HitPolicy } from '../../model/sop.ts';
import type { Literal } from '../../model/value.ts';
import { byPriority, compileHits, type TableAnswer } from '../compile-table.ts';
import { compileTest } from '../compile-test.ts';
import { type Column, giverOf, type Logic, type LogicRule, type LogicTable, type Test } from '../logic.ts';
import { normalise, type Scalar } from '../normalise.ts';
import { type Axis, fixedValue, rangesOf } from '../region/axis.ts';
import { places } from '../region/show.ts';
import { signalsOf, testKey } from './joint-axes.ts';

/** Places of an axis, a bit a place. */
export type Places = bigint;

/** One logic over the axes of both. */
export interface Side {
  readonly tables: readonly SideTable[];
  /** What the logic's own ranges allow, an axis each. */
  readonly allowed: readonly Places[];
}

export interface SideTable {
  readonly table: LogicTable;
  /** P is F over rules in the order of their priority. */
  readonly policy: Exclude<HitPolicy, 'P'>;
  /** Without those that no subject can meet. In the order that counts; by id where none does. */
  readonly rules: readonly SideRule[];
  readonly otherwise: LogicRule | null;
  /** What it answers where just these rules match. */
  readonly hits: (rules: readonly LogicRule[]) => TableAnswer;
}

export interface SideRule {
  readonly rule: LogicRule;
  /** What it asks of signals; an axis that does not appear may be anything. */
  readonly cells: ReadonlyMap<number, Places>;
  /** What it asks of outputs of earlier tables. */
  readonly given: readonly GivenCell[];
  /** The same text for rules that ask the same. */
  readonly shape: string;
  readonly answer: string;
}

export interface GivenCell {
  readonly name: string;
  readonly source: number;
  readonly key: string;
  readonly matches: (value: Scalar) => boolean;
}

export function allPlaces({ pieces }: Axis): Places {
  return (1n << BigInt(pieces.length)) - 1n;
}

export function sideOf(logic: Logic, axes: readonly Axis[]): Side {
  const signals = signalsOf(logic);
  const masks = new Map<string, Places>();
  const maskOf = (test: Test, axis: number): Places => {
    const key = `${axis} ${testKey(test)}`;
    const at = axes[axis];
    const column = at === undefined ? undefined : signals.get(at.column.name);
    if (at === undefined || column === undefined) throw new Error('a test of no axis');
    const found = masks.get(key) ?? letThrough(test, at, column);
    masks.set(key, found);
    return found;
  };
  return {
    tables: logic.tables.map((table, index) => sideTable(table, index, logic, axes, maskOf)),
    allowed: axes.map((axis, place) => {
      const column = signals.get(axis.column.name);
      if (column === undefined || column.range.kind === 'any') return allPlaces(axis);
      return maskOf(column.range, place) | (column.missing === null ? nullPlace(axis) : 0n);
    }),
  };
}

/** The places that a test lets through. A subject without a value is judged by what the logic says of it. */
function letThrough(test: Test, axis: Axis, column: Column): Places {
  const asked = places(rangesOf(test, axis)).reduce((bits, place) => bits | (1n << BigInt(place)), 0n);
  if (column.missing === null) return asked;
  const read = normalise(column.missing, column);
  const isIn = compileTest(test, column)(read.ok ? read.value : null);
  const absent = nullPlace(axis);
  return isIn ? asked | absent : asked & ~absent;
}

function nullPlace({ pieces }: Axis): Places {
  const place = pieces.findIndex(({ kind }) => kind === 'null');
  return place < 0 ? 0n : 1n << BigInt(place);
}

function sideTable(
  table: LogicTable,
  index: number,
  logic: Logic,
  axes: readonly Axis[],
  maskOf: (test: Test, axis: number) => Places,
): SideTable {
  const columns = table.inputs.map((input): ColumnReader => {
    const source = giverOf(input.name, index, logic.tables)?.index;
    const declared = logic.inputs.find(({ name }) => name === input.name);
    const axis = axes.findIndex(({ column }) => column.name === input.name);
    if (source !== undefined) return { kind: 'given', source, column: input };
    // A column that nobody gives is null.
    if (declared === undefined || declared.fixed === true || axis < 0)
      return { kind: 'constant', column: input, value: declared === undefined ? null : fixedValue(declared) };
    return { kind: 'axis', axis };
  });
  const read = (rule: LogicRule) => sideRule(rule, columns, axes, maskOf);
  const { hitPolicy } = table;
  const isSum = !['F', 'P', 'A', 'R', 'C', 'O'].includes(hitPolicy);
  const order = hitPolicy === 'P' || hitPolicy === 'O' ? byPriority(table) : byId;
  const sorted = hitPolicy === 'P' || hitPolicy === 'O' || isSum ? [...table.rules].sort(order) : table.rules;
  const rules = sorted.map(read).filter((rule) => rule !== null);
  return {
    table,
    policy: hitPolicy === 'P' ? 'F' : hitPolicy,
    rules,
    otherwise: table.otherwise,
    hits: compileHits(table),
  };
}

function byId(a: LogicRule, b: LogicRule): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

type ColumnReader =
  | { readonly kind: 'axis'; readonly axis: number }
  | { readonly kind: 'given'; readonly source: number; readonly column: Column }
  | { readonly kind: 'constant'; readonly column: Column; readonly value: Scalar };

function sideRule(
  rule: LogicRule,
  columns: readonly ColumnReader[],
  axes: readonly Axis[],
  maskOf: (test: Test, axis: number) => Places,
): SideRule | null {
  const cells = new Map<number, Places>();
  const given: GivenCell[] = [];
  for (const [place, test] of rule.tests.entries()) {
    const reader = columns[place];
    if (reader === undefined || test.kind === 'any') continue;
    if (reader.kind === 'constant') {
      if (!compileTest(test, reader.column)(reader.value)) return null;
    } else if (reader.kind === 'given') {
      const { source, column } = reader;
      given.push({ name: column.name, source, key: testKey(test), matches: compileTest(test, column) });
    } else {
      const axis = axes[reader.axis];
      const mask = maskOf(test, reader.axis) & (cells.get(reader.axis) ?? -1n);
      if (mask === 0n) return null;
      if (axis !== undefined && mask !== allPlaces(axis)) cells.set(reader.axis, mask);
    }
  }
  const shape = `${[...cells]
    .map(([axis, mask]) => `${axis}:${mask.toString(36)}`)
    .sort()
    .join(' ')}|${given
    .map(({ name, key }) => `${name} ${key}`)
    .sort()
    .join(' ')}`;
  return { rule, cells, given, shape, answer: answerText(rule.outputs) };
}

/** The same text for the same outputs: 1.0 and 1 are one number. */
export function answerText(outputs: readonly Literal[]): string {
  return JSON.stringify(
    outputs.map((value) => (typeof value === 'object' && value !== null ? [value.toFixed()] : value)),
  );
}
