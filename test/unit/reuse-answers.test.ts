import { expect, test } from 'vitest';
import type { DataSet, SqlQuery, TableShape, ViewShape, Window } from '../../src/model/ports.ts';
import { reuseAnswers } from '../../src/replay/reuse-answers.ts';

const end = 1_000;
const limits = { milliseconds: 1, megabytes: 1, rows: 1 };
const trades: TableShape = { name: 'trades', columns: [], key: [], time: 'ts', known: ['ts'] };
const accounts: TableShape = { name: 'accounts', columns: [], key: [] };
const view = (name: string, sql: string): ViewShape => ({ name, columns: [], key: [], query: { sql, parameters: [] } });

/** A data set that answers nothing and counts how often it is asked, opened with these views. */
async function counted(views: readonly ViewShape[] = [], shapes: readonly TableShape[] = [trades, accounts]) {
  let asked = 0;
  const data: DataSet = {
    files: [],
    covered: [],
    cut: async () => undefined,
    extents: async () => ({
      ok: true,
      value: [{ table: 'trades', rows: 1, first: 0, last: end, known: end, empty: [], firstBy: [] }],
    }),
    run: async (_query, _limits, onBatch) => {
      asked += 1;
      onBatch({ length: 1, columns: [[asked]] });
      return { ok: true, value: [] };
    },
    close: async () => undefined,
  };
  const reusing = reuseAnswers(data, { shapes, views, filled: ['trades'] });
  await reusing.cut({ since: null, asOf: null });
  await reusing.extents([{ table: 'trades', columns: [], by: null }], limits);
  return {
    times: () => asked,
    ask: async (sql: string, window: Partial<Window>, value = '1') => {
      await reusing.cut({ since: null, asOf: null, ...window });
      const query: SqlQuery = { sql, parameters: [{ name: 'as_of', type: 'timestamp', value }] };
      const got: unknown[] = [];
      await reusing.run(query, limits, ({ columns }) => got.push(columns[0]?.[0]));
      return got;
    },
  };
}

test('what comes after the last row changes no answer; what comes before it may', async () => {
  const { ask, times } = await counted();
  expect(await ask('FROM trades', {})).toEqual([1]);
  expect(await ask('FROM trades', { asOf: end }, '2')).toEqual([1]);
  expect(await ask('FROM trades', { asOf: end + 5 })).toEqual([1]);
  expect(await ask('FROM trades', { asOf: end - 1 })).toEqual([2]);
  expect(await ask('FROM trades', { since: 0 })).toEqual([3]);
  expect(await ask('FROM trades, accounts', {})).toEqual([4]);
  expect(times()).toBe(4);
});

test('SQL that names the moment is asked at each, also where only a view of a view does', async () => {
  for (const [sql, views] of [
    ['SELECT $as_of FROM trades', []],
    ['SELECT $AS_OF FROM trades', []],
    ['FROM outer_view', [view('outer_view', 'FROM inner_view'), view('inner_view', 'SELECT $from')]],
  ] as const) {
    const { ask } = await counted(views);
    await ask(sql, { asOf: end }, '1');
    expect(await ask(sql, { asOf: end }, '2'), sql).toEqual([2]);
  }
  const { ask } = await counted([view('other', 'SELECT $as_of')]);
  await ask('FROM trades', { asOf: end }, '1');
  expect(await ask('FROM trades', { asOf: end }, '2')).toEqual([1]);
});

test('a feed that broke off matters to whoever reads it, directly or by a view', async () => {
  const late = { brokenOff: { table: 'trades', last: end - 1 } };
  const { ask } = await counted([view('sums', 'FROM "TRADES"')]);
  for (const [sql, answers] of [
    ['FROM accounts', [1, 1]],
    ['FROM trades', [2, 3]],
    ['FROM Sums', [4, 5]],
  ] as const) {
    expect(await ask(sql, {}), sql).toEqual([answers[0]]);
    expect(await ask(sql, late), sql).toEqual([answers[1]]);
  }
});

test('values that become known later than their row are asked for at each moment', async () => {
  const verdicts: TableShape = {
    name: 'trades',
    columns: [{ name: 'verdict', sql: 'VARCHAR', knownAt: 'verdict_ts' }],
    key: [],
    known: ['ts'],
  };
  const { ask } = await counted([], [verdicts]);
  await ask('FROM trades', {});
  expect(await ask('FROM trades', { asOf: end })).toEqual([2]);
});
