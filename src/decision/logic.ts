import type Big from 'big.js';
import type { HitPolicy } from '../model/sop.ts';
import type { Literal, ValueType } from '../model/value.ts';

/**
 * Decision logic without places and names to resolve: what `check/` makes of a SOP's tables once every name stands for
 * a column or a value.
 */
export interface Logic {
  /** The signals and parameters that some table reads as such. Outputs that a later table reads are none of them. */
  readonly inputs: readonly Column[];
  /** In order of evaluation; the last one gives disposition and severity. */
  readonly tables: readonly LogicTable[];
}

/** How the values of one column are read, rounded and compared. */
export interface Column {
  readonly name: string;
  readonly type: ValueType | 'text';
  /** Values are rounded to multiples of it, origin 0, half away from zero. Integers have step 1. */
  readonly step: Big | null;
  /** What may be; a value outside makes the decision invalid. */
  readonly range: Test;
  /** The range as the analyst wrote it. */
  readonly rangeText: string;
  /** What a subject without a value gets. */
  readonly missing: Literal;
  /** A parameter: every subject has the value `missing`. */
  readonly fixed?: true;
}

export interface LogicTable {
  readonly name: string;
  readonly hitPolicy: HitPolicy;
  readonly inputs: readonly Column[];
  readonly outputs: readonly OutputColumn[];
  readonly rules: readonly LogicRule[];
  readonly otherwise: LogicRule | null;
}

export interface OutputColumn {
  readonly name: string;
  readonly type: 'number' | 'text' | 'boolean';
  /** Priority for P and O tables, highest first; null where the output has no order. */
  readonly order: readonly string[] | null;
}

export interface LogicRule {
  readonly id: string;
  /** One a column of the table's inputs; empty for `else`. */
  readonly tests: readonly Test[];
  /** One a column of the table's outputs. */
  readonly outputs: readonly Literal[];
}

/** A unary test in which names have become values. */
export type Test =
  | { readonly kind: 'any' }
  | {
      readonly kind: 'tests';
      readonly negated: boolean;
      readonly atoms: readonly TestAtom[];
      readonly alsoNull: boolean;
      /** The cell as written, for explanations. */
      readonly text: string;
    };

export type TestAtom =
  | { readonly kind: 'null' }
  | { readonly kind: 'equal'; readonly value: Exclude<Literal, null> }
  | { readonly kind: 'compare'; readonly operator: '<' | '<=' | '>' | '>='; readonly bound: Big }
  | {
      readonly kind: 'interval';
      readonly low: Big;
      readonly high: Big;
      readonly lowClosed: boolean;
      readonly highClosed: boolean;
    };

/** Where a column of a table gets its values. */
export interface Giver {
  /** Its place among the tables, and that of the column among its outputs. */
  readonly index: number;
  readonly output: number;
}

/** The table that fills a column of the table at a place: the last earlier one with such an output; null for an input of the logic. */
export function giverOf(name: string, reader: number, tables: readonly LogicTable[]): Giver | null {
  for (let index = reader - 1; index >= 0; index--) {
    const output = tables[index]?.outputs.findIndex((column) => column.name === name) ?? -1;
    if (output >= 0) return { index, output };
  }
  return null;
}

export const anything: Test = { kind: 'any' };

/** Whether the values of a column have an order: numbers, times and durations. */
export function isOrdered({ type }: Pick<Column, 'type'>): boolean {
  return type !== 'boolean' && type !== 'enum' && type !== 'text';
}
