import type { DecisionJson } from '../../emit/skill/runtime/decide.ts';
import type { Limits, SqlEngine } from '../../model/ports.ts';
import { nearest } from '../../text/nearest.ts';
import { CallError } from './call-error.ts';
import { type ComputeCall, computeSignals } from './compute-signals.ts';
import type { Sandbox } from './sandbox.ts';
import type { ServedSkill, Shelf } from './shelf.ts';
import { tools } from './tool-schemas.ts';

/** What the tools work with. */
export interface ToolWorld {
  readonly shelf: Shelf;
  readonly sandbox: Sandbox;
  /** The day at the moment of the call, `2026-11-01`. */
  readonly today: () => string;
  /** Rows are taken as a case states them: for evals, never for what a desk sees. */
  readonly asCases: boolean;
  /** Calls that are being answered. */
  readonly calls: { open: number };
}

/** A few minutes of a busy market, not its history: that is what `sop run` is for. Clients wait for a minute, and must get an answer before. */
export const computeLimits: Limits = { milliseconds: 45_000, megabytes: 1_000, rows: 100_000 };

type ToolName = (typeof tools)[number]['name'];

/** Answers a call with the tool's structured content. Throws a `CallError`, or a `ToolFailure`. */
export async function callTool(
  name: string,
  given: Readonly<Record<string, unknown>>,
  world: ToolWorld,
  caller: AbortSignal,
): Promise<Record<string, unknown>> {
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined) throw new CallError('invalid', unknownTool(name));
  const { firstBreak } = await import('../../review/against-schema.ts');
  const wrong = firstBreak(given, tool.inputSchema);
  if (wrong !== undefined)
    throw new CallError('invalid', `${name}${wrong.pointer === '' ? '' : ` ${wrong.pointer}`}: ${wrong.message}`);
  // What is valid against the tool's schema has the shape of its call.
  return calls[tool.name](given as never, world, caller);
}

type Call<T> = (given: T, world: ToolWorld, caller: AbortSignal) => Promise<Record<string, unknown>>;

const calls: { readonly [name in ToolName]: Call<never> } = {
  list_skills: (_: unknown, world) => listSkills(world),
  compute_signals: async (given: ComputeCall, { shelf, sandbox, asCases }, caller) => {
    const served = await shelf.open(given.skill);
    return sandbox.run(
      (engine: SqlEngine) => computeSignals(given, served, { engine, limits: computeLimits, asCases }),
      caller,
    );
  },
  decide: decideCall,
  check_finding: checkCall,
};

function unknownTool(name: string): string {
  const names = tools.map((tool) => tool.name);
  const [near] = nearest(name.slice(0, 100), names);
  return `there is no tool \`${name.slice(0, 100)}\`${near === undefined ? `; there are: ${names.join(', ')}` : `; did you mean \`${near}\`?`}`;
}

async function listSkills({ shelf, today }: ToolWorld): Promise<Record<string, unknown>> {
  const { skills } = await shelf.lock();
  const told: object[] = [];
  for (const { name: id, digest } of skills) {
    try {
      const served = await shelf.open(id);
      told.push({ ...describeSkill(served, today()), problem: null });
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      const unknown = { title: null, description: null, version: null, status: null, owner: null };
      told.push({ id, ...unknown, review_by: null, review_overdue: null, digest, problem: error.message });
    }
  }
  return { skills: told };
}

function describeSkill(served: ServedSkill, today: string) {
  const { sop } = served.checked;
  return {
    id: served.id,
    title: sop.title.value,
    description: sop.summary.value,
    version: sop.version.value,
    status: sop.status.value,
    owner: sop.owner.value,
    review_by: sop.reviewBy.value,
    review_overdue: isOverdue(served, today),
    digest: served.digest,
  };
}

/** The day of review itself is still in time. */
export function isOverdue({ checked: { sop } }: ServedSkill, today: string): boolean {
  return sop.reviewBy.value < today;
}

async function decideCall(
  { skill, signals, segment = null }: { skill: string; signals: Record<string, unknown>; segment?: string | null },
  { shelf }: ToolWorld,
): Promise<Record<string, unknown>> {
  const { decider } = await import('../../emit/skill/runtime/decide.ts');
  const decision = assetOf(await shelf.open(skill), 'decision.json') as DecisionJson; // the compiler wrote it
  return { ...decider(decision)({ signals, segment }) };
}

async function checkCall(
  { skill, finding }: { skill: string; finding: unknown },
  { shelf, today }: ToolWorld,
): Promise<Record<string, unknown>> {
  const { checkFinding } = await import('../../review/check-finding.ts');
  const served = await shelf.open(skill);
  const problems = checkFinding(finding, {
    schema: assetOf(served, 'finding.schema.json'),
    decision: assetOf(served, 'decision.json') as DecisionJson, // the compiler wrote it
    reviewOverdue: isOverdue(served, today()),
  });
  return {
    skill: served.id,
    skill_digest: served.digest,
    problems: problems.map(({ pointer, kind, message, breaksSchema }) => ({
      pointer,
      kind,
      message,
      breaks_schema: breaksSchema,
    })),
  };
}

/** The last text of each asset as an object: a schema is compiled once for each object. */
const parsed = new Map<string, { readonly text: string; readonly value: unknown }>();

function assetOf({ id, files }: ServedSkill, name: string): unknown {
  const uri = `skill://${id}/assets/${name}`;
  const text = files.get(uri);
  if (text === undefined) throw new CallError('unavailable', `the skill \`${id}\` has no assets/${name}`);
  const known = parsed.get(uri);
  if (known?.text === text) return known.value;
  const value: unknown = JSON.parse(text);
  parsed.set(uri, { text, value });
  return value;
}
