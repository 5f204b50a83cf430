import { type AskedAnswer, type GivenFinding, judgeFindings } from '../../../replay/judge-findings.ts';

/** What promptfoo takes of a check: whether it passes, from 0 to 1, and why. */
export interface Graded {
  readonly pass: boolean;
  readonly score: number;
  readonly reason: string;
}

/** Judges the answer of an agent by what its case asks: dispositions, severities and rules, and nobody else accused. */
export function checkAnswer(output: unknown, asked: AskedAnswer): Graded {
  const findings = readFindings(output);
  if (typeof findings === 'string') return { pass: false, score: 0, reason: findings };
  const compared = judgeFindings(asked, findings);
  const wrong = compared.filter(({ outcome }) => outcome !== 'caught' && outcome !== 'left_alone');
  if (wrong.length === 0) return { pass: true, score: 1, reason: 'as the case asks' };
  const reason = wrong
    .map(({ outcome, subject, expected, actual }) => {
      const wanted = [expected.disposition, expected.severity, expected.rules.join(' or ')].filter(Boolean).join(', ');
      const said =
        actual === null
          ? 'no finding'
          : actual.kind === 'decided'
            ? `${actual.disposition}, ${actual.severity}, ${actual.rule}`
            : actual.kind;
      return `${outcome.replaceAll('_', ' ')}${subject === '' ? '' : ` (${subject})`}: asked ${expected.atMost ? 'at most ' : ''}${wanted}; given ${said}`;
    })
    .join('\n');
  return { pass: false, score: (compared.length - wrong.length) / compared.length, reason };
}

/** The findings of an answer: one, or a list of them, as JSON or as text that is JSON. A text: why there are none. */
export function readFindings(output: unknown): readonly GivenFinding[] | string {
  let read = output;
  if (typeof output === 'string') {
    try {
      read = JSON.parse(output);
    } catch {
      return 'the answer is no JSON';
    }
  }
  const list: readonly unknown[] = Array.isArray(read) ? read : [read];
  const isFinding = (one: unknown): one is GivenFinding =>
    typeof one === 'object' && one !== null && !Array.isArray(one);
  return list.every(isFinding) ? list : 'the answer is no finding, and no list of findings';
}
