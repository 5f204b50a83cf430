import type { Column } from '../decision/logic.ts';
import { type Scalar, showScalar } from '../decision/normalise.ts';
import { type DecisionJson, decider } from '../emit/skill/runtime/decide.ts';
import type { AgentTask, AgentTool } from '../model/agent.ts';
import type { RawValue } from '../model/value.ts';
import { type EvalCase, promptFor } from '../replay/eval-cases.ts';
import { signalColumns } from '../replay/evaluate.ts';
import type { DecidedSubject } from '../replay/subjects.ts';
import { isTimeColumn, showKeyPart } from '../replay/subjects.ts';
import { isRecord } from './plain-json.ts';

/** A skill as an agent gets it. */
export interface AskedSkill {
  readonly id: string;
  readonly version: string;
  readonly digest: string;
  /** Paths are relative to its folder. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly decision: DecisionJson;
}

/** The question of a case to an agent, with the tools for a model that has no computer. `today` is the day on which review dates are judged. */
export function agentTask(
  asked: EvalCase,
  skill: AskedSkill,
  own: readonly DecidedSubject[],
  today: string,
): AgentTask {
  // The answers to the very cases that are asked lie there.
  const files = skill.files.filter(({ path }) => !path.startsWith('evals/'));
  const { given } = asked;
  return {
    skill: skill.id,
    files,
    question: {
      version: 1,
      skill: skill.id,
      sop_version: skill.version,
      skill_digest: skill.digest,
      today,
      prompt: promptFor(asked),
      as_of: 'tables' in given ? given.as_of : null,
      data: given,
    },
    tools: [readFile(files), computeSignals(asked, own), decide(skill.decision)],
  };
}

function readFile(files: AskedSkill['files']): AgentTool {
  const paths = files.map(({ path }) => path);
  return {
    name: 'read_file',
    description: 'Reads a file of the skill.',
    parameters: objectOf({ path: { type: 'string', enum: paths } }),
    call: ({ path }) =>
      files.find((file) => file.path === path)?.text ?? {
        error: `there is no such file; there are: ${paths.join(', ')}`,
      },
  };
}

/** More subjects than these are not listed: the innocents of a busy market are many. */
const mostSubjects = 500;

function computeSignals({ asked, given, checked }: EvalCase, own: readonly DecidedSubject[]): AgentTool {
  const call = () => {
    if ('signals' in given) return { error: 'the signals of the one subject are given in the data' };
    const columns = [...signalColumns(checked)];
    return {
      subjects: own.slice(0, mostSubjects).map(({ key, values, segment, members }) => ({
        subject: Object.fromEntries(
          asked.subject.map((name, at) => [name, plainKey(key[at] ?? null, isTimeColumn(name, checked.sop))]),
        ),
        ...(segment !== undefined && { segment }),
        ...(members !== undefined && { members }),
        signals: Object.fromEntries(
          columns.map(([name, column]) => [name, plainValue(values.get(name) ?? null, column)]),
        ),
      })),
      left_out: Math.max(0, own.length - mostSubjects),
    };
  };
  return {
    name: 'compute_signals',
    description: "Runs the SQL of the skill over the tables of the question: each subject with its signals' values.",
    parameters: objectOf({}),
    call,
  };
}

/** As JSON: numbers as texts, which keep their digits. */
function plainValue(value: Scalar, column: Column): string | boolean | null {
  return value === null || typeof value === 'boolean' || typeof value === 'string' ? value : showScalar(value, column);
}

function plainKey(part: RawValue, isTime: boolean): string | boolean | null {
  return part === null || typeof part === 'boolean' || typeof part === 'string' ? part : showKeyPart(part, isTime);
}

function decide(decision: DecisionJson): AgentTool {
  const answer = decider(decision);
  return {
    name: 'decide',
    description: 'Decides by the tables of the skill, as scripts/decide.mjs does.',
    parameters: {
      ...objectOf({
        signals: { type: 'object', description: 'Values by name; null: looked for, and not there.' },
        segment: { type: ['string', 'null'], description: 'Only where parameters differ by segment.' },
      }),
      required: ['signals'],
    },
    call: ({ signals, segment }) =>
      isRecord(signals)
        ? answer({ signals, segment: typeof segment === 'string' ? segment : null })
        : { error: 'give `signals` as an object of values by name' },
  };
}

function objectOf(properties: Readonly<Record<string, unknown>>) {
  return { type: 'object', additionalProperties: false, required: Object.keys(properties), properties };
}
