import Big from 'big.js';
import { expect, test } from 'vitest';
import type { TableColumn } from '../../src/model/ports.ts';
import type { ExpectedRow } from '../../src/model/view.ts';
import { compareRows, type Row, showExpectedRow, showRow } from '../../src/replay/compare-rows.ts';
import { spanAt } from '../../src/text/source.ts';

const columns: readonly TableColumn[] = [
  { name: 's', sql: 'VARCHAR' },
  { name: 't', sql: 'TIMESTAMP' },
  { name: 'd', sql: 'DECIMAL(38,8)' },
  { name: 'f', sql: 'DOUBLE' },
  { name: 'i', sql: 'BIGINT' },
  { name: 'b', sql: 'BOOLEAN' },
];
const span = spanAt('x', 0, 0);

function row(cells: Readonly<Record<string, string | null>>): ExpectedRow {
  return {
    span,
    cells: Object.entries(cells).map(([name, text]) => ({ column: { value: name, span }, text, quoted: false, span })),
  };
}

const noon = Date.UTC(2026, 0, 1, 12) * 1000;
const full: Row = ['A', noon, new Big('1.50'), 0.1, 3n, true];

test.each<[cells: Record<string, string | null>, fits: boolean]>([
  [{ s: 'A', t: '2026-01-01 12:00:00', d: '1.5', f: '0.10', i: '3', b: 'true' }, true],
  [{ t: '2026-01-01T13:00:00+01:00' }, true],
  [{ d: '1.50000000' }, true],
  [{ d: '1.50000001' }, false],
  [{ f: '0.1000001' }, false],
  [{ s: 'a' }, false],
  [{ s: null }, false],
  [{ b: 'false' }, false],
  [{ i: '4' }, false],
])('%j', (cells, fits) => {
  expect(compareRows([row(cells)], [full], columns).missing.length === 0).toBe(fits);
});

test('null is only null, and NaN is nothing that could be written', () => {
  const empty: Row = [null, null, null, Number.NaN, null, null];
  expect(compareRows([row({ s: null, i: null })], [empty], columns).missing).toEqual([]);
  expect(compareRows([row({ f: '0' })], [empty], columns).missing).toHaveLength(1);
});

test('each returned row serves one expected row, and none is left unserved that could be served', () => {
  const rows: Row[] = ['A', 'B'].map((s) => [s, null, null, null, 1, null]);
  // The first one would fit both rows; taking A leaves nothing for the second.
  const both = compareRows([row({ i: '1' }), row({ s: 'A' })], rows, columns);
  expect([both.missing, both.left]).toEqual([[], []]);
  const twice = compareRows([row({ s: 'A' }), row({ s: 'A' })], rows, columns);
  expect(twice.missing.map(({ nearest }) => nearest?.row[0])).toEqual(['B']);
  expect(twice.left).toHaveLength(1);
});

test('the nearest row differs in the fewest columns', () => {
  const rows: Row[] = [
    ['A', null, null, null, 9, false],
    ['B', null, null, null, 1, false],
  ];
  const [missing] = compareRows([row({ s: 'B', i: '2', b: 'false' })], rows, columns).missing;
  expect(missing?.nearest?.differs.map(({ column }) => column.value)).toEqual(['i']);
});

test('rows as text', () => {
  expect(showRow(full, columns)).toBe('{s: A, t: 2026-01-01T12:00:00Z, d: 1.5, f: 0.1, i: 3, b: true}');
  expect(showExpectedRow(row({ s: 'A', i: null }))).toBe('{s: A, i: null}');
});
