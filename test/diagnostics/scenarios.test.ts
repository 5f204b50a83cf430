import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import type { SqlEngine } from '../../src/model/ports.ts';
import { applyEdits } from '../../src/text/edit.ts';
import { invisible } from '../../src/text/invisible.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { remembering } from '../support/remembering-engine.ts';
import { expectGolden, updating } from './golden.ts';
import { firstOf, pageOf, withMessage } from './pages.ts';
import { allOf, createMemoryCache, openEngine, print, runAll, today } from './run.ts';
import { applyInput, folder, type Input, openStore, readBase, readScenarios, type Scenario } from './scenario.ts';

const scenarios = await readScenarios();
const base = await readBase();
const cache = createMemoryCache();
let engine: SqlEngine;

beforeAll(() => {
  engine = remembering(openEngine());
});
afterAll(() => engine.close());

test('the green library has nothing to report', async () => {
  const files = new Map(base);
  const { store } = await openStore(files, {}, false);
  const said = await runAll(store, { engine, cache }, !updating);
  for (const [path, text] of updating ? files : []) {
    if (!path.startsWith('skills/')) continue;
    await mkdir(dirname(join(folder, 'base', path)), { recursive: true });
    await writeFile(join(folder, 'base', path), text);
    base.set(path, text); // the scenarios below stand on it
  }
  expect(allOf(said).map(({ code, args }) => [code, args])).toEqual([]);
  expect(said.outcomes).toBe('5 cases: 2 caught, 2 left alone, 1 known gap');
});

describe('each scenario says what is expected', () => {
  for (const scenario of scenarios) {
    test(scenario.name, async () => {
      const { said, text } = await run(scenario, scenario);
      const all = allOf(said);
      const codes = all.map(({ code }) => code as string);
      expect(codes, 'the scenario must give its code').toContain(scenario.code);
      expect(codes.indexOf(scenario.code), 'the mistake itself must be said first, or nearly').toBeLessThan(2);
      await expectGolden(join(folder, scenario.name, 'expected.txt'), text);
      const edits = all.flatMap((diagnostic) => diagnostic.edits);
      await expectGolden(
        join(folder, scenario.name, 'fixed.txt'),
        edits.length === 0 ? null : await fix(scenario, all),
      );
      if (updating && scenarios.find(({ code }) => code === scenario.code) === scenario)
        await showOnPage(scenario.code, text);
    });
  }
});

describe('a right input that looks alike is not blamed', () => {
  for (const scenario of scenarios) {
    if (Object.keys(scenario.ok).length === 0) continue; // the green library: its own test says that it is silent
    test(scenario.name, async () => {
      const { said } = await run(scenario, scenario.ok);
      const wrong = allOf(said).filter(({ code, level }) => code === scenario.code || level === 'error');
      expect(wrong.map(({ code, args }) => [code, args])).toEqual([]);
    });
  }
});

async function run(scenario: Scenario, input: Input) {
  const { store, close } = await openStore(applyInput(base, input), input, scenario.disk);
  try {
    const world = { engine, cache, visits: input.visits, before: beforeOf(scenario, input) };
    const said = await runAll(store, world, scenario.committed);
    return { said, text: print(said) };
  } finally {
    await close();
  }
}

function beforeOf({ since }: Scenario, input: Input) {
  if (since === undefined) return undefined;
  const [was, is] = [applyInput(base, since), applyInput(base, input)];
  const paths = [...new Set([...was.keys(), ...is.keys()])].filter((path) => path.startsWith('sops/')).sort();
  return { store: createMemoryStore(was), changed: paths.filter((path) => was.get(path) !== is.get(path)) };
}

/** What `sop check --fix` changes, and what is left to say afterwards. */
async function fix(scenario: Scenario, found: readonly Diagnostic[]): Promise<string> {
  const files = applyInput(base, scenario);
  const changed: string[] = [];
  for (const path of [...new Set(found.flatMap(({ edits }) => edits.map(({ span }) => span.path)))].sort()) {
    const before = files.get(path) ?? '';
    const after = applyEdits(
      before,
      found.flatMap(({ edits }) => edits.filter(({ span }) => span.path === path)),
    );
    files.set(path, after);
    changed.push(...changedLines(path, before, after));
  }
  const { store, close } = await openStore(files, {}, scenario.disk);
  const { diagnostics } = await compile({ store, cache, engine, today });
  await close();
  const left = diagnostics.map(({ code }) => code as string);
  const fixable = found.some(({ code, edits }) => code === scenario.code && edits.length > 0);
  if (fixable) expect(left, 'after the fix the code must be gone').not.toContain(scenario.code);
  return `${changed.join('\n')}\n\nleft: ${left.join(', ') || 'nothing'}\n`;
}

function changedLines(path: string, before: string, after: string): string[] {
  const old = before.split('\n');
  const now = after.split('\n');
  expect(now.length, 'a fix changes lines and adds none').toBe(old.length);
  return old.flatMap((line, index) =>
    line === now[index] ? [] : [`@@ ${path}:${index + 1}`, `-${visible(line)}`, `+${visible(now[index] ?? '')}`],
  );
}

/** A golden file hides nothing either. */
function visible(line: string): string {
  const shown = (character: string) => `\\u{${character.codePointAt(0)?.toString(16)}}`;
  return [...line].map((character) => (invisible.test(character) ? shown(character) : character)).join('');
}

async function showOnPage(code: string, text: string): Promise<void> {
  const path = pageOf(code);
  const markdown = await readFile(path, 'utf8').catch(() => undefined);
  const message = firstOf(code, text);
  if (markdown !== undefined && message !== undefined) await writeFile(path, withMessage(markdown, message));
}
