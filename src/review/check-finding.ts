import { type DecisionJson, decider } from '../emit/skill/runtime/decide.ts';
import { againstSchema } from './against-schema.ts';
import { checkAnswers } from './check-answers.ts';
import { checkSignals, reported } from './check-signals.ts';
import { type FindingProblem, problem, show } from './finding-problem.ts';
import { at, plainCopy } from './plain-json.ts';

export type { FindingProblem } from './finding-problem.ts';

/** The skill that a finding must fit: two of its files as JSON, and what the day says. */
export interface FindingSkill {
  /** `assets/finding.schema.json`. The same object for the same skill: it is compiled once. */
  readonly schema: unknown;
  /** `assets/decision.json`. */
  readonly decision: DecisionJson;
  /** The day of review is past. Not given: what the finding says of it is not judged. */
  readonly reviewOverdue?: boolean;
}

/** More problems than these help nobody. */
const most = 100;

/**
 * What is wrong with a finding: its form, the skill that it names, the decision against what the tables give for the reported values, the steps, the
 * benign explanations and the evidence. An empty list says that nothing of that is wrong. It does not say that the values are true, nor that the rows
 * exist, nor that a step was done: no data is read. Whatever it is given, it does not throw.
 */
export function checkFinding(finding: unknown, skill: FindingSkill): FindingProblem[] {
  const copied = plainCopy(finding);
  if (!copied.ok) return [{ ...copied.problem, breaksSchema: true }];
  const { value } = copied;
  const found = [
    ...againstSchema(value, skill.schema),
    ...checkSignals(value, skill.decision),
    ...checkDecision(value, skill.decision),
    ...checkAnswers(value, skill.schema),
    ...checkReview(value, skill.reviewOverdue),
  ];
  if (found.length <= most) return found;
  return [...found.slice(0, most), problem('schema', [], `${found.length - most} more problems are not listed`)];
}

/** The decision must be what the tables give, word for word: an agent does not decide by reading. */
function checkDecision(finding: unknown, decision: DecisionJson): FindingProblem[] {
  const claimed = at(finding, 'decision');
  const signals = reported(finding);
  if (claimed === undefined || signals === null) return [];
  const segment = at(finding, 'segment');
  const given = decider(decision)({ signals, segment: typeof segment === 'string' ? segment : null });
  return (['outcome', 'disposition', 'severity', 'rule', 'reason'] as const).flatMap((name) => {
    const said = at(claimed, name);
    if (said === undefined || said === given[name]) return [];
    return [
      problem(
        'decision',
        ['decision', name],
        `the tables give ${show(given[name])} for the reported signals, not ${show(said)}`,
      ),
    ];
  });
}

function checkReview(finding: unknown, overdue: boolean | undefined): FindingProblem[] {
  const said = at(finding, 'review_overdue');
  if (overdue === undefined || typeof said !== 'boolean' || said === overdue) return [];
  const message = overdue ? 'the day of review is past: say so' : 'the day of review is not past';
  return [problem('skill', ['review_overdue'], message)];
}
