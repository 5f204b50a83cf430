import { afterAll, describe, expect, test } from 'vitest';
import { shippedMappings } from '../../src/model/shipped-mappings.ts';
import { read } from './readers-support.ts';
import { testEngine } from './support.ts';

const engine = testEngine();
afterAll(() => engine.close());

const inverse = [{ symbol: 'BTCUSD_PERP', size: 100, inverse: true }];

describe('Binance public data', () => {
  test('spot trades without a header: milliseconds before 2025, microseconds from then on', async () => {
    const rows = await read(
      engine,
      'trades',
      {
        'BTCUSDT-trades-2024-12.csv': '51175358,17.80180000,5.69000000,101.29224200,1583709433583,True,True\n',
        'BTCUSDT-trades-2025-01.csv': '51175359,17.9,1,17.9,1735689600123456,False,True\n',
      },
      ['trade_id', 'symbol', 'ts', 'price', 'qty', 'taker_side', 'notional', 'currency', 'venue'],
    );
    expect(rows).toEqual([
      ['51175358', 'BTCUSDT', '2020-03-08 23:17:13.583', '17.8018', '5.69', 'sell', '101.29224200', 'USDT', 'binance'],
      ['51175359', 'BTCUSDT', '2025-01-01 00:00:00.123456', '17.9', '1.0', 'buy', '17.90000000', 'USDT', 'binance'],
    ]);
  });

  test('USD-M trades with and without a header are told from spot by their columns', async () => {
    const row = '28457,4.5,12,54.0,1499865549590,true\n';
    for (const head of ['', 'id,price,qty,quote_qty,time,is_buyer_maker\n']) {
      const rows = await read(engine, 'trades', { 'ETHUSDT-trades-2024-01-02.csv': head + row }, [
        'venue',
        'symbol',
        'qty',
        'taker_side',
      ]);
      expect(rows).toEqual([['binance-usdm', 'ETHUSDT', '12.0', 'sell']]);
    }
  });

  test('COIN-M trades take the base units that the file holds', async () => {
    const rows = await read(
      engine,
      'trades',
      {
        'BTCUSD_PERP-trades-2024-01-02.csv':
          'id,price,qty,base_qty,time,is_buyer_maker\n28457,9635.0,1,0.01037883,1591250192508,true\n',
      },
      ['venue', 'symbol', 'qty', 'currency'],
    );
    expect(rows).toEqual([['binance-coinm', 'BTCUSD_PERP', '0.01037883', 'USD']]);
  });

  test('COIN-M aggregate trades are refused without a contract size, and become base units with it', async () => {
    const files = { 'BTCUSD_PERP-aggTrades-2024-01.csv': '1,50000,10,1,1,1700000000000,false\n' };
    expect(await read(engine, 'trades', files, ['qty'])).toMatch(
      /no contract size is known for BTCUSD_PERP.*--contract/,
    );
    expect(await read(engine, 'trades', files, ['qty', 'notional', 'taker_side'], { contracts: inverse })).toEqual([
      ['0.02', '1000.00000000', 'buy'],
    ]);
  });

  test('a contract that is stated as linear and is inverse is refused', async () => {
    const files = { 'BTCUSD_PERP-aggTrades-2024-01.csv': '1,50000,10,1,1,1700000000000,false\n' };
    const linear = [{ symbol: 'BTCUSD_PERP', size: 100, inverse: false }];
    expect(await read(engine, 'trades', files, ['qty'], { contracts: linear })).toMatch(/otherwise.*inverse/);
  });

  test('spot aggregate trades', async () => {
    const rows = await read(
      engine,
      'trades',
      { 'BTCUSDT-aggTrades-2025-02.csv': '7,0.2,50,0,0,1740000000000000,False,True\n' },
      ['trade_id', 'ts', 'notional'],
    );
    expect(rows).toEqual([['7', '2025-02-19 21:20:00', '10.00000000']]);
  });

  test('candles of spot and USD-M look alike: the file is refused until somebody says which', async () => {
    const files = {
      'BTCUSDT-1m-2024-01.csv': '1601510340000,4.15,4.16,4.14,4.155,539.23,1601510399999,2240.39,13,401.82,1669.98,0\n',
    };
    const columns = [
      'symbol',
      'interval',
      'ts',
      'open',
      'base_volume',
      'quote_volume',
      'trades',
      'ingested_ts',
      'venue',
    ];
    expect(await read(engine, 'candles', files, columns)).toMatch(/`binance-spot-klines` or `binance-usdm-klines`/);
    const mappings = shippedMappings().filter(({ name }) => name === 'binance-usdm-klines');
    expect(await read(engine, 'candles', files, columns, { mappings, stated: true })).toEqual([
      [
        'BTCUSDT',
        '1m',
        '2020-09-30 23:59:00',
        '4.15',
        '539.23',
        '2240.39000000',
        '13',
        '2020-09-30 23:59:59.999',
        'binance-usdm',
      ],
    ]);
  });

  test('COIN-M candles and liquidation orders', async () => {
    const candle = '1591258320000,9640.7,9642.4,9640.6,9642.0,206,1591258379999,2.13660389,48,119,1.23424865,0\n';
    expect(
      await read(engine, 'candles', { 'BTCUSD_PERP-1m-2020-06.csv': candle }, ['symbol', 'base_volume', 'venue']),
    ).toEqual([['BTCUSD_PERP', '2.13660389', 'binance-coinm']]);
    const liquidation =
      'time,side,order_type,time_in_force,original_quantity,price,average_price,order_status,last_fill_quantity,accumulated_fill_quantity\n1709598391022,SELL,LIMIT,IOC,5,67934.2,68000,FILLED,1,5\n';
    expect(
      await read(
        engine,
        'liquidations',
        { 'BTCUSD_PERP-liquidationSnapshot-2024-03-05.csv': liquidation },
        ['symbol', 'side', 'position_side', 'qty', 'notional'],
        { contracts: inverse },
      ),
    ).toEqual([['BTCUSD_PERP', 'sell', 'long', String(500 / 68000), '500.00000000']]);
  });

  test('a zip archive is refused with what to do', async () => {
    expect(
      await read(engine, 'trades', { 'BTCUSDT-trades-2024-12.zip': Buffer.from('PK\u0003\u0004x') }, ['qty']),
    ).toMatch(/zip archive; unzip it/);
  });

  test('a stated mapping whose file name says no symbol is refused', async () => {
    const mappings = shippedMappings().filter(({ name }) => name === 'binance-spot-trades');
    const files = { 'x.csv': '51175358,17.8,5.69,101.2,1583709433583,True,True\n' };
    expect(await read(engine, 'trades', files, ['qty'], { mappings, stated: true })).toMatch(/\{\}-trades-\*/);
  });
});

