import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dice, generateSop } from '../../bench/generate.ts';
import { parseAnyYaml } from '../../src/syntax/parse-yaml.ts';
import { scanYaml } from '../../src/syntax/scan-yaml.ts';

/** `SCAN_TIMES=100 npx vitest run test/unit/scan-yaml.test.ts` tries a hundred times as many texts, and others each time. */
const times = Number(process.env['SCAN_TIMES'] ?? 1);
const runs = (count: number) => ({ numRuns: count * times, ...(times === 1 && { seed: 20261101 }) });
const patience = 30_000 * times;

/** The YAML parser is right by definition: the scanner gives the same tree, with the same places, or gives up. */
function agrees(text: string): boolean {
  const scanned = scanYaml('sops/demo/SOP.md', text, 4);
  if (scanned === undefined) return false;
  const right = parseAnyYaml('sops/demo/SOP.md', text, 4);
  if (JSON.stringify([scanned, []]) !== JSON.stringify(right))
    expect([scanned, []], JSON.stringify(text)).toEqual(right);
  return true;
}

const frontMatterOf = (text: string) => /^---\n([\s\S]*?)\n---$/m.exec(text)?.[1] ?? '';
const real = [...filesBelow('sops'), ...filesBelow('test/diagnostics/base/sops')];
const fronts = real.filter(([path]) => path.endsWith('SOP.md')).map(([, text]) => frontMatterOf(text));

describe('what people write is read by the scanner, and as the YAML parser reads it', () => {
  test('the front-matter of real SOPs', () => expect(fronts.filter((text) => !agrees(text))).toEqual([]));
  test('what a benchmark generates', () => {
    for (let seed = 0; seed < 20; seed++)
      expect(agrees(frontMatterOf(generateSop('self-trades-001', dice(seed))))).toBe(true);
  });
  test('vocabularies and cases, where the scanner reads them', () => {
    for (const [path, text] of real) if (/\.ya?ml$/.test(path)) agrees(text);
  });
});

describe('the scanner says what the YAML parser says, or gives up', () => {
  const ending = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r');
  const check = (text: fc.Arbitrary<string>, count: number) =>
    fc.assert(
      fc.property(text, (some) => void agrees(some)),
      runs(count),
    );
  test(
    'of lines in any order',
    () => {
      const line = fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom(...plainLines()) },
        fc.constantFrom(...hostileLines()),
      );
      check(fc.tuple(fc.array(line, { maxLength: 6 }), ending).map(([lines, end]) => lines.join(end)), 3_000); // biome-ignore format: one thought
    },
    patience,
  );
  test(
    'of keys with any value',
    () => {
      const unit = fc.constantFrom(
        ...'abeExNo019.-+~_:#,?!&*%@|>[]{}\'"\\/=` \t\n',
        ', ',
        ': ',
        ' #',
        'null',
        'true',
        '\u00a0',
        '\u2028',
        '\ufeff',
        '\u0085',
        '\0',
        '\r',
        'é',
        '- ',
      );
      const value = fc.array(unit, { maxLength: 8 }).map((units) => units.join(''));
      const wrapped = fc.tuple(
        value,
        fc.constantFrom(
          ['', ''],
          ['[', ']'],
          ['{a: ', '}'],
          ['"', '"'],
          ["'", "'"],
          ['a', 'b'],
          ['[a, ', ']'],
          ['>-\n  ', ''],
          ['{b: [', ']}'],
        ),
      );
      check(wrapped.map(([some, [open, close]]) => `a: x\nkey: ${open}${some}${close}`), 6_000); // biome-ignore format: one thought
    },
    patience,
  );
  test(
    'of real front-matter with a character changed',
    () => {
      const unit = fc.constantFrom(...':# \n\t-[]{},"\'>|&*!%@`\\?~0\r\u00a0', '\n\n', ': ', ' #', '\n ', '  ', '');
      const text = fc
        .tuple(fc.constantFrom(...fronts), fc.nat(2_000), fc.nat(2), unit)
        .map(([front, seed, cut, other]) => {
          const at = seed % front.length;
          return front.slice(0, at) + other + front.slice(at + cut);
        });
      check(text, 800); // biome-ignore format: one thought
    },
    patience,
  );
});

