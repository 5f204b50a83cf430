import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { buildMapping } from '../../src/model/build/mapping.ts';
import type { Mapping } from '../../src/model/mapping.ts';
import { canonicalTables } from '../../src/model/market-tables.ts';
import { shippedMappings } from '../../src/model/shipped-mappings.ts';
import { parseYaml } from '../../src/syntax/parse-yaml.ts';
import { makeFolder } from '../support/folder.ts';
import { read, readPaths } from './readers-support.ts';
import { testEngine } from './support.ts';

const engine = testEngine();
afterAll(() => engine.close());

function mapping(yaml: string): Mapping {
  const [built, problems] = buildMapping(
    'sops/mappings/m.yaml',
    parseYaml('sops/mappings/m.yaml', yaml)[0],
    canonicalTables(),
  );
  if (built === null) throw new Error(JSON.stringify(problems.map(({ code, args }) => [code, args])));
  return built;
}

const head = (table: string) => `mapping: m\ntitle: A test\ntable: ${table}\n`;
const trades = (columns: string, more = '') =>
  mapping(
    `${head('trades')}${more}columns:\n  symbol: {value: S}\n  ts: {unknown: a test}\n${columns.replace(/^/gm, '  ')}\n`,
  );
const as = (one: Mapping, more = {}) => ({ mappings: [one], stated: true, ...more });

describe('mappings that are shipped', () => {
  const folder = fileURLToPath(new URL('../../mappings', import.meta.url));
  for (const name of readdirSync(folder).sort()) {
    test(name, () => {
      const path = `mappings/${name}`;
      const [node] = parseYaml(path, readFileSync(join(folder, name), 'utf8'));
      const [, problems] = buildMapping(path.replace('.json', '.yaml'), node, canonicalTables());
      expect(problems.map(({ code, args }) => [code, args])).toEqual([]);
    });
  }

  test('each file is one of them', () => {
    expect(
      shippedMappings()
        .map(({ name }) => `${name}.json`)
        .sort(),
    ).toEqual(readdirSync(folder).sort());
  });
});

describe('what a mapping can say', () => {
  test('constants, arithmetic, first of several, parts and joins', async () => {
    const one = trades(
      `price: {quotient: [cents, {value: 100}]}\nqty: {difference: [a, b]}\nnotional: {sum: [a, b, {value: 1}]}\nvenue: {part: place, separator: '/', at: 2}\ntrade_id: {join: [place, a], separator: '#'}\nbuy_account_id: {first: [x, y]}\ncurrency: {ending: pair, list: [USDT, BTC]}`,
    );
    const csv = 'cents,a,b,place,x,y,pair\n12345,3,1,eu/alpha,,who,ETHBTC\n';
    expect(
      await read(
        engine,
        'trades',
        { 'x.csv': csv },
        ['price', 'qty', 'notional', 'venue', 'trade_id', 'buy_account_id', 'currency'],
        as(one),
      ),
    ).toEqual([['123.45', '2.0', '5.00000000', 'alpha', 'eu/alpha#3', 'who', 'BTC']]);
  });

  test('units of times', async () => {
    const files = { 'x.csv': 't\n1700000000\n' };
    const ts = async (unit: string, value: string) => {
      const one = mapping(`${head('trades')}columns:\n  symbol: {value: S}\n  ts: {column: t, unit: ${unit}}\n`);
      return read(engine, 'trades', { 'x.csv': `t\n${value}\n` }, ['ts'], as(one));
    };
    expect(files).toBeDefined();
    expect(await ts('s', '1700000000.5')).toEqual([['2023-11-14 22:13:20.5']]);
    expect(await ts('ms', '1700000000123')).toEqual([['2023-11-14 22:13:20.123']]);
    expect(await ts('us', '1700000000123456')).toEqual([['2023-11-14 22:13:20.123456']]);
    expect(await ts('ns', '1700000000123456789')).toEqual([['2023-11-14 22:13:20.123456']]);
    expect(await ts('fix', '20231114-22:13:20.123')).toEqual([['2023-11-14 22:13:20.123']]);
    expect(await ts('iso, zone: "+08:00"', '2023-11-15 06:13:20')).toEqual([['2023-11-14 22:13:20']]);
    expect(await ts('iso, zone: "+08:00"', '2023-11-15T06:13:20Z')).toEqual([['2023-11-15 06:13:20']]);
    for (const value of ['1700000000', '1700000000000', '1700000000000000'])
      expect(await ts('[s, ms, us]', value)).toEqual([['2023-11-14 22:13:20']]);
    expect(await ts('[ms, us]', '1700000000')).toMatch(/'1700000000' can not be read as a time/);
    expect(await ts('ms', 'yesterday')).toMatch(/'yesterday' can not be read as a time/);
  });

  test('values that are not listed are refused, kept or left empty', async () => {
    const files = { 'x.csv': 's\nB\nS\nQ\n' };
    const one = (other: string) => trades(`taker_side: {column: s, values: {b: buy, s: sell}${other}}`);
    expect(await read(engine, 'trades', files, ['taker_side'], as(one('')))).toMatch(
      /the mapping lists no such value: Q/,
    );
    expect(await read(engine, 'trades', files, ['taker_side'], as(one(', other: keep')))).toEqual([
      ['Q'],
      ['buy'],
      ['sell'],
    ]);
    expect(await read(engine, 'trades', files, ['taker_side'], as(one(', other: empty')))).toEqual([
      ['buy'],
      ['sell'],
      [null],
    ]);
  });

  test('conditions', async () => {
    const files = { 'x.csv': 'id,kind,a,b\n1,fill,x,x\n2,cancel,x,y\n3,,y,y\n' };
    const ids = async (where: string) =>
      read(engine, 'trades', files, ['trade_id'], as(trades('trade_id: id', `where: [${where}]\n`)));
    expect(await ids('{column: kind, in: fill}')).toEqual([['1']]);
    expect(await ids('{column: kind, not_in: [fill]}')).toEqual([['2'], ['3']]);
    expect(await ids("{column: kind, matches: 'f*'}")).toEqual([['1']]);
    expect(await ids("{column: kind, not_matches: 'f_ll'}")).toEqual([['1'], ['2'], ['3']]);
    expect(await ids('{column: kind, present: false}')).toEqual([['3']]);
    expect(await ids('{column: a, same_as: b}')).toEqual([['1'], ['3']]);
  });

  test('a column that the file does not have is named', async () => {
    expect(await read(engine, 'trades', { 'x.csv': 'a,b\n1,2\n' }, ['price'], as(trades('price: px')))).toMatch(
      /reads the column `px`; it has a, b/,
    );
  });

  test('files of several formats are one table', async () => {
    const own = 'symbol,ts,price\nA-B,2026-01-01T00:00:00Z,5\n';
    const okx = JSON.stringify({
      data: [{ instId: 'BTC-USDT', tradeId: '1', px: '1', sz: '2', side: 'buy', ts: '1767225600000' }],
    });
    expect(
      await read(
        engine,
        'trades',
        { 'own.csv': own, 'okx.json': okx, 'BTCUSDT-trades-2024-12.csv': '5,17.8,5.6,101.2,1583709433583,True,True\n' },
        ['symbol', 'price', 'venue'],
      ),
    ).toEqual([
      ['A-B', '5.0', null],
      ['BTC-USDT', '1.0', 'okx'],
      ['BTCUSDT', '17.8', 'binance'],
    ]);
  });

  test('large files are read by views, with the same result', async () => {
    const streaming = testEngine({ loadBelowBytes: 1 });
    const files = { 'BTCUSD_PERP-aggTrades-2024-01.csv': '1,50000,10,1,1,1700000000000,false\n' };
    const contracts = [{ symbol: 'BTCUSD_PERP', size: 100, inverse: true }];
    expect(await read(streaming, 'trades', files, ['symbol', 'qty'], { contracts })).toEqual([['BTCUSD_PERP', '0.02']]);
    await expect(read(streaming, 'trades', files, ['qty'])).rejects.toThrow(/no contract size is known/);
    await streaming.close();
  });
});

