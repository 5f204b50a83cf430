import { resolve } from 'node:path';
import type { CheckedLibrary } from '../../check/checked.ts';
import { compile } from '../../compile.ts';
import { type AnswersFile, openAnswers } from '../../host/answers-file.ts';
import { NotStarted } from '../../host/program-agent.ts';
import type { AgentReply } from '../../model/agent.ts';
import { type EvalCase, evalCases } from '../../replay/eval-cases.ts';
import { signalColumns } from '../../replay/evaluate.ts';
import type { DecidedSubject } from '../../replay/subjects.ts';
import { jsonEval, jsonScore } from '../../report/json-eval.ts';
import { prettyEval } from '../../report/pretty-eval.ts';
import { type AskedSkill, agentTask } from '../../review/agent-task.ts';
import { askAll, questionKey } from '../../review/ask-all.ts';
import type { FindingSkill } from '../../review/check-finding.ts';
import type { EvalReport, NotScored } from '../../review/eval-report.ts';
import { ownAnswer } from '../../review/own-answer.ts';
import { scoreCase } from '../../review/score-case.ts';
import { sumUp } from '../../review/sum-up.ts';
import { compileSkills, type SkillWorld } from '../compile-skills.ts';
import { type AgentOptions, type OpenedAgent, openAgent, wholeOf } from '../eval-agent.ts';
import { evalSops } from '../eval-sops.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import type { Shared } from '../options.ts';
import { openProject, requireIds } from '../project.ts';
import { refuseOwnFolders } from '../report-files.ts';
import type { Terminal } from '../terminal.ts';

export interface EvalOptions extends Omit<Shared, 'format'>, AgentOptions {
  readonly format: 'pretty' | 'json' | 'jsonl';
  readonly concurrency: string;
  readonly resume?: string;
  readonly floor?: string;
  readonly drafts: boolean;
}

type Project = ReturnType<typeof openProject>;

/** Puts the cases to an agent, and tells how its findings compare with what the SOPs say. */
export async function evaluateAgent(
  ids: readonly string[],
  options: EvalOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const concurrency = wholeOf('--concurrency', options.concurrency, 1, 64);
  const floor = options.floor === undefined ? null : floorOf(options.floor);
  const project = openProject(options);
  const agent = openAgent(options, process.env);
  const stop = stopWith(agent);
  try {
    const answers = await answersOf(options.resume, project);
    const { checked, files } = await compile(project, terminal.progress('checking'));
    requireIds(
      ids,
      checked.library.sops.map((sop) => sop.id.value),
    );
    const skills = await skillsOf(checked, { files, ...project }, ids, options.drafts);
    const prepared = await prepare(checked, project, ids, options.drafts, skills, terminal);
    const questions = prepared.asked.map(({ entry, skill, own }) => ({
      key: questionKey(entry.digest, skill.digest, agent.identity),
      name: entry.entry.name.value,
      ask: () => agent.ask(agentTask(entry, skill, own, project.today)),
    }));
    const replies = await askAll(questions, agent, concurrency, answers, terminal.progress('asking'));
    const kept = questions.filter(({ key }) => answers?.known.has(key) === true).length;
    const report = reportOf(prepared, replies, skills, agent.called, kept);
    terminal.out(textOf(report, options, terminal));
    return exitOf(report, floor, terminal);
  } catch (error) {
    if (error instanceof NotStarted) throw new UsageError(`\`--agent\`: ${error.message}: \`${agent.called}\``);
    throw error;
  } finally {
    stop();
    await project.engine.close();
  }
}

interface Asked {
  readonly entry: EvalCase;
  readonly skill: AskedSkill;
  readonly own: readonly DecidedSubject[];
}

interface Prepared {
  readonly asked: readonly Asked[];
  readonly left: EvalReport['left'];
  readonly drafts: number;
}

