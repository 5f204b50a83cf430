import type { Scalar } from '../decision/normalise.ts';
import type { Span } from '../text/source.ts';

/**
 * What there is to prove of a decision. `rule`: it decides somebody. `bound`: its value just below, at and just above. `condition`: a cell lets
 * through and holds back, and either matters (masking MC/DC). `null`: a subject without the value. `output`: somebody gets it.
 * `mutant`: a slip of the pen that should be noticed. `sql_mutant`: one in the SQL. `gap`: inputs that no rule decides.
 */
export const obligationKinds = [
  'rule', 'bound', 'condition', 'null', 'output', 'mutant', 'sql_mutant', 'gap',
] as const; // biome-ignore format: one line reads as a list

export type ObligationKind = (typeof obligationKinds)[number];

/**
 * `proven`: a case that stands (it passes, or is a known gap) would come out otherwise. `open`: none would. `impossible`: no input
 * could ever show it, so it counts nowhere. `undecided`: it could not be told which of the two.
 */
export type ObligationState = 'proven' | 'open' | 'impossible' | 'undecided';

/** Something about a decision that the cases of its SOP should prove. */
export interface Obligation {
  /** The same text as long as what it is about stands as written, whatever stands around it. Unique in its SOP. */
  readonly id: string;
  readonly kind: ObligationKind;
  /** Null for what concerns no table: SQL. */
  readonly table: string | null;
  readonly rule: string | null;
  readonly column: string | null;
  /** What it is about, in the SOP's Markdown. */
  readonly span: Span;
  /** What would stand at `span` instead; null where nothing is replaced. Mutants only. */
  readonly replacement: string | null;
  /** `R2's 0.2 became 0.22`; `R2's bound 0.2 has a case just below it`. Without a full stop. */
  readonly says: string;
  readonly state: ObligationState;
  /** Names of the cases that prove it, in the order of the library. */
  readonly by: readonly string[];
  /** An input that would show it, of an open obligation of a table; null where none is known. */
  readonly witness: Witness | null;
  /** Of a mutant of SQL that nobody notices: what is known, and what data would tell. Null of all else. */
  readonly needs: string | null;
}

/** An input of the decision that nobody has tried, and what it would show. */
export interface Witness {
  /** Null in a SOP without segments. */
  readonly segment: string | null;
  /** A value for each signal that the decision reads. */
  readonly values: ReadonlyMap<string, Scalar>;
  /** `escalate, high, by R2`: what the SOP says of it. */
  readonly before: string;
  /** What it would say in the other case. */
  readonly after: string;
}

/** All that the cases prove of a SOP, and what they do not. */
export interface SopProof {
  readonly sop: string;
  readonly obligations: readonly Obligation[];
  /** Cases that could not be decided or fail: they prove nothing. */
  readonly leftOut: readonly string[];
  /** How far slips in its SQL were looked for; null where nobody asked. */
  readonly sql: SqlReach | null;
}

/** How far slips in the SQL of a SOP were looked for and tried. */
export interface SqlReach {
  /** Slips that `sop check` refuses by itself. */
  readonly refused: number;
  /** Slips that could not be made in the text alone. */
  readonly dropped: number;
  /** Texts that were too large to look for slips in: `the SQL of Crowd at the ask`. */
  readonly unread: readonly string[];
  /** Ids of mutants that there was no time for; they are among the undecided. */
  readonly untried: readonly string[];
}
