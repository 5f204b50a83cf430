-- Evidence of wash-trading 1.2.0, run on DuckDB 1.5.6. Change the SOP, not this file.
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

-- evidence of "Volume with itself"
-- The owner's trades with itself in the window.
SELECT buyer AS owner_id, symbol,
       time_bucket(INTERVAL ($step) MINUTE, ts) + INTERVAL ($step) MINUTE + to_minutes(unnest(range(0, $window, $step))) AS ts,
       'trades' AS source_table, coalesce(trade_id, CAST(ts AS VARCHAR)) AS row_id, ts AS row_ts,
       sell_account_id || ' to ' || buy_account_id || ', $' || CAST(CAST(usd AS DECIMAL(38, 2)) AS VARCHAR) AS note
FROM owned_trades
WHERE buyer = seller AND kind = 'normal'
;

-- evidence of "What the matches did"
WITH matched AS (
  SELECT *, buyer AS owner_id, time_bucket(INTERVAL ($step) MINUTE, ts) + INTERVAL ($step) MINUTE AS bin
  FROM owned_trades
  WHERE buyer = seller AND kind IN ('normal', 'block', 'rfq')
),
slot AS (
  SELECT DISTINCT owner_id, symbol, bin + to_minutes(unnest(range(0, $window, $step))) AS ts
  FROM matched
)
-- What moved within return_hours, and the orders and the marks behind the window's own matches.
SELECT w.owner_id, w.symbol, w.ts, 'trades' AS source_table, coalesce(m.trade_id, CAST(m.ts AS VARCHAR)) AS row_id,
       m.ts AS row_ts,
       m.kind || ': ' || m.sell_account_id || ' to ' || m.buy_account_id || ', ' || coalesce(CAST(m.qty AS VARCHAR), '?')
         || ' at ' || coalesce(CAST(m.price AS VARCHAR), '?') AS note
FROM slot w
JOIN matched m ON m.owner_id = w.owner_id AND m.symbol = w.symbol
              AND m.bin > w.ts - INTERVAL ($return_hours) HOUR AND m.bin <= w.ts
UNION
SELECT w.owner_id, w.symbol, w.ts, 'orders', o.order_id || ' ' || CAST(o.ts AS VARCHAR), o.ts,
       o.event || ', behind ' || coalesce(m.trade_id, CAST(m.ts AS VARCHAR))
FROM slot w
JOIN matched m ON m.owner_id = w.owner_id AND m.symbol = w.symbol
              AND m.bin > w.ts - INTERVAL ($window) MINUTE AND m.bin <= w.ts
JOIN orders o ON o.symbol = m.symbol AND o.order_id IN (m.buy_order_id, m.sell_order_id) AND o.ts <= m.ts AND o.event IN ('new', 'amend')
UNION
SELECT w.owner_id, w.symbol, w.ts, 'prices', k.symbol || ' ' || CAST(k.ts AS VARCHAR), k.ts, 'mark ' || CAST(k.mark AS VARCHAR)
FROM slot w
JOIN matched m ON m.owner_id = w.owner_id AND m.symbol = w.symbol
              AND m.bin > w.ts - INTERVAL ($window) MINUTE AND m.bin <= w.ts
JOIN prices k ON k.symbol = m.symbol AND k.ts <= m.ts AND k.ts >= m.ts - INTERVAL ($price_minutes) MINUTE AND k.mark IS NOT NULL
;
