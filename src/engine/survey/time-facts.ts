import type { DayFacts, Jump, SideFacts, Silence } from '../../model/survey.ts';
import { quoteName } from '../quote.ts';
import { ask } from './ask.ts';
import type { Surveyed } from './surveyed.ts';

/** Tables that a market fills all day long: a silence in them means that rows are missing. Others are filled by rare events. */
const steady = ['trades', 'orders', 'quotes', 'depth', 'prices', 'candles'];

/** Shares of a day that are looked at for neighbours, so that their sorting fits into memory. */
const sortedRows = 700_000;

function symbolSql(all: Surveyed): string {
  return all.has('symbol') ? `coalesce(symbol, '')` : `''`;
}

function venueSql(all: Surveyed): string {
  return all.has('venue') ? `coalesce(venue, '')` : `''`;
}

export async function days(all: Surveyed): Promise<DayFacts[]> {
  const { time } = all.shape;
  if (!all.has('symbol') || time === undefined) return [];
  const ts = all.has(time) ? quoteName(time) : 'CAST(NULL AS TIMESTAMP)';
  const price = all.has('price') ? 'price' : all.has('close') ? 'close' : 'CAST(NULL AS DOUBLE)';
  const qty = all.has('qty') ? 'qty' : 'CAST(NULL AS DOUBLE)';
  const found = await ask(
    all.connection,
    `SELECT ${venueSql(all)} AS v, ${symbolSql(all)} AS s, "sop file" AS f, coalesce(date_diff('day', TIMESTAMP '1970-01-01', ${ts}), 0) AS d, count(*) AS n,
       epoch_us(min(${ts})) AS lo, epoch_us(max(${ts})) AS hi, approx_quantile(${price}, 0.5) AS p, approx_quantile(${qty}, 0.5) AS q,
       arg_min(${price}, ${ts}) AS p1, arg_max(${price}, ${ts}) AS p2
     FROM ${all.rows} GROUP BY ALL ORDER BY v, s, d, f LIMIT 1000000`,
  );
  return found.map((row) => ({
    venue: row.text('v'),
    symbol: row.text('s'),
    file: row.number('f'),
    day: row.number('d'),
    rows: row.number('n'),
    from: row.maybe('lo'),
    to: row.maybe('hi'),
    price: row.maybe('p'),
    qty: row.maybe('q'),
    firstPrice: row.maybe('p1'),
    lastPrice: row.maybe('p2'),
  }));
}

/**
 * Times without rows, by venue and symbol: longer than 5 minutes, and than 20 times what 99 of 100 silences between its busy
 * minutes stay below. Rows are gathered by minute first: a few million groups at most, whatever the number of rows.
 */
export async function silences(all: Surveyed): Promise<Silence[]> {
  const { time } = all.shape;
  if (!steady.includes(all.shape.name) || time === undefined || !all.has(time) || !all.has('symbol')) return [];
  const ts = quoteName(time);
  const [range] = await ask(all.connection, `SELECT epoch(max(${ts})) - epoch(min(${ts})) AS span FROM ${all.rows}`);
  const minutes = Math.max(1, Math.ceil((range?.number('span') ?? 0) / 60 / 50_000));
  const found = await ask(
    all.connection,
    `WITH b AS (SELECT ${venueSql(all)} AS v, symbol AS s, time_bucket(INTERVAL ${minutes} MINUTE, ${ts}) AS m, min(${ts}) AS lo, max(${ts}) AS hi FROM ${all.rows} WHERE ${ts} IS NOT NULL AND symbol IS NOT NULL GROUP BY ALL),
     g AS (SELECT v, s, hi AS a, lead(lo) OVER (PARTITION BY v, s ORDER BY m) AS b FROM b),
     l AS (SELECT v, s, a, b, date_diff('microsecond', a, b) / 1e6 AS sec FROM g WHERE b IS NOT NULL),
     u AS (SELECT v, s, quantile_cont(sec, 0.99) AS usual FROM l GROUP BY v, s HAVING count(*) >= 50)
     SELECT l.v AS v, l.s AS s, epoch_us(a) AS a, epoch_us(b) AS b, sec, usual FROM l JOIN u ON u.v = l.v AND u.s = l.s
     WHERE sec > greatest(300, 20 * usual) ORDER BY v, s, a LIMIT 10000`,
  );
  return found.map((row) => ({
    venue: row.text('v'),
    symbol: row.text('s'),
    from: row.number('a'),
    to: row.number('b'),
    seconds: row.number('sec'),
    usual: row.number('usual'),
  }));
}

/**
 * Trades beside their neighbours of the same symbol and hour: prices that are ten, a hundred … times theirs, and how often a
 * price moved the way its taker pushed it. Of very many trades only some hours are looked at, always the same ones.
 */
export async function jumpsAndSides(
  all: Surveyed,
): Promise<{ readonly jumps: readonly Jump[]; readonly sides: readonly SideFacts[] }> {
  const { time } = all.shape;
  if (all.shape.name !== 'trades' || time === undefined || !['symbol', 'price', time].every(all.has))
    return { jumps: [], sides: [] };
  const ts = quoteName(time);
  const every = Math.max(1, Math.ceil(all.count / sortedRows));
  const id = all.has('trade_id') ? ', length(trade_id), trade_id' : '';
  const side = all.has('taker_side') ? 'taker_side' : 'CAST(NULL AS VARCHAR)';
  const hour = `date_diff('hour', TIMESTAMP '1970-01-01', ${ts})`;
  const sample = `SELECT "sop file" AS f, symbol AS s, ${ts} AS t, price AS p, ${side} AS side, ${hour} AS h${id === '' ? '' : ', trade_id'} FROM ${all.rows} WHERE price > 0 AND symbol IS NOT NULL AND ${ts} IS NOT NULL AND ${hour} % ${every} = 0`;
  const order = `ORDER BY t${id}, p`;
  const jumps = await ask(
    all.connection,
    `WITH n AS (SELECT s, t, p, median(p) OVER (PARTITION BY s, h ${order} ROWS BETWEEN 10 PRECEDING AND 10 FOLLOWING) AS m FROM (${sample})),
     r AS (SELECT s, t, p, log10(p / m) AS e FROM n)
     SELECT s, CAST(round(e) AS INTEGER) AS power, count(*) AS n, min(CAST(t AS VARCHAR) || ' at ' || CAST(p AS VARCHAR)) AS example FROM r
     WHERE abs(e) >= 0.9 AND abs(e - round(e)) < 0.1 GROUP BY s, power ORDER BY s, power LIMIT 1000`,
  );
  const sides = await ask(
    all.connection,
    `WITH n AS (SELECT f, s, p, side, lag(p) OVER (PARTITION BY s, h ${order}) AS q FROM (${sample}) WHERE side IN ('buy', 'sell'))
     SELECT f, s, count(*) AS n, count(*) FILTER ((p > q) = (side = 'buy')) AS yes FROM n WHERE p <> q GROUP BY f, s ORDER BY s, f`,
  );
  return {
    jumps: jumps.map((row) => ({
      symbol: row.text('s'),
      rows: row.number('n'),
      power: row.number('power'),
      example: row.text('example'),
    })),
    sides: sides.map((row) => ({
      file: row.number('f'),
      symbol: row.text('s'),
      moves: row.number('n'),
      agreeing: row.number('yes'),
    })),
  };
}