const sybil = resolve(process.env['SOPWRIGHT_DATA'] ?? '../shared/data', 'sybil');
describe.skipIf(!existsSync(sybil))(`a desk's own files (skipped where ${sybil} is absent)`, () => {
  test('transfers and accounts of an airdrop', async () => {
    const transfers = mapping(
      `${head('transfers')}columns:\n  ts: {unknown: the set has no times}\n  chain: chain\n  from_address: from_address\n  address: to_address\n  from_account: from_address\n  to_account: to_address\n  kind: {value: internal}\n  asset: {column: kind, values: {erc20TokenTransfers: token}, other: keep}\n`,
    );
    const accounts = mapping(`${head('accounts')}columns:\n  account_id: address\n`);
    const edges = await readPaths(
      engine,
      'transfers',
      [`${sybil}/hop_edges.parquet`],
      ['from_account', 'to_account', 'chain'],
      as(transfers),
    );
    expect(edges).toHaveLength(103_422);
    const addresses = await readPaths(engine, 'accounts', [`${sybil}/hop_addresses.csv`], ['account_id'], as(accounts));
    expect(addresses).toHaveLength(43_052);
  });
});

/** `null` where the mapping is refused as a file. */
function built(columns: string, more = ''): Mapping | null {
  const yaml = `${head('trades')}${more}columns:\n  symbol: {value: S}\n  ts: {unknown: a test}\n${columns}`;
  const path = 'sops/mappings/m.yaml';
  return buildMapping(path, parseYaml(path, yaml)[0], canonicalTables())[0];
}

async function readIf(one: Mapping | null, given: Readonly<Record<string, string>>): Promise<unknown> {
  return one === null ? null : read(engine, 'trades', given, ['trade_id'], as(one));
}

