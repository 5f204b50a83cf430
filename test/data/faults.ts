import { csvOf, halves, iso, type Row, random, round, type Writers } from './generate.ts';

/** A fault in the clean data set: the files that it makes, and the finding that must name it. */
export interface Fault {
  readonly name: string;
  readonly code: string;
  /** What the message must say. */
  readonly says: RegExp;
  readonly files: (rows: readonly Row[]) => Readonly<Record<string, string>>;
  /** A mapping that reads the files, where a desk would need one. */
  readonly mapping?: string;
}

const change = (rows: readonly Row[], which: (row: Row) => boolean, to: (row: Row) => Partial<Row>): Row[] =>
  rows.map((row) => (which(row) ? { ...row, ...to(row) } : row));

const two = (rows: readonly Row[], second: Writers = {}, first: Writers = {}) => {
  const [a, b] = halves(rows);
  return { 'trades-1.csv': csvOf(a, first), 'trades-2.csv': csvOf(b, second) };
};

const mappingOf = (unit: string) => `mapping: our-trades
title: Our trades, with times as numbers
table: trades
columns:
  trade_id: trade_id
  venue: venue
  symbol: symbol
  ts: {column: ts, unit: ${unit}}
  price: price
  qty: qty
  notional: notional
  currency: currency
  taker_side: taker_side
  ingested_ts: ingested_ts
`;

const numbers = (factor: number): Writers => ({ ts: (row) => String(Math.round(row.ts * factor)) });
const hour = 3_600_000;
const at = (rows: readonly Row[], hours: number) => (rows[0]?.ts ?? 0) + hours * hour;

