import type { Decision } from '../decision/decide.ts';
import type { Column } from '../decision/logic.ts';
import type { AgentReply } from '../model/agent.ts';
import { failureReasons } from '../model/agent.ts';
import { type Comparison, rank, worst } from '../replay/comparer.ts';
import type { EvalCase } from '../replay/eval-cases.ts';
import { type GivenFinding, judgeFindings } from '../replay/judge-findings.ts';
import { type DecidedSubject, showKey } from '../replay/subjects.ts';
import { checkFinding, type FindingSkill } from './check-finding.ts';
import { compareNumbers } from './compare-numbers.ts';
import { matchSubjects, type ReadFinding } from './match-subjects.ts';
import { readAnswer } from './read-answer.ts';
import { type CaseScore, type Criterion, criterionNames, type Pair, type ScoreProblem } from './score.ts';

/** What an answer is measured by. */
export interface Measure {
  /** What the SOP says of the case. */
  readonly own: readonly DecidedSubject[];
  readonly skill: FindingSkill;
  /** The SOP's signals. */
  readonly columns: ReadonlyMap<string, Column>;
}

/** Scores the answer to one case. Without an answer nothing is right. */
export function scoreCase(asked: EvalCase, reply: AgentReply, measure: Measure): CaseScore {
  const findings = reply.kind === 'answered' ? readAnswer(reply.text) : null;
  if (findings === null || typeof findings === 'string') return withoutAnswer(asked, measure, findings, reply);
  const compared = judgeFindings(asked.asked, findings);
  const { pairs, strangers } = matchSubjects(asked, measure.own, findings);
  const lowest = asked.asked.dispositions[0] ?? '';
  const name = (key: DecidedSubject['key']) =>
    asked.asked.subject.length === 0 ? '' : showKey(key, asked.checked.sop);
  const told = pairs.filter(({ own, found }) => found !== null || wordOf(own.decision) !== lowest);
  const scored = [
    ...told.map(({ own, found }) => scoreSubject(own, found, measure, name(own.key))),
    ...strangers.map((stranger) => scoreStranger(stranger, measure, name(stranger.said.key))),
  ];
  const problems = [...scored.flatMap((one) => one.problems), ...falseAlarms(compared)];
  const measured = new Set<Criterion>(['disposition', 'innocents', ...scored.flatMap((one) => one.measured)]);
  const wrong = new Set(problems.map(({ criterion }) => criterion));
  return {
    case: asked,
    failure: null,
    outcome: worst(compared, asked.entry.kind)?.outcome ?? (asked.entry.kind === 'benign' ? 'left_alone' : 'caught'),
    found: foundAll(compared, lowest, asked.asked.dispositions),
    right: rightOf((criterion) => (measured.has(criterion) ? !wrong.has(criterion) : null)),
    pairs: [
      ...pairs.map(({ own, found }): Pair => pairOf(name(own.key), own, found)),
      ...strangers.map((stranger): Pair => pairOf(name(stranger.said.key), null, stranger)),
    ],
    problems,
  };
}

interface Scored {
  readonly problems: readonly ScoreProblem[];
  readonly measured: readonly Criterion[];
}

/** A subject that had to be reported, or was. What is not reported has nothing right. */
function scoreSubject(own: DecidedSubject, found: ReadFinding | null, measure: Measure, name: string): Scored {
  const measured: readonly Criterion[] = ['severity', 'rule', 'numbers', 'steps', 'valid'];
  const problem = (criterion: Criterion, text: string) => ({ criterion, subject: name, text });
  const expected = wordOf(own.decision);
  if (found === null) {
    const silent = measured.map((criterion) => problem(criterion, ''));
    return { measured, problems: [problem('disposition', `not reported, must get ${expected}`), ...silent] };
  }
  const { said, finding } = found;
  const given = wordOf(said.decision);
  const [ours, theirs] = [partsOf(own.decision), partsOf(said.decision)];
  return {
    measured,
    problems: [
      ...(given === expected ? [] : [problem('disposition', `${given}, must be ${expected}`)]),
      ...(ours.severity === theirs.severity ? [] : [problem('severity', otherWord(theirs.severity, ours.severity))]),
      ...(ours.rule === theirs.rule ? [] : [problem('rule', otherWord(theirs.rule, ours.rule))]),
      ...compareNumbers(finding, own, measure.columns).map((text) => problem('numbers', text)),
      ...formProblems(finding, measure, name),
    ],
  };
}

