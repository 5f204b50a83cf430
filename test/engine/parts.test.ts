import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allowedFunctions, tableFunctions } from '../../src/engine/allow-list.ts';
import { decimalSize } from '../../src/engine/bind-parameters.ts';
import { unscale } from '../../src/engine/decode-batch.ts';
import { parseScaled, parseTime } from '../../src/engine/parse-cell.ts';
import { placesIn, utf16Offset } from '../../src/engine/places.ts';
import { sqlTokens } from '../../src/engine/sql-tokens.ts';
import { kindOf, typeWords } from '../../src/engine/type-words.ts';
import { extremeOf, forgetsOrder, needsOrder, notDeterministic, positional } from '../../src/engine/unsteady.ts';
import { duckDbVersion, engineVersion } from '../../src/engine/version.ts';

test('the version is that of the pinned dependency', () => {
  const path = new URL('../../node_modules/@duckdb/node-api/package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(path, 'utf8'));
  expect(version.split('-')[0]).toBe(duckDbVersion);
  expect(engineVersion).toMatch(/^duckdb \d+\.\d+\.\d+, rules \d+$/);
});

test('tokens skip comments and quotes', () => {
  const sql =
    "SELECT $a -- $b\n, '$c''', \"$d\" /* $e /* $f */ */, $$ $g $$, E'\\'$h', $t$ $i $t$, $j::DECIMAL(3,1) FROM x.\"y z\" ? 1e5";
  const tokens = sqlTokens(sql);
  expect(tokens.filter((token) => token.kind === 'parameter').map((token) => token.text)).toEqual(['a', 'j', '?']);
  expect(tokens.filter((token) => token.kind === 'quoted').map((token) => token.text)).toEqual(['$d', 'y z']);
  expect(tokens.filter((token) => token.kind === 'number').map((token) => token.text)).toEqual(['3', '1', '1e5']);
  for (const token of tokens) expect(token.end).toBeGreaterThan(token.start);
});

test.each(["'", '"', '/*', '$$', "E'\\", '$', '\u{1F600}', 'é', '--', '\0', '$a$'])('tokens of %s end', (text) => {
  expect(sqlTokens(text).at(-1)?.end ?? 0).toBeLessThanOrEqual(text.length);
});

test('bytes become UTF-16 units', () => {
  expect(utf16Offset('é😀x', 6)).toBe(3);
  expect(utf16Offset('é😀x', 2)).toBe(1);
  expect(utf16Offset('abc', 99)).toBe(3);
  expect(placesIn('/* é😀 */ SELECT a.b').atByte(20)).toEqual({ offset: 17, length: 3 });
  expect(placesIn('SELECT 1').atByte(undefined)).toBeUndefined();
});

test('decimals', () => {
  expect(decimalSize('250000.50')).toEqual({ width: 7, scale: 1 });
  expect(decimalSize('0.001')).toEqual({ width: 3, scale: 3 });
  expect(decimalSize('-1e3')).toEqual({ width: 4, scale: 0 });
  expect(decimalSize('1e-3')).toEqual({ width: 3, scale: 3 });
  expect(decimalSize('0')).toEqual({ width: 1, scale: 0 });
  expect(decimalSize('1'.repeat(39))).toBeUndefined();
  expect(decimalSize('.')).toBeUndefined();
  expect(parseScaled('1e-7', 38, 8)).toBe(10n);
  expect(parseScaled('1e400', 38, 8)).toBeUndefined();
  expect(parseScaled('100', 2, 0)).toBeUndefined();
  expect(String(unscale(-5, 3))).toBe('-0.005');
  expect(unscale(123456n, 2).eq('1234.56')).toBe(true);
});

test('times', () => {
  expect(parseTime('1970-01-01')).toBe(0n);
  expect(parseTime('0001-01-01 00:00:00')).toBe(-62135596800000000n);
  expect(parseTime('2024-02-29 23:59:59.123456789')).toBe(1709251199123456n);
  expect(parseTime('1970-01-01 00:00')).toBe(0n);
  expect(parseTime('2023-02-29')).toBeUndefined();
  expect(parseTime('1762041600')).toBeUndefined();
});

describe('types', () => {
  test.each([
    ['DECIMAL(38,8)', 'decimal', 'a decimal (DECIMAL(38,8))'],
    ["ENUM('a', 'b')", 'text', "text (ENUM('a', 'b'))"],
    ['VARCHAR[]', 'other', 'a list (VARCHAR[])'],
    ["ENUM('a')[]", 'other', "a list (ENUM('a')[])"],
    ['STRUCT(a INTEGER)', 'other', 'a struct'],
    ['TIMESTAMP WITH TIME ZONE', 'timestamp', 'a time (TIMESTAMP WITH TIME ZONE)'],
    ['INTEGER_LITERAL', 'other', 'a whole number'],
    ['UUID', 'other', 'UUID'],
  ])('%s', (sql, kind, words) => {
    expect([kindOf(sql), typeWords(sql)]).toEqual([kind, words]);
  });
});

test('the lists agree with each other', () => {
  const listed = [...needsOrder, ...extremeOf, ...positional, ...forgetsOrder, ...tableFunctions];
  expect(listed.filter((name) => !allowedFunctions.has(name))).toEqual([]);
  expect([...notDeterministic.keys()].filter((name) => allowedFunctions.has(name))).toEqual([]);
  const dangerous =
    /read_|glob|query|setting|variable|secret|pragma|duckdb|scan|serialize|log_|sleep|current_|error|version|nextval|write/;
  expect([...allowedFunctions].filter((name) => dangerous.test(name))).toEqual([]);
});
