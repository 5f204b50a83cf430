import { createBinder } from '../check/binder.ts';
import type { CheckedLibrary, CheckedSop } from '../check/checked.ts';
import type { CaseResult } from '../replay/run-case.ts';
import type { ViewResult } from '../replay/run-view-case.ts';
import { CaseRuns } from './sql/case-runs.ts';
import { forecast, type SqlForecast } from './sql/forecast.ts';
import { keptResults } from './sql/kept-results.ts';
import { planMutants } from './sql/plan-mutants.ts';
import { proversOf } from './sql/provers.ts';
import { obligation, type SqlObligation } from './sql/sql-obligation.ts';
import type { SqlWorld } from './sql/sql-world.ts';
import { Trials } from './sql/trials.ts';

export interface SqlProof {
  readonly obligations: readonly SqlObligation[];
  /** Slips that `sop check` refuses by itself. */
  readonly refused: number;
  /** Slips that could not be made in the text alone. */
  readonly dropped: number;
  /** Texts that were too large to look for slips in: `the SQL of Crowd at the ask`. */
  readonly unread: readonly string[];
  /** Mutants that there was no time for; they are among the undecided. */
  readonly untried: number;
}

export interface SqlOptions {
  /** Milliseconds of a clock that only moves on. */
  readonly now: () => number;
  /** No mutant is begun after so many milliseconds; null: no limit. */
  readonly milliseconds: number | null;
  readonly onForecast: (forecast: SqlForecast) => void;
  readonly onProgress: (done: number, total: number) => void;
}

/** How often what was found is written, for a call that is interrupted. */
const savedEvery = 2_000;

/**
 * Changes the SQL behind a SOP, one slip of the pen at a time, and runs the cases that stand until one comes out otherwise.
 * Views that the SOP reads are judged by their own cases as well. What was found before is not run again.
 */
export async function proveSql(
  checked: CheckedSop,
  results: readonly CaseResult[],
  viewResults: readonly ViewResult[],
  library: CheckedLibrary,
  world: SqlWorld,
  { now, milliseconds, onForecast, onProgress }: SqlOptions,
): Promise<SqlProof> {
  const begun = now();
  const binder = createBinder(world.engine, { get: () => undefined, set: () => undefined });
  const plan = await planMutants(checked, library.views, library.library, world.engine, binder);
  const kept = keptResults(world.cache, checked.sop.id.value);
  const provers = await proversOf(checked, results, viewResults, library, world);
  const runs = new CaseRuns(checked, world);
  const trials = new Trials(provers, kept, runs);
  onForecast(await forecast(plan.mutants, trials, runs, now));
  const obligations: SqlObligation[] = [];
  let saved = now();
  let untried = 0;
  try {
    for (const mutant of plan.mutants) {
      onProgress(obligations.length, plan.mutants.length);
      if (milliseconds !== null && now() - begun > milliseconds) {
        untried++;
        obligations.push(obligation(mutant, [], 'there was no time left to try it; the next call goes on here'));
        continue;
      }
      obligations.push(await trials.hear(mutant));
      if (now() - saved > savedEvery) {
        kept.save(false);
        saved = now();
      }
    }
  } finally {
    kept.save(untried === 0 && obligations.length === plan.mutants.length);
    await runs.close();
  }
  onProgress(plan.mutants.length, plan.mutants.length);
  const { refused, dropped, unread } = plan;
  return { obligations, refused, dropped, unread, untried };
}