/** The cases that can be asked, each with what its SOP says. */
async function prepare(
  checked: CheckedLibrary,
  project: Project,
  ids: readonly string[],
  drafts: boolean,
  skills: readonly AskedSkill[],
  terminal: Terminal,
): Promise<Prepared> {
  const found = await evalCases(checked, evalSops(checked, ids, drafts), project.store);
  const world = { library: checked.library, ...project };
  const progress = terminal.progress('deciding');
  const asked: Asked[] = [];
  const left: { case: string; sop: string; why: NotScored }[] = [...found.leftOut];
  for (const [at, entry] of found.cases.entries()) {
    progress(at, found.cases.length);
    const skill = skills.find(({ id }) => id === entry.entry.sop);
    const own = skill === undefined ? null : await ownAnswer(entry, world);
    if (skill === undefined || own === null)
      left.push({ case: entry.entry.name.value, sop: entry.entry.sop, why: 'sop_differs' });
    else asked.push({ entry, skill, own });
  }
  progress(found.cases.length, found.cases.length);
  return { asked, left, drafts: found.drafts };
}

/** The skills as the SOPs give them at this moment, whatever lies under `skills/`. */
async function skillsOf(
  checked: CheckedLibrary,
  world: SkillWorld,
  ids: readonly string[],
  drafts: boolean,
): Promise<AskedSkill[]> {
  const isChosen = (id: string) => ids.length === 0 || ids.includes(id);
  const { built, wrong } = await compileSkills(checked, world, { isChosen, drafts });
  if (wrong) throw new UsageError('a template of the skills is wrong; `sop build --check` says what');
  return built.map(({ checked: { sop }, skill: { id, files, digest } }) => {
    const decision = files.find(({ path }) => path === 'assets/decision.json')?.text ?? '';
    return { id, version: sop.version.value, digest, files, decision: JSON.parse(decision) as AskedSkill['decision'] }; // ours
  });
}

function reportOf(
  { asked, left, drafts }: Prepared,
  replies: readonly AgentReply[],
  skills: readonly AskedSkill[],
  called: string,
  kept: number,
): EvalReport {
  const schemas = new Map(skills.map((skill) => [skill.id, findingSkill(skill)]));
  const scores = asked.flatMap(({ entry, own }, at) => {
    const reply = replies[at];
    const skill = schemas.get(entry.entry.sop);
    if (reply === undefined || skill === undefined) return [];
    return [scoreCase(entry, reply, { own, skill, columns: signalColumns(entry.checked) })];
  });
  return { agent: called, skills, scores, summary: sumUp(scores), left, drafts, kept };
}

function findingSkill({ files, decision }: AskedSkill): FindingSkill {
  const schema = files.find(({ path }) => path === 'assets/finding.schema.json')?.text ?? '{}';
  return { schema: JSON.parse(schema), decision };
}

function textOf(report: EvalReport, { format, verbose }: EvalOptions, { page }: Terminal): string {
  switch (format) {
    case 'pretty':
      return prettyEval(report, verbose, page);
    case 'json':
      return `${JSON.stringify(jsonEval(report), null, 2)}\n`;
    case 'jsonl':
      return report.scores.map((score) => `${JSON.stringify({ version: 1, ...jsonScore(score) })}\n`).join('');
  }
}

/** An agent that answers nothing is no success, and neither is a measure of nothing. */
function exitOf({ scores, summary }: EvalReport, floor: number | null, { say }: Terminal): ExitCode {
  if (scores.length === 0) {
    say('there is no case to score\n');
    return exitCodes.findings;
  }
  if (summary.answered === 0) {
    say('the agent answered no case\n');
    return exitCodes.findings;
  }
  if (floor === null || summary.all.right * 100 >= floor * summary.all.of) return exitCodes.clean;
  say(
    `below the floor: ${summary.all.right} of ${summary.all.of} cases are right in everything, and ${floor} % are asked for\n`,
  );
  return exitCodes.findings;
}

function floorOf(text: string): number {
  const number = Number(text);
  if (!/^\d{1,3}(\.\d{1,6})?$/.test(text) || number > 100)
    throw new UsageError(`\`--floor ${text}\`: a percentage from 0 to 100`);
  return number;
}

async function answersOf(file: string | undefined, { root }: Project): Promise<AnswersFile | null> {
  if (file === undefined) return null;
  refuseOwnFolders(resolve(file), root, `--resume ${file}`);
  return openAnswers(resolve(file));
}

/** Whoever stops us stops the programs that we started, too. The returned function ends that, and them. */
function stopWith(agent: OpenedAgent): () => void {
  const end = (signal: NodeJS.Signals) => {
    agent.close();
    process.off(signal, end);
    process.kill(process.pid, signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, end);
  return () => {
    for (const signal of signals) process.off(signal, end);
    agent.close();
  };
}
