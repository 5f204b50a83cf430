-- Signals of wash-trading 1.1.0, run on DuckDB 1.5.6. Change the SOP, not this file.
-- $from and $as_of: the window; rows at or after $as_of must not be there.
-- Parameters:
--   $window = 60 minute (integer)
--   $step = 15 minute (integer)
--   $return_hours = 24 hour (integer)
--   $stale_minutes = 10 minute (integer)
--   $thin_notional = 25000 USD (decimal)
--   $min_notional = 250000 USD (decimal)
--   $large_notional = 1000000 USD (decimal)
--   $venue = main (enum)

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

-- signals of "Volume with itself"
WITH print AS (
  -- Trades of the venue's own book. DISTINCT drops replayed prints: same id, same content.
  SELECT DISTINCT trade_id, symbol, ts, price, qty, buy_account_id, sell_account_id,
         coalesce(notional_usd, TRY_CAST(price * qty AS DECIMAL(38, 8)), 0) AS usd
  FROM trades
  WHERE coalesce(kind, 'normal') = 'normal' AND coalesce(venue, $venue) = $venue
),
leg AS (
  -- Both sides with their owner at the time, and the end of the step in which they met.
  SELECT t.symbol, t.usd,
         time_bucket(INTERVAL ($step) MINUTE, t.ts) + INTERVAL ($step) MINUTE AS bin,
         coalesce(b.owner_id, t.buy_account_id) AS buyer,
         coalesce(s.owner_id, t.sell_account_id) AS seller,
         CASE
           WHEN b.type = 'mm' AND s.type = 'mm' THEN 'mm'
           WHEN b.type = 'broker_omnibus' AND s.type = 'broker_omnibus' THEN 'broker_omnibus'
           WHEN b.type IN ('internal', 'liquidator') AND s.type IN ('internal', 'liquidator') THEN 'house'
           ELSE 'client'  -- mixed or unknown types, too
         END AS role
  FROM print t
  ASOF LEFT JOIN account_owners b ON b.account_id = t.buy_account_id AND b.since <= t.ts
  ASOF LEFT JOIN account_owners s ON s.account_id = t.sell_account_id AND s.since <= t.ts
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
slot AS (
  -- The windows that hold a match: the one that ends with its step, and those that end later.
  SELECT DISTINCT owner_id, symbol, bin + to_minutes(unnest(range(0, $window, $step))) AS ts
  FROM party
  WHERE matched
),
market AS (
  SELECT w.symbol, w.ts, sum(b.usd) AS usd
  FROM (SELECT DISTINCT symbol, ts FROM slot) w
  JOIN (SELECT symbol, bin, sum(usd) AS usd FROM leg GROUP BY ALL) b
    ON b.symbol = w.symbol AND b.bin > w.ts - INTERVAL ($window) MINUTE AND b.bin <= w.ts
  GROUP BY ALL
)
SELECT w.owner_id, w.symbol, w.ts,
       sum(p.usd) FILTER (p.matched) AS matched_usd,
       sum(p.usd) FILTER (p.matched) / nullif(sum(p.usd), 0) AS self_ratio,
       sum(p.usd) FILTER (p.matched) / nullif(max(m.usd), 0) AS market_share,
       CASE WHEN count(DISTINCT p.role) FILTER (p.matched) = 1
            THEN min(p.role) FILTER (p.matched) ELSE 'client' END AS role
FROM slot w
JOIN party p ON p.owner_id = w.owner_id AND p.symbol = w.symbol
            AND p.bin > w.ts - INTERVAL ($window) MINUTE AND p.bin <= w.ts
JOIN market m ON m.symbol = w.symbol AND m.ts = w.ts
GROUP BY w.owner_id, w.symbol, w.ts
;

-- signals of "What the matches did"
WITH print AS (
  -- As above, with the orders behind both sides. Sizes become exact before they are summed.
  SELECT DISTINCT trade_id, symbol, ts, price, TRY_CAST(qty AS DECIMAL(38, 12)) AS qty,
         buy_account_id, sell_account_id, buy_order_id, sell_order_id,
         coalesce(notional_usd, TRY_CAST(price * qty AS DECIMAL(38, 8)), 0) AS usd
  FROM trades
  WHERE coalesce(kind, 'normal') = 'normal' AND coalesce(venue, $venue) = $venue
),
sent AS (
  SELECT DISTINCT symbol, order_id, ts
  FROM orders
  WHERE event IN ('new', 'amend') AND coalesce(venue, $venue) = $venue
),
leg AS (
  SELECT t.symbol, t.usd, t.qty, t.buy_account_id, t.sell_account_id,
         time_bucket(INTERVAL ($step) MINUTE, t.ts) + INTERVAL ($step) MINUTE AS bin,
         coalesce(b.owner_id, t.buy_account_id) AS buyer,
         coalesce(s.owner_id, t.sell_account_id) AS seller,
         -- NULL where one of the two orders is unknown.
         abs(epoch_us(bo.ts) - epoch_us(so.ts)) <= $stale_minutes * 60000000 AS fresh
  FROM print t
  ASOF LEFT JOIN account_owners b ON b.account_id = t.buy_account_id AND b.since <= t.ts
  ASOF LEFT JOIN account_owners s ON s.account_id = t.sell_account_id AND s.since <= t.ts
  ASOF LEFT JOIN sent bo ON bo.symbol = t.symbol AND bo.order_id = t.buy_order_id AND bo.ts <= t.ts
  ASOF LEFT JOIN sent so ON so.symbol = t.symbol AND so.order_id = t.sell_order_id AND so.ts <= t.ts
),
matched AS (
  SELECT buyer AS owner_id, * EXCLUDE (buyer, seller)
  FROM leg
  WHERE buyer = seller
),
slot AS (
  SELECT DISTINCT owner_id, symbol, bin + to_minutes(unnest(range(0, $window, $step))) AS ts
  FROM matched
),
age AS (
  SELECT w.owner_id, w.symbol, w.ts,
         coalesce(sum(m.usd) FILTER (m.fresh), 0)
           / nullif(sum(m.usd) FILTER (m.fresh IS NOT NULL), 0) AS fresh
  FROM slot w
  JOIN matched m ON m.owner_id = w.owner_id AND m.symbol = w.symbol
                AND m.bin > w.ts - INTERVAL ($window) MINUTE AND m.bin <= w.ts
  GROUP BY ALL
),
flow AS (
  -- What each account bought (+) and sold (−) in matches; an account that met itself has both.
  SELECT owner_id, symbol, bin, account_id, sum(qty) AS qty, sum(net) AS net
  FROM (
    SELECT owner_id, symbol, bin, buy_account_id AS account_id, qty, qty AS net FROM matched
    UNION ALL
    SELECT owner_id, symbol, bin, sell_account_id, qty, -qty FROM matched
  )
  GROUP BY ALL
),
held AS (
  SELECT w.owner_id, w.symbol, w.ts, f.account_id, abs(sum(f.net)) AS kept, sum(f.qty) AS turned
  FROM slot w
  JOIN flow f ON f.owner_id = w.owner_id AND f.symbol = w.symbol
             AND f.bin > w.ts - INTERVAL ($return_hours) HOUR AND f.bin <= w.ts
  GROUP BY ALL
),
back AS (
  -- The part of the size that is where it began.
  SELECT owner_id, symbol, ts, 1 - sum(kept) / nullif(sum(turned), 0) AS part
  FROM held
  GROUP BY ALL
),
day AS (
  SELECT w.owner_id, w.symbol, w.ts, sum(m.usd) AS usd
  FROM slot w
  JOIN matched m ON m.owner_id = w.owner_id AND m.symbol = w.symbol
                AND m.bin > w.ts - INTERVAL ($return_hours) HOUR AND m.bin <= w.ts
  GROUP BY ALL
)
SELECT owner_id, symbol, ts, CAST(d.usd * coalesce(b.part, 1) AS DECIMAL(38, 8)) AS returned_usd, a.fresh
FROM age a
JOIN back b USING (owner_id, symbol, ts)
JOIN day d USING (owner_id, symbol, ts)
;
