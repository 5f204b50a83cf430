import Big from 'big.js';
import { afterAll, describe, expect, test } from 'vitest';
import type { ResultColumn, TableData } from '../../src/model/ports.ts';
import { limits, openRows, parameters, problemOfRun, rowsOf, tables, testEngine, trades } from './support.ts';

const engine = testEngine();
afterAll(() => engine.close());

const all = ['trade_id', 'ts', 'symbol', 'price', 'qty', 'n', 'maker'];

test('every type arrives as the interface says', async () => {
  const data = await openRows(
    engine,
    trades(
      all,
      [
        't1',
        '2026-11-02 00:30:00.000001',
        'Ü😀',
        '123456789012345678901234567890.12345678',
        '0.1',
        '9007199254740993',
        'true',
      ],
      ['t2', '1969-12-31T23:59:59.999999Z', '', '-0.00000001', 'NaN', '-5', 'false'],
      ['t3', '1900-01-01', "it's", '0', '-inf', '0', null],
      ['t4', null, null, null, null, null, null],
    ),
  );
  const rows = await rowsOf(data, 'SELECT * FROM trades ORDER BY trade_id');
  expect(rows[0]).toEqual([
    't1',
    1793579400000001,
    'Ü😀',
    new Big('123456789012345678901234567890.12345678'),
    0.1,
    9007199254740993n,
    true,
  ]);
  expect(rows[1]).toEqual(['t2', -1, '', new Big('-1e-8'), Number.NaN, -5, false]);
  expect(rows[2]).toEqual(['t3', -2208988800000000, "it's", new Big(0), Number.NEGATIVE_INFINITY, 0, null]);
  expect(rows[3]).toEqual(['t4', null, null, null, null, null, null]);
  await data.close();
});

test('sums of DECIMAL are exact and HUGEINT is a number where it is safe', async () => {
  const data = await openRows(engine, trades(['trade_id', 'price', 'n'], ['a', '0.1', '1'], ['b', '0.2', '2']));
  expect(await rowsOf(data, 'SELECT sum(price) AS p, sum(n) AS n, count(*) AS c FROM trades')).toEqual([
    [new Big('0.3'), 3, 2],
  ]);
  expect(
    await rowsOf(
      data,
      'SELECT 170141183460469231731687303715884105727::HUGEINT AS h, 1.5::DECIMAL(2,1) AS d, 7::TINYINT AS t, 1.5::FLOAT AS f',
    ),
  ).toEqual([[170141183460469231731687303715884105727n, new Big('1.5'), 7, 1.5]]);
  await data.close();
});

test('all timestamps are microseconds', async () => {
  const data = await openRows(engine);
  const sql = `SELECT TIMESTAMPTZ '1970-01-01 02:00:00+02' AS a, TIMESTAMP_S '1970-01-01 00:00:01' AS b, TIMESTAMP_MS '1970-01-01 00:00:00.001' AS c,
    TIMESTAMP_NS '1969-12-31 23:59:59.999999999' AS d, 'infinity'::TIMESTAMP AS e, '-infinity'::TIMESTAMP AS f, TIMESTAMP '1970-01-01' AS g`;
  expect(await rowsOf(data, sql)).toEqual([
    [0, 1_000_000, 1000, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0],
  ]);
  await data.close();
});

test('parameters keep their digits', async () => {
  const data = await openRows(engine);
  const seen: unknown[] = [];
  const values = [
    { name: 'a', type: 'decimal', value: '12345678901234567890123456789.123456789' },
    { name: 'b', type: 'decimal', value: '1e3' },
    { name: 'c', type: 'integer', value: '9223372036854775807' },
    { name: 'd', type: 'number', value: '0.1' },
    { name: 'e', type: 'enum', value: 'it\'s "quoted"' },
    { name: 'f', type: 'boolean', value: 'false' },
  ] as const;
  const result = await data.run(
    { sql: 'SELECT $a AS a, $b AS b, $c AS c, $d AS d, $e AS e, $f AS f', parameters: values },
    limits,
    (batch) => {
      seen.push(...batch.columns.map((column) => column[0]));
    },
  );
  expect(result.ok).toBe(true);
  expect(seen).toEqual([
    new Big('12345678901234567890123456789.123456789'),
    new Big(1000),
    9223372036854775807n,
    0.1,
    'it\'s "quoted"',
    false,
  ]);
  await data.close();
});