export const faults: readonly Fault[] = [
  {
    name: 'milliseconds read as microseconds',
    code: 'time-unit',
    says: /milliseconds that were read as microseconds/,
    files: (rows) => two(rows, numbers(1), numbers(1)),
    mapping: mappingOf('us'),
  },
  {
    name: 'microseconds read as milliseconds',
    code: 'time-unit',
    says: /microseconds that were read as milliseconds/,
    files: (rows) => two(rows, numbers(1000), numbers(1000)),
    mapping: mappingOf('ms'),
  },
  {
    name: 'a file given twice',
    code: 'duplicate-file',
    says: /trades-2\.csv/,
    files: (rows) => ({ ...two(rows), 'trades-3.csv': csvOf([...halves(rows)[1]]) }),
  },
  {
    name: 'rows of one hour given twice',
    code: 'duplicate-rows',
    says: /repeat another row's venue, symbol, trade_id/,
    files: (rows) => {
      const [a, b] = halves(rows);
      const again = a.filter((row) => row.ts >= at(rows, 17));
      return { 'trades-1.csv': csvOf(a), 'trades-2.csv': csvOf([...again, ...b]) };
    },
  },
  {
    name: 'a missing hour',
    code: 'gap',
    says: /no rows of any symbol of alpha from 2026-01-05T0[45].* \((1 h|60(\.\d)? min|6\d(\.\d)? min)\)/,
    files: (rows) => two(rows.filter((row) => row.ts < at(rows, 5) || row.ts >= at(rows, 6))),
  },
  {
    name: 'lost rows',
    code: 'missing-ids',
    says: /of the trades \d+ to \d+ of ETH-USDT at alpha are missing/,
    files: (rows) => {
      const next = random(7);
      return two(rows.filter((row) => row.symbol !== 'ETH-USDT' || next() >= 0.02));
    },
  },
  {
    name: 'swapped sides in one file',
    code: 'swapped-sides',
    says: /sides of BTC-USDT look swapped/,
    files: (rows) => two(rows, { taker_side: (row) => (row.taker_side === 'buy' ? 'sell' : 'buy') }),
  },
  {
    name: 'an inverse contract read as base units',
    code: 'inverse-contracts',
    says: /`qty` of BTC-USDT looks like inverse contracts of 100 each/,
    files: (rows) =>
      two(
        change(
          rows,
          (row) => row.symbol === 'BTC-USDT',
          (row) => {
            const contracts = Math.max(1, Math.round((row.qty * row.price) / 100));
            return { qty: contracts, notional: contracts * 100 };
          },
        ),
      ),
  },
  {
    name: 'linear contracts read as base units',
    code: 'contracts-as-base',
    says: /`qty` of ETH-USDT looks like contracts of 0\.01 base units/,
    files: (rows) =>
      two(
        change(
          rows,
          (row) => row.symbol === 'ETH-USDT',
          (row) => {
            const contracts = Math.max(1, Math.round(row.qty / 0.01));
            return { qty: contracts, notional: round(contracts * 0.01 * row.price, 8) };
          },
        ),
      ),
  },
  {
    name: 'a renamed symbol',
    code: 'renamed-symbol',
    says: /`SOL-USDT` ends where `SOLANA-USDT` begins/,
    files: (rows) =>
      two(
        change(
          rows,
          (row) => row.symbol === 'SOL-USDT' && row.ts >= at(rows, 20),
          () => ({ symbol: 'SOLANA-USDT' }),
        ),
      ),
  },
  {
    name: 'a symbol in two spellings',
    code: 'renamed-symbol',
    says: /`SOL-USDT` and `SOLUSDT` look like two spellings/,
    files: (rows) => two(rows, { symbol: (row) => (row.symbol === 'SOL-USDT' ? 'SOLUSDT' : row.symbol) }),
  },
  {
    name: 'prices off by a power of ten',
    code: 'price-scale',
    says: /of ETH-USDT have a price about 100 times that of the trades around them/,
    files: (rows) =>
      two(
        change(
          rows,
          (row) => row.symbol === 'ETH-USDT' && row.trade_id.endsWith('77'),
          (row) => ({ price: round(row.price * 100, 6), notional: round(row.price * 100 * row.qty, 8) }),
        ),
      ),
  },
  {
    name: 'sizes in millionths from the second file on',
    code: 'qty-scale',
    says: /the typical `qty` of XRP-USDC is about 1000000 times/,
    files: (rows) =>
      two(rows, {
        qty: (row) => (row.symbol === 'XRP-USDC' ? String(Math.round(row.qty * 1e6)) : String(row.qty)),
        notional: (row) => (row.symbol === 'XRP-USDC' ? String(round(row.notional * 1e6, 8)) : String(row.notional)),
      }),
  },
  {
    name: 'prices and sizes below zero',
    code: 'not-positive',
    says: /have a `qty` of zero or less/,
    files: (rows) =>
      two(
        change(
          rows,
          (row) => row.trade_id.endsWith('500'),
          (row) => ({ qty: -row.qty, notional: -row.notional }),
        ),
      ),
  },
  {
    name: 'a decimal comma',
    code: 'decimal-comma',
    says: /decimal comma/,
    files: (rows) => {
      const comma = (value: number) => String(value).replace('.', ',');
      const [a, b] = halves(rows);
      const writers: Writers = {
        price: (row) => comma(row.price),
        qty: (row) => comma(row.qty),
        notional: (row) => comma(row.notional),
      };
      return { 'trades-1.csv': csvOf(a), 'trades-2.csv': csvOf(b, writers, ';') };
    },
  },
  {
    name: 'rows without a symbol',
    code: 'empty-key',
    says: /`symbol` is empty in/,
    files: (rows) => two(rows, { symbol: (row) => (row.trade_id.endsWith('3') ? '' : row.symbol) }),
  },
  {
    name: 'a column that is filled with a default',
    code: 'constant-column',
    says: /`qty` is 1\.0 in all of/,
    files: (rows) =>
      two(
        change(
          rows,
          () => true,
          (row) => ({ qty: 1, notional: row.price }),
        ),
      ),
  },
  {
    name: 'values that are not price × size',
    code: 'notional-mismatch',
    says: /`notional` differs from price × size by more than 5 % in/,
    files: (rows) =>
      two(
        change(
          rows,
          (row) => row.symbol === 'BTC-USDC' && row.trade_id.endsWith('11'),
          (row) => ({ notional: round(row.notional * 3, 8) }),
        ),
      ),
  },
  {
    name: 'a clock that is 90 seconds ahead',
    code: 'clock-ahead',
    says: /of beta happened after the desk knew them, by up to 90 s/,
    files: (rows) =>
      two(
        change(
          rows,
          (row) => row.venue === 'beta',
          (row) => ({ ts: row.ts + 90_000 }),
        ).sort((a, b) => a.ts - b.ts),
      ),
  },
  {
    name: 'rows that came hours late',
    code: 'late-rows',
    says: /of alpha came late: up to 3 h after the event/,
    files: (rows) =>
      two(
        change(
          rows,
          (row) => row.venue === 'alpha' && row.trade_id.endsWith('42'),
          (row) => ({ ingested_ts: row.ts + 3 * hour }),
        ),
      ),
  },
  {
    name: 'rows out of order',
    code: 'out-of-order',
    says: /not in order of time: the file steps back once, by up to 18 h/,
    files: (rows) => {
      const [a, b] = halves(rows);
      const late = b.filter((_, index) => index % 50 === 0);
      return {
        'trades-1.csv': csvOf(a),
        'trades-2.csv': csvOf([...b.filter((_, index) => index % 50 !== 0), ...late]),
      };
    },
  },
  {
    name: 'a file that is cut off',
    code: 'truncated-file',
    says: /the file is cut off/,
    files: (rows) => {
      const files = two(rows);
      const text = files['trades-2.csv'];
      return { ...files, 'trades-2.csv': text.slice(0, text.lastIndexOf(',', text.length - 60)) };
    },
  },
  {
    name: 'times with different zones in one file',
    code: 'mixed-zones',
    says: /different zones: \+08:00, UTC/,
    files: (rows) =>
      two(rows, {
        ts: (row, index) => (index % 2 === 0 ? iso(row.ts) : iso(row.ts + 8 * hour).replace('Z', '+08:00')),
      }),
  },
  {
    name: 'local times read as UTC',
    code: 'time-zone',
    says: /8 h ahead of when the desk knew them.*UTC\+8/,
    files: (rows) => two(rows, { ts: (row) => iso(row.ts + 8 * hour) }),
  },
  {
    name: 'words of another vocabulary',
    code: 'unknown-value',
    says: /word in `taker_side` that the table does not have: `BID`/,
    files: (rows) => two(rows, { taker_side: (row) => (row.taker_side === 'buy' ? 'BID' : 'sell') }),
  },
];
