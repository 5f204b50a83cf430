/** What is wrong with a finding, at one place of it. */
export interface FindingProblem {
  /** A JSON pointer into the finding; empty for the finding as a whole. */
  readonly pointer: string;
  readonly kind: ProblemKind;
  /** For a person: one sentence without a full stop at its end. */
  readonly message: string;
  /** The finding is not valid against the skill's schema because of it. */
  readonly breaksSchema: boolean;
}

/**
 * What a problem is about: the finding's form in general, which skill made it, the decision, the values, the steps, the benign explanations,
 * the rows that it names.
 */
export type ProblemKind = 'schema' | 'skill' | 'decision' | 'signals' | 'steps' | 'benign' | 'evidence';

export function problem(kind: ProblemKind, path: readonly string[], message: string): FindingProblem {
  return { pointer: pointerOf(path), kind, message, breaksSchema: false };
}

/** A key longer than this ends the pointer: whoever reads it must not drown in what a hostile finding names. */
const longestKey = 200;

export function pointerOf(path: readonly string[]): string {
  const long = path.findIndex((key) => key.length > longestKey);
  const told = long === -1 ? path : path.slice(0, long);
  return told.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** A value in a message: as JSON, cut where it is long. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
