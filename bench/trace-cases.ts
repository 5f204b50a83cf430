import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../src/compile.ts';
import { createDuckDbEngine } from '../src/engine/engine.ts';
import { noCache } from '../src/host/disk-cache.ts';
import { createDiskStore } from '../src/host/disk-store.ts';
import type { DataSet, SqlEngine, SqlQuery, TableData, TableShape, Window } from '../src/model/ports.ts';
import { testLibrary } from '../src/replay/test-library.ts';

/** What a case costs without us: its tables, its rows, and the queries that run on them, each cut to its window. */
export interface TracedCase {
  readonly tables: readonly TableShape[];
  readonly content: readonly TableData[];
  readonly queries: readonly (SqlQuery & { readonly window: Window })[];
}

/** Runs the cases of a library once and writes what SQL they run as JSON lines, for a peer that runs nothing else. */
export async function traceCases(root: string, sop: string, file: string): Promise<void> {
  const engine = createDuckDbEngine({ command: [process.execPath, sop, '--sql-child'] });
  const traced: TracedCase[] = [];
  const open: SqlEngine['open'] = async (tables, content, options) => {
    const opened = await engine.open(tables, content, options);
    if (!opened.ok) return opened;
    const queries: TracedCase['queries'][number][] = [];
    traced.push({ tables, content, queries });
    let window: Window = { since: null, asOf: null };
    const { value } = opened;
    const data: DataSet = {
      ...value,
      cut: (wanted) => {
        window = wanted;
        return value.cut(wanted);
      },
      run: (query, limits, onBatch) => {
        queries.push({ ...query, window });
        return value.run(query, limits, onBatch);
      },
    };
    return { ok: true, value: data };
  };
  try {
    const store = createDiskStore(root);
    const ports = { store, cache: noCache, engine: { ...engine, open }, today: '2026-11-01' };
    const { checked } = await compile(ports);
    const run = await testLibrary(checked, { library: checked.library, ...ports }, [], () => undefined, {
      again: true,
    });
    const failed = run.results.find(({ outcome }) => outcome !== 'caught' && outcome !== 'left_alone');
    if (failed !== undefined) throw new Error(`${join(root, failed.entry.path)}: ${failed.why}`);
    writeFileSync(file, traced.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  } finally {
    await engine.close();
  }
}
