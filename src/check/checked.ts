import type { Logic } from '../decision/logic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Library } from '../model/library.ts';
import type { BoundQuery } from '../model/ports.ts';
import type { Parameter, SignalGroup, Sop } from '../model/sop.ts';
import type { View } from '../model/view.ts';

/** A SOP whose names are resolved and whose SQL is bound. */
export interface CheckedSop {
  readonly sop: Sop;
  /** With each parameter's `Value`; what decides in a segment is that segment's logic. */
  readonly logic: Logic;
  /** Null where parameters have one value for all. */
  readonly segmentation: Segmentation | null;
  readonly groups: readonly CheckedGroup[];
  readonly reads: Reads;
  /** Lists of the desk among what it reads: they come with the library, never with data. */
  readonly lists: readonly string[];
  /** False where an error stands: such a SOP is not run and not compiled, because what it would do is a guess. */
  readonly sound: boolean;
}

/** How a subject gets its segment, and what each segment changes. */
export interface Segmentation {
  /** `instruments.liquidity_tier`. */
  readonly by: string;
  readonly table: string;
  readonly column: string;
  /** A table that the data must have; a view or a list is always there. */
  readonly isMarket: boolean;
  /** The columns that the table declares; a file may have fewer. */
  readonly columns: readonly string[];
  /** Columns that the subject and the table share: by them a subject finds its rows. */
  readonly join: readonly string[];
  /** In the order of Parameters. */
  readonly segments: readonly CheckedSegment[];
}

export interface CheckedSegment {
  readonly name: string;
  /** All parameters, with the segment's values. */
  readonly parameters: readonly Parameter[];
  readonly logic: Logic;
}

export interface CheckedGroup {
  readonly group: SignalGroup;
  /** Null where the group has no SQL, or SQL that could not be bound. */
  readonly bound: BoundQuery | null;
  /** The same of the SQL that lists the rows behind its signals. */
  readonly evidence: BoundQuery | null;
  /** The same of the SQL that lists the members of each subject. */
  readonly members: BoundQuery | null;
}

/** What SQL reads, through views, too. */
export interface Reads {
  /** Market tables and lists, by name. */
  readonly tables: readonly string[];
  /** Each after those that it reads. */
  readonly views: readonly View[];
  /** False where one of the views has errors, or reads something that has: what reads it must not run. */
  readonly sound: boolean;
}

/** A view whose SQL is bound. */
export interface CheckedView {
  readonly view: View;
  /** Null where the SQL could not be bound. */
  readonly bound: BoundQuery | null;
  /** False where the view, or a view or list that it reads, has an error: nothing that reads it is run. */
  readonly sound: boolean;
}

export interface CheckedLibrary {
  readonly library: Library;
  readonly views: readonly CheckedView[];
  readonly sops: readonly CheckedSop[];
}

/** What a rule sees. It reports; it changes nothing. */
export interface RuleContext {
  readonly library: Library;
  readonly sop: Sop;
  readonly logic: Logic;
  /** The day on which dates are judged, `2026-11-01`. */
  readonly today: string;
}

export type Rule = (context: RuleContext) => Diagnostic[];
