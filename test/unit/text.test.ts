import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../src/text/edit.ts';
import { nearest, onlyNearest } from '../../src/text/nearest.ts';
import { lineStarts, positionAt, spanAt } from '../../src/text/source.ts';

describe('lines', () => {
  test.each<[string, number[]]>([
    ['', [0]],
    ['a', [0]],
    ['\n', [0, 1]],
    ['a\nb', [0, 2]],
    ['a\r\nb', [0, 3]],
    ['a\rb', [0, 2]],
    ['a\r\rb', [0, 2, 3]],
    ['a\n\rb', [0, 2, 3]],
    ['a\r\n\r\nb', [0, 3, 5]],
    ['a\r', [0, 2]],
    ['😀\né', [0, 3]],
    ['a\u2028b', [0]],
  ])('%j', (text, starts) => {
    expect(lineStarts(text)).toEqual(starts);
  });
  test('positions start at 1 and count UTF-16 units', () => {
    const starts = lineStarts('ab\r\n😀c\n');
    expect([0, 2, 4, 6, 7, 8].map((at) => positionAt(starts, at))).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 3 },
      { line: 2, column: 1 },
      { line: 2, column: 3 },
      { line: 2, column: 4 },
      { line: 3, column: 1 },
    ]);
  });
  test('every offset lies in the line that starts last before it', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\r', '\n', '\r\n', '😀')), fc.nat(40), (parts, at) => {
        const text = parts.join('');
        const starts = lineStarts(text);
        const offset = Math.min(at, text.length);
        const { line, column } = positionAt(starts, offset);
        expect((starts[line - 1] ?? -1) + column - 1).toBe(offset);
        expect(starts.filter((start) => start <= offset)).toHaveLength(line);
      }),
      { seed: 5 },
    );
  });
});

describe('edits', () => {
  const edit = (start: number, end: number, text: string) => ({ span: spanAt('f', start, end), text });
  test.each([
    ['none', [], 'abcdef'],
    ['one', [edit(1, 3, 'X')], 'aXdef'],
    ['an insertion', [edit(3, 3, 'X')], 'abcXdef'],
    ['both ends', [edit(0, 0, '<'), edit(6, 6, '>')], '<abcdef>'],
    ['any order, other lengths', [edit(4, 6, ''), edit(0, 2, 'long')], 'longcd'],
    ['touching', [edit(0, 2, 'X'), edit(2, 4, 'Y')], 'XYef'],
    ['overlapping: the earlier one wins', [edit(2, 5, 'Y'), edit(1, 3, 'X')], 'aXdef'],
    ['nested: the outer one wins', [edit(2, 3, 'Y'), edit(1, 5, 'X')], 'aXf'],
  ])('%s', (_, edits, expected) => {
    expect(applyEdits('abcdef', edits)).toBe(expected);
  });
  test('the same edit of two diagnostics is made once, insertions too', () => {
    expect(applyEdits('abcdef', [edit(3, 3, 'X'), edit(3, 3, 'X')])).toBe('abcXdef');
  });
});

describe('near names', () => {
  const names = ['self_match_ratio', 'matched_notional', 'min_notional', 'window'];
  test.each([
    ['self_mach_ratio', ['self_match_ratio']],
    ['windwo', ['window']],
    ['WINDOW', ['window']],
    ['notional', ['min_notional']],
    ['notinal', []],
    ['zzz', []],
    ['', []],
  ])('%s', (word, expected) => expect(nearest(word, names)).toEqual(expected));
  test('nearest first, then by alphabet, no name twice, at most the limit', () => {
    expect(nearest('ab', ['ac', 'aa', 'aa', 'ab', 'xyz'])).toEqual(['ab', 'aa', 'ac']);
    expect(nearest('ab', ['ac', 'aa', 'ad', 'ae'])).toHaveLength(3);
  });
  test('one letter is always allowed, a third of a longer word too', () => {
    expect([nearest('a', ['b']), nearest('abcdefghi', ['abcdefxyz']), nearest('abcdefghi', ['abcdewxyz'])]).toEqual([
      ['b'],
      ['abcdefxyz'],
      [],
    ]);
  });
  test('a fix needs one that is nearer than all others', () => {
    expect(onlyNearest('colour', ['color', 'odour'])).toBe('color');
    expect(onlyNearest('aX', ['ab', 'ac'])).toBeUndefined();
    expect(onlyNearest('zzz', ['abc'])).toBeUndefined();
  });
});