test('many rows arrive in batches, numbers packed where none is NULL', async () => {
  const data = await openRows(engine);
  let count = 0;
  let sum = 0;
  let packed = true;
  let columns: readonly ResultColumn[] = [];
  const sql =
    "SELECT i::DOUBLE AS a, i AS b, CASE WHEN i > 99990 THEN NULL ELSE i END AS c, 'k' || i AS k FROM range(100000) t(i)";
  const result = await data.run({ sql, parameters }, limits, (batch) => {
    for (let row = 0; row < batch.length; row++)
      sum += Number(batch.columns[1]?.[row]) - Number(batch.columns[0]?.[row]);
    count += batch.length;
    packed &&= batch.columns[0] instanceof Float64Array && batch.columns[1] instanceof Float64Array;
    expect(batch.columns.map((column) => column.length)).toEqual(Array(4).fill(batch.length));
  });
  if (result.ok) columns = result.value;
  expect({ count, sum, packed }).toEqual({ count: 100_000, sum: 0, packed: true });
  expect(columns.map((column) => column.kind)).toEqual(['number', 'integer', 'integer', 'text']);
  const last = await rowsOf(data, 'SELECT CASE WHEN i = 4000 THEN NULL ELSE i END AS c FROM range(5000) t(i)');
  expect([last[0], last[3999], last[4000], last[4999]]).toEqual([[0], [3999], [null], [4999]]);
  await data.close();
});

test('a query without rows still has its columns', async () => {
  const data = await openRows(engine);
  const result = await data.run({ sql: 'SELECT trade_id, qty FROM trades', parameters }, limits, () => {
    throw new Error('no batch');
  });
  expect(result).toMatchObject({ ok: true, value: [{ name: 'trade_id' }, { name: 'qty' }] });
  await data.close();
});

test('the order in which rows are given does not matter to what is allowed', async () => {
  const rows = [
    ['a', '1', 'x'],
    ['b', '2', 'x'],
    ['c', '2', 'y'],
  ];
  const columns = ['trade_id', 'qty', 'symbol'];
  const sql =
    'SELECT symbol, sum(qty) AS s, arg_max(trade_id, (qty, trade_id)) AS m, list(qty ORDER BY trade_id)[1] AS f FROM trades GROUP BY symbol ORDER BY symbol';
  const forth = await openRows(engine, trades(columns, ...rows));
  const back = await openRows(engine, trades(columns, ...rows.toReversed()));
  expect(await rowsOf(forth, sql)).toEqual(await rowsOf(back, sql));
  await Promise.all([forth.close(), back.close()]);
});

test('data sets never see each other, however many are open and however calls interleave', async () => {
  const sets = await Promise.all(
    Array.from({ length: 12 }, (_, i) => openRows(engine, trades(['trade_id'], [`t${i}`]))),
  );
  const seen = await Promise.all(sets.map((data) => rowsOf(data, 'SELECT trade_id FROM trades')));
  expect(seen).toEqual(sets.map((_, i) => [[`t${i}`]]));
  await Promise.all(sets.slice(0, 11).map((data) => data.close()));
  expect(await rowsOf(sets[11] ?? (await openRows(engine)), 'SELECT trade_id FROM trades')).toEqual([['t11']]);
  const fresh = await openRows(engine);
  expect(await rowsOf(fresh, 'SELECT count(*) AS c FROM trades')).toEqual([[0]]);
  await Promise.all([fresh.close(), sets[11]?.close()]);
});

test('tables that were not declared are not there; a column that was left out is NULL', async () => {
  const only = await engine.open(tables.slice(0, 1), [trades(['trade_id'], ['t1'])], { limits, threads: 1 });
  if (!only.ok) throw new Error('not open');
  expect((await problemOfRun(only.value, 'SELECT * FROM orders'))?.reason).toBe('unknown_table');
  expect(await rowsOf(only.value, 'SELECT trade_id, qty FROM trades')).toEqual([['t1', null]]);
  await only.value.close();
});

test('rows of one table may come in parts', async () => {
  const data = await openRows(engine, trades(['trade_id'], ['a']), trades(['qty', 'trade_id'], ['2', 'b']));
  expect(await rowsOf(data, 'SELECT trade_id, qty FROM trades ORDER BY trade_id')).toEqual([
    ['a', null],
    ['b', 2],
  ]);
  await data.close();
});

