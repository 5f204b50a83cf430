import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DataSet, SqlEngine, SqlProblem, TableData, ViewShape } from '../../src/model/ports.ts';
import { limits, opened, parameters, problemOfRun, rowsOf, tables, testEngine, trades } from './support.ts';

let engine: SqlEngine;
let folder: string;
beforeAll(() => {
  engine = testEngine({ loadBelowBytes: 200 });
  folder = mkdtempSync(join(tmpdir(), 'sop-views-'));
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

const some: TableData = trades(
  ['trade_id', 'symbol', 'price', 'n', 'maker'],
  ['t1', 'A', '1', '1', 'true'],
  ['t2', 'A', '2.5', '2', 'false'],
  ['t3', 'B', '3', '3', 'true'],
);

const view = (name: string, sql: string, columns: Record<string, string>, key: string[] = []): ViewShape => ({
  name,
  key,
  // The tests write types of ours only.
  columns: Object.entries(columns).map(([column, type]) => ({ name: column, sql: type as 'VARCHAR' })),
  query: { sql, parameters },
});

const sums = view(
  'sums',
  "SELECT symbol, sum(n) AS n, sum(price) AS price, 'x' AS extra FROM trades GROUP BY symbol -- the end",
  { price: 'DECIMAL(38,8)', symbol: 'VARCHAR', n: 'BIGINT' },
  ['symbol'],
);
const top = view('top', 'SELECT max(n) AS n FROM Sums;', { n: 'DOUBLE' });

async function open(views: readonly ViewShape[], ...data: TableData[]): Promise<DataSet> {
  return opened(await engine.open(tables, data.length === 0 ? [some] : data, { limits, threads: 1, views }));
}

/** What a query says when it fails, without its place. */
async function refusal(data: DataSet, sql: string, within = limits): Promise<Partial<SqlProblem> | undefined> {
  const problem = await problemOfRun(data, sql, within);
  return problem && { reason: problem.reason, ...(problem.view !== undefined && { view: problem.view }) };
}

describe('a view is a table of the declared columns', () => {
  test('in their order and types, without what is not declared', async () => {
    const data = await open([sums, top]);
    expect(await rowsOf(data, 'SELECT * EXCLUDE (price) FROM sums ORDER BY symbol')).toEqual([
      ['A', 3],
      ['B', 3],
    ]);
    expect(await rowsOf(data, 'SELECT DISTINCT typeof(n), typeof(price) FROM sums')).toEqual([
      ['BIGINT', 'DECIMAL(38,8)'],
    ]);
    expect((await problemOfRun(data, 'SELECT extra FROM sums'))?.reason).toBe('unknown_column');
    expect(await rowsOf(data, 'SELECT n FROM TOP')).toEqual([[3]]);
    expect(await rowsOf(data, 'SELECT DISTINCT typeof(n) FROM top')).toEqual([['DOUBLE']]);
  });

  test('parameters are its own', async () => {
    const own = { name: 'window', type: 'integer', value: '7' } as const;
    const shape = view('windows', 'SELECT $window AS w', { w: 'BIGINT' });
    const data = await open([{ ...shape, query: { ...shape.query, parameters: [own] } }]);
    expect(await rowsOf(data, 'SELECT w, $window AS query FROM windows')).toEqual([[7, 60]]);
  });

  test('computed once, however many queries read it', async () => {
    // A view over a file that is read anew each time would show the new text.
    const file = join(folder, 'grows.csv');
    const rows = Array.from({ length: 50 }, (_, at) => `t${at},A,${at}`).join('\n');
    writeFileSync(file, `trade_id,symbol,n\n${rows}\n`);
    const counts = view('counts', 'SELECT count(*) AS c FROM trades', { c: 'BIGINT' });
    const data = await open([counts], { kind: 'files', table: 'trades', absolute: [file] });
    expect(await rowsOf(data, 'SELECT c FROM counts')).toEqual([[50]]);
    writeFileSync(file, `trade_id,symbol,n\n${rows}\nt50,A,1\n`);
    expect(await rowsOf(data, 'SELECT count(*) AS c FROM trades')).toEqual([[51]]);
    expect(await rowsOf(data, 'SELECT c FROM counts')).toEqual([[50]]);
    // Another SOP cut it for itself in between.
    await data.cut({ since: null, asOf: 1 });
    await data.cut({ since: null, asOf: null });
    expect(await rowsOf(data, 'SELECT c FROM counts')).toEqual([[50]]);
    await data.cut({ since: null, asOf: 1 });
    expect(await rowsOf(data, 'SELECT c FROM counts')).toEqual([[51]]);
    await data.close();
  });

  test('anew after a cut, with the times of the query that reads it', async () => {
    const timed = tables.map((table) => (table.name === 'trades' ? { ...table, time: 'ts', known: ['ts'] } : table));
    const late = trades(['trade_id', 'ts'], ['t1', '2026-01-01 10:00:00'], ['t2', '2026-01-01 11:00:00']);
    const counts = view('counts', 'SELECT count(*) AS c, max(ts) < $as_of AS past FROM trades', {
      c: 'BIGINT',
      past: 'BOOLEAN',
    });
    const data = opened(await engine.open(timed, [late], { limits, threads: 1, views: [counts, { ...top, query: { sql: 'SELECT c AS n FROM counts', parameters: [] } }] })); // biome-ignore format: one call
    const at = async (time: string) => {
      await data.cut({ since: null, asOf: Date.parse(`${time}Z`) * 1000 });
      const asOf = { name: 'as_of', type: 'timestamp', value: `${time.replace('T', ' ')}.000000` } as const;
      const rows: unknown[] = [];
      const ran = await data.run({ sql: 'SELECT n, past FROM top, counts', parameters: [asOf] }, limits, (batch) => {
        for (let row = 0; row < batch.length; row++) rows.push(batch.columns.map((column) => column[row]));
      });
      return ran.ok ? rows : ran.problem;
    };
    expect(await at('2026-01-01T10:30:00')).toEqual([[1, true]]);
    expect(await at('2026-01-01T11:00:00')).toEqual([[2, false]]);
    expect(await at('2026-01-01T10:00:00')).toEqual([[1, false]]);
    await data.close();
  });

  test('not computed where nobody reads it', async () => {
    const data = await open([view('broken', "SELECT error('never') AS x", { x: 'VARCHAR' }), sums]);
    expect(await rowsOf(data, 'SELECT count(*) AS c FROM sums')).toEqual([[2]]);
  });

  test('data sets do not see each other', async () => {
    const one = await open([sums]);
    const other = await open([sums], trades(['trade_id', 'symbol', 'n'], ['t9', 'Z', '9']));
    expect(await rowsOf(one, 'SELECT max(symbol) AS s FROM sums')).toEqual([['B']]);
    expect(await rowsOf(other, 'SELECT max(symbol) AS s FROM sums')).toEqual([['Z']]);
  });
});

describe('what goes wrong is told of the view', () => {
  test('two rows for one key, by the first of them', async () => {
    const data = await open([view('keyed', 'SELECT symbol, n > 5 AS big FROM trades', { symbol: 'VARCHAR', big: 'BOOLEAN' }, ['symbol', 'big'])]); // biome-ignore format: one view
    expect(await problemOfRun(data, 'SELECT symbol FROM keyed')).toEqual({
      reason: 'two_rows',
      view: 'keyed',
      name: 'symbol = "A", big = false',
    });
  });

  test('a value that the declared type cannot hold', async () => {
    const data = await open([
      view('great', 'SELECT n * 9000000000000000000::HUGEINT AS n FROM trades', { n: 'BIGINT' }),
    ]);
    expect(await refusal(data, 'SELECT n FROM great')).toEqual({ reason: 'runtime', view: 'great' });
    expect(await refusal(data, 'SELECT n FROM great')).toEqual({ reason: 'runtime', view: 'great' });
    expect(await rowsOf(data, 'SELECT count(*) AS c FROM trades')).toEqual([[3]]);
  });

  test('at its place in the SQL of the view', async () => {
    const sql = 'SELECT\n  CAST(symbol AS BIGINT) AS n /* ü */ FROM trades';
    const data = await open([view('casts', sql, { n: 'BIGINT' })]);
    const problem = await problemOfRun(data, 'SELECT n FROM casts');
    expect(problem?.view).toBe('casts');
    expect(sql.slice(problem?.offset ?? 0).startsWith('CAST')).toBe(true);
  });

  test('more rows than the query that reads it may have', async () => {
    const data = await open([view('many', 'SELECT range AS i FROM range(11)', { i: 'BIGINT' })]);
    expect(await refusal(data, 'SELECT count(*) AS c FROM many', { ...limits, rows: 10 })).toEqual({
      reason: 'rows',
      view: 'many',
    });
  });

  test('a column or a table that the data lacks, through a view that reads a view', async () => {
    const file = join(folder, 'without-n.csv');
    writeFileSync(file, 'trade_id,symbol,price\nt1,A,1\n');
    const data = opened(
      await engine.open(tables.slice(0, 1), [{ kind: 'files', table: 'trades', absolute: [file] }], {
        limits,
        threads: 1,
        views: [sums, top, view('late', 'SELECT order_id FROM orders', { order_id: 'VARCHAR' })],
      }),
    );
    expect(await problemOfRun(data, 'SELECT n FROM top')).toMatchObject({
      reason: 'unknown_column',
      name: 'n',
      view: 'sums',
    });
    expect(await problemOfRun(data, 'SELECT order_id FROM late')).toMatchObject({
      reason: 'unknown_table',
      name: 'orders',
    });
    expect(await rowsOf(data, 'SELECT count(*) AS c FROM trades')).toEqual([[1]]);
  });

  test('SQL that must not be', async () => {
    const bad = ["SELECT * FROM 'x.csv'", 'SELECT now() AS t', 'DELETE FROM trades', "SELECT 1 AS a) AS q; DELETE FROM trades WHERE (1 = 1"]; // biome-ignore format: a list
    for (const sql of bad) {
      const data = await open([view('bad', sql, { t: 'VARCHAR' })]);
      expect((await problemOfRun(data, 'SELECT t FROM bad'))?.view).toBe('bad');
      expect(await rowsOf(data, 'SELECT count(*) AS c FROM trades')).toEqual([[3]]);
    }
  });

  test('views in a circle, and a view by the name of a table, are mistakes of the caller', async () => {
    const data = await open([
      view('one', 'SELECT n FROM two', { n: 'BIGINT' }),
      view('two', 'SELECT n FROM one', { n: 'BIGINT' }),
    ]);
    expect(await refusal(data, 'SELECT n FROM one')).toMatchObject({ reason: 'other' });
    await expect(open([view('trades', 'SELECT 1 AS n', { n: 'BIGINT' })])).rejects.toThrow('a table and a view');
  });
});

describe('recursion has bounds', () => {
  const endless = 'WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT a FROM r) SELECT count(*) AS a FROM r';
  const growing =
    'WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT a + b FROM r, (VALUES (1), (2)) v(b)) SELECT count(*) AS a FROM r';

  test('a view that never ends is killed at the deadline, and named', async () => {
    const data = await open([sums, view('endless', endless, { a: 'BIGINT' })]);
    expect(await rowsOf(data, 'SELECT count(*) AS c FROM sums')).toEqual([[2]]);
    const soon = { ...limits, milliseconds: 400, megabytes: 8000 };
    expect(await problemOfRun(data, 'SELECT a FROM endless', soon)).toEqual({
      reason: 'deadline',
      view: 'endless',
      detail: 'stopped after 400 ms',
    });
    await data.close();
  });

  test('one that grows without end is stopped at the memory bound, and named', async () => {
    const data = await open([view('growing', growing, { a: 'BIGINT' })]);
    expect(await refusal(data, 'SELECT a FROM growing')).toEqual({ reason: 'memory', view: 'growing' });
    await data.close();
  });

  test('the query itself is blamed once its views are there', async () => {
    const data = await open([sums]);
    const soon = { ...limits, milliseconds: 600, megabytes: 8000 };
    const sql = `${endless.replace('SELECT count(*) AS a FROM r', 'SELECT count(*) AS a FROM r, sums')}`;
    expect(await refusal(data, sql, soon)).toEqual({ reason: 'deadline' });
    await data.close();
  });

  test('USING KEY closes a graph, in a view and in a query', async () => {
    const edges: TableData = {
      kind: 'rows',
      table: 'orders',
      columns: ['order_id', 'symbol'],
      rows: Array.from({ length: 300 }, (_, at) => [`n${at}`, `n${at % 3 === 0 ? at : at - 1}`]),
    };
    const sql = `
      WITH RECURSIVE
        edge AS (SELECT order_id AS a, symbol AS b FROM orders UNION ALL SELECT symbol, order_id FROM orders),
        cluster(node, root) USING KEY (node) AS (
          SELECT a, min(b) FROM edge GROUP BY a
          UNION
          SELECT e.a, min(c.root) FROM cluster c JOIN edge e ON e.b = c.node
          JOIN recurring.cluster r ON r.node = e.a WHERE c.root < r.root GROUP BY e.a)
      SELECT node, root FROM cluster`;
    const clusters = view('clusters', sql, { node: 'VARCHAR', root: 'VARCHAR' }, ['node']);
    const data = await open([clusters], edges);
    const wanted = [[300, 100]];
    expect(await rowsOf(data, 'SELECT count(*) AS n, count(DISTINCT root) AS c FROM clusters')).toEqual(wanted);
    expect(await rowsOf(data, `SELECT count(*) AS n, count(DISTINCT root) AS c FROM (${sql})`)).toEqual(wanted);
  });
});
