import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codes } from '../../src/diagnostics/registry.ts';
import { updating } from './golden.ts';
import { docs, firstOf, listOfCodes, pageOf, shownOn } from './pages.ts';
import { applyInput, folder, readBase, readScenarios } from './scenario.ts';

const registered = Object.keys(codes).sort();
const scenarios = await readScenarios();
const base = await readBase();
const firsts = [...new Map(scenarios.map(({ code, name }) => [code, name] as const).reverse())];

test('codes, pages and scenarios are the same', async () => {
  const pages = (await readdir(docs)).filter((name) => name !== 'README.md').sort();
  expect(pages).toEqual(registered.map((code) => `${code}.md`));
  expect([...new Set(scenarios.map(({ code }) => code))].sort()).toEqual(registered);
});

describe('each page', () => {
  const headings = ['## Example', '## What it says', '## Why it matters', '## How to mend it'];
  for (const code of registered) {
    test(code, async () => {
      const page = await readFile(pageOf(code), 'utf8');
      const entry = codes[code as keyof typeof codes];
      expect(page.split('\n')[0]).toBe(`# ${code}: ${entry.title}`);
      const own = withoutCode(page)
        .split('\n')
        .filter((line) => line.startsWith('## '));
      const last = '## When it is right to leave it';
      expect(own.filter((heading) => heading !== last)).toEqual(headings);
      expect(own.includes(last) && entry.level === 'error', 'an error is never right to leave').toBe(false);
      expect(own.includes(last) || entry.level === 'error', 'a warning or a note says when to leave it').toBe(true);
      expect(page.split('\n').filter((line) => [...line].length > 100)).toEqual([]);
      expect(
        page.split('\n## ')[0]?.split('\n').slice(1).join('').length,
        'a paragraph below the title',
      ).toBeGreaterThan(35);
    });
  }
});

describe.skipIf(updating)('each page shows what its first scenario says, on lines that the scenario has', () => {
  for (const [code, name] of firsts.sort()) {
    test(code, async () => {
      const expected = await readFile(join(folder, name, 'expected.txt'), 'utf8');
      expect(await shownOn(code), 'UPDATE_GOLDEN=1 npx vitest run test/diagnostics rewrites it').toBe(
        firstOf(code, expected),
      );
    });
  }
});

/** Examples are what an analyst would write: lines of the scenario, not lines that were made up for the page. */
describe('each example is taken from a scenario', () => {
  for (const code of registered) {
    test(code, async () => {
      const page = await readFile(pageOf(code), 'utf8');
      const example = /^## Example$([\s\S]*?)^## /m.exec(page)?.[1] ?? '';
      const lines = [...example.matchAll(/^(`{3,})(?:md|yaml|sql)\n([\s\S]*?)^\1$/gm)].flatMap((fence) =>
        (fence[2] ?? '').split('\n'),
      );
      const inputs = scenarios
        .filter((scenario) => scenario.code === code)
        .map((scenario) =>
          [scenario, scenario.since ?? {}].flatMap((input) => [...applyInput(base, input).values()]).join('\n'),
        );
      const wanted = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.includes('…'));
      const best = inputs
        .map((text) => wanted.filter((line) => !squeeze(text).includes(squeeze(line))))
        .sort((a, b) => a.length - b.length)[0];
      expect(best).toEqual([]);
    });
  }
});

/** Columns are padded differently in a short example. */
function squeeze(text: string): string {
  return text.replace(/ +/g, ' ').replace(/-{3,}:?/g, '---');
}

test('the list of codes is the registry', async () => {
  const path = join(docs, 'README.md');
  if (updating) await writeFile(path, listOfCodes());
  expect(await readFile(path, 'utf8')).toBe(listOfCodes());
});

describe('messages keep the rules of the house', () => {
  for (const { name, code } of scenarios) {
    test.skipIf(updating)(name, async () => {
      const expected = await readFile(join(folder, name, 'expected.txt'), 'utf8');
      // Source lines of the frame are the analyst's own words.
      const said = expected
        .split('\n')
        .filter((line) => !/^ *\d+ │/.test(line))
        .join('\n');
      expect(said).not.toMatch(
        /Binder Error|Catalog Error|Parser Error|Conversion Error|LINE \d|\bajv\b|must NOT have|must match pattern|instancePath/,
      );
      expect(said).not.toMatch(/^ {4}at \S/m);
      expect(said).not.toMatch(/\bundefined\b|\[object |\bfunction\b.*=>/);
      expect(said.replaceAll('no number (NaN)', ''), 'a number that was computed wrongly').not.toMatch(/\bNaN\b/);
      const heads = [...said.matchAll(/^(?:error|warning|note) SOP\d{3}: (.*)/gm)].map((head) => head[1] ?? '');
      expect(
        heads.filter((head) => /^[A-Z](?!QL)/.test(head) && !head.startsWith('SOPs')),
        'a message starts in lower case',
      ).toEqual([]);
      expect(
        heads.filter((head) => /[.!]$/.test(head)),
        'a message ends without a full stop',
      ).toEqual([]);
      const own = firstOf(code, expected) ?? '';
      expect(own, 'a message says why').toMatch(/= why: \S/);
      expect(own, 'a message says what to do').toMatch(/= fix: \S/);
    });
  }
});

function withoutCode(markdown: string): string {
  return markdown.replace(/^(`{3,})[\s\S]*?^\1$/gm, '');
}
