import { createBinder } from '../check/binder.ts';
import type { CheckedLibrary, CheckedSop } from '../check/checked.ts';
import type { CaseOutcome } from '../model/case.ts';
import type { Cache, SqlEngine } from '../model/ports.ts';
import type { SqlMutator } from '../model/sql-mutant.ts';
import type { CaseResult } from '../replay/run-case.ts';
import { runViewCase, type ViewResult } from '../replay/run-view-case.ts';
import type { World } from '../replay/world.ts';
import type { Obligation } from './obligation.ts';
import { CaseRuns, type DataCase, type Told } from './sql/case-runs.ts';
import { caseContent, digest, sopContent, viewCaseContent } from './sql/content.ts';
import { type KeptResults, keptResults } from './sql/kept-results.ts';
import { planMutants } from './sql/plan-mutants.ts';
import type { PlannedMutant } from './sql/planned.ts';

/** A mutant of SQL. Whether one that nobody notices could be noticed at all is not known: it is `undecided`, never `open`. */
export interface SqlObligation extends Obligation {
  /** What is known of one that nobody notices, and what data would tell; null where it is proven. */
  readonly needs: string | null;
}

export interface SqlProof {
  readonly obligations: readonly SqlObligation[];
  /** Slips that `sop check` refuses by itself. */
  readonly refused: number;
  /** Slips that could not be made in the text alone. */
  readonly dropped: number;
  /** Mutants that there was no time for; they are among the undecided. */
  readonly untried: number;
}

/** How long it will take, said before it begins. */
export interface SqlForecast {
  readonly mutants: number;
  readonly cases: number;
  /** Runs of a case with a mutant that are not known from an earlier call: at most so many. */
  readonly runs: number;
  readonly seconds: number;
}

