-- Evidence of risk-patrol 1.0.0, run on DuckDB 1.5.6. Change the SOP, not this file.
-- $from and $as_of: the window; rows at or after $as_of must not be there.
-- Parameters, by segment:
--   $oi_floor = 5000000 USD (decimal) in liquid
--   $oi_much = 150 ratio (number) in liquid
--   $share_much = 0.15 ratio (number) in liquid
--   $five_much = 0.45 ratio (number) in liquid
--   $size_much = 1 ratio (number) in liquid
--   $size_limit = 5 ratio (number) in liquid
--   $off_much = 0.005 ratio (number) in liquid
--   $off_limit = 0.02 ratio (number) in liquid
--   $leverage_much = 25 times (number) in liquid
--   $memory = 30 day (integer) in liquid
--   $bear_part = 0.1 ratio (number) in liquid
--   $venue = main (enum) in liquid
--   $oi_floor = 1000000 USD (decimal) in normal
--   $oi_much = 100 ratio (number) in normal
--   $share_much = 0.25 ratio (number) in normal
--   $five_much = 0.60 ratio (number) in normal
--   $size_much = 2 ratio (number) in normal
--   $size_limit = 10 ratio (number) in normal
--   $off_much = 0.0125 ratio (number) in normal
--   $off_limit = 0.05 ratio (number) in normal
--   $leverage_much = 15 times (number) in normal
--   $memory = 30 day (integer) in normal
--   $bear_part = 0.1 ratio (number) in normal
--   $venue = main (enum) in normal
--   $oi_floor = 250000 USD (decimal) in illiquid
--   $oi_much = 50 ratio (number) in illiquid
--   $share_much = 0.40 ratio (number) in illiquid
--   $five_much = 0.80 ratio (number) in illiquid
--   $size_much = 3 ratio (number) in illiquid
--   $size_limit = 15 ratio (number) in illiquid
--   $off_much = 0.025 ratio (number) in illiquid
--   $off_limit = 0.1 ratio (number) in illiquid
--   $leverage_much = 8 times (number) in illiquid
--   $memory = 30 day (integer) in illiquid
--   $bear_part = 0.1 ratio (number) in illiquid
--   $venue = main (enum) in illiquid

-- view "account_owners": Whose account it is, and since when
CREATE OR REPLACE TEMPORARY TABLE account_owners AS
WITH person AS (
  -- What is known of an account from when on. Rows that a feed repeats count once.
  SELECT account_id, coalesce(valid_from, TIMESTAMP '1970-01-01') AS since,
         max(owner_id) AS owner_id, max(master_id) AS master_id, max(type) AS type
  FROM accounts
  GROUP BY ALL
),
moment AS (
  -- An account changes hands when its own row changes, or its main account's.
  SELECT account_id, since FROM person
  UNION
  SELECT p.account_id, m.since
  FROM person p
  JOIN person m ON m.account_id = p.master_id AND m.since > p.since
)
SELECT w.account_id, w.since, min(w.since) OVER later AS until,
       coalesce(p.owner_id, m.owner_id, p.master_id, w.account_id) AS owner_id, p.type
FROM moment w
ASOF JOIN person p ON p.account_id = w.account_id AND p.since <= w.since
ASOF LEFT JOIN person m ON m.account_id = p.master_id AND m.since <= w.since
WINDOW later AS (PARTITION BY w.account_id ORDER BY w.since
                 RANGE BETWEEN INTERVAL 1 MICROSECOND FOLLOWING AND UNBOUNDED FOLLOWING)
;

-- view "position_quarters": What each owner held of a contract in a quarter of an hour, long and short apart
--   $slot = 15 (integer), of this view
--   $near = 0.05 (number), of this view
CREATE OR REPLACE TEMPORARY TABLE position_quarters AS
WITH held AS (
  -- The largest size of the quarter, not the last: whoever shrinks for the snapshot has still held it.
  SELECT account_id, symbol, side, coalesce(margin_mode, 'cross') AS margin_mode,
         time_bucket(INTERVAL ($slot) MINUTE, ts) AS quarter, max(ts) AS ts,
         max(TRY_CAST(qty AS DECIMAL(38, 8))) AS qty, max(notional_usd) AS usd, min(notional_usd) AS least_usd,
         -- Margin that is used up leaves a dollar, so that leverage has a number.
         min(CASE WHEN margin_usd IS NOT NULL THEN greatest(margin_usd, 1) END) AS margin_usd,
         bool_or(CASE side WHEN 'long' THEN liq_px >= mark_px * (1 - $near) ELSE liq_px <= mark_px * (1 + $near) END) AS is_near
  FROM positions
  WHERE qty > 0 AND account_id IS NOT NULL AND side IS NOT NULL
  GROUP BY ALL
),
owned AS (
  SELECT h.*, coalesce(o.owner_id, h.account_id) AS owner_id,
         coalesce(o.type IN ('mm', 'broker_omnibus', 'internal', 'liquidator'), false) AS by_type
  FROM held h
  ASOF LEFT JOIN account_owners o ON o.account_id = h.account_id AND o.since <= h.ts
)
SELECT symbol, quarter, side, owner_id,
       bool_and(by_type) OR EXISTS (
         SELECT 1 FROM hedge_exemptions x
         WHERE x.key = w.owner_id AND x.valid_from <= w.quarter AND coalesce(w.quarter < x.valid_to, true)) AS badged,
       sum(qty) AS qty, coalesce(sum(usd), 0) AS usd, coalesce(sum(qty) FILTER (usd IS NULL), 0) AS unvalued,
       coalesce(sum(least_usd) FILTER (margin_usd IS NOT NULL), 0) AS margined_usd,
       coalesce(sum(margin_usd) FILTER (usd IS NOT NULL), 0) AS margin_usd,
       coalesce(sum(usd) FILTER (is_near), 0) AS near_usd
