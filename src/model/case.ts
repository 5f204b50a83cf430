import type { Located, Span } from '../text/source.ts';
import type { Literal } from './value.ts';

export type CaseKind = 'attack' | 'benign' | 'incident';

/** What a case can come out as, worst first. */
export const outcomes = [
  'error', 'missed', 'false_alarm', 'differs', 'gap_expired', 'gap_closed', 'known_gap', 'caught', 'left_alone',
] as const; // biome-ignore format: one line reads as an order

export type CaseOutcome = (typeof outcomes)[number];

/** What happens, and in what: all that a case and a draft of one have in common. */
export interface Story {
  readonly name: Located<string>;
  readonly title: string;
  /** The SOP in whose folder it lies. */
  readonly sop: string;
  readonly path: string;
  readonly technique: Located<string>;
  readonly market: Located<string>;
  readonly source: string;
  readonly input: CaseInput;
  /** The segment whose parameters decide a case of signal values; with market data, the data says it. */
  readonly segment: Located<string> | null;
  /** Rows to append, after which nobody whom `expect` names may get a milder answer. */
  readonly monotone: Monotone | null;
  /** What the SOP may know; null: all that the case states, and the time to settle after it. */
  readonly asOf: Located<string> | null;
  readonly expect: readonly Expectation[];
  /** The most that a subject which `expect` doesn't name may get; null is the lowest disposition. */
  readonly others: Located<string> | null;
  readonly only: readonly Located<string>[] | null;
  readonly also: readonly Located<string>[];
  /** Names of cases that are gone, in whose place this one stands. */
  readonly replaces: readonly Located<string>[];
  readonly span: Span;
}

/** An edge-case fixture: market data (or signal values), and what the SOP must say of it. */
export interface Case extends Story {
  readonly kind: CaseKind;
  readonly knownGap: KnownGap | null;
}

/**
 * A story whose answer nobody has decided yet, written `expect: ?`. It is no `Case`, so whatever counts cases can't count it.
 * `expect` holds what is said already.
 */
export interface Draft extends Story {
  readonly isDraft: true;
  /** Null: nobody has decided that either. */
  readonly kind: CaseKind | null;
}

export type CaseInput =
  | { readonly kind: 'given'; readonly tables: readonly GivenTable[]; readonly provided: readonly ProvidedRow[] }
  | { readonly kind: 'signals'; readonly values: readonly NamedLiteral[] };

export interface Monotone {
  readonly tables: readonly GivenTable[];
  readonly span: Span;
}

export interface GivenTable {
  readonly name: Located<string>;
  readonly data: GivenRows | GivenFile;
}

export interface GivenRows {
  readonly kind: 'rows';
  /** Made anew each time it is asked for: whoever reads it more than once, holds it while they do. */
  readonly rows: readonly GivenRow[];
}

/** A path as written, relative to the folder of the case. */
export interface GivenFile {
  readonly kind: 'file';
  readonly path: Located<string>;
}

export interface GivenRow {
  readonly cells: readonly GivenCell[];
  readonly span: Span;
}

export interface GivenCell {
  readonly column: Located<string>;
  /** As written; null for `null` and for nothing. */
  readonly text: string | null;
  readonly quoted: boolean;
  readonly span: Span;
}

/** Values of signals without SQL, for one subject: some columns are the subject's, the others signals. */
export interface ProvidedRow {
  readonly values: readonly NamedLiteral[];
  readonly span: Span;
}

export interface NamedLiteral {
  readonly name: Located<string>;
  readonly value: Literal;
  /** As written; null for `null`. */
  readonly text: string | null;
  readonly span: Span;
}

/** What one subject must get. What is left out is not asserted. */
export interface Expectation {
  readonly subject: readonly SubjectMatch[];
  /** The subject is the one that holds all of these members; empty: it is known by its columns. */
  readonly members: readonly Located<string>[];
  readonly disposition: Located<string> | null;
  readonly severity: Located<string> | null;
  /** Any of these rules will do; empty where the rule isn't asserted. */
  readonly rules: readonly Located<string>[];
  readonly span: Span;
}

export interface SubjectMatch {
  readonly column: Located<string>;
  readonly match: { readonly kind: 'equal'; readonly text: string | null } | NearTime;
}

/** A time within `seconds` of `text`. */
export interface NearTime {
  readonly kind: 'near';
  readonly text: string;
  readonly seconds: number;
}

/** A gap that the desk knows and accepts for a while. The case must fail like this, or the build fails. */
export interface KnownGap {
  readonly outcome: 'missed' | 'false_alarm' | 'differs';
  readonly owner: Located<string>;
  readonly reason: string;
  readonly until: Located<string>;
  readonly span: Span;
}
