import Big from 'big.js';
import type { Literal } from '../model/value.ts';
import { compileTest, intervalOf, type Predicate, wordOf } from './compile-test.ts';
import type { LogicRule, LogicTable, OutputColumn } from './logic.ts';
import { normalise, type Scalar } from './normalise.ts';

/** An output: one value, or a list for C, R and O (a list of records where a C table has several outputs). */
export type Output = Scalar | readonly Output[] | { readonly [name: string]: Scalar };

/** What a table says. `rules` are the ids of those that answer together, or that conflict; `else` for the row that has none. */
export type TableAnswer =
  /** One output a column of the table. */
  | { readonly kind: 'answer'; readonly outputs: readonly Output[]; readonly rules: readonly string[] }
  | { readonly kind: 'no_rule' }
  | { readonly kind: 'conflict'; readonly rules: readonly string[] };

/** Takes normalised values (`normalise`), in the order that it was compiled for. What is not there is null. */
export type CompiledTable<T = TableAnswer> = (inputs: readonly Scalar[]) => T;

/** A table as a function of its inputs, in the order of its columns. */
export function compileTable(table: LogicTable): CompiledTable {
  return compileTableAs(
    table,
    table.inputs.map((_, index) => index),
    (answer) => answer,
  );
}

/**
 * A table as a function of a row; `places` tells where in the row each of its columns stands. What the table says where one rule
 * answers alone is made once, by `make`: it is the same object each time, and nothing is allocated for it.
 */
export function compileTableAs<T>(
  table: LogicTable,
  places: readonly number[],
  make: (answer: TableAnswer) => T,
): CompiledTable<T> {
  const rules = table.rules.map((rule) => compileRule(rule, table, places));
  const made: T[] = [];
  // Made when it is first asked for: many tables are compiled for a few subjects.
  const alone = (index: number): T => (made[index] ??= make((rules[index] as CompiledRule).alone)); // the loops stay within
  const cells = rules.map((rule) => rule.cells);
  const combine = combiner(table);
  const none = make(table.otherwise === null ? combine([]) : single(table.otherwise, table));
  const several = (inputs: readonly Scalar[], from: number): T =>
    make(combine(rules.filter((rule, index) => index >= from && matchesAll(rule.cells, inputs))));
  const { hitPolicy } = table;
  if (hitPolicy === 'F')
    return (inputs) => {
      for (let index = 0; index < cells.length; index++)
        if (matchesAll(cells[index] as readonly Cell[], inputs)) return alone(index); // the loop stays within
      return none;
    };
  if (hitPolicy === 'P') {
    const order = [...table.rules].sort(byPriority(table)).map((rule) => table.rules.indexOf(rule));
    return (inputs) => {
      for (const index of order) if (matchesAll(cells[index] as readonly Cell[], inputs)) return alone(index);
      return none;
    };
  }
  const answersAlone = hitPolicy === 'U' || hitPolicy === 'A';
  return (inputs) => {
    let first = -1;
    for (let index = 0; index < cells.length; index++) {
      if (!matchesAll(cells[index] as readonly Cell[], inputs)) continue;
      if (first >= 0 || !answersAlone) return several(inputs, first >= 0 ? first : index);
      first = index;
    }
    return first < 0 ? none : alone(first);
  };
}

/** What a table answers where just these of its rules match, in their order, whatever their cells say. */
export function compileHits(table: LogicTable): (hits: readonly LogicRule[]) => TableAnswer {
  const compiled = new Map<LogicRule, CompiledRule>();
  const compile = (rule: LogicRule) => {
    const known = compiled.get(rule) ?? compileRule(rule, table, []);
    compiled.set(rule, known);
    return known;
  };
  const combine = combiner(table);
  const none = table.otherwise === null ? combine([]) : single(table.otherwise, table);
  return (hits) => (hits.length === 0 ? none : combine(hits.map(compile)));
}

interface CompiledRule extends LogicRule {
  /** Of the cells those that say something. */
  readonly cells: readonly Cell[];
  /** What the table answers where no other rule has a say. */
  readonly alone: TableAnswer & { kind: 'answer' };
}

interface Cell {
  readonly place: number;
  readonly matches: Predicate;
  /** What numbers and texts are compared with at once; where it is not known, `matches` tells. */
  readonly hasInterval: boolean;
  readonly low: number;
  readonly high: number;
  readonly word: string | null;
}

interface KnownRule {
  readonly inputs: LogicTable['inputs'];
  readonly outputs: LogicTable['outputs'];
  readonly hitPolicy: LogicTable['hitPolicy'];
  readonly places: readonly number[];
  readonly compiled: CompiledRule;
}

/** Tables that differ in one rule share the others, and are compiled by the hundred. */
const known = new WeakMap<LogicRule, KnownRule>();

function compileRule(rule: LogicRule, table: LogicTable, places: readonly number[]): CompiledRule {
  const { inputs, outputs, hitPolicy } = table;
  const before = known.get(rule);
  const isSame = before?.inputs === inputs && before.outputs === outputs && before.hitPolicy === hitPolicy;
  if (isSame && sameNumbers(before.places, places)) return before.compiled;
  const compiled = { ...rule, cells: compileCells(rule, inputs, places), alone: single(rule, table) };
  known.set(rule, { inputs, outputs, hitPolicy, places, compiled });
  return compiled;
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((place, index) => place === b[index]);
}

function compileCells({ tests }: LogicRule, inputs: LogicTable['inputs'], places: readonly number[]): Cell[] {
  return tests.flatMap((test, index): Cell[] => {
    const [column, place] = [inputs[index], places[index]];
    if (column === undefined || place === undefined || test.kind === 'any') return [];
    const interval = intervalOf(test, column);
    const { low, high } = interval ?? { low: 0, high: 0 };
    const matches = compileTest(test, column);
    return [{ place, matches, hasInterval: interval !== null, low, high, word: wordOf(test) }];
  });
}