describe('OKX v5', () => {
  const envelope = (data: unknown) => JSON.stringify({ code: '0', msg: '', data });

  test('trades: spot sizes are base units, contracts are converted or refused', async () => {
    const spot = { instId: 'BTC-USDT', tradeId: '1', px: '29963.2', sz: '0.5', side: 'sell', ts: '1654161646974' };
    const swap = { ...spot, instId: 'BTC-USDT-SWAP', sz: '3' };
    const coin = { ...spot, instId: 'BTC-USD-SWAP', px: '50000', sz: '10', side: 'buy' };
    const columns = ['symbol', 'ts', 'price', 'qty', 'taker_side', 'notional', 'currency'];
    expect(await read(engine, 'trades', { 'a.json': envelope([spot]) }, columns)).toEqual([
      ['BTC-USDT', '2022-06-02 09:20:46.974', '29963.2', '0.5', 'sell', '14981.60000000', 'USDT'],
    ]);
    expect(await read(engine, 'trades', { 'a.json': envelope([spot, swap]) }, columns)).toMatch(/BTC-USDT-SWAP/);
    const contracts = [
      { symbol: 'BTC-USDT-SWAP', size: 0.01, inverse: false },
      { symbol: 'BTC-USD-SWAP', size: 100, inverse: true },
    ];
    const lines = `${envelope([swap])}\n${envelope([coin])}\n`;
    expect(await read(engine, 'trades', { 'a.jsonl': lines }, ['symbol', 'qty', 'notional'], { contracts })).toEqual([
      ['BTC-USD-SWAP', '0.02', '1000.00000000'],
      ['BTC-USDT-SWAP', '0.03', '898.89600000'],
    ]);
  });

  test('rows that were taken out of their envelope', async () => {
    const row = '{"instId":"BTC-USDT","tradeId":"1","px":"1","sz":"2","side":"buy","ts":"1654161646974"}\n';
    expect(await read(engine, 'trades', { 'a.jsonl': row }, ['symbol', 'qty'])).toEqual([['BTC-USDT', '2.0']]);
    expect(await read(engine, 'trades', { 'a.json': `[${row}]` }, ['symbol', 'qty'])).toEqual([['BTC-USDT', '2.0']]);
  });

  test('candles: only those that are complete', async () => {
    const data = [
      ['1597026383085', '3.721', '3.743', '3.677', '3.708', '8422410', '22698348.04', '12698348.04', '0'],
      ['1597026323085', '3.731', '3.799', '3.494', '3.72', '24912403', '67632347.24', '37632347.24', '1'],
    ];
    expect(
      await read(engine, 'candles', { 'BTC-USDT_1m_x.json': envelope(data) }, [
        'symbol',
        'interval',
        'close',
        'base_volume',
        'quote_volume',
      ]),
    ).toEqual([['BTC-USDT', '1m', '3.72', '24912403.0', '37632347.24000000']]);
  });

  test('positions and liquidation orders', async () => {
    const contracts = [{ symbol: 'BTC-USD-SWAP', size: 100, inverse: true }];
    const position = {
      instId: 'BTC-USD-SWAP',
      instType: 'SWAP',
      mgnMode: 'cross',
      posSide: 'net',
      pos: '-10',
      avgPx: '40000',
      liqPx: '',
      markPx: '50000',
      lever: '3',
      mmr: '0.1',
      mgnRatio: '2',
      adl: '1',
      notionalUsd: '1000',
      upl: '-1',
      ccy: 'BTC',
      uTime: '1654161646974',
    };
    expect(
      await read(
        engine,
        'positions',
        { 'p.json': envelope([position]) },
        ['symbol', 'side', 'qty', 'liq_px', 'notional_usd'],
        { contracts },
      ),
    ).toEqual([['BTC-USD-SWAP', 'short', '0.02', null, '1000.00000000']]);
    const liquidation = {
      instId: 'BTC-USD-SWAP',
      instType: 'SWAP',
      details: [{ side: 'buy', posSide: 'short', bkPx: '50000', sz: '10', bkLoss: '0', ccy: '', ts: '1692266434010' }],
    };
    expect(
      await read(
        engine,
        'liquidations',
        { 'l.json': envelope([liquidation]) },
        ['symbol', 'ts', 'side', 'position_side', 'qty', 'bankruptcy_px'],
        { contracts },
      ),
    ).toEqual([['BTC-USD-SWAP', '2023-08-17 10:00:34.01', 'buy', 'short', '0.02', '50000.0']]);
  });
});

