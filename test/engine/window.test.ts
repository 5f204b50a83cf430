import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DataSet, TableShape } from '../../src/model/ports.ts';
import { limits, rowsOf, testEngine } from './support.ts';

const engine = testEngine();
afterAll(() => engine.close());

const shapes: readonly TableShape[] = [
  {
    name: 'trades',
    key: [],
    time: 'ts',
    known: ['ingested_ts', 'ts'],
    columns: [
      { name: 'id', sql: 'VARCHAR' },
      { name: 'symbol', sql: 'VARCHAR' },
      { name: 'ts', sql: 'TIMESTAMP' },
      { name: 'ingested_ts', sql: 'TIMESTAMP' },
      { name: 'verdict', sql: 'VARCHAR', knownAt: 'verdict_ts' },
      { name: 'verdict_ts', sql: 'TIMESTAMP', knownAt: 'verdict_ts' },
    ],
  },
  { name: 'accounts', key: [], known: ['valid_from'], columns: [{ name: 'id', sql: 'VARCHAR' }] },
];

const noon = Date.UTC(2026, 10, 2, 12) * 1000;
const minute = 60_000_000;

let data: DataSet;
beforeAll(async () => {
  const opened = await engine.open(
    shapes,
    [
      {
        kind: 'rows',
        table: 'trades',
        columns: ['id', 'symbol', 'ts', 'ingested_ts', 'verdict', 'verdict_ts'],
        rows: [
          ['early', 'A', '2026-11-02 11:58:00', null, 'false', '2026-11-02 12:00:30'],
          ['on time', 'B', '2026-11-02 12:00:00', null, null, null],
          ['late', 'A', '2026-11-02 11:59:00', '2026-11-02 12:05:00', null, null],
          ['nobody knows when', 'A', null, null, null, null],
        ],
      },
      { kind: 'rows', table: 'accounts', columns: ['id'], rows: [['a1']] },
    ],
    { limits, threads: 1 },
  );
  if (!opened.ok) throw new Error(opened.problem.detail);
  data = opened.value;
});

const seen = async () => (await rowsOf(data, 'SELECT id FROM trades ORDER BY id')).flat();

test('without a cut everything is seen', async () => {
  expect(await seen()).toEqual(['early', 'late', 'nobody knows when', 'on time']);
});

test('a row is seen from the moment at which it could be known, that moment included', async () => {
  await data.cut({ since: null, asOf: noon });
  expect(await seen()).toEqual(['early', 'nobody knows when', 'on time']);
  await data.cut({ since: null, asOf: noon - 1 });
  expect(await seen()).toEqual(['early', 'nobody knows when']);
  await data.cut({ since: null, asOf: noon + 5 * minute });
  expect(await seen()).toEqual(['early', 'late', 'nobody knows when', 'on time']);
});

test('an event before the window is not seen; reference data is, however old', async () => {
  await data.cut({ since: noon - minute, asOf: noon + 5 * minute });
  expect(await seen()).toEqual(['late', 'on time']);
  expect(await rowsOf(data, 'SELECT id FROM accounts')).toEqual([['a1']]);
});

test('a value is empty until it was known, and so is the time that says so', async () => {
  const verdicts = 'SELECT verdict, verdict_ts IS NULL AS open FROM trades WHERE id = $$early$$';
  await data.cut({ since: null, asOf: noon });
  expect(await rowsOf(data, verdicts)).toEqual([[null, true]]);
  await data.cut({ since: null, asOf: noon + minute });
  expect(await rowsOf(data, verdicts)).toEqual([['false', false]]);
});

test('SQL cannot reach the rows behind the cut', async () => {
  const result = await data.run({ sql: 'SELECT count(*) AS n FROM "trades rows"', parameters: [] }, limits, () => {});
  expect(result).toMatchObject({ ok: false, problem: { reason: 'unknown_table' } });
});

test('extents: of the rows that could be known, whatever the start of the window', async () => {
  await data.cut({ since: noon, asOf: noon });
  const extents = await data.extents(
    [
      { table: 'trades', columns: ['verdict', 'ingested_ts', 'nothing'], by: 'symbol' },
      { table: 'accounts', columns: ['id'], by: 'symbol' },
      { table: 'positions', columns: ['qty'], by: null },
    ],
    limits,
  );
  expect(extents).toEqual({
    ok: true,
    value: [
      {
        table: 'trades',
        rows: 3,
        first: noon - 2 * minute,
        last: noon,
        known: noon,
        empty: ['ingested_ts', 'nothing'],
        firstBy: [
          ['A', noon - 2 * minute],
          ['B', noon],
        ],
      },
      { table: 'accounts', rows: 1, first: null, last: null, known: null, empty: [], firstBy: [] },
      { table: 'positions', rows: 0, first: null, last: null, known: null, empty: ['qty'], firstBy: [] },
    ],
  });
});

test('moments are parameters of type TIMESTAMP', async () => {
  const rows: unknown[] = [];
  const result = await data.run(
    {
      sql: 'SELECT $as_of - INTERVAL 1 HOUR AS before',
      parameters: [{ name: 'as_of', type: 'timestamp', value: '2026-11-02 12:00:00.000001' }],
    },
    limits,
    (batch) => rows.push(batch.columns[0]?.[0]),
  );
  expect(result).toMatchObject({ ok: true, value: [{ name: 'before', kind: 'timestamp' }] });
  expect(rows).toEqual([noon - 60 * minute + 1]);
});
