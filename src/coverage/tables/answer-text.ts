import { type Answer, answerOf } from '../../decision/compare/answer.ts';
import type { Decision } from '../../decision/decide.ts';

/** `escalate, high, by R2`; `undecided`. */
export function answerText(answer: Answer, rule: string): string {
  return answer.kind === 'decided' ? `${answer.disposition}, ${answer.severity}, by ${rule}` : answer.kind;
}

export function decisionText(decision: Decision): string {
  return answerText(answerOf(decision), decision.kind === 'decided' ? decision.rule : '');
}
