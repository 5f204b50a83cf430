-- Signals of risk-patrol 1.0.0, run on DuckDB 1.5.6. Change the SOP, not this file.
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

-- signals of "The market and its index"
WITH coin AS (
  -- What is open in all contracts on one coin.
  SELECT base, ts, sum(oi_base) AS qty
  FROM market_hours
  WHERE type <> 'option'
  GROUP BY ALL
),
cap AS (
  -- The newest cap of the eight days before; of several at one moment the lowest.
  SELECT m.symbol, m.ts, p.cap
  FROM market_hours m
  ASOF JOIN (SELECT symbol, ts, min(abs(cap)) AS cap FROM funding_payments WHERE cap <> 0 GROUP BY ALL) p ON p.symbol = m.symbol AND p.ts < m.ts
  WHERE p.ts >= m.ts - INTERVAL 8 DAY
),
used AS (
  -- One price a venue and computation; of a corrected one the higher weight.
  SELECT symbol, ts, venue, max(price) AS price, max(TRY_CAST(weight AS DECIMAL(18, 9))) AS weight
  FROM index_constituents
  WHERE status = 'used' AND price > 0
  GROUP BY ALL
),
whole AS (
  SELECT symbol, ts, count(*) AS venues, median(price) AS mid,
         CASE WHEN count(*) = count(weight) THEN CAST(nullif(sum(weight), 0) AS DOUBLE) END AS weight
  FROM used
  GROUP BY ALL
),
computed AS (
  SELECT u.symbol, u.ts, max(CAST(u.weight AS DOUBLE) / w.weight) AS top,
         max(coalesce(CAST(u.weight AS DOUBLE) / w.weight, 1.0 / w.venues) * abs(u.price / w.mid - 1)) AS pull
  FROM used u
  JOIN whole w USING (symbol, ts)
  GROUP BY ALL
),
named AS (
  -- An index may be filed under its own name or under the contract's.
  SELECT symbol, ts, from_ts, symbol AS name FROM market_hours
  UNION
  SELECT symbol, ts, from_ts, index_name FROM market_hours WHERE index_name IS NOT NULL
),
indexed AS (
  SELECT n.symbol, n.ts, -quantile_disc(-c.top, 0.25) AS top, -quantile_disc(-c.pull, 0.25) AS pull
  FROM named n
  JOIN computed c ON c.symbol = n.name AND c.ts >= n.from_ts AND c.ts < n.ts
  GROUP BY ALL
)
SELECT m.symbol, m.ts, CASE WHEN m.oi_usd IS NULL OR m.silent_minutes IS NULL THEN 60 ELSE m.silent_minutes END AS silent_minutes,
       coalesce(m.age_days, 0) AS age_days, coalesce(m.oi_usd, 0) AS oi_usd,
       -- An empty book holds a dollar, so that the ratio has a number.
       coalesce(CAST(m.oi_usd AS DOUBLE)
         / CASE WHEN least(m.bid_usd, m.ask_usd) IS NOT NULL THEN CAST(greatest(least(m.bid_usd, m.ask_usd), 1) AS DOUBLE) END, 0) AS oi_to_depth,
       coalesce(CAST(b.qty AS DOUBLE) / m.supply, 0) AS oi_to_float,
       coalesce(m.premium, 0) AS premium,
       coalesce(m.funding / c.cap, 0) AS funding_to_cap, coalesce(i.top, 0) AS top_weight, coalesce(i.pull, 0) AS index_pull,
       (m.bid_usd IS NULL OR m.ask_usd IS NULL)::INTEGER + (m.supply IS NULL)::INTEGER
         + (m.type = 'perp' AND (m.funding IS NULL OR c.cap IS NULL))::INTEGER + (m.premium IS NULL OR i.top IS NULL)::INTEGER AS unknown