describe('CCXT', () => {
  const trade = {
    info: {},
    id: '12345',
    timestamp: 1502962946216,
    datetime: '',
    symbol: 'ETH/BTC',
    order: 'o1',
    type: 'limit',
    side: 'buy',
    takerOrMaker: 'maker',
    price: 0.06,
    amount: 1.5,
    cost: 0.09,
    fee: { cost: 0.0015, currency: 'ETH' },
  };

  test('trades: what a maker sells was bought by the taker; fees follow the side', async () => {
    expect(
      await read(engine, 'trades', { 't.json': JSON.stringify([trade]) }, [
        'trade_id',
        'symbol',
        'ts',
        'qty',
        'taker_side',
        'buy_order_id',
        'buy_fee',
        'sell_fee',
        'notional',
        'currency',
      ]),
    ).toEqual([
      ['12345', 'ETH/BTC', '2017-08-17 09:42:26.216', '1.5', 'sell', 'o1', '0.00150000', null, '0.09000000', 'BTC'],
    ]);
  });

  test('amounts of derivatives are contracts; a contract settled in its base is inverse', async () => {
    const coin = { ...trade, symbol: 'BTC/USD:BTC', price: 50000, amount: 10, cost: 0.02 };
    expect(await read(engine, 'trades', { 't.json': JSON.stringify([coin]) }, ['qty'])).toMatch(
      /no contract size is known for BTC\/USD:BTC/,
    );
    const contracts = [{ symbol: 'BTC/USD:BTC', size: 100, inverse: true }];
    expect(
      await read(engine, 'trades', { 't.json': JSON.stringify([coin]) }, ['qty', 'notional', 'currency'], {
        contracts,
      }),
    ).toEqual([['0.02', '1000.00000000', 'USD']]);
  });

  test('orders, positions, candles, liquidations, transfers', async () => {
    const order = {
      id: '1',
      clientOrderId: 'c',
      timestamp: 1502962946216,
      lastTradeTimestamp: 1502962956216,
      status: 'closed',
      symbol: 'ETH/BTC',
      type: 'limit',
      timeInForce: 'GTC',
      side: 'sell',
      price: 0.06,
      amount: 1.1,
      filled: 1.1,
      remaining: 0,
    };
    expect(
      await read(engine, 'orders', { 'o.json': JSON.stringify([order]) }, [
        'order_id',
        'ts',
        'event',
        'side',
        'qty',
        'filled_qty',
      ]),
    ).toEqual([['1', '2017-08-17 09:42:36.216', 'fill', 'sell', '1.1', '1.1']]);
    const position = {
      symbol: 'BTC/USD:BTC',
      timestamp: 1502962946216,
      contracts: 10,
      contractSize: 100,
      side: 'long',
      entryPrice: 40000,
      markPrice: 50000,
      notional: 1000,
      leverage: 3,
      marginMode: 'cross',
    };
    expect(
      await read(engine, 'positions', { 'p.json': JSON.stringify([position]) }, ['symbol', 'side', 'qty']),
    ).toEqual([['BTC/USD:BTC', 'long', '0.02']]);
    expect(
      await read(
        engine,
        'candles',
        { 'BTC-USDT_1h_x.json': '[[1504541580000, 4235.4, 4240.6, 4230.0, 4230.7, 37.72]]' },
        ['symbol', 'interval', 'ts', 'close'],
      ),
    ).toEqual([['BTC-USDT', '1h', '2017-09-04 16:13:00', '4230.7']]);
    const liquidation = {
      symbol: 'BTC/USDT:USDT',
      timestamp: 1502962946216,
      price: 50000,
      contracts: 10,
      contractSize: 0.01,
      baseValue: null,
      quoteValue: null,
      side: 'sell',
    };
    expect(
      await read(engine, 'liquidations', { 'l.json': JSON.stringify([liquidation]) }, ['symbol', 'qty', 'notional']),
    ).toEqual([['BTC/USDT:USDT', '0.1', '5000.00000000']]);
    const transfer = {
      id: 'x',
      timestamp: 1502962946216,
      currency: 'USDT',
      amount: 5,
      fromAccount: 'spot',
      toAccount: 'swap',
      status: 'ok',
    };
    expect(
      await read(engine, 'transfers', { 't.json': JSON.stringify([transfer]) }, [
        'transfer_id',
        'from_account',
        'asset',
        'amount',
        'kind',
      ]),
    ).toEqual([['x', 'spot', 'USDT', '5.00000000', 'internal']]);
  });
});

