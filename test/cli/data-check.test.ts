import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../support/folder.ts';
import { expectPlain, greenFiles, sop, today } from '../support/sop.ts';

const spot = '51175358,17.80180000,5.69000000,101.29224200,1583709433583,True,True\n';
const coin = '1,50000,10,1,1,1700000000000,false\n';

async function check(files: Readonly<Record<string, string | Buffer>>, ...args: string[]) {
  const folder = await makeFolder({ ...greenFiles(), ...files });
  const ran = await sop(folder, ['data', 'check', '--as-of', today, '--quiet', ...args]);
  expectPlain(ran);
  return { ...ran, folder };
}

test('a file without more is recognised by its content and name', async () => {
  const ran = await check({ 'BTCUSDT-trades-2020-03.csv': spot }, 'BTCUSDT-trades-2020-03.csv');
  expect(ran.stdout).toContain('read as binance-spot-trades');
  expect(ran.stdout).toContain('nothing wrong was found in 1 row in 1 file');
  expect(ran.status).toBe(0);
});

test('a log of FIX messages is looked at as trades and as orders', async () => {
  const fill =
    '8=FIX.4.4|35=8|34=2|52=20260102-15:04:06|55=BTC|54=1|17=a|37=o|150=F|39=2|31=5|32=1|60=20260102-15:04:05|';
  const ran = await check({ 'drop-copy.log': `${fill}\n` }, 'drop-copy.log');
  expect(ran.stdout).toContain('orders: 1 row');
  expect(ran.stdout).toContain('trades: 1 row');
});

test('the table is taken from the file name, or from the columns', async () => {
  const rows = 'symbol,ts,price,qty\nA,2026-01-01T00:00:00Z,1,2\n';
  expect((await check({ 'trades-2026.csv': rows }, 'trades-2026.csv')).stdout).toContain('trades: 1 row');
  const columns = 'trade_id,symbol,ts,price,qty,taker_side\n1,A,2026-01-01T00:00:00Z,1,2,buy\n';
  expect((await check({ 'export.csv': columns }, 'export.csv')).stdout).toContain('trades: 1 row');
  const unknown = await check({ 'export.csv': 'a,b\n1,2\n' }, 'export.csv');
  expect(unknown.stderr).toBe(
    'sop: which table is export.csv? Say it with `--table NAME=export.csv` (its columns: a, b)\n',
  );
  expect(unknown.status).toBe(2);
});

test('contracts need a size: from the command line or from the instruments', async () => {
  const name = 'BTCUSD_PERP-aggTrades-2023-11.csv';
  const files = { [name]: coin, 'instruments.csv': 'symbol,contract_size,inverse\nBTCUSD_PERP,100,true\n' };
  const refused = await check(files, '--format', 'json', name);
  expect(JSON.parse(refused.stdout).findings).toMatchObject([
    { code: 'no-contract-size', message: expect.stringContaining('--contract SYMBOL=SIZE') },
  ]);
  expect(refused.status).toBe(1);
  expect((await check(files, name, '--contract', 'BTCUSD_PERP=100,inverse')).status).toBe(0);
  const both = await check(files, '--table', `trades=${name}`, '--table', 'instruments=instruments.csv');
  expect(both.status).toBe(0);
});

test('instruments that give two sizes do not decide', async () => {
  const name = 'BTCUSD_PERP-aggTrades-2023-11.csv';
  const files = {
    [name]: coin,
    'instruments.csv': 'symbol,contract_size,inverse\nBTCUSD_PERP,100,true\nBTCUSD_PERP,10,true\n',
  };
  const ran = await check(files, '--table', `trades=${name}`, '--table', 'instruments=instruments.csv');
  expect(ran.stderr).toMatch(/two contract sizes, 100 and 10/);
  expect(ran.status).toBe(2);
});

test("a desk's own mapping, by --map and by name@mapping", async () => {
  const mapping =
    'mapping: ours\ntitle: Ours\ntable: trades\ncolumns:\n  symbol: s\n  ts: {column: t, unit: s}\n  price: p\n';
  const files = { 'sops/mappings/ours.yaml': mapping, 'x.csv': 's,t,p\nA,1700000000,5\n' };
  for (const args of [
    ['x.csv', '--map', 'ours'],
    ['--table', 'trades@ours=x.csv'],
  ]) {
    const ran = await check(files, ...args);
    expect(ran.stdout).toContain('2023-11-14T22:13:20Z to 2023-11-14T22:13:20Z');
    expect(ran.stdout).toContain('read as ours');
  }
  expect((await check(files, 'x.csv', '--map', 'our')).stderr).toBe(
    'sop: there is no mapping `our`; did you mean `ours`?\n',
  );
  expect((await check(files, '--table', 'trades@okx-candles=x.csv')).stderr).toMatch(
    /there is no mapping `okx-candles` into `trades`/,
  );
});

test('what cannot be read at all is wrong usage, in plain words', async () => {
  expect((await check({})).stderr).toMatch(/name the files/);
  expect((await check({ 'a.zip': Buffer.from('PK\u0003\u0004') }, 'a.zip')).stderr).toMatch(
    /a\.zip: it is a zip archive; unzip it/,
  );
  const klines = {
    'BTCUSDT-1m-2024-01.csv': '1601510340000,4.15,4.16,4.14,4.155,539.23,1601510399999,2240.39,13,401.82,1669.98,0\n',
  };
  const ran = await check(klines, 'BTCUSDT-1m-2024-01.csv');
  expect(ran.stderr).toMatch(/could be `binance-spot-klines` or `binance-usdm-klines`: say which/);
  expect(ran.status).toBe(2);
});

test('control characters of a hostile file do not reach the terminal', async () => {
  const ran = await check(
    { 'trades.csv': 'symbol,ts,price,taker_side\n"\u001b[31mA",2026-01-01,1,"\u001b]0;x\u0007"\n' },
    'trades.csv',
    '--verbose',
  );
  for (const control of ['\u001b', '\u0007']) expect(ran.stdout.includes(control)).toBe(false);
  expect(ran.status).toBe(1);
});

test('a back-test reads through mappings as well', async () => {
  const folder = await makeFolder({
    ...greenFiles(),
    'BTCUSD_PERP-aggTrades-2023-11.csv': coin,
    'labels.csv': 'ts,owner_id\n',
  });
  const ran = await sop(folder, [
    'backtest',
    'demo',
    '--table',
    'trades=BTCUSD_PERP-aggTrades-2023-11.csv',
    '--labels',
    join(folder, 'labels.csv'),
  ]);
  expect(ran.stderr).toMatch(/no contract size is known for BTCUSD_PERP/);
});