FROM market_hours m
LEFT JOIN coin b ON b.base = m.base AND b.ts = m.ts
LEFT JOIN indexed i ON i.symbol = m.symbol AND i.ts = m.ts
LEFT JOIN cap c ON c.symbol = m.symbol AND c.ts = m.ts
;

-- signals of "Who holds it"
WITH held AS (
  SELECT m.symbol, m.ts, m.type, m.base, m.oi_base, m.supply, q.quarter, q.side, q.owner_id, q.badged, q.qty,
         CASE q.side WHEN 'long' THEN m.bid_usd ELSE m.ask_usd END AS book,
         q.usd + TRY_CAST(q.unvalued * coalesce(m.usd_px, 0) AS DECIMAL(38, 8)) AS usd, q.margined_usd, q.margin_usd, q.near_usd
  FROM market_hours m
  JOIN position_quarters q ON q.symbol = m.symbol AND q.quarter >= m.from_ts AND q.quarter < m.ts
),
side AS (
  SELECT symbol, ts, quarter, side, max(oi_base) AS oi_base, sum(qty) AS qty, sum(usd) AS usd,
         sum(margined_usd) AS margined_usd, sum(margin_usd) AS margin_usd, sum(near_usd) AS near_usd
  FROM held
  GROUP BY ALL
),
market AS (
  SELECT symbol, ts, quarter, CAST(greatest(max(qty), max(oi_base)) AS DOUBLE) AS whole, CAST(max(qty) AS DOUBLE) AS known,
         CAST(sum(margined_usd) AS DOUBLE) / nullif(CAST(sum(margin_usd) AS DOUBLE), 0) AS leverage,
         CAST(sum(near_usd) AS DOUBLE) / nullif(CAST(sum(usd) AS DOUBLE), 0) AS near
  FROM side
  GROUP BY ALL
),
ranked AS (
  SELECT *, row_number() OVER (PARTITION BY symbol, ts, quarter, side, badged ORDER BY qty DESC, owner_id) AS place
  FROM held
),
top AS (
  SELECT symbol, ts, quarter, side,
         CAST(max(qty) FILTER (NOT badged) AS DOUBLE) AS largest, CAST(sum(qty) FILTER (NOT badged AND place <= 5) AS DOUBLE) AS five,
         CAST(max(qty) FILTER (badged) AS DOUBLE) AS firm, CAST(max(usd) FILTER (NOT badged) AS DOUBLE) AS usd,
         CASE WHEN max(book) IS NOT NULL THEN CAST(greatest(max(book), 1) AS DOUBLE) END AS book
  FROM ranked
  GROUP BY symbol, ts, quarter, side
),
coin AS (
  -- One client's side in all contracts on a coin.
  SELECT base, ts, quarter, side, owner_id, CAST(sum(qty) AS DOUBLE) AS qty
  FROM held
  WHERE type <> 'option' AND NOT badged
  GROUP BY ALL
),
cornered AS (
  SELECT h.symbol, h.ts, max(c.qty / h.supply) AS part
  FROM held h
  JOIN coin c ON c.base = h.base AND c.ts = h.ts AND c.quarter = h.quarter AND c.side = h.side AND c.owner_id = h.owner_id
  GROUP BY ALL
),
peak AS (
  SELECT t.symbol, t.ts, max(t.largest / m.whole) AS largest, max(t.five / m.whole) AS five, max(t.firm / m.whole) AS firm,
         max(t.usd / t.book) AS to_depth
  FROM top t
  JOIN market m USING (symbol, ts, quarter)
  GROUP BY ALL
),
state AS (
  SELECT symbol, ts, min(known / whole) AS known, max(leverage) AS leverage, max(near) AS near
  FROM market
  GROUP BY ALL
)
SELECT s.symbol, s.ts, s.known AS known_share, p.largest AS largest_share, p.five AS five_share, p.firm AS badged_share,
       p.to_depth AS position_to_depth, c.part AS position_to_float,
       s.leverage AS leverage_used, s.near AS near_share
