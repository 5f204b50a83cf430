import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dice, generateSop } from '../../bench/generate.ts';
import { treeOf } from '../../src/syntax/parse-markdown.ts';
import { remarkBlocks } from '../../src/syntax/remark-blocks.ts';
import { scanBlocks } from '../../src/syntax/scan-blocks.ts';
import { applyInput, readBase, readScenarios } from '../diagnostics/scenario.ts';
import { upTo } from '../support/long.ts';

/** `SCAN_TIMES=100 npx vitest run test/unit/scan-blocks.test.ts` tries a hundred times as many texts, and others each time. */
const times = Number(process.env['SCAN_TIMES'] ?? 1);
const runs = (count: number) => ({ numRuns: upTo(count, count / 4) * times, ...(times === 1 && { seed: 20261101 }) });
const patience = 30_000 * times;

/** remark-parse is right by definition: the scanner gives the same blocks, or gives up. So the trees are the same, too. */
function agrees(text: string): boolean {
  const scanned = scanBlocks(text);
  if (scanned === undefined) return false;
  const right = remarkBlocks(text);
  if (JSON.stringify(scanned) !== JSON.stringify(right)) expect(scanned, JSON.stringify(text)).toEqual(right);
  const file = { path: 'sops/demo/SOP.md', text };
  const trees = [treeOf(file, scanned), treeOf(file, right)] as const;
  if (JSON.stringify(trees[0]) !== JSON.stringify(trees[1])) expect(trees[0], JSON.stringify(text)).toEqual(trees[1]);
  return true;
}

function markdownBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

async function scenarioTexts(): Promise<string[]> {
  const base = await readBase();
  const scenarios = await readScenarios();
  const inputs = scenarios
    .filter((_, at) => at % upTo(1, 4) === 0)
    .flatMap((scenario) => [applyInput(base, scenario), applyInput(base, scenario.ok)]);
  const texts = inputs.flatMap((files) => [...files].filter(([path]) => path.endsWith('.md')).map(([, text]) => text));
  return [...new Set(texts)].filter((text) => text.length < 100_000);
}

const sops = markdownBelow('sops');
const scenarios = await scenarioTexts();
const real = [...sops, ...scenarios];

describe('what people write is read by the scanner, and as remark-parse reads it', () => {
  test('the SOPs of this repository', () => expect(sops.filter((text) => !agrees(text))).toEqual([]));
  test('nearly all texts of the scenarios (the normal run: of every fourth)', () => {
    const strange = scenarios.filter((text) => !agrees(text));
    expect(strange.length / scenarios.length).toBeLessThan(0.1);
  });
  test('documents', () => {
    for (const text of [...markdownBelow('docs'), ...markdownBelow('skills')]) agrees(text);
  });
  test('what a benchmark generates', () => {
    for (let seed = 0; seed < 20; seed++) expect(agrees(generateSop('self-trades-001', dice(seed)))).toBe(true);
  });
});

describe('the scanner says what remark-parse says, or gives up', () => {
  const ending = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r');
  const plain = fc.constantFrom(...plainLines());
  const hostile = fc.constantFrom(...hostileLines());
  const any = fc.oneof(
    { weight: 4, arbitrary: plain },
    { weight: 1, arbitrary: hostile },
    { weight: 2, arbitrary: fc.constant('') },
  );
  test(
    'of lines in any order',
    () => {
      const text = fc.array(fc.tuple(any, ending), { maxLength: 12 }).map((lines) => lines.flat().join(''));
      fc.assert(fc.property(text, (some) => void agrees(some)), runs(4_000)); // biome-ignore format: one thought
    },
    patience,
  );
  test(
    'of plain lines with at most one that is not',
    () => {
      const lines = fc.array(plain, { minLength: 1, maxLength: 10 });
      const text = fc
        .tuple(lines, hostile, fc.nat(10), ending)
        .map(([some, other, at, end]) => some.toSpliced(at, 0, other).join(end));
      fc.assert(fc.property(text, (some) => void agrees(some)), runs(3_000)); // biome-ignore format: one thought
    },
    patience,
  );
  test(
    'of characters in any order',
    () => {
      const unit = fc.constantFrom(
        ...'\n\n\n\r   \t-*+_=#`~|1.)>< ab[]:\\&"',
        '\n\n',
        '- ',
        '1. ',
        '```',
        '---',
        '\u00a0',
        '\u2028',
        '\f',
        '\ufeff',
        '\0',
      );
      const text = fc.array(unit, { maxLength: 24 }).map((units) => units.join(''));
      fc.assert(fc.property(text, (some) => void agrees(some)), runs(4_000)); // biome-ignore format: one thought
    },
    patience,
  );
  test(
    'of parts of real SOPs with a line changed',
    () => {
      const change = fc.tuple(fc.nat(1_000_000), fc.nat(30), hostile, fc.constantFrom<Change>(...changes), ending);
      const text = change.map(([seed, size, other, make, end]) => {
        const lines = (real[seed % real.length] ?? '').split('\n');
        const from = seed % 7 === 0 ? 0 : Math.floor(seed / 7) % lines.length;
        const part = lines.slice(from, from + size);
        return make(part, part.length === 0 ? 0 : seed % part.length, other).join(end);
      });
      fc.assert(fc.property(text, (some) => void agrees(some)), runs(1_500)); // biome-ignore format: one thought
    },
    patience,
  );
});

