/*
title: The state of each contract in the hour before a moment, every half hour
parameters:
  window: {type: integer, value: 60, unit: minute, range: "[30..240]", meaning: "what is measured lies in so many minutes before the moment, in whole steps"}
  step: {type: integer, value: 30, unit: minute, range: "[15..60]", meaning: "such a moment comes this often"}
  part: {type: number, value: 0.25, unit: ratio, range: "(0..0.5]", meaning: "a value counts if at least this part of the readings reached it"}
  carry: {type: number, value: 0.3, unit: ratio a year, range: "[0..1]", meaning: "so far a dated future may stand from the index for each year that it still runs"}
  venue: {type: enum, value: main, range: '"main", "reference"', meaning: "the venue whose contracts are looked at"}
columns:
  symbol: text
  ts: {type: timestamp, meaning: "the moment; only what lies before it is read"}
  from_ts: {type: timestamp, meaning: "where its hour begins"}
  type: {type: text, meaning: "margin, perp, future or option; spot is left out, because nothing is open there"}
  base: text
  settle: {type: text, meaning: "the currency in which it is settled; the quote where that is not stated"}
  index_name: text
  age_days: {type: number, unit: day, meaning: "since trading began"}
  silent_minutes: {type: number, unit: minute, meaning: "since the last reading; null where the hour has none"}
  oi_base: {type: decimal, unit: base units, meaning: "open interest; where the feed has none, the larger side of all positions"}
  oi_usd: {type: decimal, unit: USD}
  usd_px: {type: number, unit: USD, meaning: "what one base unit is worth"}
  bid_usd: {type: decimal, unit: USD, meaning: "the thin book: at least a quarter of the readings showed no more within 2 % below"}
  ask_usd: {type: decimal, unit: USD, meaning: "the same within 2 % above"}
  premium: {type: number, unit: ratio, meaning: "how far the price stood from the index in at least a quarter of the readings, above or below"}
  funding: {type: number, unit: ratio, meaning: "funding rate of at least a quarter of the readings, without its sign"}
  supply: {type: number, unit: base units, meaning: "coins in circulation, the least that any contract on the asset states"}
key: [symbol, ts]
*/
WITH terms AS (
  -- The terms of a contract and since when they hold. Rows that a feed repeats count once.
  SELECT symbol, coalesce(valid_from, TIMESTAMP '1970-01-01') AS since, min(valid_to) AS until, max(type) AS type, max(base) AS base,
         max(quote) AS quote, coalesce(max(settle), max(quote)) AS settle, max("index") AS index_name, min(listed_ts) AS listed_ts,
         min(delisted_ts) AS delisted_ts, min(expiry) AS expiry, min(circulating_supply) AS supply
  FROM instruments
  WHERE type <> 'spot' AND coalesce(venue, $venue) = $venue
  GROUP BY ALL
),
reading AS (
  -- Of several rows for one moment the thinner book and the more that is open.
  SELECT symbol, ts, max(mark) AS mark, max("index") AS idx, max(last) AS last, max(abs(funding_rate)) AS funding,
         max(open_interest) AS oi, max(open_interest_usd) AS oi_usd, min(depth_2pct_bid_usd) AS bid, min(depth_2pct_ask_usd) AS ask
  FROM prices
  WHERE coalesce(venue, $venue) = $venue
  GROUP BY ALL
),
moment AS (
  -- Any reading of any symbol makes the moment: a symbol whose feed died is still asked about.
  SELECT DISTINCT time_bucket(INTERVAL ($step) MINUTE, ts) + INTERVAL ($step) MINUTE AS ts FROM reading
),
live AS (
  SELECT t.*, s.ts
  FROM (SELECT m.ts, n.symbol FROM moment m CROSS JOIN (SELECT DISTINCT symbol FROM terms) n) s
  ASOF JOIN terms t ON t.symbol = s.symbol AND t.since <= s.ts
  WHERE coalesce(s.ts < t.until, true) AND coalesce(s.ts < t.delisted_ts, true) AND coalesce(s.ts < t.expiry, true)
    AND coalesce(t.listed_ts, t.since) < s.ts
),
book AS (
  SELECT symbol, bin + to_minutes(unnest(range(0, $window, $step))) AS ts, mark, idx, last, funding, oi, oi_usd, bid, ask, read_ts
  FROM (SELECT *, ts AS read_ts, time_bucket(INTERVAL ($step) MINUTE, ts) + INTERVAL ($step) MINUTE AS bin FROM reading)
),
seen AS (
  SELECT l.symbol, l.ts, max(b.read_ts) AS newest,
         -- What one unit costs, where the price is in dollars.
         CASE WHEN min(l.quote) IN ('USD', 'USDT', 'USDC', 'FDUSD', 'DAI') THEN quantile_disc(b.mark, 0.5) END AS px,
         -quantile_disc(-b.oi, $part) AS oi, -quantile_disc(-b.oi_usd, $part) AS oi_usd,
         quantile_disc(b.bid, $part) AS bid, quantile_disc(b.ask, $part) AS ask,
         -quantile_disc(-b.funding, $part) AS funding,
         -quantile_disc(-abs(b.mark / nullif(b.idx, 0) - 1), $part) AS by_mark,
         -- The last price tells something only where it moved: in an hour without trades it is an old price.
         CASE WHEN min(b.last) <> max(b.last)
              THEN -quantile_disc(-abs(b.last / nullif(b.idx, 0) - 1), $part) END AS by_last
  FROM live l
  LEFT JOIN book b ON b.symbol = l.symbol AND b.ts = l.ts
  GROUP BY l.symbol, l.ts
),
side AS (
  SELECT symbol, quarter, side, sum(qty) AS qty, sum(usd) AS usd, sum(unvalued) AS unvalued
  FROM position_quarters
  GROUP BY ALL
),
held AS (
  SELECT symbol, time_bucket(INTERVAL ($step) MINUTE, quarter) + INTERVAL ($step) MINUTE + to_minutes(unnest(range(0, $window, $step))) AS ts,
         qty, usd, unvalued
  FROM side
),
open AS (
  SELECT symbol, ts, max(qty) AS qty, max(usd) FILTER (unvalued = 0) AS usd
  FROM held
  GROUP BY ALL
),
floated AS (
  SELECT base, ts, min(supply) FILTER (supply > 0) AS supply FROM live GROUP BY ALL
)
SELECT l.symbol, l.ts, l.ts - INTERVAL ($window) MINUTE AS from_ts, l.type, l.base, l.settle, l.index_name,
       (epoch_us(l.ts) - epoch_us(l.listed_ts)) / 86400000000 AS age_days,
       (epoch_us(l.ts) - epoch_us(s.newest)) / 60000000 AS silent_minutes,
       coalesce(TRY_CAST(s.oi AS DECIMAL(38, 8)), o.qty) AS oi_base,
       coalesce(s.oi_usd, TRY_CAST(s.oi * s.px AS DECIMAL(38, 8)), o.usd, TRY_CAST(o.qty * s.px AS DECIMAL(38, 8))) AS oi_usd,
       coalesce(s.px, CAST(s.oi_usd AS DOUBLE) / nullif(s.oi, 0)) AS usd_px,
       s.bid AS bid_usd, s.ask AS ask_usd,
       CASE WHEN l.type = 'option' THEN 0
            WHEN s.by_mark IS NOT NULL OR s.by_last IS NOT NULL
            THEN greatest(0, round(greatest(s.by_mark, s.by_last)
              - CASE WHEN l.type = 'future' THEN $carry * coalesce((epoch_us(l.expiry) - epoch_us(l.ts)) / 31536000000000, 0) ELSE 0 END, 9)) END AS premium,
       CASE WHEN l.type = 'perp' THEN s.funding ELSE 0 END AS funding,
       f.supply
FROM live l
JOIN seen s ON s.symbol = l.symbol AND s.ts = l.ts
LEFT JOIN open o ON o.symbol = l.symbol AND o.ts = l.ts
LEFT JOIN floated f ON f.base = l.base AND f.ts = l.ts