FROM owned w
GROUP BY symbol, quarter, side, owner_id
;

-- view "market_hours": The state of each contract in the hour before a moment, every half hour
--   $window = 60 (integer), of this view
--   $step = 30 (integer), of this view
--   $part = 0.25 (number), of this view
--   $carry = 0.3 (number), of this view
--   $venue = main (enum), of this view
CREATE OR REPLACE TEMPORARY TABLE market_hours AS
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
;

-- evidence of "The market and its index"
SELECT m.symbol, m.ts, 'prices' AS source_table, p.symbol || ' ' || CAST(p.ts AS VARCHAR) AS row_id, p.ts AS row_ts,
       'mark ' || coalesce(CAST(p.mark AS VARCHAR), '?') || ', index ' || coalesce(CAST(p."index" AS VARCHAR), '?') || ', open '
         || coalesce(CAST(p.open_interest AS VARCHAR), '?') 
         || ', depth ' || coalesce(CAST(CAST(p.depth_2pct_bid_usd AS DECIMAL(38, 0)) AS VARCHAR), '?')
         || ' / ' || coalesce(CAST(CAST(p.depth_2pct_ask_usd AS DECIMAL(38, 0)) AS VARCHAR), '?') || ', funding '
         || coalesce(CAST(p.funding_rate AS VARCHAR), '?') AS note
FROM market_hours m
JOIN prices p ON p.symbol = m.symbol AND p.ts >= m.from_ts AND p.ts < m.ts
UNION
SELECT m.symbol, m.ts, 'index_constituents', c.symbol || ' ' || c.venue || ' ' || CAST(c.ts AS VARCHAR), c.ts,
       c.venue || ': ' || coalesce(CAST(c.price AS VARCHAR), '?') 
         || ', weight ' || coalesce(CAST(c.weight AS VARCHAR), '?') || ', ' || coalesce(c.status, '?')
FROM market_hours m
JOIN index_constituents c ON c.symbol IN (m.symbol, m.index_name) AND c.ts >= m.from_ts AND c.ts < m.ts
;

-- evidence of "Who holds it"
SELECT m.symbol, m.ts, 'positions' AS source_table, q.owner_id || ' ' || q.side || ' ' || CAST(q.quarter AS VARCHAR) AS row_id, q.quarter AS row_ts,
       CASE WHEN q.badged THEN 'not a client: ' ELSE '' END || q.owner_id || ' ' || q.side || ' ' || CAST(q.qty AS VARCHAR) || ', $'
         || CAST(CAST(q.usd AS DECIMAL(38, 0)) AS VARCHAR) AS note
FROM market_hours m
JOIN position_quarters q ON q.symbol = m.symbol AND q.quarter >= m.from_ts AND q.quarter < m.ts
;

-- evidence of "The fund, and what was decided before"
SELECT m.symbol, m.ts, 'insurance_fund' AS source_table,
       f.currency || ' ' || CAST(f.ts AS VARCHAR) || coalesce(' ' || f.seq, '') AS row_id, f.ts AS row_ts,
       coalesce(f.reason, 'no reason') || ': ' || coalesce(CAST(CAST(f.delta AS DECIMAL(38, 2)) AS VARCHAR), '?') || ', balance '
         || coalesce(CAST(CAST(f.balance AS DECIMAL(38, 2)) AS VARCHAR), '?') || ' ' || f.currency AS note
FROM market_hours m
JOIN insurance_fund f ON f.currency = m.settle AND f.ts >= m.ts - INTERVAL 7 DAY AND f.ts < m.ts
UNION
SELECT m.symbol, m.ts, 'alerts', a.alert_id, a.decided_at, coalesce(a.rule, '?') || ', ' || a.disposition || coalesce(', ' || a.verdict, '')
FROM market_hours m
JOIN alerts a ON json_extract_string(a.subject, '$.symbol') = m.symbol AND a.sop = 'risk-patrol'
             AND a.decided_at < m.ts AND a.decided_at >= m.ts - to_days($memory)
;
