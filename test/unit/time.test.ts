import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatTime, isDate, parseTime, secondsOf } from '../../src/text/time.ts';

describe('times', () => {
  test.each<[string, number]>([
    ['1970-01-01', 0],
    ['1970-01-01 00:00', 0],
    ['1970-01-01T00:00:00Z', 0],
    ['1970-01-01t00:00:00z', 0],
    ['1970-01-01 00:00:00.000001', 1],
    ['1970-01-01 00:00:00.1', 100_000],
    ['1970-01-01 00:00:00.1234567', 123_456],
    ['1969-12-31 23:59:59.999999', -1],
    ['1969-12-31T23:59:59Z', -1_000_000],
    ['1970-01-01 02:00:00+02:00', 0],
    ['1970-01-01 02:00:00+0200', 0],
    ['1969-12-31 18:30:00-05:30', 0],
    ['2024-02-29', 1_709_164_800_000_000],
    ['2000-02-29 12:00:00', 951_825_600_000_000],
    ['2026-11-02T00:30:00Z', 1_793_579_400_000_000],
    ['0100-01-01', -59_011_459_200_000_000],
    ['9999-12-31 23:59:59', 253_402_300_799_000_000],
    [' 1970-01-01 ', 0],
  ])('%s', (text, microseconds) => expect(parseTime(text)).toBe(microseconds));

  test.each([
    '',
    'now',
    '2026',
    '2026-11',
    '2023-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '2026-1-1',
    '20261101',
    '2026-11-02T24:00:00Z',
    '2026-11-02T12:60:00Z',
    '2026-11-02T12:00:60Z',
    '2026-11-02T12',
    '2026-11-02T12:00:00 UTC',
    '2026-11-02Z',
    '1793579400',
    '2026-11-02T12:00:00+2',
    '2026-11-02T12:00:00.',
    '+2026-11-02',
    '2026-11-02T12:00:00Z; DROP',
  ])('%s is none', (text) => expect(parseTime(text)).toBeUndefined());

  test('a summer time that never was does not exist here: offsets are plain arithmetic', () => {
    expect(parseTime('2026-03-29 02:30:00+01:00')).toBe(parseTime('2026-03-29 01:30:00Z'));
  });
  test('an offset that no zone has is no time', () => {
    expect(parseTime('2026-11-02T12:00:00+99:99')).toBeUndefined();
  });
});

describe('shown', () => {
  test.each<[number, string]>([
    [0, '1970-01-01T00:00:00Z'],
    [1, '1970-01-01T00:00:00.000001Z'],
    [-1, '1969-12-31T23:59:59.999999Z'],
    [-1_000_000, '1969-12-31T23:59:59Z'],
    [100_000, '1970-01-01T00:00:00.1Z'],
    [1_709_164_800_000_000, '2024-02-29T00:00:00Z'],
  ])('%i', (microseconds, text) => expect(formatTime(microseconds)).toBe(text));
  test('what is shown reads back as the same microsecond', () => {
    const time = fc.integer({ min: Date.UTC(1900, 0) * 1000, max: Date.UTC(2200, 0) * 1000 });
    const check = fc.property(time, (at) => {
      expect(parseTime(formatTime(at))).toBe(at);
    });
    fc.assert(check, { seed: 1, numRuns: 1000 });
  });
  test('a time beyond the year 275760, such as an infinite TIMESTAMP, does not end the command', () => {
    expect(() => formatTime(9.223372036854776e18)).not.toThrow();
  });
});

test('days of the calendar', () => {
  expect(['2024-02-29', '2026-11-30', '0999-01-01'].map(isDate)).toEqual([true, true, true]);
  expect(['2023-02-29', '2100-02-29', '2026-11-31', '2026-11-1', '2026-11-01T00:00', ''].map(isDate)).toEqual([
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
});

test('durations', () => {
  expect(['30s', '5m', '4h', '1d', '0m', '999999d'].map(secondsOf)).toEqual([
    30, 300, 14_400, 86_400, 0, 86_399_913_600,
  ]);
  expect(['', '5', 'm', '1.5h', '-5m', '5 m', '5M', '1w', '1000000s', '5m '].map(secondsOf)).toEqual(
    Array(10).fill(undefined),
  );
});
