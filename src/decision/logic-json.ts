import Big from 'big.js';
import type { HitPolicy } from '../model/sop.ts';
import type { Literal } from '../model/value.ts';
import {
  anything,
  type Column,
  type Logic,
  type LogicRule,
  type LogicTable,
  type Test,
  type TestAtom,
} from './logic.ts';

/** Decision logic as plain JSON: every number is a text that keeps its digits. Times and durations are whole microseconds. */
export interface LogicJson {
  readonly inputs: readonly ColumnJson[];
  readonly tables: readonly TableJson[];
}

export interface ColumnJson {
  readonly name: string;
  readonly type: Column['type'];
  readonly step: string | null;
  readonly range: TestJson;
  readonly range_text: string;
  readonly missing: LiteralJson;
  /** A parameter: every subject has the value `missing`. */
  readonly parameter: boolean;
}

export interface TableJson {
  readonly name: string;
  readonly hit_policy: HitPolicy;
  readonly inputs: readonly ColumnJson[];
  readonly outputs: LogicTable['outputs'];
  readonly rules: readonly RuleJson[];
  readonly otherwise: RuleJson | null;
}

export interface RuleJson {
  readonly id: string;
  readonly tests: readonly TestJson[];
  readonly outputs: readonly LiteralJson[];
}

/** Null lets everything through: the cell `-`. */
export type TestJson = {
  readonly text: string;
  readonly negated: boolean;
  readonly also_null: boolean;
  readonly atoms: readonly AtomJson[];
} | null;

export type AtomJson =
  | { readonly kind: 'null' }
  | { readonly kind: 'equal'; readonly value: LiteralJson }
  | { readonly kind: 'compare'; readonly operator: '<' | '<=' | '>' | '>='; readonly bound: string }
  | {
      readonly kind: 'interval';
      readonly low: string;
      readonly high: string;
      readonly low_closed: boolean;
      readonly high_closed: boolean;
    };

export type LiteralJson = string | boolean | null | { readonly number: string };

export function encodeLogic({ inputs, tables }: Logic): LogicJson {
  return {
    inputs: inputs.map(encodeColumn),
    tables: tables.map((table) => ({
      name: table.name,
      hit_policy: table.hitPolicy,
      inputs: table.inputs.map(encodeColumn),
      outputs: table.outputs.map(({ name, type, order }) => ({ name, type, order })),
      rules: table.rules.map(encodeRule),
      otherwise: table.otherwise === null ? null : encodeRule(table.otherwise),
    })),
  };
}

function encodeColumn({ name, type, step, range, rangeText, missing, fixed }: Column): ColumnJson {
  const told = { range: encodeTest(range), range_text: rangeText, missing: encodeLiteral(missing) };
  return { name, type, step: step?.toFixed() ?? null, ...told, parameter: fixed === true };
}

function encodeRule({ id, tests, outputs }: LogicRule): RuleJson {
  return { id, tests: tests.map(encodeTest), outputs: outputs.map(encodeLiteral) };
}

function encodeTest(test: Test): TestJson {
  if (test.kind === 'any') return null;
  const { text, negated, alsoNull, atoms } = test;
  return { text, negated, also_null: alsoNull, atoms: atoms.map(encodeAtom) };
}

function encodeAtom(atom: TestAtom): AtomJson {
  switch (atom.kind) {
    case 'null':
      return { kind: 'null' };
    case 'equal':
      return { kind: 'equal', value: encodeLiteral(atom.value) };
    case 'compare':
      return { kind: 'compare', operator: atom.operator, bound: atom.bound.toFixed() };
    case 'interval': {
      const { low, high, lowClosed, highClosed } = atom;
      return {
        kind: 'interval',
        low: low.toFixed(),
        high: high.toFixed(),
        low_closed: lowClosed,
        high_closed: highClosed,
      };
    }
  }
}

function encodeLiteral(value: Literal): LiteralJson {
  return value instanceof Big ? { number: value.toFixed() } : value;
}

/** The logic that `encodeLogic` wrote down. */
export function decodeLogic({ inputs, tables }: LogicJson): Logic {
  return {
    inputs: inputs.map(decodeColumn),
    tables: tables.map((table) => ({
      name: table.name,
      hitPolicy: table.hit_policy,
      inputs: table.inputs.map(decodeColumn),
      outputs: table.outputs,
      rules: table.rules.map(decodeRule),
      otherwise: table.otherwise === null ? null : decodeRule(table.otherwise),
    })),
  };
}

function decodeColumn({ name, type, step, range, range_text: rangeText, missing, parameter }: ColumnJson): Column {
  const column = { name, type, step: step === null ? null : new Big(step), range: decodeTest(range), rangeText };
  const whole = { ...column, missing: decodeLiteral(missing) };
  return parameter ? { ...whole, fixed: true } : whole;
}

function decodeRule({ id, tests, outputs }: RuleJson): LogicRule {
  return { id, tests: tests.map(decodeTest), outputs: outputs.map(decodeLiteral) };
}

function decodeTest(test: TestJson): Test {
  if (test === null) return anything;
  const { text, negated, also_null: alsoNull, atoms } = test;
  return { kind: 'tests', text, negated, alsoNull, atoms: atoms.map(decodeAtom) };
}

function decodeAtom(atom: AtomJson): TestAtom {
  switch (atom.kind) {
    case 'null':
      return atom;
    case 'equal':
      return { kind: 'equal', value: decodeLiteral(atom.value) ?? '' };
    case 'compare':
      return { kind: 'compare', operator: atom.operator, bound: new Big(atom.bound) };
    case 'interval': {
      const bounds = { low: new Big(atom.low), high: new Big(atom.high) };
      return { kind: 'interval', ...bounds, lowClosed: atom.low_closed, highClosed: atom.high_closed };
    }
  }
}

function decodeLiteral(value: LiteralJson): Literal {
  return typeof value === 'object' && value !== null ? new Big(value.number) : value;
}