describe('a hostile mapping reaches nothing but its columns', () => {
  const files = { 'x.csv': `a,b\n1,"it's"\n` };
  const texts = [
    `x'; DROP TABLE t; --`,
    `' || (SELECT content FROM read_text('/etc/passwd')) || '`,
    `"); SELECT 1; --`,
    `getenv('HOME')`,
    `\\' OR 1=1 --`,
    '$$',
    '\u0000',
  ];
  for (const text of texts) {
    test(JSON.stringify(text), async () => {
      const quoted = JSON.stringify(text);
      const end = JSON.stringify(text.slice(0, 5));
      const texts = [
        `{value: ${quoted}}`,
        `{column: b, values: {"it's": ${quoted}}}`,
        `{join: [b, b], separator: ${end}}`,
        `{part: b, separator: ${end}, at: 1}`,
        `{ending: b, list: [${quoted}]}`,
        `{column: b, only_if: {column: a, in: [${quoted}]}}`,
        `{column: b, only_if: {column: a, matches: ${quoted}}}`,
      ];
      for (const made of texts) {
        const mapped = built(`  trade_id: ${made}\n`);
        if (mapped === null) continue;
        const result = await read(engine, 'trades', files, ['trade_id'], as(mapped));
        expect(JSON.stringify(result)).not.toContain('root:');
        expect(result).toHaveLength(1);
      }
    });

    test(`${JSON.stringify(text)} as a column`, async () => {
      const column = `  trade_id: ${JSON.stringify(text)}\n`;
      const of = (format: string) => built(column, format === '' ? '' : `source: {format: ${format}}\n`);
      const said = await readIf(of(''), files);
      expect(said === null || String(said).includes('reads the column')).toBe(true);
      for (const [format, file] of [
        ['json', { 'x.json': '[{"a":1}]' }],
        ['fix', { 'x.fix': '8=FIX.4.4|35=8|17=a|\n' }],
      ] as const)
        expect([null, '[[null]]']).toContain(
          JSON.stringify(await readIf(of(format), file)).replace(/^null$/, '[[null]]'),
        );
    });
  }

  test('sizes and symbols of contracts are quoted too', async () => {
    const contracts = [{ symbol: `x'); DROP TABLE t; --`, size: 2, inverse: false }];
    expect(
      await read(engine, 'trades', { 'x.csv': 'a,b\n1,2\n' }, ['symbol'], as(trades('price: a'), { contracts })),
    ).toEqual([['S']]);
  });
});

describe('database files', () => {
  async function database(): Promise<string> {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const folder = await makeFolder();
    const path = join(folder, "de'sk.duckdb");
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    for (const sql of [
      `CREATE TABLE fills AS SELECT 'A' AS symbol, TIMESTAMP '2026-01-01' AS ts, 5.0::DOUBLE AS price`,
      `CREATE TABLE trades AS SELECT 'B' AS symbol, TIMESTAMP '2026-01-02' AS ts, 6.0::DOUBLE AS price`,
      `CREATE TABLE secret AS SELECT 'hidden' AS word`,
      `CREATE VIEW peek AS SELECT content AS symbol FROM read_text('/etc/hostname')`,
    ])
      await connection.run(sql);
    connection.closeSync();
    instance.closeSync();
    return path;
  }

  for (const [how, loadBelowBytes] of [
    ['loaded', 2 ** 30],
    ['streamed', 1],
  ] as const) {
    test(`a table of the same name, or one that is named (${how})`, async () => {
      const own = testEngine({ loadBelowBytes });
      const path = await database();
      expect(await readPaths(own, 'trades', [path], ['symbol', 'price'])).toEqual([['B', '6.0']]);
      expect(await readPaths(own, 'trades', [path], ['symbol', 'price'], { inside: 'fills' })).toEqual([['A', '5.0']]);
      expect(await readPaths(own, 'trades', [path], ['symbol'], { inside: 'main.fills' })).toEqual([['A']]);
      expect(await readPaths(own, 'trades', [path], ['symbol'], { inside: 'orders' })).toMatch(
        /no table `orders`; it has fills, secret, trades/,
      );
      await own.close();
    });

    test(`SQL of a SOP sees nothing else of it (${how})`, async () => {
      const own = testEngine({ loadBelowBytes });
      const path = await database();
      const shape = canonicalTables().filter(({ name }) => name === 'trades');
      const opened = await own.open(shape, [{ kind: 'files', table: 'trades', absolute: [path] }], {
        limits: { milliseconds: 20_000, megabytes: 1500, rows: 1000 },
        threads: 1,
      });
      if (!opened.ok) throw new Error(JSON.stringify(opened.problem));
      for (const from of [
        'secret',
        'sop_database_1.main.secret',
        'sop_database_1.secret',
        'main.secret',
        '"sop_database_1"."main"."fills"',
        'duckdb_tables()',
        `'${path}'`,
        'information_schema.tables',
      ]) {
        const result = await opened.value.run(
          { sql: `SELECT count(*) AS n FROM ${from}`, parameters: [] },
          { milliseconds: 5000, megabytes: 1500, rows: 10 },
          () => undefined,
        );
        expect(result.ok, from).toBe(false);
      }
      await opened.value.close();
      await own.close();
    });
  }

  test('views in it are not read: they could name files', async () => {
    expect(await readPaths(engine, 'trades', [await database()], ['symbol'], { inside: 'peek' })).toMatch(
      /no table `peek`/,
    );
  });
});
