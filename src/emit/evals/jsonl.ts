import { type EvalCase, promptFor } from '../../replay/eval-cases.ts';
import { expectedWords } from './expected-words.ts';

/** One case a line: what is given, what is asked, and all that a team may want to group its figures by. */
export function jsonlEvals(cases: readonly EvalCase[]): string {
  return cases.map((one) => `${JSON.stringify(lineOf(one))}\n`).join('');
}

function lineOf(one: EvalCase) {
  const { entry, checked, given, asked, digest } = one;
  return {
    version: 1,
    id: entry.name.value,
    digest,
    ...aboutOf(one),
    sop_version: checked.sop.version.value,
    title: entry.title,
    prompt: promptFor(one),
    input: given,
    expected: asked,
    expected_words: expectedWords(asked),
  };
}

/** What figures are grouped by. */
export function aboutOf({ entry }: EvalCase) {
  return { sop: entry.sop, technique: entry.technique.value, market: entry.market.value, kind: entry.kind };
}