FROM state s
JOIN peak p USING (symbol, ts)
LEFT JOIN cornered c USING (symbol, ts)
;

-- signals of "The fund, and what was decided before"
WITH entry AS (
  SELECT DISTINCT currency, ts, seq, balance, delta, reason FROM insurance_fund WHERE coalesce(venue, $venue) = $venue
),
stand AS (
  SELECT currency, ts, min(balance) AS balance FROM entry WHERE balance IS NOT NULL GROUP BY ALL
),
decided AS (
  SELECT e.currency, e.ts, e.delta
  FROM entry e
  JOIN fund_moves l ON l.key = lower(e.reason) AND l.valid_from <= e.ts AND coalesce(e.ts < l.valid_to, true)
),
asked AS (
  SELECT DISTINCT settle AS currency, ts, ts - INTERVAL 1 DAY AS day_ts, ts - INTERVAL 7 DAY AS week_ts
  FROM market_hours
),
level AS (
  SELECT a.*, n.balance AS now, d.balance AS day, w.balance AS week,
         coalesce((SELECT sum(x.delta) FROM decided x WHERE x.currency = a.currency AND x.ts >= a.day_ts AND x.ts < a.ts), 0) AS day_moved,
         coalesce((SELECT sum(x.delta) FROM decided x WHERE x.currency = a.currency AND x.ts >= a.week_ts AND x.ts < a.ts), 0) AS week_moved
  FROM asked a
  ASOF LEFT JOIN stand n ON n.currency = a.currency AND n.ts < a.ts
  ASOF LEFT JOIN stand d ON d.currency = a.currency AND d.ts < a.day_ts
  ASOF LEFT JOIN stand w ON w.currency = a.currency AND w.ts < a.week_ts
),
payout AS (
  SELECT symbol, date_trunc('hour', ts) AS hour, sum(usd) AS usd
  FROM (SELECT DISTINCT liq_id, symbol, ts, insurance_paid_usd AS usd FROM liquidations WHERE insurance_paid_usd > 0)
  GROUP BY ALL
),
paid AS (
  SELECT m.symbol, m.ts, m.settle, m.oi_usd, coalesce(sum(p.usd), 0) AS usd
  FROM market_hours m
  LEFT JOIN payout p ON p.symbol = m.symbol AND p.hour >= m.ts - INTERVAL 7 DAY AND p.hour < m.ts
  GROUP BY ALL
),
borne AS (
  SELECT symbol, ts, settle,
         usd > 0 AND usd >= $bear_part * sum(usd) OVER (PARTITION BY settle, ts)
           OR row_number() OVER (PARTITION BY settle, ts ORDER BY usd DESC, coalesce(oi_usd, 0) DESC, symbol) = 1 AS bears
  FROM paid
),
raised AS (
  SELECT DISTINCT json_extract_string(subject, '$.symbol') AS symbol, decided_at
  FROM alerts
  WHERE sop = 'risk-patrol' AND disposition IN ('investigate', 'escalate') AND coalesce(verdict NOT IN ('false_alarm', 'benign'), true)
)
SELECT b.symbol, b.ts,
       CASE WHEN b.bears THEN CAST(greatest(0, l.day + l.day_moved - l.now) AS DOUBLE) / nullif(CAST(l.day AS DOUBLE), 0) ELSE 0 END AS fund_1d,
       CASE WHEN b.bears THEN CAST(greatest(0, l.week + l.week_moved - l.now) AS DOUBLE) / nullif(CAST(l.week AS DOUBLE), 0) ELSE 0 END AS fund_7d,
       (SELECT count(DISTINCT date_trunc('day', r.decided_at)) FROM raised r
        WHERE r.symbol = b.symbol AND r.decided_at < b.ts - INTERVAL 1 DAY AND r.decided_at >= b.ts - to_days($memory)) AS earlier
FROM borne b
JOIN level l ON l.currency = b.settle AND l.ts = b.ts
;
