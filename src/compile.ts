import { createBinder } from './check/binder.ts';
import { checkCase } from './check/check-case.ts';
import { checkLibrary } from './check/check-library.ts';
import { checkShared } from './check/check-shared.ts';
import { checkSop } from './check/check-sop.ts';
import { checkViewCase } from './check/check-view-case.ts';
import { checkViews } from './check/check-views.ts';
import type { CheckedLibrary } from './check/checked.ts';
import { type Prove, proveNothing, proveTables } from './check/prove-tables.ts';
import { type Budget, defaultBudget } from './decision/boxes/budget.ts';
import { compareDiagnostics, type Diagnostic } from './diagnostics/diagnostic.ts';
import { withLevels } from './diagnostics/levels.ts';
import { mergeRepeats } from './diagnostics/merge.ts';
import { loadLibrary, type Wanted } from './model/load-library.ts';
import type { Cache, SqlEngine, Store } from './model/ports.ts';
import { nextTurn } from './model/turn.ts';
import type { SourceFile } from './text/source.ts';

/** The outside world, as the rooms see it. */
export interface Ports {
  readonly store: Store;
  readonly cache: Cache;
  readonly engine: SqlEngine;
  /** The day on which dates are judged, `2026-11-01`: injected, so that the same input gives the same answer. */
  readonly today: string;
  /** How much the analysis of a table may do; the usual, where it is absent. */
  readonly budget?: Budget;
}

export interface Compiled {
  readonly checked: CheckedLibrary;
  readonly diagnostics: readonly Diagnostic[];
  readonly files: ReadonlyMap<string, SourceFile>;
}

/** The pipeline up to what runs on a desk's own data: no case is read, and nothing is said of what cases do. */
export function compileForData(ports: Ports): Promise<Compiled> {
  return compile(ports, undefined, { cases: false });
}

/** The pipeline up to a checked library: read and parse, build, resolve and bind, judge. */
export async function compile(
  { store, cache, engine, today, budget = defaultBudget() }: Ports,
  onProgress: (done: number, total: number) => void = () => undefined,
  wanted: Wanted = { cases: true },
): Promise<Compiled> {
  const binder = createBinder(engine, cache);
  const prove: Prove = wanted.cases ? (...asked) => proveTables(...asked, budget, engine, cache) : proveNothing;
  const [{ library, files }, loaded] = await loadLibrary(store, cache, binder.ahead, wanted);
  const [views, viewed] = await checkViews(library, binder);
  const found: Diagnostic[] = [
    ...loaded,
    ...viewed,
    ...checkLibrary(library),
    ...[...library.cases, ...library.drafts].flatMap((entry) => checkCase(entry, library)),
    ...library.viewCases.flatMap((entry) => checkViewCase(entry, library)),
  ];
  const sops: CheckedLibrary['sops'][number][] = [];
  for (const sop of library.sops) {
    onProgress(sops.length, library.sops.length);
    await nextTurn();
    const own = found.filter((diagnostic) => diagnostic.span.path === sop.path);
    const [checked, diagnostics] = await checkSop(sop, library, views, today, { binder, prove }, own);
    sops.push(checked);
    found.push(...diagnostics);
  }
  onProgress(sops.length, sops.length);
  if (wanted.cases) found.push(...checkShared(library, sops, today));
  const weighed = withLevels(found, library.config.levels).sort(compareDiagnostics);
  return { checked: { library, views, sops }, diagnostics: mergeRepeats(weighed), files };
}
