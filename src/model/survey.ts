import type { Reading } from './mapping.ts';
import type { DataProblem, Limits, TableData, TableShape } from './ports.ts';

/** What the SQL process finds in data files, as plain figures: `replay/data-check/` says what they mean. Times are microseconds since 1970 UTC. */
export interface TableFacts {
  readonly table: string;
  readonly rows: number;
  readonly files: readonly FileFacts[];
  readonly columns: readonly ColumnFacts[];
  /** By venue, symbol, file and day. */
  readonly days: readonly DayFacts[];
  readonly silences: readonly Silence[];
  readonly duplicates: Duplicates | null;
  readonly lags: readonly LagFacts[];
  readonly sides: readonly SideFacts[];
  readonly jumps: readonly Jump[];
  readonly notionals: readonly NotionalFacts[];
  readonly numbering: readonly Numbering[];
  /** Rows per column whose value is zero or negative. */
  readonly notPositive: readonly Counted[];
  /** Rows whose high lies below their low, or whose open or close lies outside, or whose bid is above the ask. */
  readonly crossed: number;
  readonly strangeTimes: readonly StrangeTime[];
  /** Rows in which a key column is empty. */
  readonly emptyKeys: readonly Counted[];
}

export interface Counted {
  readonly column: string;
  readonly rows: number;
  readonly example: string;
}

export interface FileFacts {
  readonly file: string;
  readonly mapping: string | null;
  readonly rows: number;
  readonly from: number | null;
  readonly to: number | null;
  /** The same for the same rows, in whatever order. */
  readonly fingerprint: string;
  /** Columns of the market table that it has. */
  readonly present: readonly string[];
  readonly ignored: readonly string[];
  readonly unreadable: readonly { readonly column: string; readonly value: string | null; readonly words: string }[];
  /** A line that breaks the format. */
  readonly broken: { readonly words: string; readonly line: number | null; readonly last: boolean } | null;
  /** How often a row lies before the one above it, the furthest step back in seconds, and whether the file runs backwards. */
  readonly back: { readonly rows: number; readonly seconds: number; readonly newestFirst: boolean };
  /** Times as text: how many name a zone, and which zones they name. */
  readonly zones: { readonly unnamed: number; readonly named: readonly string[] } | null;
}

export interface ColumnFacts {
  readonly name: string;
  readonly filled: number;
  readonly min: string | null;
  readonly max: string | null;
  /** Values outside the list that the table states. */
  readonly unknown: readonly { readonly value: string; readonly rows: number }[];
}

export interface DayFacts {
  readonly venue: string;
  readonly symbol: string;
  readonly file: number;
  readonly day: number;
  readonly rows: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly price: number | null;
  readonly qty: number | null;
  readonly firstPrice: number | null;
  readonly lastPrice: number | null;
}

/** A time without rows, far longer than usual for the symbol. */
export interface Silence {
  readonly venue: string;
  readonly symbol: string;
  readonly from: number;
  readonly to: number;
  readonly seconds: number;
  /** Seconds below which 99 of 100 of its silences stay. */
  readonly usual: number;
}

export interface Duplicates {
  readonly key: readonly string[];
  /** Rows that repeat the key of another. */
  readonly rows: number;
  readonly example: string;
}

/** Time from the event to when the desk could know it, by file and venue; in seconds. */
export interface LagFacts {
  readonly file: number;
  readonly venue: string;
  readonly rows: number;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** Rows from the future: the event lies after it was known. */
  readonly ahead: number;
  /** Rows that came later than five minutes and fifty times the usual. */
  readonly late: number;
}

/** How often a price rose when buyers took, and fell when sellers did. */
export interface SideFacts {
  readonly file: number;
  readonly symbol: string;
  readonly moves: number;
  readonly agreeing: number;
}

export interface Jump {
  readonly symbol: string;
  readonly rows: number;
  /** 10 to this power. */
  readonly power: number;
  readonly example: string;
}

/** Value divided by price × size. */
export interface NotionalFacts {
  readonly column: string;
  readonly symbol: string;
  readonly rows: number;
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** The value divided by the size alone, lowest and highest. */
  readonly perQtyLow: number;
  readonly perQtyHigh: number;
  readonly priceLow: number;
  readonly priceHigh: number;
  /** Rows further than 5 % from price × size. */
  readonly off: number;
}

/** Whole numbers by which a venue counts trades. */
export interface Numbering {
  readonly venue: string;
  readonly symbol: string;
  readonly rows: number;
  readonly distinct: number;
  readonly first: number;
  readonly last: number;
}

export interface StrangeTime {
  readonly column: string;
  readonly rows: number;
  readonly example: string;
  readonly microseconds: number;
  readonly future: boolean;
}

export interface SurveyRequest {
  readonly shape: TableShape;
  readonly content: readonly Extract<TableData, { kind: 'files' }>[];
  /** Allowed values of the columns that have a list. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly required: readonly string[];
  /** Microseconds since 1970: times after it are strange. */
  readonly now: number;
}

export type SurveyResult =
  | { readonly ok: true; readonly value: TableFacts }
  | { readonly ok: false; readonly problem: DataProblem };

/** What a file looks like: the mappings that fit it, or its own columns. */
export interface Look {
  readonly mappings: readonly string[];
  readonly columns: readonly string[];
}

export type LookResult =
  | { readonly ok: true; readonly value: Look }
  | { readonly ok: false; readonly problem: DataProblem };

/** Looks into data files with SQL of our own: nothing of an SOP runs there. */
export interface DataSurveyor {
  look(file: string, reading: Reading, limits: Limits): Promise<LookResult>;
  survey(request: SurveyRequest, limits: Limits): Promise<SurveyResult>;
}
