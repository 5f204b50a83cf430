import { compileHits, type Output, type TableAnswer } from '../compile-table.ts';
import type { Layer } from './frame.ts';

/** What a table answers where just these rules match. */
export interface Outcome {
  readonly answer: TableAnswer;
  /** The same for equal outputs, whichever rules gave them. */
  readonly key: string;
}

export type OutcomeOf = (hits: readonly number[]) => Outcome;

const made = new WeakMap<Layer, OutcomeOf>();

/** The evaluator itself is asked, with the rules that matched alone, so that no hit policy is told twice. */
export function outcomesOf(layer: Layer): OutcomeOf {
  const found = made.get(layer) ?? makeOutcomes(layer);
  made.set(layer, found);
  return found;
}

function makeOutcomes({ table, rules, ordered }: Layer): OutcomeOf {
  const known = new Map<string, Outcome>();
  const answerOf = compileHits(table);
  return (hits) => {
    const telling = ordered ? hits.slice(0, 1) : hits;
    const key = telling.join();
    const found = known.get(key);
    if (found !== undefined) return found;
    const answer = answerOf(telling.flatMap((rule) => rules[rule] ?? []));
    const outcome = { answer, key: keyOf(answer) };
    known.set(key, outcome);
    return outcome;
  };
}

export function keyOf(answer: TableAnswer): string {
  return answer.kind === 'answer' ? `= ${answer.outputs.map(outputKey).join(' ')}` : answer.kind;
}

function outputKey(output: Output): string {
  if (Array.isArray(output)) return `[${output.map(outputKey).join(' ')}]`;
  return typeof output === 'string' ? JSON.stringify(output) : String(output);
}
