import { expect, test } from 'vitest';
import { buildDeskList } from '../../src/model/build/desk-list.ts';
import { listRows } from '../../src/model/list-table.ts';

const header = 'key,reason,approver,valid_from,valid_to\n';
const read = (rows: string, first = header) => {
  const [list, found] = buildDeskList('sops/lists/exempt.csv', first + rows);
  return { list, codes: found.map(({ code }) => code) };
};

test('entries become rows with times in UTC', () => {
  const { list } = read('k1,"a, b",me,2026-01-01,\nk1,c,you,2025-06-01 12:00:00+02:00,2026-01-01\n');
  expect(list === null ? null : listRows(list)).toEqual({
    kind: 'rows',
    table: 'exempt',
    columns: ['key', 'reason', 'approver', 'valid_from', 'valid_to'],
    rows: [
      ['k1', 'a, b', 'me', '2026-01-01 00:00:00.000000', null],
      ['k1', 'c', 'you', '2025-06-01 10:00:00.000000', '2026-01-01 00:00:00.000000'],
    ],
  });
});

test('a list may be empty', () => {
  expect(read('')).toMatchObject({ list: { entries: [] }, codes: [] });
});

test.each<[rows: string, codes: string[]]>([
  ['k1,r,a,2026-01-01\n', ['SOP251']],
  ['k1,r,a,2026-01-01,,\n', ['SOP251']],
  ['k1, r,a,2026-01-01,\n', ['SOP251']],
  [',,,,\n', ['SOP252', 'SOP252', 'SOP252', 'SOP252']],
  ['k1,r,a,2026-02-30,\n', ['SOP253']],
  ['k1,r,a,2026-01-01,never\n', ['SOP253']],
  ['k1,r,a,2026-01-01,2026-01-01\n', ['SOP253']],
  ['k1,r,a,2026-01-01,\nk1,r,a,2027-01-01,\n', ['SOP254']],
  ['k1,r,a,2026-01-01,\nk1,r,a,2026-01-01,2026-02-01\n', ['SOP254']],
  ['k1,r,a,2026-01-01,2026-02-01\nk2,r,a,2026-01-01,\nk1,r,a,2026-02-01,\n', []],
  ['k1,r,a,2026-01-01,\nK1,r,a,2026-01-01,\n', []],
])('%j', (rows, codes) => {
  const told = read(rows);
  expect(told.codes).toEqual(codes);
  expect(told.list === null).toBe(codes.length > 0);
});

test.each([
  '',
  'key,reason,approver,valid_from\n',
  'Key,reason,approver,valid_from,valid_to\n',
  `${header.trim()},x\n`,
])('the header %j is refused', (first) => {
  expect(read('', first)).toEqual({ list: null, codes: ['SOP251'] });
});
