import { createBinder } from '../check/binder.ts';
import type { CheckedLibrary, CheckedSop } from '../check/checked.ts';
import type { CaseResult } from '../replay/run-case.ts';
import type { ViewResult } from '../replay/run-view-case.ts';
import type { Obligation, SopProof, SqlReach } from './obligation.ts';
import { CaseRuns } from './sql/case-runs.ts';
import { forecast, type SqlForecast } from './sql/forecast.ts';
import { keptResults } from './sql/kept-results.ts';
import { planMutants } from './sql/plan-mutants.ts';
import { proversOf } from './sql/provers.ts';
import { obligation } from './sql/sql-obligation.ts';
import type { SqlWorld } from './sql/sql-world.ts';
import { Trials } from './sql/trials.ts';

export interface SqlProof {
  /** Of the SOP's own texts, of the views that it reads, and of parameters. */
  readonly obligations: readonly Obligation[];
  readonly reach: SqlReach;
}

export interface SqlOptions {
  /** Milliseconds of a clock that only moves on. */
  readonly now: () => number;
  /** No run is begun after so many milliseconds, and nothing is timed beforehand where it is 0; null: no limit. */
  readonly milliseconds: number | null;
  /** Once it is raised, what was found is kept and nothing more is begun. */
  readonly stop: AbortSignal;
  readonly onForecast: (forecast: SqlForecast) => void;
  readonly onProgress: (done: number, total: number) => void;
}

/** How often what was found is written, for a call that is interrupted. */
const savedEvery = 2_000;

/**
 * Changes the SQL behind a SOP, one slip of the pen at a time, and runs the cases that stand until one comes out otherwise.
 * Views that the SOP reads are judged by their own cases as well. What was found before is not run again, and told even when the time
 * is over.
 */
export async function proveSql(
  checked: CheckedSop,
  results: readonly CaseResult[],
  viewResults: readonly ViewResult[],
  library: CheckedLibrary,
  world: SqlWorld,
  { now, milliseconds, stop, onForecast, onProgress }: SqlOptions,
): Promise<SqlProof> {
  const begun = now();
  const binder = createBinder(world.engine, { get: () => undefined, set: () => undefined });
  const plan = await planMutants(checked, library.views, library.library, world.engine, binder);
  const kept = keptResults(world.cache, checked.sop.id.value);
  const provers = await proversOf(checked, results, viewResults, library, world);
  const runs = new CaseRuns(checked, world);
  const trials = new Trials(provers, kept, runs);
  const isOver = () => stop.aborted || (milliseconds !== null && now() - begun >= milliseconds);
  const keep = () => kept.save(false);
  stop.addEventListener('abort', keep, { once: true });
  const obligations: Obligation[] = [];
  const untried: string[] = [];
  try {
    if (!isOver()) onForecast(await forecast(plan.mutants, trials, runs, now));
    let saved = now();
    for (const mutant of plan.mutants) {
      onProgress(obligations.length, plan.mutants.length);
      if (isOver() && trials.openRuns(mutant).length > 0) {
        untried.push(mutant.id);
        obligations.push(obligation(mutant, [], 'there was no time left to try it; the next call goes on here'));
        continue;
      }
      obligations.push(await trials.hear(mutant));
      if (now() - saved > savedEvery) {
        keep();
        saved = now();
      }
    }
  } finally {
    stop.removeEventListener('abort', keep);
    kept.save(untried.length === 0 && obligations.length === plan.mutants.length);
    await runs.close();
  }
  onProgress(plan.mutants.length, plan.mutants.length);
  const { refused, dropped, unread } = plan;
  return { obligations, reach: { refused, dropped, unread, untried } };
}

/** The proof of a SOP's tables, and that of its SQL. */
export function withSql(proof: SopProof, { obligations, reach }: SqlProof): SopProof {
  return { ...proof, obligations: [...proof.obligations, ...obligations], sql: reach };
}
