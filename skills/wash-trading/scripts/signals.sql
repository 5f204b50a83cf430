-- Signals of wash-trading 1.2.0, run on DuckDB 1.5.6. Change the SOP, not this file.
-- $from and $as_of: the window; rows at or after $as_of must not be there.
-- Parameters:
--   $window = 60 minute (integer)
--   $step = 15 minute (integer)
--   $return_hours = 24 hour (integer)
--   $stale_minutes = 10 minute (integer)
--   $thin_notional = 25000 USD (decimal)
--   $min_notional = 250000 USD (decimal)
--   $large_notional = 1000000 USD (decimal)
--   $price_minutes = 5 minute (integer)
--   $move_usd = 10000 USD (decimal)

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

-- view "owned_trades": Trades of the venue's own books, each side with its owner at that moment
--   $venue = main (enum), of this view
CREATE OR REPLACE TEMPORARY TABLE owned_trades AS
WITH print AS (
  -- DISTINCT drops prints that a feed replays: the same id with the same content.
  SELECT DISTINCT trade_id, symbol, ts, coalesce(kind, 'normal') AS kind, taker_side, price,
         TRY_CAST(qty AS DECIMAL(38, 12)) AS qty,
         coalesce(notional_usd, TRY_CAST(price * qty AS DECIMAL(38, 8)), 0) AS usd,
         buy_account_id, sell_account_id, buy_order_id, sell_order_id
  FROM trades
  WHERE coalesce(venue, $venue) = $venue
)
SELECT t.*, coalesce(b.owner_id, t.buy_account_id) AS buyer, coalesce(s.owner_id, t.sell_account_id) AS seller,
       b.type AS buyer_type, s.type AS seller_type
FROM print t
ASOF LEFT JOIN account_owners b ON b.account_id = t.buy_account_id AND b.since <= t.ts
ASOF LEFT JOIN account_owners s ON s.account_id = t.sell_account_id AND s.since <= t.ts
;

-- signals of "Volume with itself"
WITH leg AS (
  -- Trades of the book, and the end of the step in which they met.
  SELECT symbol, usd, buyer, seller, time_bucket(INTERVAL ($step) MINUTE, ts) + INTERVAL ($step) MINUTE AS bin,
         CASE
           WHEN buyer_type = 'mm' AND seller_type = 'mm' THEN 'mm'
           WHEN buyer_type = 'broker_omnibus' AND seller_type = 'broker_omnibus' THEN 'broker_omnibus'
           WHEN buyer_type IN ('internal', 'liquidator') AND seller_type IN ('internal', 'liquidator') THEN 'house'
           ELSE 'client'  -- mixed or unknown types, too
         END AS role
  FROM owned_trades
  WHERE kind = 'normal'
),
party AS (
  -- What an owner traded in a step; a trade with itself counts once. NULL is no owner.
  SELECT owner_id, symbol, bin, role, matched, sum(usd) AS usd
  FROM (
    SELECT buyer AS owner_id, symbol, bin, role, buyer IS NOT DISTINCT FROM seller AS matched, usd
    FROM leg
    WHERE buyer IS NOT NULL
    UNION ALL
    SELECT seller, symbol, bin, role, false, usd
    FROM leg
    WHERE seller IS NOT NULL AND seller IS DISTINCT FROM buyer
  )
  GROUP BY ALL
),
market AS (
  SELECT symbol, bin, sum(usd) AS usd FROM leg GROUP BY ALL
),
slot AS (
  -- The windows that hold a match: the one that ends with its step, and those that end later.
  SELECT DISTINCT owner_id, symbol, bin + to_minutes(unnest(range(0, $window, $step))) AS ts
  FROM party
  WHERE matched
),
total AS (
  SELECT w.owner_id, w.symbol, w.ts, sum(m.usd) AS usd
  FROM slot w
  JOIN market m ON m.symbol = w.symbol AND m.bin > w.ts - INTERVAL ($window) MINUTE AND m.bin <= w.ts
  GROUP BY ALL
)
SELECT w.owner_id, w.symbol, w.ts,
       sum(p.usd) FILTER (p.matched) AS matched_usd,
       sum(p.usd) FILTER (p.matched) / nullif(sum(p.usd), 0) AS self_ratio,
       sum(p.usd) FILTER (p.matched) / nullif(max(t.usd), 0) AS market_share,
       CASE WHEN count(DISTINCT p.role) FILTER (p.matched) = 1
            THEN min(p.role) FILTER (p.matched) ELSE 'client' END AS role
FROM slot w
JOIN party p ON p.owner_id = w.owner_id AND p.symbol = w.symbol
            AND p.bin > w.ts - INTERVAL ($window) MINUTE AND p.bin <= w.ts
JOIN total t ON t.owner_id = w.owner_id AND t.symbol = w.symbol AND t.ts = w.ts
GROUP BY w.owner_id, w.symbol, w.ts
;

