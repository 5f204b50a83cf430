/** How a raw file becomes one market table: what an exchange or a desk writes, said in the desk's words. Plain data, so that it can be handed to the SQL process. */
export interface Mapping {
  readonly name: string;
  readonly title: string;
  /** The market table that the rows go into. */
  readonly table: string;
  readonly source: MappingSource;
  /** By what a file is known to be of this kind; null where the mapping is used only when it is named. */
  readonly recognise: Recognise | null;
  /** Rows that are read: all conditions hold. */
  readonly where: readonly Condition[];
  readonly corrections: Corrections | null;
  readonly columns: readonly MappedColumn[];
}

export interface MappedColumn {
  /** Column of the market table. */
  readonly name: string;
  readonly value: Expression;
}

export type MappingSource =
  /** Rows with named columns: CSV with a header line, Parquet, a DuckDB table, JSON lines. */
  | { readonly format: 'table' }
  /** CSV whose header line may be missing: names of the columns in order, and what their values look like. */
  | { readonly format: 'csv'; readonly columns: readonly string[]; readonly kinds: readonly CellKind[] }
  /** JSON: the way from a document to its rows, as names of lists (`data`, then `details`); none where documents are the rows. */
  | { readonly format: 'json'; readonly rows: readonly string[] }
  /** FIX messages, one a line; columns are tags. */
  | { readonly format: 'fix' };

export type CellKind = 'integer' | 'number' | 'boolean' | 'text';

export interface Recognise {
  /** Columns that the file must have. */
  readonly columns: readonly string[];
  /** Columns that it must not have. */
  readonly without: readonly string[];
  /** Patterns with `*` of which its name must fit one; empty: any name. */
  readonly file: readonly string[];
  readonly notFile: readonly string[];
  /** Rows are lists of this many values, not objects. */
  readonly width: number | null;
}

/** Trade busts and corrections: rows that take back or replace an earlier one. */
export interface Corrections {
  /** Raw column that numbers a row. */
  readonly id: string;
  /** Raw column that names the row which is taken back or replaced. */
  readonly refersTo: string;
  /** Raw column that says what a row is. */
  readonly kind: string;
  readonly remove: readonly string[];
  readonly replace: readonly string[];
  /** Raw columns whose value stays that of the first row, such as the time of the execution. */
  readonly keep: readonly string[];
}

export type TimeUnit = 's' | 'ms' | 'us' | 'ns' | 'iso' | 'fix';

export type Expression =
  | { readonly kind: 'column'; readonly name: string }
  /** A constant. null is "not known", and the column counts as missing; `none` says that it is known to hold nothing. */
  | { readonly kind: 'value'; readonly text: string | null; readonly none?: true }
  /** Part of the file's name: `{}` in a pattern in which `*` is anything. */
  | { readonly kind: 'file_name'; readonly pattern: string }
  | {
      readonly kind: 'product' | 'quotient' | 'sum' | 'difference' | 'first';
      readonly parts: readonly Expression[];
    }
  | { readonly kind: 'join'; readonly parts: readonly Expression[]; readonly separator: string }
  /** The n-th part of a text that is split, counted from 1. */
  | { readonly kind: 'part'; readonly of: Expression; readonly separator: string; readonly at: number }
  /** Which of these texts it ends with. */
  | { readonly kind: 'ending'; readonly of: Expression; readonly list: readonly string[] }
  | Contracts
  | { readonly kind: 'sign'; readonly of: Expression; readonly negative: string; readonly positive: string }
  | { readonly kind: 'unsigned'; readonly of: Expression }
  | {
      readonly kind: 'values';
      readonly of: Expression;
      readonly list: readonly (readonly [from: string, to: string])[];
      /** What becomes of a value that is not listed. */
      readonly other: 'refuse' | 'keep' | 'empty';
    }
  /** One unit, or several among which the size of the number decides. */
  | {
      readonly kind: 'time';
      readonly of: Expression;
      readonly units: readonly TimeUnit[];
      readonly zone: string | null;
    }
  | { readonly kind: 'only_if'; readonly of: Expression; readonly condition: Condition };

/** A number of contracts, turned into base units or into its value. */
export interface Contracts {
  readonly kind: 'contracts';
  readonly of: Expression;
  readonly price: Expression;
  /** Contract size that stands in the file; null: it comes from the instruments. */
  readonly size: Expression | null;
  /** When the contract is inverse; null: the instruments say so. */
  readonly inverse: Condition | boolean | null;
  readonly as: 'base' | 'notional';
}

export interface Condition {
  readonly of: Expression;
  readonly test: 'in' | 'not_in' | 'matches' | 'not_matches' | 'present' | 'absent' | 'same_as';
  readonly values: readonly string[];
  /** For `same_as`. */
  readonly other: Expression | null;
}

/** What one contract of an instrument is worth: base units, or quote units where inverse. */
export interface Contract {
  readonly symbol: string;
  readonly size: number;
  readonly inverse: boolean;
}

/** How the files of a table are to be read. */
export interface Reading {
  /** Mappings among which the content of a file decides. */
  readonly mappings: readonly Mapping[];
  /** True where one of them was asked for: the file is never read by its own column names then. */
  readonly stated: boolean;
  readonly contracts: readonly Contract[];
  /** The table inside a database file. */
  readonly inside?: string;
}

/** Raw columns that an expression reads, in the order in which it names them. */
export function columnsOf(expression: Expression): string[] {
  switch (expression.kind) {
    case 'column':
      return [expression.name];
    case 'value':
    case 'file_name':
      return [];
    case 'product':
    case 'quotient':
    case 'sum':
    case 'difference':
    case 'first':
    case 'join':
      return expression.parts.flatMap(columnsOf);
    case 'contracts': {
      const inverse = typeof expression.inverse === 'object' ? expression.inverse : null;
      const parts = [expression.of, expression.price, ...(expression.size === null ? [] : [expression.size])];
      return [...parts.flatMap(columnsOf), ...(inverse === null ? [] : columnsOfCondition(inverse))];
    }
    case 'only_if':
      return [...columnsOf(expression.of), ...columnsOfCondition(expression.condition)];
    default:
      return columnsOf(expression.of);
  }
}

export function columnsOfCondition(condition: Condition): string[] {
  return [...columnsOf(condition.of), ...(condition.other === null ? [] : columnsOf(condition.other))];
}

/** Every raw column that a mapping reads, each once. */
export function rawColumns(mapping: Mapping): string[] {
  const { corrections } = mapping;
  return [
    ...new Set([
      ...mapping.columns.flatMap((column) => columnsOf(column.value)),
      ...mapping.where.flatMap(columnsOfCondition),
      ...(corrections === null ? [] : [corrections.id, corrections.refersTo, corrections.kind, ...corrections.keep]),
    ]),
  ];
}
