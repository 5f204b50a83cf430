import type { Region } from '../region/region.ts';

/** What is wrong with a table, or idle in it. Rules and tables by name; a region is over the inputs of the logic. */
export type Finding =
  /** No rule decides, and there is no `else`. */
  | { readonly kind: 'gap'; readonly table: string; readonly region: Region }
  /** These match at once, which the hit policy forbids: no further rule joins all of them. */
  | { readonly kind: 'overlap'; readonly table: string; readonly rules: readonly string[]; readonly region: Region }
  /**
   * Never has a say. `by` are the rules that come first wherever it matches; where there are none it never matches at all, and has
   * no region.
   */
  | {
      readonly kind: 'masked';
      readonly table: string;
      readonly rule: string;
      readonly by: readonly string[];
      readonly region: Region | null;
    }
  /** Without it every outcome is the same. */
  | { readonly kind: 'redundant'; readonly table: string; readonly rule: string; readonly region: Region }
  /** These differ in one column only, and one rule with this cell at the place of `at` says the same. */
  | {
      readonly kind: 'mergeable';
      readonly table: string;
      readonly rules: readonly [string, string];
      readonly at: string;
      readonly column: string;
      readonly cell: string;
      readonly region: Region;
    }
  /** Whatever it is, the outcome is the same. */
  | { readonly kind: 'idle_column'; readonly table: string; readonly column: string; readonly region: Region }
  /** The rules that say so (`else` among them) never have the last word. */
  | {
      readonly kind: 'unused_output';
      readonly table: string;
      readonly output: string;
      readonly value: string;
      readonly rules: readonly string[];
    }
  /** An input that may be null. The region is where no rule decides though it is null; where there is none, some such subject. */
  | {
      readonly kind: 'null';
      readonly table: string;
      readonly column: string;
      readonly decided: boolean;
      readonly region: Region;
    }
  /** Null gets a milder disposition than every known value of the input, the other inputs alike. */
  | {
      readonly kind: 'null_milder';
      readonly table: string;
      readonly column: string;
      readonly disposition: string;
      /** The mildest that a known value gets there. */
      readonly known: string;
      readonly region: Region;
    };

export type Question = 'reach' | 'overlap' | 'redundant' | 'mergeable' | 'idle_column' | 'null' | 'null_milder';

/** What the budget left undecided. `reach` stands for gaps, masked rules and unused outputs. */
export interface OpenQuestion {
  readonly question: Question;
  readonly table: string;
  /** The rules or columns that it is open of; none where it is the whole table. */
  readonly about: readonly string[];
  /** Some of what was not looked at, as far as there is telling. Nobody has asked the evaluator about their witnesses. */
  readonly regions: readonly Region[];
}

/** Findings that are true but were not written out, because there are so many of their kind. */
export interface Omitted {
  readonly kind: Finding['kind'];
  readonly table: string;
  readonly count: number;
}

export interface Analysis {
  readonly findings: readonly Finding[];
  readonly open: readonly OpenQuestion[];
  readonly omitted: readonly Omitted[];
  /** What it cost. A table may cost more than its budget by the last box of each question that was left open. */
  readonly visits: number;
}