type Change = (lines: string[], at: number, other: string) => string[];

const changes: Change[] = [
  (lines) => lines,
  (lines, at, other) => lines.toSpliced(at, 0, other),
  (lines, at, other) => lines.toSpliced(at, 1, other),
  (lines, at) => lines.toSpliced(at, 1),
  (lines, at) => lines.toSpliced(at, 1, ` ${lines[at]}`),
  (lines, at) => lines.toSpliced(at, 1, `    ${lines[at]}`),
  (lines, at) => lines.toSpliced(at, 1, `\t${lines[at]}`),
  (lines, at) => lines.toSpliced(at, 1, `${lines[at]}  `),
  (lines, at) => lines.toSpliced(at, 1, `> ${lines[at]}`),
  (lines, at) => lines.toSpliced(at, 1, `- ${lines[at]}`),
  (lines, at) => lines.map((line, index) => (index > at ? `  ${line}` : line)),
  (lines, at) => lines.toSpliced(at, 1, (lines[at] ?? '').slice(1)),
];

describe('it gives up on what is not plain', () => {
  test.each([
    '> a quotation',
    '<div>',
    '    code',
    'a\n<div>',
    '- a\n  - b',
    '- a\n\n  more of a',
    '- a\n\n      code in a',
    '- a\n* b',
    '- # heading',
    '- - a',
    '1. - a',
    'a\n2. b',
    '```sql\nnever closed',
    '```sql\n````x',
    '```a`b\n```',
    '```a\\*b\n```',
    '~~~&amp;\n~~~',
    '# title #',
    '#',
    '***',
    '* * *',
    'a\n---',
    'a\n===',
    '---\nnever closed',
    '\ufeff# title',
    '\ttab',
    ' # indented',
    ' - indented',
    '1.',
    '-',
  ])('%j', (text) => expect(scanBlocks(text)).toBeUndefined());
});

function plainLines(): string[] {
  return [
    'Some words', '## Heading', '### Sub: `code` → b', '# Title', '| a | b |', '|---|---|', '| c | d |', '| `c` | |', '- item', '- item of `code`', '1. first',
    '2. second', '2) two', '   goes on', '  goes on', '```', '```sql x', '```sql evidence', '~~~', 'more | words', '---', '* star', '**bold** words', '`code` words',
    '1.5 is a number', '10 USD', '→ arrow', '(paren)', '_so_', '*so*', 'é and 漢字', '[a]: b', '[a](b)', '$window', '1. **A.** first', '- **0.5** of it', '**2 of 3** agree', '*4*', '', '',
  ]; // biome-ignore format: a list of lines
}

function hostileLines(): string[] {
  return [
    '> quoted', '>', '<div>', '</div>', '<!-- c', 'd -->', '<?php', '<b>x', '    deep', '\ttab', ' one blank', '  two blanks', 'end  ', 'end\t', ' ', '   ', '\t', '#hash',
    '# closed #', '## closed ##  ', '#', '##', '####### seven', ' # one', '#\ttab', '# end ', '#\u00a0nbsp', '# a\u00a0', '~~~', '~~~~', '````', '   ```', '    ```', '``` ', '```\t',
    '~~~ a`b', '``', '```a`b', '``` a&b', '``` a\\b', '```  js   a  b', '```sql\u00a0x', '```sql\fx', '-', '- ', '1.', '1. ', '1)', '***', '- - -', '* * *', '___', '-----', '--- ', ' ---', '---\t',
    '===', '--', '-- x', '-     five', '-    four', '-\ttab', '1.\ttab', '+ plus', '+', '10. ten', '0. zero', '01. lead', '1234567890. long', '123456789. nine', '3) paren', '-x', '*x', '*', '**',
    '- - a', '- 1. a', '1. - a', '- > a', '- # a', '- ```', '- <b>', '- [ ] task', '- | a |', '  - nested', '   - nested', '    - nested', '  1. nested', '   1. nested', '  ```', '  > q', '  # h',
    '|', '||', '| a', '| a \\| b |', ':-:|:-:', '|:-:|', 'a|b', '-|-', '--|--', '| x |  ', '|---|---| ', '[ref]: x', '[ref]:', '[^1]: note', '![x](y)', '\\# escaped', '\\', 'a\\', '&amp; entity',
    '\u00a0nbsp', '\u00a0', '\u2028line', 'a\u2028b', '\f', '\fa', '\va', '\ufeffbom', 'a\0b', '\0', '\u200bx', '\u3000wide', '\u0085next', '\ud800lone', '…', '- \u00a0', '- …', '- \fa', '{x}', '@x', '...', '+++', '%%%',
  ]; // biome-ignore format: a list of lines
}