describe('values that can not be read', () => {
  test.each([
    ['ts', 'hello', "row 2: 'hello' can not be read as a time (TIMESTAMP)"],
    ['ts', '2026-02-30', "row 2: '2026-02-30' can not be read as a time (TIMESTAMP)"],
    ['ts', '2026-02-01 24:00:00', "row 2: '2026-02-01 24:00:00' can not be read as a time (TIMESTAMP)"],
    ['price', 'abc', "row 2: 'abc' can not be read as a decimal (DECIMAL(38,8))"],
    [
      'price',
      '0.123456789',
      "row 2: '0.123456789' can not be read as a decimal (DECIMAL(38,8)) with at most 8 decimals",
    ],
    ['qty', '1,5', "row 2: '1,5' can not be read as a number (DOUBLE)"],
    ['qty', '', "row 2: '' can not be read as a number (DOUBLE)"],
    ['n', '1.5', "row 2: '1.5' can not be read as a whole number (BIGINT)"],
    ['n', '9223372036854775808', "row 2: '9223372036854775808' can not be read as a whole number (BIGINT)"],
    ['maker', 'maybe', "row 2: 'maybe' can not be read as true or false (BOOLEAN)"],
  ])('%s = %s', async (column, text, detail) => {
    const given: TableData = trades(['trade_id', column], ['a', null], ['b', text]);
    const result = await engine.open(tables, [given], { limits, threads: 1 });
    expect(result).toEqual({
      ok: false,
      problem: { reason: 'column_type', file: '', table: 'trades', column, detail },
    });
  });

  test('times with a zone become UTC', async () => {
    const data = await openRows(
      engine,
      trades(['trade_id', 'ts'], ['a', '1970-01-01T02:00:00+02:00'], ['b', '1969-12-31 19:30:00-0430']),
    );
    expect(await rowsOf(data, 'SELECT ts FROM trades')).toEqual([[0], [0]]);
    await data.close();
  });

  test('a value is never SQL', async () => {
    const text = "'); DROP TABLE trades; --";
    const data = await openRows(engine, trades(['trade_id'], [text]));
    expect(await rowsOf(data, 'SELECT trade_id FROM trades')).toEqual([[text]]);
    await data.close();
  });
});

describe('problems while running', () => {
  test.each([
    [
      'SELECT symbol::DOUBLE AS x FROM trades',
      'runtime',
      "'BTC' in column symbol can not be read as a number (DOUBLE)",
    ],
    [
      'SELECT n + 9223372036854775807 AS x FROM trades',
      'runtime',
      'a result is too large: overflow in addition of INT64',
    ],
    [
      'SELECT (SELECT i FROM range(2) t(i)) AS x FROM trades',
      'runtime',
      'a subquery used as a value gives more than one row',
    ],
    [
      'SELECT CAST(ts AS DATE) AS x FROM trades',
      'type',
      'the column is a date (DATE); return a number, text, true or false, a TIMESTAMP or an INTERVAL',
    ],
    [
      'SELECT [n] AS x FROM trades',
      'type',
      'the column is a list (BIGINT[]); return a number, text, true or false, a TIMESTAMP or an INTERVAL',
    ],
    [
      "SELECT DATE '2026-01-01' AS x",
      'type',
      'the column is a date (DATE); return a number, text, true or false, a TIMESTAMP or an INTERVAL',
    ],
    ['SELECT random() AS x', 'not_deterministic', 'it draws random numbers'],
    ['DROP TABLE trades', 'not_one_select', 'DROP is no SELECT'],
  ])('%s', async (sql, reason, detail) => {
    const data = await openRows(engine, trades(['trade_id', 'symbol', 'n', 'ts'], ['t', 'BTC', '1', '2026-01-01']));
    expect(await problemOfRun(data, sql)).toMatchObject({ reason, detail });
    expect(await rowsOf(data, 'SELECT trade_id FROM trades')).toEqual([['t']]);
    await data.close();
  });

  test('division by zero is infinite, and NULL for whole numbers, as DuckDB 1.5 says', async () => {
    const data = await openRows(engine);
    expect(await rowsOf(data, 'SELECT 1 / 0 AS a, 1 % 0 AS b')).toEqual([[Number.POSITIVE_INFINITY, null]]);
    await data.close();
  });
});

test('mistakes of the caller throw', async () => {
  const open = (...data: TableData[]) => engine.open(tables, data, { limits, threads: 1 });
  await expect(open({ kind: 'rows', table: 'nope', columns: [], rows: [] })).rejects.toThrow('no table nope');
  await expect(open(trades(['nope'], ['x']))).rejects.toThrow('has no column nope');
  await expect(open({ kind: 'files', table: 'trades', absolute: [] })).rejects.toThrow('has no file');
});
