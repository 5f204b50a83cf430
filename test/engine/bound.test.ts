import { afterAll, describe, expect, test } from 'vitest';
import { limits, parameters, tables, testEngine } from './support.ts';

const engine = testEngine();
afterAll(() => engine.close());

async function bound(sql: string) {
  const result = await engine.bind(tables, { sql, parameters }, limits);
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}

test('columns have the declared types of parameters', async () => {
  const { columns } = await bound(
    'SELECT $x AS a, $window AS b, $min_notional AS c, $flag AS d, $kind AS e, qty + $x AS f FROM trades',
  );
  expect(columns.map((column) => `${column.name} ${column.sql} ${column.kind}`)).toEqual([
    'a DOUBLE number',
    'b BIGINT integer',
    'c DECIMAL(7,1) decimal',
    'd BOOLEAN boolean',
    'e VARCHAR text',
    'f DOUBLE number',
  ]);
});

test('kinds of columns', async () => {
  const sql =
    "SELECT sum(n) AS a, sum(price) AS b, max(ts) AS c, max(ts) - min(ts) AS d, max(ts)::DATE AS e, {'a': 1} AS f, [1] AS g, " +
    "NULL AS h, 1.5::FLOAT AS i, TIMESTAMPTZ '2026-01-01' AS j FROM trades";
  const { columns } = await bound(sql);
  expect(columns.map((column) => `${column.name} ${column.kind}`)).toEqual([
    'a integer',
    'b decimal',
    'c timestamp',
    'd interval',
    'e other',
    'f other',
    'g other',
    'h integer',
    'i number',
    'j timestamp',
  ]);
});

test('tables that are read, sorted, whatever the case of letters and however deep', async () => {
  expect((await bound('SELECT 1 AS a')).tables).toEqual([]);
  expect(
    (await bound('WITH o AS (SELECT * FROM ORDERS) SELECT t.qty FROM Trades t JOIN o USING (symbol)')).tables,
  ).toEqual(['orders', 'trades']);
  expect(
    (await bound('WITH trades AS (SELECT * FROM trades WHERE qty > 1) SELECT count(*) AS c FROM trades')).tables,
  ).toEqual(['trades']);
  expect((await bound('SELECT 1 AS a WHERE EXISTS (SELECT 1 FROM funding)')).tables).toEqual(['funding']);
});

test.each([
  'FROM trades',
  'TABLE trades',
  "VALUES (1, 'a')",
  "SELECT * FROM (VALUES (1, 'a')) v(x, y)",
  "PIVOT trades ON symbol IN ('BTC') USING sum(qty) GROUP BY maker",
  'UNPIVOT trades ON price, qty',
  '(SELECT 1 AS a) UNION ALL BY NAME (SELECT 2 AS b)',
  'SELECT [x FOR x IN [1, 2, 3] IF x > 1] AS l',
  'SELECT u.x FROM unnest([1, 2]) u(x), generate_series(1, 3) s(g), range(2)',
  'SELECT symbol.upper() AS a, $$text$$ AS b FROM trades;',
  'WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM r WHERE a < 5) SELECT sum(a) AS s FROM r',
  'WITH RECURSIVE r(a, b) USING KEY (a) AS (SELECT 1, 2 UNION SELECT a + 1, r.b FROM r JOIN recurring.r x USING (a) WHERE a < 3) SELECT * FROM r',
  'SELECT time_bucket(INTERVAL ($window) MINUTE, ts) AS b, sum(price * qty) AS s FROM trades GROUP BY ALL',
  "SELECT if(maker, 1, 0) AS a, greatest(1, 2), coalesce(n, 0), nullif(n, 0), symbol LIKE 'B%', symbol ~ 'B.*', md5(symbol), age(ts, ts) FROM trades",
  'SELECT count(*) FILTER (WHERE maker), bool_and(maker), stddev(qty), corr(qty, n), quantile_cont(qty, $x), median(qty), histogram(n) FROM trades',
  "SELECT json_extract_string('{\"a\":1}', '$.a') AS a, '{\"a\":1}'::JSON ->> 'a' AS b",
  "SELECT try_cast(symbol AS DOUBLE) AS a, ts AT TIME ZONE 'Europe/Berlin' AS b FROM trades",
  "SELECT len(list_sort(list(qty))) AS a, string_agg(symbol, ',' ORDER BY trade_id) AS b, any_value(qty ORDER BY ts) AS c FROM trades",
  'SELECT t.qty FROM trades t SEMI JOIN orders o USING (symbol)',
])('allowed without a warning: %s', async (sql) => {
  expect((await bound(sql)).warnings).toEqual([]);
});

