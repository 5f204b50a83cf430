import { type EvalCase, promptFor } from '../../replay/eval-cases.ts';
import { expectedWords } from './expected-words.ts';
import { aboutOf } from './jsonl.ts';

/** Samples as `json_dataset()` of Inspect reads them: one a line, with a model's question, the target in words, and what is asked as metadata. */
export function inspectEvals(cases: readonly EvalCase[]): string {
  const samples = cases.map((one) => ({
    id: one.entry.name.value,
    input: `${promptFor(one)}\n\n${JSON.stringify(one.given)}`,
    target: expectedWords(one.asked),
    metadata: { ...aboutOf(one), digest: one.digest, expected: one.asked },
  }));
  return samples.map((sample) => `${JSON.stringify(sample)}\n`).join('');
}
