import { describe, expect, test } from 'vitest';
import { parseUnaryTest } from '../../src/syntax/parse-unary-test.ts';
import type { Atom, Operand } from '../../src/syntax/unary-test.ts';

/** The tree as a person would write it again, with every default spelt out: `+` closed, `_` open, `N` also null. */
function tree(cell: string): string {
  const parsed = parseUnaryTest(cell);
  if (!parsed.ok) return `? ${parsed.problem.at}+${parsed.problem.length}`;
  if (parsed.test.kind === 'any') return 'any';
  const { negated, tests, alsoNull } = parsed.test;
  return `${negated ? 'not ' : ''}${tests.map(atom).join(' | ')}${alsoNull ? ' N' : ''}`;
}

function atom(of: Atom): string {
  if (of.kind === 'null') return 'null';
  if (of.kind === 'equal') return operand(of.operand);
  if (of.kind === 'compare') return `${of.operator}${operand(of.operand)}`;
  return `${operand(of.low)}${of.lowClosed ? '+' : '_'}..${operand(of.high)}${of.highClosed ? '+' : '_'}`;
}

function operand(of: Operand): string {
  if (of.kind === 'number') return of.text;
  if (of.kind === 'text') return JSON.stringify(of.text);
  if (of.kind === 'boolean') return String(of.value);
  return of.kind === 'name' ? `name ${of.name}` : `${of.kind} ${of.microseconds}`;
}

describe('what a cell may say', () => {
  test.each([
    ['-', 'any'],
    [' – ', 'any'],
    ['date("1970-01-02")', 'date and time 86400000000'],
    ['>= date and time("1970-01-01T00:00:01Z")', '>=date and time 1000000'],
    ['date and time("1970-01-01T02:00:00+02:00")', 'date and time 0'],
    ['[duration("PT30M")..duration("P1DT0.5S"))', 'duration 1800000000+..duration 86400500000_'],
    ['not(duration("-PT1S"), duration("30m")), null', 'not duration -1000000 | duration 1800000000 N'],
    ['date', 'name date'],
    ['—', 'any'],
    ['5', '5'],
    ['-5', '-5'],
    ['+5', '+5'],
    ['.5', '.5'],
    ['1e-3', '1e-3'],
    ['0.10', '0.10'],
    ['"mm"', '"mm"'],
    ['"a \\"b\\" \\\\"', JSON.stringify('a "b" \\')],
    ['"not(null), 5"', '"not(null), 5"'],
    ['""', '""'],
    ['true', 'true'],
    ['null', 'null'],
    ['null, 5', 'null | 5'],
    ['>= 0.3', '>=0.3'],
    ['>=-0.3', '>=-0.3'],
    ['< min_notional', '<name min_notional'],
    ['größe', 'name größe'],
    ['[0.3..0.5)', '0.3+..0.5_'],
    ['(0 .. 1]', '0_..1+'],
    [']0..1[', '0_..1_'],
    ['[-1..-.5]', '-1+..-.5+'],
    ['[low..high]', 'name low+..name high+'],
    ['[5..1]', '5+..1+'],
    ['"a", "b"', '"a" | "b"'],
    ['< 1, > 9', '<1 | >9'],
    ['[1..2], 5, null', '1+..2+ | 5 | null'],
    ['not("mm")', 'not "mm"'],
    ['not ( "mm" , "pro" )', 'not "mm" | "pro"'],
    ['not("mm"), null', 'not "mm" N'],
    ['not(null)', 'not null'],
    ['not(< 1, [5..9])', 'not <1 | 5+..9+'],
    ['not', 'name not'],
    ['1..2', '? 1+2'],
  ])('%s', (text, expected) => {
    expect(tree(text)).toBe(expected);
  });
});

