import { fileURLToPath } from 'node:url';
import type { CheckedSop } from '../../src/check/checked.ts';
import { planFor } from '../../src/cli/skills.ts';
import { type Compiled, compile } from '../../src/compile.ts';
import { compileDecision } from '../../src/decision/decide.ts';
import { normalise } from '../../src/decision/normalise.ts';
import { dialect } from '../../src/engine/version.ts';
import { noCache } from '../../src/host/disk-cache.ts';
import type { SqlEngine } from '../../src/model/ports.ts';
import type { Evaluation } from '../../src/replay/evaluate.ts';
import { signalColumns } from '../../src/replay/evaluate.ts';
import type { TestRun } from '../../src/replay/test-library.ts';
import { testLibrary } from '../../src/replay/test-library.ts';
import { filesIn } from '../support/folder.ts';
import { createMemoryStaging, createMemoryStore } from '../support/memory-store.ts';

const folder = fileURLToPath(new URL('library', import.meta.url));
export const today = '2026-11-01';

export interface Ran extends Compiled {
  readonly run: TestRun;
  readonly plan: Awaited<ReturnType<typeof planFor>>;
}

/** The library of this folder, which has one case of every outcome, with changes made to its files. */
export async function runLibrary(
  engine: SqlEngine,
  change: (files: Map<string, string>) => void = () => undefined,
): Promise<Ran> {
  const files = await filesIn(folder);
  change(files);
  const store = createMemoryStore(files);
  const compiled = await compile({ store, cache: noCache, engine, today });
  const { library } = compiled.checked;
  const run = await testLibrary(compiled.checked, { library, store, engine, today }, [], () => undefined, {
    again: true,
  });
  const world = { files: compiled.files, store, skills: createMemoryStaging(store), dialect };
  return { ...compiled, run, plan: await planFor(compiled.checked, world, [], false) };
}

export function sopOf({ checked }: Ran, id = 'self-trades'): CheckedSop {
  const found = checked.sops.find(({ sop }) => sop.id.value === id);
  if (found === undefined) throw new Error(`no SOP ${id}`);
  return found;
}

/** Decisions about accounts and minutes, from the values of the signals. */
export function evaluated(
  checked: CheckedSop,
  rows: readonly (readonly [account: string, minute: number, made: number, share: number])[],
  unavailable: readonly string[] = [],
): Evaluation {
  const columns = signalColumns(checked);
  const decide = compileDecision(checked.logic);
  const decided = rows.map(([account, minute, made, share]) => {
    const given = { trades_made: made, share };
    const values = new Map(
      Object.entries(given).map(([name, raw]) => {
        const column = columns.get(name);
        const read = column === undefined ? undefined : normalise(raw, column);
        return [name, read?.ok ? read.value : null] as const;
      }),
    );
    for (const input of checked.logic.inputs) if (!values.has(input.name)) values.set(input.name, 3);
    return { key: [account, start + minute * 60e6], values, decision: decide(values, new Set(unavailable)) };
  });
  return {
    decided,
    readiness: () => [],
    window: { from: null, asOf: null, settledBy: null },
    supply: { given: new Set(), complete: true, extents: new Map(), coverage: new Map(), asOf: null },
    unavailable: new Map(unavailable.map((name) => [name, 'trades.sell_account_id'])),
  };
}

/** Microseconds of 2026-01-05 10:00 UTC. */
export const start = Date.UTC(2026, 0, 5, 10) * 1000;
