import type { CaseOutcome } from '../model/case.ts';
import type { EvalCase } from '../replay/eval-cases.ts';

/** What a finding is scored on, in the order in which it is told. */
export const criteria = {
  disposition: 'the disposition that the SOP gives, for everybody',
  severity: 'the severity that the SOP gives',
  rule: 'the rule that decided',
  numbers: "each signal equals the SOP's value",
  steps: 'each step and benign explanation answered',
  valid: 'nothing wrong with the finding in itself',
  innocents: 'nobody accused who must be left alone',
} as const;

export type Criterion = keyof typeof criteria;

export const criterionNames = Object.keys(criteria) as readonly Criterion[]; // its own keys

/** How an answer to one case did. */
export interface CaseScore {
  readonly case: EvalCase;
  /** Why there is no answer; null where there is one. */
  readonly failure: string | null;
  /** As the comparer of cases says it of the findings. */
  readonly outcome: CaseOutcome;
  /** Everybody whom the case names was reported, at least as gravely as it asks; null where it names nobody who is to be found. */
  readonly found: boolean | null;
  /** Null: there was nothing to score. */
  readonly right: Readonly<Record<Criterion, boolean | null>>;
  readonly pairs: readonly Pair[];
  readonly problems: readonly ScoreProblem[];
}

/** A subject, and what the SOP and the agent say of it. */
export interface Pair {
  readonly subject: string;
  /** A disposition, `undecided` or `invalid`; null where the SOP knows no such subject. */
  readonly expected: string | null;
  /** The same; null where nothing was reported. */
  readonly given: string | null;
}

export interface ScoreProblem {
  readonly criterion: Criterion;
  /** Whom it is about, as a person reads it; empty where the one subject has no name. */
  readonly subject: string;
  /** For a person; what an agent wrote is in it. Empty where another problem says it: nothing was reported. */
  readonly text: string;
}