describe('what a cell may not say, with advice', () => {
  test.each([
    ['', 'it could mean anything'],
    ['   ', 'it could mean anything'],
    ['>==3', 'an equality is written without'],
    ['= 5', 'an equality is written without'],
    ['> 5 > 6', 'is one too many'],
    ['> 5 and < 6', 'one cell holds one condition'],
    ['> 5 && < 6', 'one cell holds one condition'],
    ['"a" or "b"', 'one cell holds one condition'],
    ['"a" | "b"', 'one cell holds one condition'],
    ['1_000', 'a number has digits and one point only'],
    ['>= 1,000_000', 'a number has digits and one point only'],
    ['20%', 'write 20 % as `0.2`'],
    ['20 %', 'write 20 % as `0.2`'],
    ['5k', 'a number has digits and one point only'],
    ['0x10', 'a number has digits and one point only'],
    ['1.2.3', ''],
    ['0.3..0.5', ''],
    ['!= 5', '"not equal" is written'],
    ['≠ 5', '"not equal" is written'],
    ['≥ 5', 'write `>=` for `≥`'],
    ['≤5', 'write `<=` for `≤`'],
    ["'mm'", 'straight double quotes'],
    ['“mm”', 'straight double quotes'],
    ['"mm', 'the quotes are never closed'],
    ['"mm\\"', 'the quotes are never closed'],
    ['$window', 'without `$`'],
    ['window * 2', 'they do not compute'],
    ['5 - 3', 'they do not compute'],
    ['>= 2026-01-31', 'a date is written `date("2026-01-31")`'],
    ['[2026-01-01T00:00:00Z..2026-02-01)', 'a date and time is written `date and time("2026-01-01T00:00:00Z")`'],
    ['< P7D', 'a duration is written `duration("P7D")`'],
    ['< 90m', 'a duration is written `duration("PT90M")`'],
    ['date("2026-02-30")', 'there is no day 2026-02-30'],
    ['retail mm', 'text goes in double quotes'],
    ['"a" "b"', 'one too many'],
    ['not(not(5))', '`not(…)` must be the first thing'],
    ['5, not(6)', '`not(…)` must be the first thing'],
    ['not("mm"), 5', 'only `, null` may follow'],
    ['not("mm"), ', 'null is missing at the end'],
    ['not()', 'stands where a value belongs'],
    ['not(5', 'the bracket of `not(` is never closed'],
    ['> null', '`null` stands alone'],
    ['[null..5]', '`null` stands alone'],
    ['>=', 'is missing at the end'],
    ['[0.3, 0.5)', 'an interval is written with two points'],
    ['[0.3..0.5', 'the closing bracket'],
    ['[0.3..0.5}', ''],
    ['(0.3..0.5(', 'an interval ends with'],
    ['5,', 'is missing at the end'],
    [', 5', 'stands where a value belongs'],
    ['5;', '`;` has no meaning here'],
    ['f(x)', 'is one too many'],
    ['x.y', '`.` has no meaning here'],
    ['\u202e5', 'has no meaning here'],
  ])('%s', (text, hint) => {
    const parsed = parseUnaryTest(text);
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    expect(parsed.problem.hint).toContain(hint);
    expect(parsed.problem.at).toBeLessThanOrEqual(text.length);
    expect(parsed.problem.length).toBeGreaterThan(0);
  });
});

test('operands know their place in the cell', () => {
  const parsed = parseUnaryTest('  [ low .. 0.50 ), "é😀", x');
  if (!parsed.ok || parsed.test.kind === 'any') throw new Error('it is a condition');
  const operands = parsed.test.tests.flatMap((of) =>
    of.kind === 'interval' ? [of.low, of.high] : of.kind === 'null' ? [] : [of.operand],
  );
  const cell = '  [ low .. 0.50 ), "é😀", x';
  expect(operands.map(({ at, length }) => cell.slice(at, at + length))).toEqual(['low', '0.50', '"é😀"', 'x']);
});

test('a place is where the trouble is', () => {
  expect(tree('> 5 > 6')).toBe('? 4+1');
  expect(tree('"a", !b')).toBe('? 5+1');
});
