import type { CheckedLibrary, CheckedSop } from '../check/checked.ts';
import { proveSql, type SqlProof } from '../coverage/prove-sql.ts';
import type { SqlForecast } from '../coverage/sql/forecast.ts';
import type { SqlWorld } from '../coverage/sql/sql-world.ts';
import { count } from '../diagnostics/words.ts';
import type { TestRun } from '../replay/test-library.ts';
import { formatDuration, secondsOf } from '../text/time.ts';
import { UsageError } from './exit.ts';
import type { Terminal } from './terminal.ts';

/** How mutants of SQL are asked for. */
export interface SqlFlags {
  readonly sql: boolean;
  /** `10m`: nothing is begun after that long. */
  readonly timeLimit?: string;
  /** Whether what is found is kept for the next call. */
  readonly cache: boolean;
}

/** Milliseconds; null where there is no limit. */
export function timeLimitOf({ sql, timeLimit }: SqlFlags): number | null {
  if (timeLimit === undefined) return null;
  if (!sql)
    throw new UsageError('`--time-limit` limits what `--sql` does, and without `--sql` there is nothing to limit');
  const seconds = secondsOf(timeLimit);
  if (seconds === undefined)
    throw new UsageError(`\`--time-limit ${timeLimit}\` is no duration; write it as 90s, 10m or 2h`);
  return seconds * 1000;
}

/**
 * Tries the slips in the SQL of these SOPs, one SOP after another, and says beforehand how long it takes. Whoever stops the command loses
 * nothing of what was found. By their ids.
 */
export async function sqlProofs(
  sops: readonly CheckedSop[],
  checked: CheckedLibrary,
  run: TestRun,
  world: SqlWorld,
  flags: SqlFlags,
  terminal: Terminal,
): Promise<ReadonlyMap<string, SqlProof>> {
  const limit = timeLimitOf(flags);
  const now = () => performance.now();
  const begun = now();
  const proofs = new Map<string, SqlProof>();
  const { signal, release } = listen(flags, terminal);
  try {
    for (const [index, entry] of sops.entries()) {
      const id = entry.sop.id.value;
      const place = sops.length === 1 ? '' : ` (${index + 1} of ${sops.length})`;
      const proof = await proveSql(entry, run.results, run.views, checked, world, {
        now,
        milliseconds: limit === null ? null : Math.max(0, limit - (now() - begun)),
        stop: signal,
        onForecast: (forecast) => terminal.say(`${id}${place}: ${sayForecast(forecast)}\n`),
        onProgress: terminal.progress(`trying SQL mutants of ${id}`),
      });
      proofs.set(id, proof);
    }
  } finally {
    release();
  }
  return proofs;
}

/** `53 SQL mutants, 39 cases with data: at most 1204 runs, about 12s`. */
function sayForecast({ mutants, cases, runs, seconds }: SqlForecast): string {
  const what = `${count(mutants, 'SQL mutant')}, ${count(cases, 'case')} with data`;
  if (mutants === 0 || cases === 0) return `${what}: nothing to run`;
  if (runs === 0) return `${what}: all are known from an earlier call`;
  return `${what}: at most ${count(runs, 'run')}, about ${rounded(seconds)}`;
}

/** Never less than it is. */
function rounded(seconds: number): string {
  const unit = seconds < 90 ? 1 : seconds < 5400 ? 60 : 3600;
  return formatDuration(Math.max(1, Math.ceil(seconds / unit)) * unit);
}

/** What a shell gives for a program that a signal ended. */
const signals = { SIGINT: 130, SIGTERM: 143 } as const;

/** Until it is released, a signal that ends the command first lets it keep what it has found. */
function listen({ cache }: SqlFlags, terminal: Terminal): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const stop = (signal: keyof typeof signals) => {
    controller.abort();
    const kept = cache ? 'what was found is kept: the same call goes on there' : 'with --no-cache nothing is kept';
    terminal.say(`\nstopped; ${kept}\n`);
    process.exit(signals[signal]);
  };
  const names = Object.keys(signals) as (keyof typeof signals)[]; // its own keys, as written above
  for (const name of names) process.on(name, stop);
  const release = () => {
    for (const name of names) process.off(name, stop);
  };
  return { signal: controller.signal, release };
}
