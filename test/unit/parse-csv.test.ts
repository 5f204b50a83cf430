import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCsv } from '../../src/syntax/parse-csv.ts';

const read = (text: string) => {
  const [records, problems] = parseCsv('x.csv', text);
  return [records.map(({ cells }) => cells.map((cell) => cell.text)), problems.map(({ what }) => what)] as const;
};

test.each<[text: string, rows: string[][]]>([
  ['', []],
  [
    'a,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,b\r\n1,2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['a\rb\r', [['a'], ['b']]],
  [',\n', [['', '']]],
  ['"a,b","say ""x""",""\n', [['a,b', 'say "x"', '']]],
  ['"two\nlines",x\n', [['two\nlines', 'x']]],
])('%j', (text, rows) => {
  expect(read(text)).toEqual([rows, []]);
});

test.each<[text: string, what: RegExp]>([
  ['a"b,c', /quote stands inside/],
  ['"a"b,c', /behind a closing quote/],
  ['"a,c\n', /never closed/],
  ['a ,b', /space/],
  ['" a",b', /space/],
  ['a\n\nb\n', /empty line/],
  ['\n', /empty line/],
])('%j is refused', (text, what) => {
  const [, [problem]] = read(text);
  expect(problem).toMatch(what);
});

test('what is written with quotes is read back, and each value has its place', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', 'ü', '7') });
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 4 }), (rows) => {
      const trimmed = rows.map((row) => row.map((text) => text.trim()));
      const text = trimmed
        .map((row) => `${row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')}\n`)
        .join('');
      expect(read(text)).toEqual([trimmed, []]);
      for (const { cells } of parseCsv('x.csv', text)[0])
        for (const { text: value, span } of cells)
          expect(text.slice(span.start, span.end)).toBe(`"${value.replaceAll('"', '""')}"`);
    }),
  );
});