function matchesAll(cells: readonly Cell[], inputs: readonly Scalar[]): boolean {
  for (let index = 0; index < cells.length; index++) {
    const cell = cells[index] as Cell; // the loop stays within
    const value = inputs[cell.place];
    if (typeof value === 'number' && cell.hasInterval) {
      if (!(value >= cell.low && value <= cell.high)) return false;
    } else if (typeof value === 'string' && cell.word !== null) {
      if (value !== cell.word) return false;
    } else if (!cell.matches(value ?? null)) return false;
  }
  return true;
}

type Combine = (hits: readonly CompiledRule[]) => TableAnswer;

/** What a hit policy makes of the rules that matched (DMN 1.3 §8.2.10). */
function combiner(table: LogicTable): Combine {
  const [output] = table.outputs;
  const ids = (hits: readonly LogicRule[]) => hits.map((rule) => rule.id);
  const some =
    (combine: Combine): Combine =>
    (hits) =>
      hits.length === 0 ? { kind: 'no_rule' } : combine(hits);
  switch (table.hitPolicy) {
    case 'F':
      return some((hits) => (hits[0] as CompiledRule).alone); // `some` has looked: there is one
    case 'U':
      return some((hits) =>
        hits.length === 1 ? (hits[0] as CompiledRule).alone : { kind: 'conflict', rules: ids(hits) },
      ); // as above
    case 'A':
      return some((hits) => {
        const agree = hits.every((rule) =>
          rule.outputs.every((value, index) => sameLiteral(value, hits[0]?.outputs[index] ?? null)),
        );
        const [rule] = hits as [CompiledRule]; // as above
        if (!agree) return { kind: 'conflict', rules: ids(hits) };
        return hits.length === 1 ? rule.alone : { ...rule.alone, rules: ids(hits) };
      });
    case 'P':
      return some((hits) => ([...hits].sort(byPriority(table))[0] as CompiledRule).alone); // as above
    case 'R':
    case 'C':
      return (hits) => lists(hits, table);
    case 'O':
      return (hits) => lists([...hits].sort(byPriority(table)), table);
    case 'C#':
      return (hits) => ({ kind: 'answer', outputs: [knownOutputs(hits).length], rules: ids(hits) });
    case 'C+':
      return (hits) => aggregate(hits, output, new Big(0), (sum, value) => sum.plus(value));
    case 'C<':
      return (hits) => aggregate(hits, output, null, (least, value) => (value.lt(least) ? value : least));
    case 'C>':
      return (hits) => aggregate(hits, output, null, (most, value) => (value.gt(most) ? value : most));
  }
}

/** Null outputs are skipped; a count is of rules that gave something. */
function knownOutputs(hits: readonly LogicRule[]): Literal[] {
  return hits.map((rule) => rule.outputs[0] ?? null).filter((value) => value !== null);
}

function aggregate(
  hits: readonly LogicRule[],
  output: OutputColumn | undefined,
  empty: Big | null,
  join: (a: Big, b: Big) => Big,
): TableAnswer {
  let total = empty;
  for (const rule of hits) {
    const value = rule.outputs[0];
    if (!(value instanceof Big)) continue;
    total = total === null ? value : join(total, value);
  }
  return {
    kind: 'answer',
    outputs: [total === null ? null : outputValue(total, output)],
    rules: hits.map((rule) => rule.id),
  };
}

function lists(hits: readonly LogicRule[], table: LogicTable): TableAnswer {
  const rules = hits.map((rule) => rule.id);
  const kept = (rule: LogicRule) => rule.outputs.some((value) => value !== null);
  if (table.outputs.length === 1) {
    const values = hits.filter(kept).map((rule) => outputValue(rule.outputs[0] ?? null, table.outputs[0]));
    return { kind: 'answer', outputs: [values], rules };
  }
  const columns = table.outputs.map((output, index) =>
    hits.filter(kept).map((rule) => outputValue(rule.outputs[index] ?? null, output)),
  );
  return { kind: 'answer', outputs: columns, rules };
}

function single(rule: LogicRule, table: LogicTable): TableAnswer & { kind: 'answer' } {
  return {
    kind: 'answer',
    outputs: table.outputs.map((output, index) => outputValue(rule.outputs[index] ?? null, output)),
    rules: [rule.id],
  };
}

/** Numbers that tables compute are exact decimals: sums of weights must not depend on their order. */
export function outputValue(literal: Literal, output: OutputColumn | undefined): Scalar {
  if (output === undefined) return null;
  const column = {
    name: output.name,
    type: output.type === 'number' ? ('decimal' as const) : output.type,
    step: null,
    range: { kind: 'any' as const },
    rangeText: '',
    missing: null,
  };
  const read = normalise(literal, column);
  return read.ok ? read.value : null;
}

export function sameLiteral(a: Literal, b: Literal): boolean {
  return a instanceof Big && b instanceof Big ? a.eq(b) : a === b;
}

/** First output column first, highest priority first; rules that tie keep their order. */
export function byPriority(table: LogicTable): (a: LogicRule, b: LogicRule) => number {
  return (a, b) => {
    for (let index = 0; index < table.outputs.length; index++) {
      const difference = rank(a, index, table) - rank(b, index, table);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

function rank(rule: LogicRule, index: number, table: LogicTable): number {
  const order = table.outputs[index]?.order ?? [];
  const value = rule.outputs[index] ?? null;
  const at = order.indexOf(value instanceof Big ? value.toFixed() : String(value));
  return at < 0 ? order.length : at;
}
