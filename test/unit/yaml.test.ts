import { describe, expect, test } from 'vitest';
import { wording } from '../../src/diagnostics/diagnostic.ts';
import { parseYaml } from '../../src/syntax/parse-yaml.ts';
import { plainOf, type YamlNode } from '../../src/syntax/yaml.ts';

function problems(text: string): string[] {
  const [node, found] = parseYaml('f.yaml', text);
  expect(node === null, 'half a document is worse than none').toBe(found.length > 0);
  return found.map(({ code, span }) => `${code} ${span.start}-${span.end}`);
}

/** Every scalar and key as `text@source`, so that a span that is off by one shows. */
function places(text: string, offset = 0): string[] {
  const whole = ' '.repeat(offset) + text;
  const [root] = parseYaml('f.yaml', text, offset);
  const found: string[] = [];
  const visit = (node: YamlNode): void => {
    if (node.kind === 'scalar') found.push(whole.slice(node.span.start, node.span.end));
    else if (node.kind === 'list') node.items.forEach(visit);
    else
      for (const { key, value } of node.entries) {
        found.push(`${whole.slice(key.span.start, key.span.end)}:`);
        visit(value);
      }
  };
  if (root !== null) visit(root);
  return found;
}

describe('spans', () => {
  const text = 'a: 1\nb: "x: y"\nc:\n  - 0.10\n  - {d: é😀, e: [true]}\nf: >-\n  folded\n  text\n';
  const expected = ['a:', '1', 'b:', '"x: y"', 'c:', '0.10', 'd:', 'é😀', 'e:', 'true', 'f:'];
  test('with LF', () => expect(places(text).slice(0, -1)).toEqual(expected));
  test('with CRLF', () => expect(places(text.replaceAll('\n', '\r\n')).slice(0, -1)).toEqual(expected));
  test('at an offset of a file', () => expect(places(text, 17).slice(0, -1)).toEqual(expected));
  test('a key without a value', () => expect(places('a:\nb: 1\n')).toEqual(['a:', '', 'b:', '1']));
});

test('values', () => {
  const text =
    'text: yes\nnumber: 0.10\ndate: 2026-11-01\nnull1: null\nnull2: ~\nnull3:\nbool: true\nquoted: "1"\nbig: 12345678901234567890\n__proto__: 1\n';
  const [node] = parseYaml('f.yaml', text);
  expect(
    node?.kind === 'map' && node.entries.map(({ value }) => value.kind === 'scalar' && [value.value, value.source]),
  ).toEqual([
    ['yes', 'yes'],
    [0.1, '0.10'],
    ['2026-11-01', '2026-11-01'],
    [null, ''],
    [null, ''],
    [null, ''],
    [true, 'true'],
    ['1', '1'],
    [12345678901234567000, '12345678901234567890'],
    [1, '1'],
  ]);
  const plain = plainOf(node ?? { kind: 'list', items: [], span: { path: '', start: 0, end: 0 } });
  expect(Object.getPrototypeOf(plain)).toBeNull();
});

test('a value that JSON cannot hold comes out of the cache as it went in', () => {
  const cold = parseYaml('f.yaml', 'a: .nan\nb: .inf\nc: 1e999\n');
  expect(JSON.parse(JSON.stringify(cold))).toEqual(cold);
});

describe('what is refused, at its place', () => {
  test.each([
    ['a tab for indentation', 'a:\n\tb: 1\n', ['SOP105 3-4']],
    ['a tab behind spaces', 'a:\n  b: 1\n \tc: 2\n', ['SOP105 11-12']],
    ['a key twice', 'a: 1\nb: 2\na: 3\n', ['SOP107 10-11']],
    ['a quoted key twice', 'a: 1\n"a": 3\n', ['SOP107 5-8']],
    ['a key twice, deeper', 'x: {a: 1, a: 2}\n', ['SOP107 10-11']],
    ['an anchor', 'a: &x 1\n', ['SOP106 6-7']],
    ['an alias', 'a: &x 1\nb: *x\n', ['SOP106 6-7', 'SOP106 11-13']],
    ['a merge', 'a: &x {k: 1}\nb:\n  <<: *x\n', ['SOP106 6-12', 'SOP106 22-24']],
    ['an alias to nothing', 'a: *nothing\n', ['SOP106 3-11']],
    ['an open bracket', 'a: [1, 2\n', ['SOP104 9-10']],
    ['an open quote', 'a: "x\n', ['SOP104 6-7']],
    ['two colons', 'a: b: c\n', ['SOP104 3-4']],
    ['a tag', 'a: !important x\n', ['SOP104 14-15']],
    ['a tag that YAML knows', 'a: !!binary aGVsbG8=\n', ['SOP104 12-20']],
    ['a tag of a list', 'a: !!set {x: null}\n', ['SOP104 9-18']],
    ['two documents', 'a: 1\n---\nb: 2\n', ['SOP104 5-14']],
    ['a list and keys', 'a: 1\n- b\n', ['SOP104 5-6']],
  ])('%s', (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });
});

describe('attacks', () => {
  test('an alias bomb ends at once, with the aliases named', () => {
    const levels = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let n = 1; n < 30; n++)
      levels.push(
        `a${n}: &a${n} [${Array(10)
          .fill(`*a${n - 1}`)
          .join(', ')}]`,
      );
    const [node, found] = parseYaml('f.yaml', levels.join('\n'));
    expect(node).toBeNull();
    expect(new Set(found.map(({ code }) => code))).toEqual(new Set(['SOP106']));
  });
  test.each([41, 1000, 200_000])('%i levels of brackets are too deep', (depth) => {
    const [node, found] = parseYaml('f.yaml', `a: ${'['.repeat(depth)}${']'.repeat(depth)}`);
    expect(node).toBeNull();
    expect(found.map(({ code }) => code)).toContain('SOP111');
  });
  test('39 levels are not', () => {
    const [node, found] = parseYaml('f.yaml', `a: ${'['.repeat(39)}${']'.repeat(39)}`);
    expect([node?.kind, found]).toEqual(['map', []]);
  });
  test('a key of any type, an empty key, a colon alone', () => {
    for (const text of ['? [a]\n: 1\n', '? {a: 1}\n: 1\n', ': 1\n', '1: 2\n', 'null: 2\n', '[a]: 1\n']) {
      const [node, found] = parseYaml('f.yaml', text);
      expect(node !== null || found.length > 0, text).toBe(true);
    }
  });
});

test('no message quotes the parser or a line of it', () => {
  for (const text of [
    'a: [',
    'a: "\\x"',
    '%YAML 9\n---\n',
    'a: @b',
    'a: `b`',
    '- a\nb: c',
    'a: b\n  c: d\n e: f',
    '{a: 1, b',
    'a: |\n x\n\ty\n z: {',
    '\u0000',
  ]) {
    for (const diagnostic of parseYaml('f.yaml', text)[1]) {
      const { message } = wording(diagnostic);
      expect(message).toMatch(/^(the YAML cannot be read: |a tab|the key|`[*&])/);
      expect(message).not.toMatch(/implicit|flow|scalar|node|collection|Implicit|YAMLParse/);
      expect(message).not.toContain('something here is out of place');
    }
  }
});
