import type { Duplicates, LagFacts, NotionalFacts, Numbering } from '../../model/survey.ts';
import { quoteName } from '../quote.ts';
import { ask } from './ask.ts';
import type { Surveyed } from './surveyed.ts';

/** Rows that one pass over the keys holds in memory. */
const passRows = 2_500_000;

/** Rows that repeat a key. Large tables are looked at in several passes, each over a share of the keys. */
export async function duplicates(all: Surveyed): Promise<Duplicates | null> {
  const key = all.shape.key.filter(all.has);
  const essential = all.shape.key.filter((name) => name !== 'venue' && name !== 'valid_from' && name !== 'margin_mode');
  if (key.length === 0 || essential.some((name) => !all.has(name)) || all.count === 0) return null;
  const filled = essential.map((name) => `${quoteName(name)} IS NOT NULL`).join(' AND ');
  const hash = `hash(${key.map((name) => `coalesce(CAST(${quoteName(name)} AS VARCHAR), '')`).join(', ')})`;
  const passes = Math.ceil(all.count / passRows);
  const repeated = `SELECT h, count(*) AS n FROM (SELECT ${hash} AS h FROM ${all.rows} WHERE ${filled})`;
  let rows = 0;
  let first = '';
  for (let pass = 0; pass < passes; pass++) {
    const sql = `SELECT sum(n - 1) AS n, CAST(min(h) AS VARCHAR) AS h FROM (${repeated} WHERE h % ${passes} = ${pass} GROUP BY h HAVING count(*) > 1)`;
    const [row] = await ask(all.connection, sql);
    rows += row?.number('n') ?? 0;
    if (first === '') first = row?.text('h') ?? '';
  }
  return { key, rows, example: first === '' ? '' : await keyOf(all, key, hash, first) };
}

/** The key with this hash, as text. */
async function keyOf(all: Surveyed, key: readonly string[], hash: string, wanted: string): Promise<string> {
  const shown = key.map((name) => `coalesce(CAST(${quoteName(name)} AS VARCHAR), '–')`).join(` || ', ' || `);
  const sql = `SELECT min(${shown}) AS e FROM ${all.rows} WHERE ${hash} = CAST('${wanted}' AS UBIGINT)`;
  return (await ask(all.connection, sql))[0]?.text('e') ?? '';
}

/** From the event to when it could be known. */
export async function lags(all: Surveyed): Promise<LagFacts[]> {
  const { time } = all.shape;
  if (time === undefined || !all.has(time) || !all.has('ingested_ts')) return [];
  const venue = all.has('venue') ? `coalesce(venue, '')` : `''`;
  const rows = `SELECT "sop file" AS f, ${venue} AS v, date_diff('microsecond', ${quoteName(time)}, ingested_ts) / 1e6 AS lag FROM ${all.rows} WHERE ingested_ts IS NOT NULL AND ${quoteName(time)} IS NOT NULL`;
  const found = await ask(
    all.connection,
    `WITH l AS (${rows}), m AS (SELECT f, v, approx_quantile(lag, 0.5) AS mid FROM l GROUP BY ALL)
     SELECT l.f AS f, l.v AS v, count(*) AS n, any_value(mid) AS mid, min(lag) AS lo, max(lag) AS hi, count(*) FILTER (lag < 0) AS ahead,
       count(*) FILTER (lag > greatest(300, 50 * mid)) AS late FROM l JOIN m ON m.f = l.f AND m.v = l.v GROUP BY l.f, l.v ORDER BY f, v`,
  );
  return found.map((row) => ({
    file: row.number('f'),
    venue: row.text('v'),
    rows: row.number('n'),
    median: row.number('mid'),
    least: row.number('lo'),
    most: row.number('hi'),
    ahead: row.number('ahead'),
    late: row.number('late'),
  }));
}

/** How the stated value of a row compares with price × size. */
export async function notionals(all: Surveyed): Promise<NotionalFacts[]> {
  if (!all.has('price') || !all.has('qty') || !all.has('symbol')) return [];
  const told: NotionalFacts[] = [];
  for (const column of ['notional', 'notional_usd'].filter(all.has)) {
    const value = `CAST(${column} AS DOUBLE)`;
    const rows = `SELECT symbol, ${value} / (price * qty) AS ratio, ${value} / qty AS per, price FROM ${all.rows} WHERE price > 0 AND qty > 0 AND ${column} IS NOT NULL AND symbol IS NOT NULL`;
    const found = await ask(
      all.connection,
      `SELECT symbol, count(*) AS n, approx_quantile(ratio, 0.5) AS mid, approx_quantile(ratio, 0.01) AS lo, approx_quantile(ratio, 0.99) AS hi,
        approx_quantile(per, 0.01) AS plo, approx_quantile(per, 0.99) AS phi, min(price) AS xlo, max(price) AS xhi, count(*) FILTER (abs(ratio - 1) > 0.05) AS off
       FROM (${rows}) GROUP BY symbol ORDER BY symbol`,
    );
    told.push(
      ...found.map((row) => ({
        column,
        symbol: row.text('symbol'),
        rows: row.number('n'),
        median: row.number('mid'),
        low: row.number('lo'),
        high: row.number('hi'),
        perQtyLow: row.number('plo'),
        perQtyHigh: row.number('phi'),
        priceLow: row.number('xlo'),
        priceHigh: row.number('xhi'),
        off: row.number('off'),
      })),
    );
  }
  return told;
}

/** Trades that a venue numbers one by one: what is missing between the first and the last was not delivered. */
export async function numbering(all: Surveyed): Promise<Numbering[]> {
  if (!all.has('trade_id') || !all.has('symbol') || all.shape.name !== 'trades') return [];
  const venue = all.has('venue') ? `coalesce(venue, '')` : `''`;
  const found = await ask(
    all.connection,
    `SELECT v, s, count(*) AS n, approx_count_distinct(id) AS d, min(id) AS lo, max(id) AS hi, count(*) - count(id) AS strange
     FROM (SELECT ${venue} AS v, symbol AS s, CASE WHEN regexp_full_match(trade_id, '[0-9]{1,15}') THEN CAST(trade_id AS BIGINT) END AS id FROM ${all.rows} WHERE trade_id IS NOT NULL)
     GROUP BY v, s HAVING strange = 0 ORDER BY v, s`,
  );
  return found.map((row) => ({
    venue: row.text('v'),
    symbol: row.text('s'),
    rows: row.number('n'),
    distinct: row.number('d'),
    first: row.number('lo'),
    last: row.number('hi'),
  }));
}
