import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { acrossHeading, acrossPage } from '../../scripts/library/across.ts';
import { alsoWatched, edgeCases, edgeCasesOf, placeOnList } from '../../scripts/library/edge-cases.ts';
import { libraryPage, outcomeIn } from '../../scripts/library/page.ts';
import { noCache } from '../../src/host/disk-cache.ts';
import { createDiskStore } from '../../src/host/disk-store.ts';
import { loadLibrary } from '../../src/model/load-library.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What the page says of each case, in its own words. */
function outcomesOn(page: string): Map<string, string | undefined> {
  const told = page.matchAll(
    /\[([a-z0-9-]+)\]\(\.\.\/sops\/[^)]+\)(?:: | \| (?:\\.|[^|\\])*\| )([^,|]+?)(?=, \[| \|)/g,
  );
  return new Map([...told].map(([, name = '', words = '']) => [name, outcomeIn(words)]));
}

test('the page is what sops/ gives, with the outcomes that it states; `npm run library` writes it anew', async () => {
  const [loaded] = await loadLibrary(createDiskStore(root), noCache);
  if (loaded === null) throw new Error('sops/ cannot be read');
  const [page = '', across] = readFileSync(`${root}docs/library.md`, 'utf8').split(`\n${acrossHeading}`);
  const outcomes = outcomesOn(page);
  expect(across).toContain('SOP that is asked');
  expect(page).toBe(libraryPage(loaded.library, ({ name }) => outcomes.get(name.value)));
  expect(page).not.toContain('**not run**');
});

test('what other SOPs say is counted by SOP, and the grave answers are listed', async () => {
  const [loaded] = await loadLibrary(createDiskStore(root), noCache);
  if (loaded === null) throw new Error('sops/ cannot be read');
  const page = acrossPage(loaded.library, [
    { case: 'wt-ring-of-four', sop: 'sybil-clusters', disposition: 'escalate' },
    { case: 'wt-busy-maker', sop: 'sybil-clusters', disposition: 'investigate' },
    { case: 'wt-busy-maker', sop: 'squeeze', disposition: null },
  ]);
  expect(page).toContain('2 cases were, with 3 answers');
  expect(page).toContain('| sybil-clusters | 2 | 0 | 0 | 0 | 1 | 1 | 1 |');
  expect(page).toContain('| squeeze | 1 | 1 | 0 | 0 | 0 | 0 | 0 |');
  expect(page.indexOf('wt-ring-of-four')).toBeLessThan(page.indexOf('wt-busy-maker'));
});

test('forty edge cases, and a list beneath them', () => {
  expect(edgeCases).toHaveLength(40);
  expect(alsoWatched).toHaveLength(15);
});

test.each<[source: string, numbers: number[], words: string[]]>([
  ['desk reasoning', [], []],
  ['Mango, 2022 (an allegation); edge case 22', [22], []],
  ['a paper; edge cases 1, 3 and 4', [1, 3, 4], []],
  ['desk reasoning; edge case list: clock skew', [], ['clock skew']],
  ['adversary: an idea; edge case 39; edge case list: null owners', [39], ['null owners']],
])('%s', (source, numbers, words) => {
  expect(edgeCasesOf(source)).toEqual({ numbers, words });
});

test('a word of the list finds its place, and another word none', () => {
  expect(placeOnList('clock skew')).toBe(alsoWatched.indexOf('clock skew between feeds'));
  expect(placeOnList('Daylight saving in session times')).toBe(alsoWatched.indexOf('daylight-saving in session times'));
  expect(placeOnList('fat finger')).toBe(-1);
});
