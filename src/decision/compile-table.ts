import Big from 'big.js';
import type { Literal } from '../model/value.ts';
import { compileTest, type Predicate } from './compile-test.ts';
import type { LogicRule, LogicTable, OutputColumn } from './logic.ts';
import { normalise, type Scalar } from './normalise.ts';

/** An output: one value, or a list for C, R and O (a list of records where a C table has several outputs). */
export type Output = Scalar | readonly Output[] | { readonly [name: string]: Scalar };

export type TableAnswer =
  | { readonly kind: 'answer'; readonly outputs: readonly Output[]; readonly rules: readonly string[] }
  | { readonly kind: 'no_rule' }
  | { readonly kind: 'conflict'; readonly rules: readonly string[] };

export type CompiledTable = (inputs: readonly Scalar[]) => TableAnswer;

/**
 * A table as a function of its inputs, in the order of its columns. Where one rule answers alone, its answer is the same object
 * each time.
 */
export function compileTable(table: LogicTable): CompiledTable {
  const rules = table.rules.map((rule) => compileRule(rule, table));
  const otherwise = table.otherwise === null ? null : single(table.otherwise, table);
  const combine = combiner(table);
  const none = otherwise ?? combine([]);
  if (table.hitPolicy === 'F')
    return (inputs) => {
      for (const rule of rules) if (matchesAll(rule.cells, inputs)) return rule.alone;
      return none;
    };
  return (inputs) => {
    const hits: CompiledRule[] = [];
    for (const rule of rules) if (matchesAll(rule.cells, inputs)) hits.push(rule);
    return hits.length === 0 ? none : combine(hits);
  };
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
}

function compileRule(rule: LogicRule, table: LogicTable): CompiledRule {
  const cells = rule.tests.flatMap((test, place): Cell[] => {
    const column = table.inputs[place];
    return column === undefined || test.kind === 'any' ? [] : [{ place, matches: compileTest(test, column) }];
  });
  return { ...rule, cells, alone: single(rule, table) };
}

function matchesAll(cells: readonly Cell[], inputs: readonly Scalar[]): boolean {
  for (const { place, matches } of cells) if (!matches(inputs[place] ?? null)) return false;
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
    outputs: [total === null ? null : scalarOf(total, output)],
    rules: hits.map((rule) => rule.id),
  };
}

function lists(hits: readonly LogicRule[], table: LogicTable): TableAnswer {
  const rules = hits.map((rule) => rule.id);
  const kept = (rule: LogicRule) => rule.outputs.some((value) => value !== null);
  if (table.outputs.length === 1) {
    const values = hits.filter(kept).map((rule) => scalarOf(rule.outputs[0] ?? null, table.outputs[0]));
    return { kind: 'answer', outputs: [values], rules };
  }
  const columns = table.outputs.map((output, index) =>
    hits.filter(kept).map((rule) => scalarOf(rule.outputs[index] ?? null, output)),
  );
  return { kind: 'answer', outputs: columns, rules };
}

function single(rule: LogicRule, table: LogicTable): TableAnswer & { kind: 'answer' } {
  return {
    kind: 'answer',
    outputs: table.outputs.map((output, index) => scalarOf(rule.outputs[index] ?? null, output)),
    rules: [rule.id],
  };
}

/** Numbers that tables compute are exact decimals: sums of weights must not depend on their order. */
function scalarOf(literal: Literal, output: OutputColumn | undefined): Scalar {
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

function sameLiteral(a: Literal, b: Literal): boolean {
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
