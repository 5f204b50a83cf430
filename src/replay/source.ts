import type { DataSet, Limits, TableShape, Window } from '../model/ports.ts';
import type { Supply } from './readiness.ts';

/** Data that a SOP is run on. */
export interface Source {
  readonly data: DataSet;
  /** The tables as they were opened. */
  readonly shapes: readonly TableShape[];
  /** Tables that are there, empty or not. */
  readonly given: ReadonlySet<string>;
  /** The rows of given tables are all there are: so it is in a case, and never on a desk. */
  readonly complete: boolean;
}

/** The window of a run, in microseconds since 1970 UTC; null where no row has a time and nobody stated one. */
export interface RunWindow {
  readonly from: number | null;
  readonly asOf: number | null;
  /** What settles later than this is undecided; null: a case that states no end, in which nothing more happens. */
  readonly settledBy: number | null;
}

/** What part of a data set is asked for. */
export interface Stretched {
  /** The window, in microseconds since 1970 UTC; null: from the first row, up to the last one and the time to settle. */
  readonly from: number | null;
  readonly asOf: number | null;
  readonly limits: Limits;
  /** What is known of the data from an earlier run, which looked at all of it. */
  readonly supply?: Supply;
  /** Only this feed of the tables that have one a symbol. */
  readonly feed?: Window['feed'];
  /** A table whose feed broke off. */
  readonly brokenOff?: Window['brokenOff'];
}