describe('FIX execution reports', () => {
  const report = (fields: Record<string, string>, separator: string) =>
    `8=FIX.4.4${separator}9=100${separator}35=8${separator}${Object.entries({
      34: '1',
      49: 'V',
      52: '20260102-15:04:06.000',
      55: 'BTC-USD',
      54: '1',
      1: 'acc',
      37: 'ord',
      60: '20260102-15:04:05.123',
      ...fields,
    })
      .map(([tag, value]) => `${tag}=${value}`)
      .join(separator)}${separator}10=000${separator}`;
  const columns = ['trade_id', 'ts', 'price', 'qty', 'buy_account_id', 'sell_account_id', 'taker_side', 'seq'];

  for (const [name, separator] of [
    ['SOH', '\u0001'],
    ['|', '|'],
    ['^A', '^A'],
  ] as const) {
    test(`fields between ${name}; busts take away, corrections replace, also one another`, async () => {
      const fill = (id: string, more: Record<string, string> = {}) =>
        report({ 17: id, 150: 'F', 39: '1', 31: '100', 32: '2', 851: '2', ...more }, separator);
      const log = [
        `2026-01-02 15:04:06 IN ${fill('a')}`,
        fill('b', { 54: '2', 1: 'other', 851: '1' }),
        fill('c'),
        report(
          { 17: 'd', 19: 'b', 150: 'G', 31: '101', 32: '3', 54: '2', 1: 'other', 60: '20260102-16:00:00.000', 34: '9' },
          separator,
        ),
        report({ 17: 'e', 19: 'c', 150: 'H', 31: '100', 32: '2' }, separator),
        report({ 17: 'f', 19: 'd', 150: 'G', 31: '102', 32: '3', 54: '2', 1: 'other', 34: '10' }, separator),
        report({ 17: 'n', 150: '0', 39: '0' }, separator),
        'a line of the program that wrote the log',
      ];
      const rows = await read(engine, 'trades', { 'log.fix': `${log.join('\n')}\n` }, columns);
      expect(rows).toEqual([
        ['a', '2026-01-02 15:04:05.123', '100.0', '2.0', 'acc', null, 'buy', '1'],
        ['f', '2026-01-02 15:04:05.123', '102.0', '3.0', null, 'other', null, '10'],
      ]);
    });
  }

  test('orders', async () => {
    const log = [
      report({ 150: '0', 39: '0', 38: '5', 44: '100', 40: '2', 59: '1', 14: '0', 151: '5' }, '|'),
      report({ 150: 'F', 39: '1', 38: '5', 44: '100', 40: '2', 59: '1', 14: '2', 151: '3', 17: 'x', 34: '2' }, '|'),
      report({ 150: 'F', 39: '2', 38: '5', 14: '5', 151: '0', 17: 'y', 34: '3' }, '|'),
      report({ 150: '4', 39: '4', 58: 'user', 34: '4' }, '|'),
    ];
    expect(
      await read(engine, 'orders', { 'log.txt': log.join('\n') }, [
        'seq',
        'event',
        'type',
        'tif',
        'filled_qty',
        'trade_id',
        'cancel_reason',
      ]),
    ).toEqual([
      ['1', 'new', 'limit', 'gtc', '0.0', null, null],
      ['2', 'partial', 'limit', 'gtc', '2.0', 'x', null],
      ['3', 'fill', null, null, '5.0', 'y', null],
      ['4', 'cancel', null, null, null, null, 'user'],
    ]);
  });

  test('a log without FIX', async () => {
    expect(await read(engine, 'trades', { 'log.log': 'started\n' }, columns)).toMatch(/no FIX messages/);
  });
});
