import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateCases } from '../../bench/generate-cases.ts';
import { compile } from '../../src/compile.ts';
import { noCache } from '../../src/host/disk-cache.ts';
import type { SqlEngine } from '../../src/model/ports.ts';
import { rulesReached } from '../../src/replay/rules-reached.ts';
import { testLibrary } from '../../src/replay/test-library.ts';
import { openEngine } from '../diagnostics/run.ts';
import { filesIn, makeFolder, put } from '../support/folder.ts';
import { createMemoryStore } from '../support/memory-store.ts';

let engine: SqlEngine;
beforeAll(() => {
  engine = openEngine();
});
afterAll(() => engine.close());

test('of the subjects that took one way through the tables one is enough for all that is reported', async () => {
  const root = await makeFolder();
  generateCases(root, 4, 1);
  for (const file of ['sops/desk.yaml', 'sops/taxonomy.yaml']) await put(root, file, await readFile(file));
  const store = createMemoryStore(await filesIn(root));
  const ports = { store, cache: noCache, engine, today: '2026-11-01' };
  const { checked } = await compile(ports);
  const world = { library: checked.library, ...ports };
  const all = await testLibrary(checked, world, [], () => undefined);
  const less = await testLibrary(checked, world, [], () => undefined, { keep: 'one_a_way' });
  expect(all.results.map(({ outcome }) => outcome)).toEqual(['caught', 'left_alone', 'caught', 'left_alone']);
  for (const [index, result] of all.results.entries()) {
    const ways = new Set(result.decided.map(({ decision }) => JSON.stringify(decision.trail)));
    expect(less.results[index]?.decided.map(({ decision }) => JSON.stringify(decision.trail))).toEqual([...ways]);
    expect(JSON.stringify({ ...less.results[index], decided: [] })).toBe(JSON.stringify({ ...result, decided: [] }));
  }
  for (const { sop, logic } of checked.sops)
    expect(rulesReached(sop.id.value, logic, less.results)).toEqual(rulesReached(sop.id.value, logic, all.results));
  const subjects = (run: typeof all) => run.results.reduce((sum, { decided }) => sum + decided.length, 0);
  expect(subjects(less)).toBeLessThan(subjects(all));
});