-- signals of "What the matches did"
WITH sent AS (
  SELECT DISTINCT symbol, order_id, ts
  FROM orders
  WHERE event IN ('new', 'amend') AND coalesce(venue, 'main') = 'main'
),
mark AS (
  SELECT symbol, ts, max(mark) AS price
  FROM prices
  WHERE mark > 0 AND coalesce(venue, 'main') = 'main'
  GROUP BY ALL
),
dealt AS (
  -- What others paid, minute by minute. A single print cannot paint it.
  SELECT symbol, date_trunc('minute', ts) + INTERVAL 1 MINUTE AS ts, sum(TRY_CAST(price * qty AS DECIMAL(38, 8))) AS paid, sum(qty) AS qty
  FROM owned_trades
  WHERE kind = 'normal' AND price > 0 AND buyer IS DISTINCT FROM seller
  GROUP BY symbol, date_trunc('minute', ts) + INTERVAL 1 MINUTE
),
usual AS (
  SELECT symbol, ts, sum(paid) OVER recent / nullif(sum(qty) OVER recent, 0) AS price
  FROM dealt
  WINDOW recent AS (PARTITION BY symbol ORDER BY ts RANGE BETWEEN INTERVAL ($price_minutes) MINUTE PRECEDING AND CURRENT ROW)
),
matched AS (
  SELECT t.buyer AS owner_id, t.symbol, t.kind, t.usd, t.qty, t.buy_account_id, t.sell_account_id,
         time_bucket(INTERVAL ($step) MINUTE, t.ts) + INTERVAL ($step) MINUTE AS bin,
         -- NULL where one of the two orders is unknown.
         abs(epoch_us(bo.ts) - epoch_us(so.ts)) <= $stale_minutes * 60000000 AS fresh,
         CASE WHEN t.buy_account_id <> t.sell_account_id AND t.price > 0 THEN
           CASE WHEN k.ts >= t.ts - INTERVAL ($price_minutes) MINUTE THEN k.price
                WHEN d.ts >= t.ts - INTERVAL ($price_minutes) MINUTE THEN d.price END END AS fair,
         t.price
  FROM owned_trades t
  ASOF LEFT JOIN sent bo ON bo.symbol = t.symbol AND bo.order_id = t.buy_order_id AND bo.ts <= t.ts
  ASOF LEFT JOIN sent so ON so.symbol = t.symbol AND so.order_id = t.sell_order_id AND so.ts <= t.ts
  ASOF LEFT JOIN mark k ON k.symbol = t.symbol AND k.ts <= t.ts
  ASOF LEFT JOIN usual d ON d.symbol = t.symbol AND d.ts <= t.ts
  WHERE t.buyer = t.seller AND t.kind IN ('normal', 'block', 'rfq')
),
slot AS (
  SELECT DISTINCT owner_id, symbol, bin + to_minutes(unnest(range(0, $window, $step))) AS ts
  FROM matched
),
hour AS (
  -- Value of a trade × how far its price is from the market's, in parts of its own price.
  SELECT w.owner_id, w.symbol, w.ts,
         coalesce(sum(m.usd) FILTER (m.fresh AND m.kind = 'normal'), 0)
           / nullif(sum(m.usd) FILTER (m.fresh IS NOT NULL AND m.kind = 'normal'), 0) AS fresh,
         coalesce(sum(CAST(m.usd * CAST(least(abs(m.price - m.fair) / m.price, 1000000) AS DECIMAL(18, 9)) AS DECIMAL(38, 8)))
           FILTER (m.fair IS NOT NULL), 0) AS moved,
         sum(CAST(m.usd * CAST(least(m.fair / m.price, 1000000) AS DECIMAL(18, 9)) AS DECIMAL(38, 8)))
           FILTER (m.fair IS NOT NULL) AS worth
  FROM slot w
  JOIN matched m ON m.owner_id = w.owner_id AND m.symbol = w.symbol
                AND m.bin > w.ts - INTERVAL ($window) MINUTE AND m.bin <= w.ts
  GROUP BY ALL
),
flow AS (
  -- What each account bought (+) and sold (−) in matches; an account that met itself has both.
  SELECT owner_id, symbol, bin, account_id, sum(qty) AS qty, sum(net) AS net, sum(usd) AS usd
  FROM (
    SELECT owner_id, symbol, bin, buy_account_id AS account_id, qty, qty AS net, usd FROM matched WHERE kind = 'normal'
    UNION ALL
    SELECT owner_id, symbol, bin, sell_account_id, qty, -qty, 0 FROM matched WHERE kind = 'normal'
  )
  GROUP BY ALL
),
held AS (
  SELECT w.owner_id, w.symbol, w.ts, f.account_id, abs(sum(f.net)) AS kept, sum(f.qty) AS turned, sum(f.usd) AS usd
  FROM slot w
  JOIN flow f ON f.owner_id = w.owner_id AND f.symbol = w.symbol
             AND f.bin > w.ts - INTERVAL ($return_hours) HOUR AND f.bin <= w.ts
  GROUP BY ALL
),
day AS (
  -- The part of the day's value that is where it began.
  SELECT owner_id, symbol, ts, sum(usd) * coalesce(1 - sum(kept) / nullif(sum(turned), 0), 1) AS usd
  FROM held
  GROUP BY owner_id, symbol, ts
)
SELECT h.owner_id, h.symbol, h.ts, CAST(coalesce(d.usd, 0) AS DECIMAL(38, 8)) AS returned_usd, h.fresh,
       h.moved AS moved_usd, coalesce(h.moved / nullif(h.worth, 0), 0) AS off_part
FROM hour h
LEFT JOIN day d ON d.owner_id = h.owner_id AND d.symbol = h.symbol AND d.ts = h.ts
;
