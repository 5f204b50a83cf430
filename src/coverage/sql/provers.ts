import type { CheckedLibrary, CheckedSop } from '../../check/checked.ts';
import type { CaseOutcome } from '../../model/case.ts';
import type { CaseResult } from '../../replay/run-case.ts';
import { runViewCase, type ViewResult } from '../../replay/run-view-case.ts';
import type { CaseRuns, DataCase, Told } from './case-runs.ts';
import { caseContent, digest, sopContent, viewCaseContent } from './content.ts';
import type { PlannedMutant } from './planned.ts';
import type { SqlWorld } from './sql-world.ts';

/** A case, of the SOP or of a view, that stands: if a mutant changes how it comes out, somebody notices. */
export interface Prover {
  readonly name: string;
  /** How it came out, before a known gap was taken into account. */
  readonly outcome: CaseOutcome;
  readonly reaches: (mutant: PlannedMutant) => boolean;
  /** What its runs are kept under; null where its data can't be told by content. */
  readonly content: string | null;
  readonly run: (mutant: PlannedMutant, runs: CaseRuns) => Promise<Told | null>;
  readonly prepare: (runs: CaseRuns) => Promise<boolean>;
}

export async function proversOf(
  checked: CheckedSop,
  results: readonly CaseResult[],
  viewResults: readonly ViewResult[],
  { views, library }: CheckedLibrary,
  world: SqlWorld,
): Promise<Prover[]> {
  const provers: Prover[] = [];
  const content = sopContent(checked, library, world.engine.version);
  const shared = new Set([
    ...checked.lists,
    ...checked.reads.tables.filter((name) => !library.tables.some((table) => table.name === name)),
  ]);
  for (const { entry, passed } of viewResults) {
    const own = views.find(({ view }) => view.name.value === entry.view.value);
    if (!passed || own === undefined || !checked.reads.views.includes(own.view)) continue;
    const stated = await viewCaseContent(entry, world.store);
    provers.push({
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
    provers.push({
      name: entry.name.value,
      outcome: observed,
      reaches: ({ tables }) => names.some((name) => tables.has(name)) || [...tables].some((name) => shared.has(name)),
      content: stated && digest([content, stated]),
      prepare: (runs) => runs.prepare(one),
      run: (mutant, runs) => runs.judge(one, mutant),
    });
  }
  return provers;
}
