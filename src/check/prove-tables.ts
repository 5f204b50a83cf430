import { createHash } from 'node:crypto';
import { analyse } from '../decision/analysis/analyse.ts';
import type { Analysis, Finding } from '../decision/analysis/finding.ts';
import type { Budget } from '../decision/boxes/budget.ts';
import { compileDecision, type Decision } from '../decision/decide.ts';
import type { Logic } from '../decision/logic.ts';
import { type Scalar, showScalar } from '../decision/normalise.ts';
import type { Region } from '../decision/region/region.ts';
import { cellWords } from '../decision/region/show.ts';
import type { Cache, SqlEngine } from '../model/ports.ts';
import { answerBySql, type SqlAnswer } from './answer-by-sql.ts';

/** A part of the inputs and one subject of it, in words. */
export interface ToldRegion {
  readonly region: string;
  readonly witness: string;
}

/** What is said of a table when it is checked. */
type Said = Exclude<Finding, { kind: 'null' }>;

function isTold(finding: Finding): finding is Said {
  return finding.kind !== 'null';
}

type Told<F> = F extends { readonly region: Region | null }
  ? Omit<F, 'region'> & { readonly told: ToldRegion | null }
  : F;

/** A finding with its region in words: what the cache keeps. */
export type ToldFinding = Told<Said>;

export interface Proof {
  readonly findings: readonly ToldFinding[];
  /** How many there are beside those in `findings`, which holds the first of each kind. */
  readonly omitted: readonly { readonly kind: Finding['kind']; readonly table: string; readonly count: number }[];
  readonly open: readonly { readonly table: string; readonly question: Analysis['open'][number]['question'] }[];
}

/** Analyses the tables of a logic; `dispositions` from the mildest to the gravest. */
export type Prove = (logic: Logic, dispositions: readonly string[]) => Promise<Proof>;

/** Where nothing is to be said of tables: whoever runs SOPs on data has checked them before. */
export const proveNothing: Prove = () => Promise.resolve({ findings: [], omitted: [], open: [] });

/** Raised whenever the analysis answers differently for the same tables: it is part of every cache key. */
const analysisVersion = 3;

/**
 * Analyses the tables of a logic. Each witness goes through the evaluator and through the tables as SQL before it is told: where
 * the two disagree one of them is wrong, and nothing is claimed. What was analysed before comes from the cache.
 */
export async function proveTables(
  logic: Logic,
  dispositions: readonly string[],
  budget: Budget,
  engine: SqlEngine,
  cache: Cache,
): Promise<Proof> {
  const key = createHash('sha256')
    .update(JSON.stringify([analysisVersion, engine.version, dispositions, budget, logic]))
    .digest('hex');
  const known = cache.get('analysis', key);
  if (known !== undefined) return known as Proof; // written below, under a digest that the cache checks
  const { findings: all, open, omitted } = analyse(logic, budget, dispositions, { nulls: false });
  // Whether null is decided is for a report; where it is not, that is part of a gap.
  const findings = all.filter(isTold);
  await confirmBySql(logic, findings, engine);
  const proof: Proof = {
    findings: findings.map((finding) => tell(finding, logic)),
    omitted: omitted.map(({ kind, table, count }) => ({ kind, table, count })),
    open: open.map(({ table, question }) => ({ table, question })),
  };
  cache.set('analysis', key, proof);
  return proof;
}

async function confirmBySql(logic: Logic, findings: readonly Finding[], engine: SqlEngine): Promise<void> {
  const witnesses = findings.flatMap((finding) =>
    'region' in finding && finding.region !== null ? [finding.region.witness] : [],
  );
  if (witnesses.length === 0) return;
  const answers = await answerBySql(logic, witnesses, engine);
  // Tables that SQL cannot say (a list as an output) have the evaluator's word alone.
  if (typeof answers === 'string') return;
  const decide = compileDecision(logic);
  witnesses.forEach((witness, index) => {
    const decision = decide(witness, new Set());
    const answer = answers[index];
    if (answer === undefined || !sameAnswer(decision, answer))
      throw new Error(
        `the evaluator and SQL disagree: ${decision.kind} and ${answer?.kind} for ${showWitness(witness, logic)}`,
      );
  });
}

function sameAnswer(decision: Decision, answer: SqlAnswer): boolean {
  if (decision.kind !== answer.kind) return false;
  if (decision.kind !== 'decided') return true;
  const { disposition, severity, rule } = decision;
  return disposition === answer.disposition && severity === answer.severity && rule === answer.rule;
}

function tell(finding: Finding, logic: Logic): ToldFinding {
  if (!('region' in finding)) return finding;
  const { region, ...rest } = finding;
  // The type says what the line does: the region gives way to its words.
  return { ...rest, told: region === null ? null : toldRegion(region, logic) } as ToldFinding;
}

function toldRegion({ cells, witness }: Region, logic: Logic): ToldRegion {
  const bounds = cells.map(({ column, text }) => cellWords(column, text));
  return { region: bounds.length === 0 ? 'everything' : bounds.join(', '), witness: showWitness(witness, logic) };
}

function showWitness(witness: ReadonlyMap<string, Scalar>, { inputs }: Logic): string {
  return inputs.map((column) => `${column.name} ${showScalar(witness.get(column.name) ?? null, column)}`).join(', ');
}