describe('ties', () => {
  test.each([
    ['SELECT arg_max(price, ts) AS a FROM trades', 'arg_max'],
    ['SELECT symbol, arg_max(price, ts) AS a FROM trades GROUP BY symbol', 'arg_max'],
    ['SELECT qty FROM trades ORDER BY ts LIMIT 5', 'LIMIT'],
    ['SELECT symbol, sum(qty) AS q FROM trades GROUP BY symbol ORDER BY q DESC LIMIT 5', 'LIMIT'],
    [
      'SELECT (SELECT o.price FROM orders o WHERE o.symbol = t.symbol ORDER BY o.ts DESC LIMIT 1) AS p FROM trades t',
      'LIMIT',
    ],
    ['SELECT DISTINCT ON (symbol) symbol, qty FROM trades ORDER BY ts', 'DISTINCT ON'],
    ['SELECT row_number() OVER (ORDER BY ts) AS r FROM trades', 'row_number'],
    ['SELECT lag(price) OVER (PARTITION BY symbol ORDER BY ts) AS r FROM trades', 'lag'],
    ['SELECT sum(qty) OVER (ORDER BY ts ROWS 3 PRECEDING) AS r FROM trades', 'sum'],
    ['SELECT list(qty) OVER (ORDER BY ts) AS r FROM trades', 'list'],
    ['SELECT t.qty, o.price FROM trades t ASOF JOIN orders o ON t.symbol = o.symbol AND t.ts >= o.ts', 'ASOF JOIN'],
  ])('warned: %s', async (sql, name) => {
    const { warnings } = await bound(sql);
    expect(warnings.map((warning) => [warning.reason, warning.name, warning.offset !== undefined])).toEqual([
      ['ties', name, true],
    ]);
  });

  test.each([
    'SELECT arg_max(price, (ts, trade_id)) AS a FROM trades',
    'SELECT symbol, arg_max(rate, ts) AS a FROM funding GROUP BY symbol',
    'SELECT max_by(ts, ts) AS a FROM trades',
    'SELECT qty FROM trades ORDER BY ts, trade_id LIMIT 5',
    'SELECT trade_id AS id, qty FROM trades ORDER BY ts, id LIMIT 5',
    'SELECT qty FROM trades ORDER BY qty LIMIT 5',
    'SELECT * FROM trades ORDER BY ALL LIMIT 5',
    'SELECT count(*) AS c FROM trades LIMIT 1',
    'SELECT symbol FROM trades WHERE EXISTS (SELECT 1 FROM orders LIMIT 1)',
    'SELECT symbol, sum(qty) AS q FROM trades GROUP BY ALL ORDER BY 2, 1 LIMIT 5',
    'SELECT (SELECT f.rate FROM funding f WHERE f.symbol = t.symbol ORDER BY f.ts DESC LIMIT 1) AS p FROM trades t',
    'SELECT DISTINCT ON (symbol) symbol, qty FROM trades ORDER BY ts, trade_id',
    'SELECT rank() OVER (ORDER BY ts) AS r, dense_rank() OVER (ORDER BY ts) AS d FROM trades',
    'SELECT row_number() OVER (ORDER BY ts, trade_id) AS r FROM trades',
    'SELECT lag(rate) OVER (PARTITION BY symbol ORDER BY ts) AS r FROM funding',
    'SELECT sum(qty) OVER () AS r, sum(qty) OVER (ORDER BY ts) AS s FROM trades',
    'SELECT sum(qty) OVER (ORDER BY ts RANGE BETWEEN INTERVAL ($window) MINUTE PRECEDING AND CURRENT ROW) AS r FROM trades',
    'SELECT t.qty, f.rate FROM trades t ASOF JOIN funding f ON t.symbol = f.symbol AND t.ts >= f.ts',
  ])('not warned: %s', async (sql) => {
    expect((await bound(sql)).warnings).toEqual([]);
  });
});

test('a parameter whose value is none of its type is a problem at its place', async () => {
  const sql = 'SELECT $n AS n';
  const result = await engine.bind(tables, { sql, parameters: [{ name: 'n', type: 'integer', value: '1.5' }] }, limits);
  expect(result).toEqual({
    ok: false,
    problem: { reason: 'type', name: 'n', offset: 7, length: 2, detail: 'the value 1.5 is no integer' },
  });
});