/** Nobody whom the SOP knows: nothing that is said of it can be right. */
function scoreStranger({ finding }: ReadFinding, measure: Measure, subject: string): Scored {
  const problems: ScoreProblem[] = [
    { criterion: 'disposition', subject, text: 'the SOP decides about no such subject, or it was reported before' },
    { criterion: 'numbers', subject, text: '' },
    ...formProblems(finding, measure, subject),
  ];
  return { problems, measured: ['numbers', 'steps', 'valid'] };
}

function formProblems(finding: GivenFinding, { skill }: Measure, subject: string): ScoreProblem[] {
  return checkFinding(finding, skill).flatMap(({ kind, pointer, message }): ScoreProblem[] => {
    const text = `${pointer === '' ? 'the finding' : pointer}: ${message}`;
    const isStep = kind === 'steps' || kind === 'benign';
    // What is wrong with a step is wrong with the finding: it is told once.
    return isStep
      ? [
          { criterion: 'steps', subject, text },
          { criterion: 'valid', subject, text: '' },
        ]
      : [{ criterion: 'valid', subject, text }];
  });
}

function falseAlarms(compared: readonly Comparison[]): ScoreProblem[] {
  return compared
    .filter(({ outcome }) => outcome === 'false_alarm')
    .map(({ subject, actual }) => ({
      criterion: 'innocents',
      subject,
      text: `${actual === null ? 'accused' : wordOf(actual)}, and must be left alone`,
    }));
}

/** Whoever must get more than the lowest disposition got at least that. */
function foundAll(compared: readonly Comparison[], lowest: string, order: readonly string[]): boolean | null {
  const sought = compared.filter(({ expected }) => !expected.atMost && expected.disposition !== lowest);
  if (sought.length === 0) return null;
  return sought.every(({ expected, actual }) => {
    const least = expected.disposition === null ? 1 : rank(order, expected.disposition);
    return actual?.kind === 'decided' && rank(order, actual.disposition) >= least;
  });
}

function withoutAnswer(asked: EvalCase, { own }: Measure, broken: string | null, reply: AgentReply): CaseScore {
  const failure =
    reply.kind === 'failed' ? `${failureReasons[reply.reason]}: ${reply.detail}` : (broken ?? 'no answer');
  const name = ({ key }: DecidedSubject) => (asked.asked.subject.length === 0 ? '' : showKey(key, asked.checked.sop));
  const lowest = asked.asked.dispositions[0] ?? '';
  const seeks = asked.asked.expect.some(({ disposition }) => disposition !== lowest);
  return {
    case: asked,
    failure,
    outcome: 'error',
    found: seeks ? false : null,
    right: rightOf(() => false),
    pairs: own.map((subject) => ({ subject: name(subject), expected: wordOf(subject.decision), given: noAnswer })),
    problems: [],
  };
}

/** What stands in the place of a disposition where the agent gave no answer at all. */
export const noAnswer = 'no answer';

function pairOf(subject: string, own: DecidedSubject | null, found: ReadFinding | null): Pair {
  return {
    subject,
    expected: own === null ? null : wordOf(own.decision),
    given: found === null ? null : wordOf(found.said.decision),
  };
}

function wordOf(decision: Decision): string {
  return decision.kind === 'decided' ? decision.disposition : decision.kind;
}

function partsOf(decision: Decision): { readonly severity: string; readonly rule: string } {
  const none = { severity: 'none', rule: 'none' };
  return decision.kind === 'decided' ? { severity: decision.severity, rule: decision.rule } : none;
}

/** Without a decision there is neither severity nor rule: that is said once. */
function otherWord(given: string, expected: string): string {
  return given === 'none' || expected === 'none' ? '' : `${given}, must be ${expected}`;
}

function rightOf(judge: (criterion: Criterion) => boolean | null): CaseScore['right'] {
  return Object.fromEntries(criterionNames.map((name) => [name, judge(name)])) as CaseScore['right']; // each of them
}