describe('it gives up on what is not plain', () => {
  test.each([
    '', 'a: 1', 'a: 1.5', 'a: 1e5', 'a: 0x1f', 'a: null', 'a: True', 'a: ~', 'a:', 'a: b # c', '# c\na: b', 'a: b: c', 'a: b\na: c', 'a: b\n  c', 'a:\n  b: c', '- a',
    'a: &x b', 'a: *x', 'a: !t b', 'a: "b\\n"', "a: 'b''c'", 'a: |\n  b', 'a: >\n  b', 'a: >-\n  b\n\n  c', 'a: >-\n  b\n   c', 'a: >-\nb: c', 'a: [b', 'a: [b,\n  c]',
    'a: [[b]]', 'a: {b}', 'a: {b: c, b: d}', 'a: [1]', 'a: [null]', 'a: b\n---\nc: d', 'a: b\n...', '? a\n: b', 'true: b', 'a: b\t', '\ufeffa: b', 'a: 2e5', 'a : b',
  ])('%j', (text) => expect(scanYaml('x', text, 0)).toBeUndefined()); // biome-ignore format: a list of texts
});

function filesBelow(folder: string): [string, string][] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(?:md|ya?ml)$/.test(entry.name))
    .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8')]);
}

function plainLines(): string[] {
  return [
    'id: demo', 'title: Wash trading by one owner', 'version: 1.0.0', 'effective: 2026-11-01', 'quiet: 30m', 'summary: >-', '  Decide from `trades` whether: it is #1, or', '  a line - folded',
    'kind: investigation', 'techniques: [WT-01, WT-02]', 'markets: [spot]', 'subject: [owner_id?, symbol, ts]', 'alert: {from: investigate, by: [owner_id], quiet: 30m}', 'note: "quoted: text"',
    "other: 'so # it'", 'reviewed_by: R&D [team], {a}', 'empty: ""', 'list: [a,b, c]', 'identity: {members: account_id, match: 0.5}', 'n: 0.50', 'n: 0.0',
  ]; // biome-ignore format: a list of lines
}

function hostileLines(): string[] {
  return [
    '', ' ', '  ', '\t', '# comment', '  # comment', 'a: b # c', 'a: #c', 'a: b#c', 'n: 1', 'n: 1.0', 'n: 0.5e1', 'n: 0.', 'n: 0.1234567890123', 'n: .5', 'n: 1e5', 'n: 0o7', 'n: 0x', 'n: 1_000', 'n: 12:30', 'n: 12:30:45', 'b: true', 'b: no', 'b: Null', 'z: ~',
    'z:', 'z: ', 'a: b ', 'a:  b', 'a : b', 'a:b', '"k": v', "'k': v", '? k', '- a', '-', '---', '...', '%YAML 1.2', '   more', ' less', '    deep', 'key: |', 'key: >', 'key: >+', 'key: >2-', 'key: >- # c', 'a: &x b',
    'a: *x', 'a: !!str b', 'a: [', 'a: []', 'a: {}', 'a: [a, b', 'a: ]', 'a: [a]]', 'a: [a] b', 'a: {a: b} c', 'a: {a: b, a: c}', 'a: {a: , b: c}', 'a: {a:b}', 'a: {"a": b}', 'a: [a, "b"]', 'a: [1, 2]', 'a: [null]',
    'a: [a: b]', 'a: [a #b]', 'a: [a, b,]', 'a: [ a ]', 'a: [1m, 2026-01-01, 1.2.3]', 'a: [-1]', 'a: [a?, ?]', 'a: "b" c', 'a: "b\\"c"', "a: 'b''c'", 'a: "', '<<: b', 'a: @b', 'a: `b`', 'a: b, c', 'a: - b', 'a: ? b', 'a: b: c', 'true: b', '1: b',
    'a\u00a0: b', 'a: b\u00a0', 'a: b\u2028c', 'a: \ufeffb', 'a: b\0', 'a: b\u0085c', '\ufeffa: b', 'a: é', 'a: b\u00a0c', '__proto__: x', 'constructor: x', 'a: b\tc',
  ]; // biome-ignore format: a list of lines
}
