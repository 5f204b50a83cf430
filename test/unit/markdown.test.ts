import { describe, expect, test } from 'vitest';
import type { MarkdownTree } from '../../src/syntax/markdown.ts';
import { parseMarkdown } from '../../src/syntax/parse-markdown.ts';

const path = 'sops/demo/SOP.md';
const parse = (text: string) => parseMarkdown({ path, text });

/** Each cell as `text@source`; one text where both are the same. */
function cells(text: string): string[][] {
  const [tree] = parse(text);
  return tree.tables.flatMap(({ header, rows }) =>
    [{ cells: header }, ...rows].map((row) =>
      row.cells.map((cell) => {
        const source = text.slice(cell.span.start, cell.span.end);
        return source === cell.text ? cell.text : `${cell.text}@${source}`;
      }),
    ),
  );
}

const grid = [
  '## T',
  '',
  '| F | `self_ratio` | → disposition |',
  '|:--|--:|---|',
  '| R1 | >= 0.5 | escalate |',
  '|R2|-|`a b`|',
  '',
].join('\n');

describe('every cell knows its place', () => {
  const expected = [
    ['F', 'self_ratio', '→ disposition'],
    ['R1', '>= 0.5', 'escalate'],
    ['R2', '-', 'a b'],
  ];
  test('with LF', () => expect(cells(grid)).toEqual(expected));
  test('with CRLF', () => expect(cells(grid.replaceAll('\n', '\r\n'))).toEqual(expected));
  test('with CR', () => expect(cells(grid.replaceAll('\n', '\r'))).toEqual(expected));
  test('behind characters of two units, and of two columns', () => {
    const wide = grid.replace('## T', '## 😀 é 漢字 \u0301').replace('R1 ', 'R1 😀');
    expect(cells(wide)).toEqual([expected[0], ['R1 😀', '>= 0.5', 'escalate'], expected[2]]);
  });
  test('without a byte-order mark: the store drops it', () => {
    expect(parse(`---\nid: x\n---\n\n${grid}`)[0].frontMatter?.kind).toBe('map');
  });
  test.each<[string, string, string]>([
    ['spaces', '|   a   |', 'a'],
    ['code', '| `a` |', 'a'],
    ['code with spaces', '| ` a ` |', 'a@ a '],
    ['code and more', '| `a` b |', '`a` b'],
    ['two codes', '| `a` or `b` |', '`a` or `b`'],
    ['an escaped bar', '| a \\| b |', 'a | b@a \\| b'],
    ['an escaped bar in code', '| `a \\| b` |', 'a | b@a \\| b'],
    ['an escaped bar at the end', '| a \\| |', 'a |@a \\|'],
    ['emphasis is text', '| *a* **b** _c_ |', '*a* **b** _c_'],
    ['links, HTML, entities and escapes are text', '| [a](b) <b>x</b> &amp; \\* |', '[a](b) <b>x</b> &amp; \\*'],
    ['a dash', '| - |', '-'],
    ['quotes', '| "a", “b” |', '"a", “b”'],
    ['tabs', '|\ta\t|', 'a'],
  ])('%s', (_, row, expectedCell) => {
    expect(cells(`## T\n\n| H |\n|---|\n${row}\n`)[1]).toEqual([expectedCell]);
  });
  test('empty cells are empty', () =>
    expect(cells('## T\n\n| a | b | c |\n|---|---|---|\n| x |  ||\n')[1]).toEqual(['x', '', '']));
  test('a table without outer bars', () =>
    expect(cells('## T\n\na | b\n---|---\nx | y\n')).toEqual([
      ['a', 'b'],
      ['x', 'y'],
    ]));
  test('an escaped bar right before the end of a cell', () =>
    expect(cells('## T\n\n| a | b |\n|---|---|\n|x\\||y|\n')[1]).toEqual(
      ['x |@x\\|', 'y'].map((text) => text.replace('x |', 'x|')),
    ));
});

describe('ragged rows', () => {
  test.each([
    ['| R1 | a |', 'SOP108', { cells: 2, columns: 3 }],
    ['| R1 | a | b | c |', 'SOP108', { cells: 4, columns: 3 }],
    ['| R1 | a | b c', undefined, {}],
  ])('%s', (row, code, args) => {
    const text = `## T\n\n| F | x | y |\n|---|---|---|\n${row}\n| R2 | a | b |\n`;
    const [tree, found] = parse(text);
    expect(found.map((diagnostic) => diagnostic.code)).toEqual(code === undefined ? [] : [code]);
    if (code === undefined) return;
    expect(found[0]?.args).toEqual(args);
    expect(text.slice(found[0]?.span.start, found[0]?.span.end)).toBe(row);
    expect(tree.tables[0]?.rows).toHaveLength(1);
  });
});