export interface SqlWorld extends World {
  readonly engine: SqlEngine & SqlMutator;
  readonly cache: Cache;
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
  const judges = await judgesOf(checked, results, viewResults, library, world);
  const runs = new CaseRuns(checked, world);
  const court = new Court(judges, kept, runs);
  onForecast(await forecast(plan.mutants, court, runs, now));
  const obligations: SqlObligation[] = [];
  let saved = now();
  let untried = 0;
  try {
    for (const mutant of plan.mutants) {
      onProgress(obligations.length, plan.mutants.length);
      if (milliseconds !== null && now() - begun > milliseconds) {
        untried++;
        obligations.push(obligation(mutant, [], `there was no time left; ${mutant.needs} would show it`));
        continue;
      }
      obligations.push(await court.judge(mutant));
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
  return { obligations, refused: plan.refused, dropped: plan.dropped, untried };
}

/** A case, of the SOP or of a view, that stands: if a mutant changes how it comes out, somebody notices. */
interface Judge {
  readonly name: string;
  /** How it came out, before a known gap was taken into account. */
  readonly outcome: CaseOutcome;
  readonly reaches: (mutant: PlannedMutant) => boolean;
  /** What its runs are kept under; null where its data can't be told by content. */
  readonly content: string | null;
  readonly run: (mutant: PlannedMutant, runs: CaseRuns) => Promise<Told | null>;
  readonly prepare: (runs: CaseRuns) => Promise<boolean>;
}

async function judgesOf(
  checked: CheckedSop,
  results: readonly CaseResult[],
  viewResults: readonly ViewResult[],
  { views, library }: CheckedLibrary,
  world: SqlWorld,
): Promise<Judge[]> {
  const judges: Judge[] = [];
  const content = sopContent(checked, library, world.engine.version);
  const shared = new Set([
    ...checked.lists,
    ...checked.reads.tables.filter((name) => !library.tables.some((table) => table.name === name)),
  ]);
  for (const { entry, passed } of viewResults) {
    const own = views.find(({ view }) => view.name.value === entry.view.value);
    if (!passed || own === undefined || !checked.reads.views.includes(own.view)) continue;
    const stated = await viewCaseContent(entry, world.store);
    judges.push({
      name: entry.name.value,
      outcome: 'caught',
      reaches: ({ view }) => view !== null,
      content: stated && digest([content, stated]),
      prepare: async () => true,
      run: async ({ view, changed }) => {
        // Views that read the changed one are computed from it.
        const seen = views.map((known) => {
          const then = changed.reads.views.find(({ name }) => name.value === known.view.name.value);
          return then === undefined ? known : { ...known, view: then };
        });
        const asked = seen.find((known) => known.view.name.value === entry.view.value)?.view ?? own.view;
        if (view === null) return null;
        const after = await runViewCase(entry, asked, seen, world);
        return { outcome: after.passed ? 'caught' : 'differs', change: null, isPassing: false };
      },
    });
  }
  for (const { entry, outcome, observed, sop, counts } of results) {
    const { input } = entry;
    const stands = outcome === 'caught' || outcome === 'left_alone' || outcome === 'known_gap';
    if (!stands || !counts || sop !== checked.sop.id.value || input.kind !== 'given') continue;
    const one: DataCase = { entry, input };
    const names = input.tables.map((table) => table.name.value);
    const stated = await caseContent(one, world.store);
    judges.push({
      name: entry.name.value,
      outcome: observed,
      reaches: ({ tables }) => names.some((name) => tables.has(name)) || [...tables].some((name) => shared.has(name)),
      content: stated && digest([content, stated]),
      prepare: (runs) => runs.prepare(one),
      run: (mutant, runs) => runs.judge(one, mutant),
    });
  }
  return judges;
}

/** Asks the judges about one mutant after another, those first that noticed the one before. */
class Court {
  private readonly recent: Judge[] = [];

  constructor(
    readonly judges: readonly Judge[],
    private readonly kept: KeptResults,
    private readonly runs: CaseRuns,
  ) {}

  async judge(mutant: PlannedMutant): Promise<SqlObligation> {
    const order = [...new Set([...this.recent, ...this.judges])].filter((judge) => judge.reaches(mutant));
    let changed: { readonly judge: Judge; readonly change: string } | null = null;
    for (const judge of order) {
      const told = await this.ask(judge, mutant);
      if (told === null) continue;
      if (told.outcome !== judge.outcome) {
        this.recent.splice(0, this.recent.length, judge, ...this.recent.filter((other) => other !== judge));
        return obligation(mutant, [judge.name], null);
      }
      const isFirst = changed === null || this.judges.indexOf(judge) < this.judges.indexOf(changed.judge);
      if (told.change !== null && isFirst) changed = { judge, change: told.change };
    }
    if (order.length === 0)
      return obligation(mutant, [], `no case that stands has any data for it: it takes ${mutant.needs}`);
    if (changed === null) return obligation(mutant, [], `no signal of any case changes: it takes ${mutant.needs}`);
    const seen = `in \`${changed.judge.name}\` ${changed.change}`;
    return obligation(
      mutant,
      [],
      `${seen}, and the case comes out the same: one nearer to a bound would show it, if any can`,
    );
  }

  /** The runs that could be needed to judge a mutant; none where a known one has told. */
  openRuns(mutant: PlannedMutant): OpenRun[] {
    const asked = this.judges.filter((judge) => judge.reaches(mutant));
    const open: OpenRun[] = [];
    for (const judge of asked) {
      const told = this.known(judge, mutant);
      if (told === undefined) open.push({ judge, mutant });
      else if (told.outcome !== judge.outcome) return [];
    }
    return open;
  }

  private known(judge: Judge, mutant: PlannedMutant): Told | undefined {
    const key = keyOf(judge, mutant);
    return key === null ? undefined : this.kept.get(key);
  }

  async ask(judge: Judge, mutant: PlannedMutant): Promise<Told | null> {
    const known = this.known(judge, mutant);
    if (known !== undefined) return known;
    const told = await judge.run(mutant, this.runs);
    const key = keyOf(judge, mutant);
    if (told !== null && key !== null && !told.isPassing) this.kept.set(key, told);
    return told;
  }
}

function keyOf({ content }: Judge, { key }: PlannedMutant): string | null {
  return content === null ? null : digest([content, key]);
}

/** A run that is not known from an earlier call. */
interface OpenRun {
  readonly judge: Judge;
  readonly mutant: PlannedMutant;
}

/** Runs that are timed beforehand; what they give is kept. */
const sampled = 12;

/** Reckons from a few runs how long all take that are still open. Cases that notice a mutant spare the others: it is a bound. */
async function forecast(
  mutants: readonly PlannedMutant[],
  court: Court,
  runs: CaseRuns,
  now: () => number,
): Promise<SqlForecast> {
  const { judges } = court;
  const open = mutants.flatMap((mutant) => court.openRuns(mutant));
  const waiting = new Set(open.map(({ judge }) => judge));
  let [running, preparing, prepared] = [0, 0, 0];
  const sample = open.filter((_, index) => index % Math.ceil(open.length / sampled) === 0);
  for (const { judge, mutant } of sample) {
    const begun = now();
    await judge.prepare(runs);
    const ready = now();
    await court.ask(judge, mutant);
    running += now() - ready;
    if (!waiting.delete(judge)) continue;
    preparing += ready - begun;
    prepared++;
  }
  const runsTake = sample.length === 0 ? 0 : (running / sample.length) * open.length;
  const restTakes = prepared === 0 ? 0 : (preparing / prepared) * waiting.size;
  return { mutants: mutants.length, cases: judges.length, runs: open.length, seconds: (runsTake + restTakes) / 1000 };
}

function obligation(mutant: PlannedMutant, by: readonly string[], needs: string | null): SqlObligation {
  const { id, span, replacement, says } = mutant;
  const state = by.length > 0 ? 'proven' : 'undecided';
  return {
    id,
    kind: 'sql_mutant',
    table: null,
    rule: null,
    column: null,
    span,
    replacement,
    says,
    state,
    by,
    witness: null,
    needs,
  };
}
