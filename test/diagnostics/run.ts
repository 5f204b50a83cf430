import { compareWith } from '../../src/cli/since.ts';
import { planFor } from '../../src/cli/skills.ts';
import { compile } from '../../src/compile.ts';
import { proveFloors } from '../../src/coverage/floors.ts';
import { proofsOf } from '../../src/coverage/proofs.ts';
import type { SinceReport } from '../../src/coverage/ratchet/since.ts';
import { compareDiagnostics, type Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { createDuckDbEngine } from '../../src/engine/engine.ts';
import { dialect } from '../../src/engine/version.ts';
import type { Cache, SqlEngine, Store } from '../../src/model/ports.ts';
import { testLibrary } from '../../src/replay/test-library.ts';
import { noPaint, type Page } from '../../src/report/paint.ts';
import { prettyDiagnostic } from '../../src/report/pretty-diagnostic.ts';
import { prettySince } from '../../src/report/pretty-since.ts';
import { outcomeCounts } from '../../src/report/pretty-test.ts';
import type { SourceFile } from '../../src/text/source.ts';
import { createMemoryStaging } from '../support/memory-store.ts';
import { sqlChild } from '../support/sql-child.ts';

export const page: Page = { columns: 100, paint: noPaint };
export const today = '2026-11-01';

export function openEngine(): SqlEngine {
  return createDuckDbEngine({ command: sqlChild });
}

/** Remembers as JSON, as the cache on disk does: what does not survive that would show here. */
export function createMemoryCache(): Cache {
  const entries = new Map<string, string>();
  return {
    get: (kind, key) => {
      const entry = entries.get(`${kind} ${key}`);
      return entry === undefined ? undefined : (JSON.parse(entry) as unknown);
    },
    set: (kind, key, value) => void entries.set(`${kind} ${key}`, JSON.stringify(value)),
  };
}

/** Everything that `sop check`, `sop build --check` and `sop test` say of a library. */
export interface Said {
  readonly check: readonly Diagnostic[];
  readonly build: readonly Diagnostic[];
  readonly test: readonly Diagnostic[];
  readonly outcomes: string;
  /** What `sop test --since` says, where the library is measured against an earlier one. */
  readonly since: SinceReport | null;
  readonly files: ReadonlyMap<string, SourceFile>;
}

export interface World {
  readonly engine: SqlEngine;
  readonly cache: Cache;
  /** What the analysis of a table may do. */
  readonly visits?: number | undefined;
  /** The library as it was, and what changed since. */
  readonly before?: { readonly store: Store; readonly changed: readonly string[] } | undefined;
}

export async function runAll(
  store: Store,
  { engine, cache, visits, before }: World,
  committed: boolean,
): Promise<Said> {
  const ports = { store, cache, engine, today, ...(visits !== undefined && { budget: { visits } }) };
  const compiled = await compile(ports);
  const { checked, diagnostics, files } = compiled;
  const skills = createMemoryStaging(store);
  const world = { files, store, skills, dialect };
  const first = await planFor(checked, world, [], false);
  if (!committed) await skills.replace(first.write, first.remove, first.lock);
  const plan = committed ? first : await planFor(checked, world, [], false);
  const run = await testLibrary(checked, { library: checked.library, store, engine, today }, [], () => undefined, {
    again: true,
  });
  const errors = diagnostics.filter(({ level }) => level === 'error');
  const revision = { ...before, commit: 'a'.repeat(40), how: 'parted', remarks: () => [] } as const;
  const proofs = proofsOf(checked, run.results);
  const tested = { compiled, run, proofs, found: [...errors, ...run.diagnostics] };
  const { store: was, changed } = revision;
  const since =
    was === undefined || changed === undefined
      ? null
      : await compareWith({ ...revision, store: was, changed }, 'main', [], ports, tested, () => () => undefined);
  return {
    since,
    check: diagnostics,
    build: plan.diagnostics,
    test: [...run.diagnostics, ...proveFloors(checked, proofs, [])].sort(compareDiagnostics),
    outcomes: outcomeCounts(run.results),
    files,
  };
}

/** In the order in which a person meets them. */
export function allOf(said: Said): Diagnostic[] {
  return [...(said.since?.counted ?? []), ...said.check, ...said.build, ...said.test];
}

export function print(said: Said): string {
  const part = (command: string, diagnostics: readonly Diagnostic[], end: string) => {
    const shown = diagnostics.map((diagnostic) => prettyDiagnostic(diagnostic, said.files, page)).join('\n');
    return `$ ${command}\n\n${shown}${shown === '' ? '' : '\n'}${end}`;
  };
  const none = (diagnostics: readonly Diagnostic[]) => (diagnostics.length === 0 ? 'nothing to say\n\n' : '');
  return [
    part('sop check', said.check, none(said.check)),
    part('sop build --check', said.build, none(said.build)),
    part('sop test', said.test, `${said.outcomes}\n`),
    said.since === null
      ? ''
      : `\n${part('sop test --since main', said.since.counted, prettySince(said.since, false, page))}`,
  ].join('');
}
