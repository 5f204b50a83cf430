/**
 * The strict S-FEEL subset of a decision cell, as a tree. Offsets are relative to the cell's text.
 * Grammar: DMN 1.3 §9.1 "simple unary tests", without functions, arithmetic and qualified names.
 */
export type UnaryTest =
  | { readonly kind: 'any' }
  | { readonly kind: 'tests'; readonly negated: boolean; readonly tests: readonly Atom[]; readonly alsoNull: boolean };

/** One positive test. `alsoNull` of the enclosing test stands for the atom `null` beside a `not(…)`. */
export type Atom =
  | { readonly kind: 'null' }
  | { readonly kind: 'equal'; readonly operand: Operand }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly operand: Operand }
  | {
      readonly kind: 'interval';
      readonly low: Operand;
      readonly high: Operand;
      readonly lowClosed: boolean;
      readonly highClosed: boolean;
    };

export type Comparison = '<' | '<=' | '>' | '>=';

/** A literal, or a name that a parameter (or an earlier output) must give a value. */
export type Operand = OperandValue & { readonly at: number; readonly length: number };

export type OperandValue =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** `date("…")`, `date and time("…")` and `duration("…")`, in whole microseconds: since 1970-01-01 UTC, or how long. */
  | { readonly kind: 'date and time' | 'duration'; readonly microseconds: number }
  | { readonly kind: 'name'; readonly name: string };

/** Why a cell is no unary test, said so that an analyst can mend it. */
export interface CellProblem {
  readonly at: number;
  readonly length: number;
  readonly hint: string;
}
