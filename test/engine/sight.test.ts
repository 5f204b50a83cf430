import { DuckDBTimestampValue } from '@duckdb/node-api';
import { afterAll, expect, test } from 'vitest';
import { addTimes, noTimes, sightOf } from '../../src/engine/sight.ts';
import type { TableShape, Window } from '../../src/model/ports.ts';
import { formatTime } from '../../src/text/time.ts';
import { limits, opened, rowsOf, testEngine } from './support.ts';

const engine = testEngine();
afterAll(() => engine.close());

const shape: TableShape = {
  name: 'trades',
  key: ['id'],
  time: 'ts',
  known: ['ingested_ts', 'ts'],
  feed: 'symbol',
  columns: [
    { name: 'id', sql: 'BIGINT' },
    { name: 'symbol', sql: 'VARCHAR' },
    { name: 'ts', sql: 'TIMESTAMP' },
    { name: 'ingested_ts', sql: 'TIMESTAMP' },
    { name: 'verdict', sql: 'VARCHAR', knownAt: 'verdict_ts' },
    { name: 'verdict_ts', sql: 'TIMESTAMP', knownAt: 'verdict_ts' },
  ],
};

const second = 1_000_000;
const start = Date.UTC(2026, 10, 2, 12) * 1000;

interface Row {
  readonly id: number;
  readonly symbol: string;
  readonly ts: number | null;
  readonly ingested: number | null;
  readonly verdict: string | null;
  readonly judged: number | null;
}

const at = (seconds: number) => start + seconds * second;
const rows: readonly Row[] = [
  { id: 1, symbol: 'A', ts: at(0), ingested: null, verdict: 'bad', judged: at(30) },
  { id: 2, symbol: 'A', ts: at(10), ingested: at(25), verdict: null, judged: at(12) },
  { id: 3, symbol: 'B', ts: at(20), ingested: at(15), verdict: 'good', judged: null },
  { id: 4, symbol: 'B', ts: null, ingested: null, verdict: 'good', judged: at(5) },
  { id: 5, symbol: 'A', ts: at(20), ingested: at(20), verdict: null, judged: null },
];

/** What a window shows of a row, said once more in other words; null: nothing. */
function shown(row: Row, window: Window): unknown {
  const { since, asOf, brokenOff, feed } = window;
  if (asOf !== null && (row.ingested ?? row.ts ?? asOf) > asOf) return null;
  if (since !== null && (row.ts === null || row.ts < since)) return null;
  if (brokenOff?.table === 'trades' && (row.ts === null || row.ts > brokenOff.last)) return null;
  if (feed !== undefined && row.symbol !== feed.value) return null;
  const isKnown = asOf === null || (row.judged !== null && row.judged <= asOf);
  return [row.id, isKnown ? row.verdict : null];
}

const times = noTimes(shape);
const stamp = (time: number | null) => (time === null ? null : new DuckDBTimestampValue(BigInt(time)));
addTimes(times, shape, [
  rows.map(({ id }) => BigInt(id)),
  rows.map(({ symbol }) => symbol),
  rows.map(({ ts }) => stamp(ts)),
  rows.map(({ ingested }) => stamp(ingested)),
  rows.map(({ verdict }) => verdict),
  rows.map(({ judged }) => stamp(judged)),
]);

const cuts = [null, -1, 0, 5, 10, 12, 15, 20, 25, 30, 40].map((seconds) => (seconds === null ? null : at(seconds)));
const windows: Window[] = cuts.flatMap((since) =>
  cuts.flatMap((asOf) => [
    { since, asOf },
    { since, asOf, brokenOff: { table: 'trades', last: at(10) } },
    { since, asOf, brokenOff: { table: 'orders', last: at(10) } },
    { since, asOf, feed: { column: 'symbol', value: 'A' } },
  ]),
);
const seenOf = (window: Window) => rows.map((row) => shown(row, window)).filter((row) => row !== null);

test('the same sight means the same rows', () => {
  const found = new Map<string, string>();
  for (const window of windows) {
    const sight = sightOf(shape, times, window);
    const seen = JSON.stringify(seenOf(window));
    expect(found.get(sight) ?? seen, JSON.stringify(window)).toBe(seen);
    found.set(sight, seen);
  }
  expect(found.size).toBeLessThan(windows.length / 2);
});

test('what lies beyond all rows, or befell another table, changes no sight; unknown rows have the window itself', () => {
  const whole = sightOf(shape, times, { since: null, asOf: at(30) });
  for (const window of [
    { since: null, asOf: at(40) },
    { since: null, asOf: at(30), brokenOff: { table: 'orders', last: at(0) } },
  ])
    expect(sightOf(shape, times, window)).toBe(whole);
  expect(sightOf(shape, times, { since: null, asOf: at(29) })).not.toBe(whole);
  // A row without a time is not seen from any start on.
  expect(sightOf(shape, times, { since: at(-1), asOf: at(30) })).not.toBe(whole);
  // A verdict of which nobody says when it fell is known to those only who know everything.
  expect(sightOf(shape, times, { since: null, asOf: null })).not.toBe(whole);
  expect(sightOf(shape, undefined, { since: null, asOf: at(30) })).not.toBe(
    sightOf(shape, undefined, { since: null, asOf: at(31) }),
  );
});

test('whatever window was looked through before, a query and a view give what the present one shows', async () => {
  const text = (time: number | null) => (time === null ? null : formatTime(time));
  const data = opened(
    await engine.open(
      [shape],
      [
        {
          kind: 'rows',
          table: 'trades',
          columns: shape.columns.map(({ name }) => name),
          rows: rows.map((row) => [
            String(row.id), row.symbol, text(row.ts), text(row.ingested), row.verdict, text(row.judged),
          ]), // biome-ignore format: one row
        },
      ],
      {
        limits,
        threads: 1,
        views: [
          {
            name: 'judged',
            key: ['id'],
            columns: [
              { name: 'id', sql: 'BIGINT' },
              { name: 'verdict', sql: 'VARCHAR' },
            ],
            query: { sql: 'SELECT id, verdict FROM trades', parameters: [] },
          },
        ],
      },
    ),
  );
  // Every third, so that neighbours differ in more than one thing.
  for (const window of [...windows, ...windows].filter((_, index) => index % 3 === 0)) {
    await data.cut(window);
    for (const table of ['trades', 'judged'])
      expect(await rowsOf(data, `SELECT id, verdict FROM ${table} ORDER BY id`), JSON.stringify(window)).toEqual(
        seenOf(window),
      );
  }
  await data.close();
});
