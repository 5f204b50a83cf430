import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CheckedLibrary, CheckedSop } from '../../src/check/checked.ts';
import { resolveSegments } from '../../src/check/resolve-segments.ts';
import { resolveTables } from '../../src/check/resolve-tables.ts';
import { compile } from '../../src/compile.ts';
import type { Obligation } from '../../src/coverage/obligation.ts';
import { proveSop, variantsOf } from '../../src/coverage/prove-sop.ts';
import type { Variant } from '../../src/coverage/tables/variant.ts';
import { compareLogic } from '../../src/decision/compare/compare.ts';
import { noCache } from '../../src/host/disk-cache.ts';
import { createDiskStore } from '../../src/host/disk-store.ts';
import { buildSop } from '../../src/model/build/sop.ts';
import type { Desk } from '../../src/model/library.ts';
import type { SqlEngine } from '../../src/model/ports.ts';
import { type CaseResult, runCase } from '../../src/replay/run-case.ts';
import { testLibrary } from '../../src/replay/test-library.ts';
import type { World } from '../../src/replay/world.ts';
import { parseMarkdown } from '../../src/syntax/parse-markdown.ts';
import { testEngine } from '../engine/support.ts';
import { spread, upTo } from '../support/long.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const today = '2026-11-01';

let engine: SqlEngine;
let checked: CheckedLibrary;
let world: World;
let results: readonly CaseResult[];
beforeAll(
  async () => {
    engine = testEngine();
    const store = createDiskStore(root);
    // What the analysis says of the tables is no matter here.
    const compiled = await compile({ store, cache: noCache, engine, today, budget: { visits: 1 } });
    const { library, ...rest } = compiled.checked;
    const cases = library.cases.filter(({ input }, index) => input.kind === 'signals' || index % everyRaw === 0);
    checked = { ...rest, library: { ...library, cases, viewCases: [] } };
    world = { library: checked.library, store, engine, today };
    results = (await testLibrary(checked, world, [], () => undefined, { others: false })).results;
  },
  upTo(3_600_000, 300_000),
); // a guard, no measurement
afterAll(() => engine.close());

/** The SOP with the slip written into its text, read anew. */
function planted(entry: CheckedSop, { span, replacement }: Obligation): CheckedSop {
  const text = readFileSync(`${root}${span.path}`, 'utf8');
  const before = text.slice(0, span.start);
  // A rule is a line: where nothing stands in its place, the line goes with it.
  const rest = text.slice(replacement === '' ? text.indexOf('\n', span.end) + 1 : span.end);
  const start = replacement === '' ? before.lastIndexOf('\n') + 1 : span.start;
  const [sop] = buildSop(parseMarkdown({ path: span.path, text: `${text.slice(0, start)}${replacement}${rest}` })[0]);
  if (sop === null) throw new Error('no SOP is left');
  const [logic] = resolveTables(sop, checked.library.desk);
  const [segmentation] = resolveSegments(sop, checked.library, []);
  return { ...entry, sop, logic, segmentation };
}

/** The tables as they decide: one for each segment, where parameters differ. */
function logicsOf({ logic, segmentation }: CheckedSop) {
  return segmentation === null ? [logic] : segmentation.segments.map((segment) => segment.logic);
}

/** What the text says now is the variant that was judged, segment by segment. */
function expectMeant(entry: CheckedSop, changed: CheckedSop, variant: Variant | undefined, desk: Desk): void {
  for (const [at, logic] of logicsOf(entry).entries()) {
    const isMeant = variant?.segments?.includes(entry.segmentation?.segments[at]?.name ?? '') ?? true;
    const expected = isMeant ? (variant?.of(logic) ?? logic) : logic;
    const told = compareLogic(expected, logicsOf(changed)[at] ?? logic, desk);
    expect([told.comparable, told.changes.length, told.open.length], variant?.id).toEqual([true, 0, 0]);
  }
}

/**
 * The normal run runs all cases of signal values and those with rows that stand at every fortieth place, and plants eight slips in each
 * SOP, evenly spread; it leaves out the others. `npm run test:long` plants all, with all cases.
 */
const everyRaw = upTo(1, 40);

test(
  'a slip written into the text is caught by a case that was named beforehand, or no case notices, as was said',
  async () => {
    const { desk } = checked.library;
    const counts = { planted: 0, caught: 0 };
    for (const entry of checked.sops) {
      const proof = proveSop(entry, results, desk);
      const variants = new Map(variantsOf(entry, desk).map((variant) => [variant.id, variant]));
      const mutants = proof.obligations.filter(({ kind, replacement }) => kind === 'mutant' && replacement !== null);
      const own = results.filter(({ sop }) => sop === entry.sop.id.value);
      const cheap = own.filter(({ entry: { input } }) => input.kind === 'signals');
      for (const [place, mutant] of spread(mutants, 8).entries()) {
        const changed = planted(entry, mutant);
        expectMeant(entry, changed, variants.get(mutant.id), desk);
        counts.planted++;
        const first = own.find(({ entry: { name } }) => name.value === mutant.by[0]);
        if (first === undefined) {
          // Whatever it is that no case notices: the cases of signal values say so at once.
          for (const one of cheap)
            expect((await runCase(one.entry, changed, world, false)).outcome, mutant.id).toBe(one.outcome);
        } else if (first.entry.input.kind === 'signals' || place % 16 === 0) {
          expect((await runCase(first.entry, changed, world, false)).outcome, mutant.id).not.toBe(first.outcome);
          counts.caught++;
        }
      }
    }
    const all = checked.sops.length;
    expect([counts.planted >= 8 * all, counts.caught >= 4 * all]).toEqual([true, true]);
  },
  upTo(3_600_000, 300_000),
);
