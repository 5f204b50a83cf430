import { describe, expect, test } from 'vitest';
import { csv } from '../../src/report/csv.ts';

const one = (value: string | number) => csv([{ a: value }]).slice('a\n'.length, -1);

describe('a text that a spreadsheet would run gets an apostrophe', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-cmd', "'-cmd"],
    ['-1+1', "'-1+1"],
    ['--1', "'--1"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
  ])('%j', (text, field) => expect(one(text)).toBe(field));
});

test('what is harmless stays as it is', () => {
  for (const text of ['', 'a', '-1', '-1.5', '1', 'a=b', 'é😀', "it's"]) expect(one(text)).toBe(text);
  expect([one(-1), one(0.1 + 0.2), one(1e21)]).toEqual(['-1', '0.30000000000000004', '1e+21']);
});

test('RFC 4180: quotes around commas, quotes and line ends', () => {
  expect(one('a,b')).toBe('"a,b"');
  expect(one('say "hi"')).toBe('"say ""hi"""');
  expect(one('a\nb')).toBe('"a\nb"');
  expect(one('a\r\nb')).toBe('"a\r\nb"');
});

test('columns are those of the first row, heads are guarded too; no rows, no file', () => {
  expect(
    csv([
      { b: 1, a: 'x' },
      { a: 'y', b: 2 },
    ]),
  ).toBe('b,a\n1,x\n2,y\n');
  expect(csv([{ '=evil': 1 }])).toBe("'=evil\n1\n");
  expect(csv([])).toBe('');
});