describe('fences', () => {
  const sql = 'SELECT 1,\n       2 -- `x`\n  FROM trades';
  const shape = (text: string) => {
    const fence = parse(text)[0].sections[0]?.blocks.find((block) => block.kind === 'fence');
    if (fence?.kind !== 'fence') throw new Error('no fence');
    expect(text.slice(fence.contentStart, fence.contentStart + fence.text.length)).toBe(fence.text);
    return [fence.language, fence.meta, fence.text];
  };
  test('LF, CRLF, tildes, longer fences, words behind the language', () => {
    expect(shape(`## S\n\n\`\`\`sql\n${sql}\n\`\`\`\n`)).toEqual(['sql', '', sql]);
    expect(shape(`## S\r\n\r\n\`\`\`sql\r\n${sql.replaceAll('\n', '\r\n')}\r\n\`\`\`\r\n`)).toEqual([
      'sql',
      '',
      sql.replaceAll('\n', '\r\n'),
    ]);
    expect(shape(`## S\n\n~~~~sql evidence x\n${sql}\n~~~~`)).toEqual(['sql', 'evidence x', sql]);
    expect(shape(`## S\n\n\`\`\`\`sql\n\`\`\`\n\`\`\`\`\n`)).toEqual(['sql', '', '```']);
    expect(shape('## S\n\n```sql\n```\n')).toEqual(['sql', '', '']);
  });
  test('one that never ends is said where it starts', () => {
    const text = `# T\n\n## S\n\n\`\`\`sql\n${sql}\n\n## Decision\n`;
    const [tree, found] = parse(text);
    expect(found.map(({ code, span }) => [code, text.slice(span.start, span.end)])).toEqual([['SOP109', '```sql']]);
    expect(tree.sections).toHaveLength(1);
  });
});

test('sections, subsections, prose and lists as they are written', () => {
  const text =
    '---\nid: x\n---\n\n# Title of *it* \n\n## Signals\n\nProse <!-- x -->\nover two lines.\n\n### One\n\n1. **A.** first\n   line two\n2. second\n\n#### deeper\n\n## Signals\n';
  const [tree] = parse(text);
  const at = (span: { start: number; end: number }) => text.slice(span.start, span.end);
  expect(tree.title && at(tree.title.span)).toBe('Title of *it*');
  expect(tree.sections.map((section) => section.heading.value)).toEqual(['Signals', 'Signals']);
  const [signals] = tree.sections;
  expect(signals?.blocks.map((block) => at(block.span))).toEqual(['Prose <!-- x -->\nover two lines.']);
  const list = signals?.subsections[0]?.blocks[0];
  expect(list?.kind === 'list' && list.items.map((item) => at(item.span))).toEqual([
    '**A.** first\n   line two',
    'second',
  ]);
  const deeper = signals?.subsections[0]?.blocks[1];
  expect(deeper && [deeper.kind, at(deeper.span)]).toEqual(['prose', '#### deeper']);
});

describe('front-matter', () => {
  const keyPlaces = (tree: MarkdownTree, text: string) =>
    tree.frontMatter?.kind === 'map'
      ? tree.frontMatter.entries.map(
          ({ key, value }) =>
            `${text.slice(key.span.start, key.span.end)}=${text.slice(value.span.start, value.span.end)}`,
        )
      : [];
  const front = '---\nid: demo\nmarkets: [spot]\n---\n\n# T\n';
  test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])('spans with %s', (_, end) => {
    const text = front.replaceAll('\n', end);
    expect(keyPlaces(parse(text)[0], text)).toEqual(['id=demo', 'markets=[spot]']);
  });
  test('with CR alone the block is refused, not half read', () => {
    const [tree, found] = parse(front.replaceAll('\n', '\r'));
    expect([tree.frontMatter, found.map(({ code, span }) => [code, span.start])]).toEqual([null, [['SOP104', 8]]]);
  });
  test('none, an empty one, one that never ends', () => {
    expect(parse('# T\n')[0]).toMatchObject({ frontMatter: null, frontMatterSpan: { start: 0, end: 0 } });
    expect(parse('---\n---\n\n# T\n')[0]).toMatchObject({ frontMatter: null, frontMatterSpan: { start: 0, end: 7 } });
    expect(parse('---\nid: x\n\n# T\n')[0].frontMatter).toBeNull();
  });
});

test('a line that opens thousands of lists is refused before it stalls the parser', () => {
  const [tree, problems] = parse(`# T\n\n${'- '.repeat(20_000)}x\n`);
  expect(problems.map(({ code }) => code)).toEqual(['SOP111']);
  expect(tree.sections).toEqual([]);
});
