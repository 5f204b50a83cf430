import type { CaseRuns } from './case-runs.ts';
import type { PlannedMutant } from './planned.ts';
import type { Trials } from './trials.ts';

/** How long it will take, said before it begins. */
export interface SqlForecast {
  readonly mutants: number;
  readonly cases: number;
  /** Runs of a case with a mutant that are not known from an earlier call: at most so many. */
  readonly runs: number;
  readonly seconds: number;
}

/** Runs that are timed beforehand; what they give is kept. */
const sampled = 12;

/** Reckons from a few runs how long all take that are still open. Cases that notice a mutant spare the others: it is a bound. */
export async function forecast(
  mutants: readonly PlannedMutant[],
  trials: Trials,
  runs: CaseRuns,
  now: () => number,
): Promise<SqlForecast> {
  const { provers } = trials;
  const open = mutants.flatMap((mutant) => trials.openRuns(mutant));
  const waiting = new Set(open.map(({ prover }) => prover));
  let [running, preparing, prepared] = [0, 0, 0];
  const sample = open.filter((_, index) => index % Math.ceil(open.length / sampled) === 0);
  for (const { prover, mutant } of sample) {
    const begun = now();
    await prover.prepare(runs);
    const ready = now();
    await trials.ask(prover, mutant);
    running += now() - ready;
    if (!waiting.delete(prover)) continue;
    preparing += ready - begun;
    prepared++;
  }
  const runsTake = sample.length === 0 ? 0 : (running / sample.length) * open.length;
  const restTakes = prepared === 0 ? 0 : (preparing / prepared) * waiting.size;
  return { mutants: mutants.length, cases: provers.length, runs: open.length, seconds: (runsTake + restTakes) / 1000 };
}
