import { type EvalCase, promptFor } from '../../replay/eval-cases.ts';
import { aboutOf } from './jsonl.ts';
import checkAnswer from './runtime/check-answer.ts?bundled';

/** A file of the suite; paths are relative to its folder. */
export interface EvalFile {
  readonly path: string;
  readonly text: string;
}

/** A suite for promptfoo: configuration, tests and the program that judges answers. */
export function promptfooEvals(cases: readonly EvalCase[], ids: readonly string[]): EvalFile[] {
  return [
    { path: 'check-answer.mjs', text: checkText },
    { path: 'promptfooconfig.yaml', text: configText(ids) },
    { path: 'tests.jsonl', text: cases.map((one) => `${JSON.stringify(testOf(one))}\n`).join('') },
  ];
}

function configText(ids: readonly string[]): string {
  return `# A suite for promptfoo, made by \`sop evals\`. Change the cases of the SOPs, not this file.
# Name your agent in place of echo, here or with --providers: it needs the skills that the prompts name.
description: ${JSON.stringify(`Cases of ${ids.join(', ')}`)}
prompts:
  - "{{question}}"
providers:
  - echo
tests: file://tests.jsonl
defaultTest:
  assert:
    - type: javascript
      value: file://check-answer.mjs
`;
}

function testOf(one: EvalCase) {
  return {
    description: one.entry.name.value,
    vars: {
      question: `${promptFor(one)}\n\n${inert(one.given)}`,
      expected: inert(one.asked),
    },
    metadata: { ...aboutOf(one), digest: one.digest },
  };
}

/**
 * JSON in which no template can begin: promptfoo renders each variable as a Nunjucks template. A brace inside a text is written as an escape that
 * JSON reads back; outside texts no brace is followed by one, a percent or a number sign.
 */
export function inert(value: unknown): string {
  return JSON.stringify(value).replace(/"(?:[^"\\]|\\.)*"/g, (text) =>
    text.replaceAll('{', '\\u007b').replaceAll('}', '\\u007d'),
  );
}

const checkText = `// Judges the answer of an agent: promptfoo calls it for each test. Made by sopwright; change the cases of the SOPs, not this file.
// It contains the comparer of sopwright and big.js by Michael Mclaughlin (MIT licence).

${checkAnswer}
/** @type {(output: unknown, context: { vars: { expected: string } }) => { pass: boolean, score: number, reason: string }} */
export default (output, { vars }) => sopwright.checkAnswer(output, typeof vars.expected === 'string' ? JSON.parse(vars.expected) : vars.expected);
`;
