import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import Big from 'big.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DataSet, SqlEngine } from '../../src/model/ports.ts';
import { limits, opened, problemOfRun, rowsOf, tables, testEngine } from './support.ts';

/** Small files are loaded; with a bound of 0 every file is read by a view at each query. Both must say the same. */
const loading = testEngine();
const viewing = testEngine({ loadBelowBytes: 0 });
const ways: [string, SqlEngine][] = [
  ['loaded', loading],
  ['read at each query', viewing],
];
const folder = mkdtempSync(join(tmpdir(), 'engine-files-'));

afterAll(async () => {
  await Promise.all([loading.close(), viewing.close()]);
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function parquet(name: string, sql: string): Promise<string> {
  const path = join(folder, name);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run(`COPY (${sql}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return path;
}

function open(engine: SqlEngine, ...absolute: string[]) {
  return engine.open(tables, [{ kind: 'files', table: 'trades', absolute }], { limits, threads: 1 });
}

async function openOk(engine: SqlEngine, ...absolute: string[]): Promise<DataSet> {
  return opened(await open(engine, ...absolute));
}

async function problem(engine: SqlEngine, ...absolute: string[]) {
  const result = await open(engine, ...absolute);
  if (result.ok) throw new Error('it opened');
  return result.problem;
}

describe.each(ways)('%s', (_, engine) => {
  test('CSV: names in any case, columns missing and unknown, times with zones, empty is NULL', async () => {
    const path = file(
      'a.csv',
      'Trade_ID,TS,price,note,n\nt1,2026-11-02T00:30:00Z,123456789012345678901234.12345678,x,9007199254740993\n' +
        't2,2026-11-02 02:30:00.000001+02:00,0.1,"a, ""quoted""\nline",\n',
    );
    const data = await openOk(engine, path);
    expect(data.files).toEqual([
      { table: 'trades', present: ['trade_id', 'ts', 'price', 'n'], ignored: ['note'], mappings: [null] },
    ]);
    expect(await rowsOf(data, 'SELECT trade_id, ts, price, n FROM trades ORDER BY trade_id')).toEqual([
      ['t1', 1793579400000000, new Big('123456789012345678901234.12345678'), 9007199254740993n],
      ['t2', 1793579400000001, new Big('0.1'), null],
    ]);
    expect(await problemOfRun(data, 'SELECT qty FROM trades')).toMatchObject({
      reason: 'unknown_column',
      name: 'qty',
      offset: 7,
    });
    await data.close();
  });

  test.each([
    ['semicolons', 'b.csv', 'trade_id;qty\nt1;1.5\n'],
    ['tabs', 'b.tsv', 'trade_id\tqty\nt1\t1.5\n'],
    ['Windows line ends and a byte order mark', 'c.csv', '\ufefftrade_id,qty\r\nt1,1.5\r\n'],
    ['gzip', 'd.csv.gz', gzipSync('trade_id,qty\nt1,1.5\n')],
    ['NDJSON', 'e.ndjson', '{"trade_id":"t1","qty":1.5,"x":{"y":1}}\n'],
    ['JSON lines, a key that comes late', 'f.jsonl', `${'{"trade_id":"t0"}\n'.repeat(3)}{"trade_id":"t1","qty":1.5}\n`],
    ['a JSON list', 'g.json', '[{"trade_id":"t1","qty":"1.5"}]'],
    ['JSON and gzip', 'h.json.gz', gzipSync('[{"trade_id":"t1","qty":1.5}]')],
    ['one column', 'i.csv', 'trade_id\nt1\n'],
  ])('%s', async (_name, name, content) => {
    const data = await openOk(engine, file(name, content));
    const has = data.files[0]?.present.includes('qty') === true;
    const sql = `SELECT trade_id${has ? ', qty' : ''} FROM trades WHERE trade_id = 't1'`;
    expect(await rowsOf(data, sql)).toEqual([has ? ['t1', 1.5] : ['t1']]);
    await data.close();
  });

  test('paths with quotes, spaces and marks that match other files', async () => {
    const odd = join(folder, "it's a [x] dir");
    mkdirSync(odd, { recursive: true });
    writeFileSync(join(odd, "q'1.csv"), 'trade_id\nquote\n');
    writeFileSync(join(odd, 'a*.csv'), 'trade_id\nstar\n');
    writeFileSync(join(odd, 'ab.csv'), 'trade_id\nother\n');
    writeFileSync(join(odd, '[b].csv'), 'trade_id\nbracket\n');
    writeFileSync(join(odd, 'b.csv'), 'trade_id\nother\n');
    const sql = 'SELECT trade_id FROM trades';
    for (const [name, id] of [
      ["q'1.csv", 'quote'],
      ['a*.csv', 'star'],
      ['[b].csv', 'bracket'],
    ] as const) {
      const data = await openOk(engine, join(odd, name));
      expect(await rowsOf(data, sql)).toEqual([[id]]);
      await data.close();
    }
    const plain = join(folder, "it's plain.csv");
    writeFileSync(plain, 'trade_id\nplain\n');
    const data = await openOk(engine, plain);
    expect(await rowsOf(data, sql)).toEqual([['plain']]);
    await data.close();
  });

  test('Parquet: types are cast, zones become UTC', async () => {
    const path = await parquet(
      `p-${_}.parquet`,
      "SELECT 't1' AS trade_id, TIMESTAMPTZ '2026-11-02 02:30:00+02' AS ts, 1.25::DOUBLE AS price, 7::INTEGER AS n, 3::UTINYINT AS qty, true AS maker",
    );
    const data = await openOk(engine, path);
    expect(await rowsOf(data, 'SELECT trade_id, ts, price, n, qty, maker FROM trades')).toEqual([
      ['t1', 1793579400000000, new Big('1.25'), 7, 3, true],
    ]);
    await data.close();
  });

  test('several files of several kinds are one table, by name', async () => {
    const csv = file('m1.csv', 'qty,trade_id\n1,a\n');
    const json = file('m2.jsonl', '{"trade_id":"b","n":2}\n');
    const data = await openOk(
      engine,
      csv,
      json,
      await parquet('m3.parquet', "SELECT 'c' AS trade_id, 3.0::DOUBLE AS qty"),
    );
    expect(data.files[0]?.present).toEqual(['trade_id', 'qty', 'n']);
    expect(await rowsOf(data, 'SELECT trade_id, qty, n FROM trades ORDER BY trade_id')).toEqual([
      ['a', 1, null],
      ['b', null, 2],
      ['c', 3, null],
    ]);
    await data.close();
  });

  test('a file and rows side by side; SQL reaches no file by itself', async () => {
    const path = file('side.csv', 'trade_id\nt1\n');
    const secret = file('secret.csv', 'a\n1\n');
    const data = opened(
      await engine.open(
        tables,
        [
          { kind: 'files', table: 'trades', absolute: [path] },
          { kind: 'rows', table: 'orders', columns: ['order_id'], rows: [['o1']] },
        ],
        { limits, threads: 2 },
      ),
    );
    expect(await rowsOf(data, 'SELECT trade_id, order_id FROM trades, orders')).toEqual([['t1', 'o1']]);
    for (const name of [path, secret]) {
      expect((await problemOfRun(data, `SELECT * FROM '${name}'`))?.reason).toBe('forbidden_source');
      expect((await problemOfRun(data, `SELECT * FROM read_csv('${name}')`))?.reason).toBe('forbidden_function');
    }
    await data.close();
  });

  test('what a file can not be', async () => {
    const say = async (name: string, content: string | Buffer) => {
      const path = file(name, content);
      const { detail, ...rest } = await problem(engine, path);
      expect(rest).toMatchObject({ file: path, table: 'trades' });
      return `${rest.reason}: ${detail}`;
    };
    expect(await say('text.parquet', 'trade_id,qty\n1,2\n')).toBe(
      'unreadable: its name says Parquet, but it looks like text',
    );
    expect(await say('lfs.parquet', 'version https://git-lfs.github.com/spec/v1\noid sha256:1\n')).toBe(
      'unreadable: its name says Parquet, but it looks like a Git LFS pointer (run git lfs pull)',
    );
    expect(await say('cut.parquet', Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(100)]))).toBe(
      'unreadable: it is a damaged or cut-off Parquet file',
    );
    expect(await say('parquet.csv', Buffer.from('PAR1xxxx'))).toBe(
      'unreadable: its name says CSV, but it looks like Parquet',
    );
    expect(await say('gzip.csv', gzipSync('a\n1'))).toBe(
      'unreadable: it is packed with gzip, but its name does not end in .gz',
    );
    expect(await say('plain.csv.gz', 'trade_id\n1\n')).toBe('unreadable: its name says gzip, but it looks like text');
    expect(await say('csv.json', 'trade_id\n1\n')).toBe('unreadable: its name says JSON, but it looks like text');
    expect(await say('cut.json', '[{"trade_id": "a"},')).toBe('unreadable: it is cut off: the list has no end');
    expect(await say('broken.json', '[{"trade_id": "a" "b"}]')).toBe('unreadable: it is no valid JSON');
    expect(await say('numbers.json', '[1, 2]')).toBe('unreadable: it is no list of objects');
    expect(await say('blank.csv', '\n\n')).toBe('unreadable: it has no header line');
    expect(await say('empty.csv', '')).toBe('unreadable: the file is empty');
    expect(await say('strange.xlsx', 'x')).toContain('unreadable: the name must end in .csv');
    expect(await say('other.csv', 'a,b\n1,2\n')).toBe('no_columns: the file has a, b');
    expect(await problem(engine, join(folder, 'nowhere.csv'))).toMatchObject({
      reason: 'unreadable',
      detail: 'there is no such file',
    });
    expect(await problem(engine, await parquet('list.parquet', "SELECT 'a' AS trade_id, [1.5] AS qty"))).toMatchObject({
      reason: 'column_type',
      column: 'qty',
      detail: 'the file holds a list (DECIMAL(2,1)[]), the table a number (DOUBLE)',
    });
  });
});

const unreadable: [string, string, string][] = [
  ['price', 'abc', "'abc' can not be read as a decimal (DECIMAL(38,8))"],
  ['ts', '1762041600000', "'1762041600000' can not be read as a time (TIMESTAMP)"],
  ['n', '1.5', "'1.5' can not be read as a whole number (BIGINT)"],
  ['maker', 'maybe', "'maybe' can not be read as true or false (BOOLEAN)"],
];

describe('a value that can not be read as its type', () => {
  test.each(unreadable)('is found on loading: %s = %s', async (column, text, detail) => {
    const good = file('good.csv', 'trade_id\nx\n');
    const path = file(`bad-${column}.csv`, `trade_id,${column}\na,\nb,${text}\n`);
    expect(await problem(loading, good, path)).toEqual({
      reason: 'column_type',
      file: path,
      table: 'trades',
      column,
      detail,
    });
  });

  test.each(unreadable)('is found when a view reaches it: %s = %s', async (column, text, detail) => {
    const data = await openOk(viewing, file(`bad-${column}.csv`, `trade_id,${column}\na,\nb,${text}\n`));
    expect(await rowsOf(data, 'SELECT trade_id FROM trades')).toEqual([['a'], ['b']]);
    expect(await problemOfRun(data, `SELECT ${column} FROM trades`)).toEqual({
      reason: 'runtime',
      name: `trades.${column}`,
      detail: `in the data file, ${detail}`,
    });
    await data.close();
  });

  test('a DOUBLE in Parquet is no BIGINT unless it is whole', async () => {
    const whole = await openOk(loading, await parquet('whole.parquet', "SELECT 'a' AS trade_id, 2.0::DOUBLE AS n"));
    expect(await rowsOf(whole, 'SELECT n FROM trades')).toEqual([[2]]);
    await whole.close();
    expect(
      await problem(loading, await parquet('half.parquet', "SELECT 'a' AS trade_id, 1.5::DOUBLE AS n")),
    ).toMatchObject({ column: 'n', reason: 'column_type' });
  });

  test('a line with too few or too many values', async () => {
    const path = file('ragged.csv', 'trade_id,qty\na,1\nb,2,3\n');
    expect(await problem(loading, path)).toMatchObject({
      reason: 'unreadable',
      detail: 'line 3: 3 values where the header has 2 columns',
    });
  });
});

describe('isolation', () => {
  let one: DataSet;
  let two: DataSet;
  beforeAll(async () => {
    one = await openOk(viewing, file('one.csv', 'trade_id\none\n'));
    two = await openOk(viewing, file('two.csv', 'trade_id\ntwo\n'));
  });

  test('each data set sees its own file', async () => {
    const sql = 'SELECT trade_id FROM trades';
    expect(await Promise.all([rowsOf(one, sql), rowsOf(two, sql)])).toEqual([[['one']], [['two']]]);
    await one.close();
    expect(await rowsOf(two, sql)).toEqual([['two']]);
    await two.close();
  });
});
