import { describe, expect, test } from 'vitest';
import { buildView } from '../../src/model/build/view.ts';

const path = 'sops/views/large_trades.sql';
const build = (text: string) => buildView(path, text);

const text = `
/*
title: Large trades   # a remark
parameters:
  least: {type: decimal, value: 0.50, unit: USD, range: [0..1000], meaning: smaller ones are left out}
  side: {type: enum, value: buy, range: '"buy", "sell"'}
  days: {type: integer, value: 3, range: ">= 1"}
columns:
  symbol: text
  n: {type: integer, unit: trades, meaning: how many}
key: [symbol]
*/

-- what follows is the query
SELECT symbol, count(*) AS n FROM trades WHERE notional_usd >= $least GROUP BY symbol;
`;

test('header and SQL, each at its place', () => {
  const [view, found] = build(text);
  expect(found).toEqual([]);
  expect(view).toMatchObject({ title: 'Large trades', name: { value: 'large_trades' } });
  expect(view?.columns.map(({ name, sql, unit }) => [name.value, sql, unit])).toEqual([
    ['symbol', 'VARCHAR', ''],
    ['n', 'BIGINT', 'trades'],
  ]);
  expect(view?.key.map(({ value }) => value)).toEqual(['symbol']);
  expect(view?.sql.text.startsWith('-- what') && view.sql.text.endsWith('symbol;')).toBe(true);
  const shown = ({ start, end }: { start: number; end: number }) => text.slice(start, end);
  expect(text.slice(view?.sql.start)).toBe(`${view?.sql.text}\n`);
  expect(
    view?.parameters.map(({ name, value, range }) => [shown(name.span), shown(value.span), shown(range.span)]),
  ).toEqual([
    ['least', '0.50', '[0..1000]'],
    ['side', 'buy', '"buy", "sell"'],
    ['days', '3', '>= 1'],
  ]);
  expect(view?.parameters.map(({ value, range }) => [value.value, range.test.kind])).toEqual([
    ['0.50', 'tests'],
    ['buy', 'tests'],
    ['3', 'tests'],
  ]);
});

describe('what is wrong is told where it stands', () => {
  test.each<[from: string, to: string, code: string, place: string]>([
    ['title: Large', 'titel: Large', 'SOP202', 'titel'],
    ['columns:\n', 'columns: {}\nother:\n', 'SOP206', '{}'],
    ['symbol: text', 'symbol: txt', 'SOP203', 'txt'],
    ['n: {type: integer', 'N2: {type: integer', 'SOP304', 'N2'],
    ['key: [symbol]', 'key: [symbols]', 'SOP329', 'symbols'],
    ['[0..1000]', '[0..x]', 'SOP219', '[0..x]'],
    ['">= 1"', '">= x"', 'SOP219', '>= x'],
    ['value: buy', 'value: &a buy', 'SOP106', 'buy'],
    ['  symbol: text', '\tsymbol: text', 'SOP105', '\t'],
  ])('%j → %j', (from, to, code, place) => {
    const wrong = text.replace(from, () => to);
    const [view, found] = build(wrong);
    expect(view).toBeNull();
    const own = found.find((diagnostic) => diagnostic.code === code);
    expect(found.map((diagnostic) => diagnostic.code)).toContain(code);
    expect(wrong.slice(own?.span.start, own?.span.end)).toBe(place);
  });

  test('an empty comment, no comment, an open one', () => {
    for (const wrong of [
      '',
      'SELECT 1',
      '/* */ SELECT 1',
      '/* just words */ SELECT 1',
      '/* title: x',
      '-- title: x\nSELECT 1',
    ])
      expect(build(wrong)[1].map(({ code }) => code)).toEqual(['SOP250']);
  });

  test('a name that SQL can not use is the file', () => {
    const [view, found] = buildView('sops/views/Large-Trades.sql', text);
    expect(view).toBeNull();
    expect(found.map(({ code, edits }) => [code, edits])).toEqual([['SOP304', []]]);
  });
});
