/** One row of the clean data set. Texts are what stands in the CSV. */
export interface Row {
  trade_id: string;
  venue: string;
  symbol: string;
  ts: number;
  price: number;
  qty: number;
  notional: number;
  currency: string;
  taker_side: 'buy' | 'sell';
  ingested_ts: number;
}

/** Seeded (mulberry32): the same data at each run. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const start = Date.UTC(2026, 0, 5);
const hours = 36;

const instruments = [
  { symbol: 'BTC-USDT', venue: 'alpha', price: 95_000, size: 0.05, seconds: 24 },
  { symbol: 'ETH-USDT', venue: 'alpha', price: 3_300, size: 1.2, seconds: 32 },
  { symbol: 'SOL-USDT', venue: 'alpha', price: 190, size: 20, seconds: 32 },
  { symbol: 'BTC-USDC', venue: 'beta', price: 95_010, size: 0.04, seconds: 48 },
  { symbol: 'XRP-USDC', venue: 'beta', price: 2.3, size: 900, seconds: 60 },
] as const;

/** Trades of a day and a half at two venues: takers push the price, the desk knows each trade a moment later. In order of time. */
export function cleanRows(seed = 1): Row[] {
  const next = random(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const rows: Row[] = [];
  for (const instrument of instruments) {
    let middle: number = instrument.price;
    let id = 1000;
    for (let at = start; ; ) {
      at += Math.max(1, Math.round(-Math.log(1 - next()) * instrument.seconds * 1000));
      if (at >= start + hours * 3_600_000) break;
      const side = next() < 0.5 ? 'buy' : 'sell';
      middle *= 1 + normal() * 0.00003;
      const price = round(middle * (1 + (side === 'buy' ? 1 : -1) * 0.0001), 6);
      const qty = round(instrument.size * Math.exp(normal() * 0.9) + 1e-6, 6);
      rows.push({
        trade_id: String(id++),
        venue: instrument.venue,
        symbol: instrument.symbol,
        ts: at,
        price,
        qty,
        notional: round(price * qty, 8),
        currency: instrument.symbol.split('-')[1] ?? '',
        taker_side: side,
        ingested_ts: at + 20 + Math.floor(next() * 180),
      });
    }
  }
  return rows.sort((a, b) => a.ts - b.ts || (a.symbol < b.symbol ? -1 : 1));
}

export const columns = [
  'trade_id',
  'venue',
  'symbol',
  'ts',
  'price',
  'qty',
  'notional',
  'currency',
  'taker_side',
  'ingested_ts',
] as const;

/** How each column is written; a fault changes one of these or the rows. */
export type Writers = Partial<Record<(typeof columns)[number], (row: Row, at: number) => string>>;

const written: Required<Writers> = {
  trade_id: (row) => row.trade_id,
  venue: (row) => row.venue,
  symbol: (row) => row.symbol,
  ts: (row) => iso(row.ts),
  price: (row) => String(row.price),
  qty: (row) => String(row.qty),
  notional: (row) => String(row.notional),
  currency: (row) => row.currency,
  taker_side: (row) => row.taker_side,
  ingested_ts: (row) => iso(row.ingested_ts),
};

export function csvOf(rows: readonly Row[], changed: Writers = {}, separator = ','): string {
  const writers = { ...written, ...changed };
  const lines = rows.map((row, at) => columns.map((name) => writers[name](row, at)).join(separator));
  return `${columns.join(separator)}\n${lines.join('\n')}\n`;
}

export function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** The two files that the clean set is delivered in. */
export function halves(rows: readonly Row[]): readonly [Row[], Row[]] {
  const middle = start + (hours / 2) * 3_600_000;
  return [rows.filter((row) => row.ts < middle), rows.filter((row) => row.ts >= middle)];
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
