import type { Decision } from '../decide.ts';

/** What a decision comes to, whichever rule gave it. */
export type Answer =
  | { readonly kind: 'decided'; readonly disposition: string; readonly severity: string }
  | { readonly kind: 'undecided' }
  | { readonly kind: 'invalid' };

/** The desk's order, each from lowest to highest. */
export interface DeskOrder {
  readonly dispositions: readonly string[];
  readonly severities: readonly string[];
}

/**
 * `looser`: the same input gets less than before; `stricter`: more. The disposition counts first, then the severity.
 * `incomparable`: one of the two is undecided or invalid. Neither is a disposition: nobody was cleared and nobody was accused, and
 * whether a person looks depends on who reads what was left open. So it is neither more nor less than any disposition.
 */
export type Direction = 'looser' | 'incomparable' | 'stricter';

export function answerOf(decision: Decision): Answer {
  if (decision.kind !== 'decided') return { kind: decision.kind };
  return { kind: 'decided', disposition: decision.disposition, severity: decision.severity };
}

/** The same text for the same answer. */
export function answerKey(answer: Answer): string {
  return answer.kind === 'decided' ? JSON.stringify([answer.disposition, answer.severity]) : answer.kind;
}

export function directionOf(before: Answer, after: Answer, desk: DeskOrder): Direction {
  if (before.kind !== 'decided' || after.kind !== 'decided') return 'incomparable';
  const disposition = distance(desk.dispositions, before.disposition, after.disposition);
  const order = disposition === 0 ? distance(desk.severities, before.severity, after.severity) : disposition;
  if (Number.isNaN(order) || order === 0) return 'incomparable';
  return order < 0 ? 'looser' : 'stricter';
}

/** NaN for a word that the desk does not have. */
function distance(order: readonly string[], before: string, after: string): number {
  if (before === after) return 0;
  const [from, to] = [order.indexOf(before), order.indexOf(after)];
  return from < 0 || to < 0 ? Number.NaN : to - from;
}
