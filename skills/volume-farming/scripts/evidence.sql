-- Evidence of volume-farming 1.0.0, run on DuckDB 1.5.6. Change the SOP, not this file.
-- $from and $as_of: the window; rows at or after $as_of must not be there.
-- Parameters:
--   $thin_usd = 25000 USD (decimal)
--   $min_usd = 250000 USD (decimal)
--   $min_prints = 100 prints (integer)
--   $min_meetings = 5 (integer)
--   $past_days = 7 day (integer)
--   $reward_days = 14 day (integer)

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

-- view "owner_sides": One row an owner's side of a print of the book; a trade with itself is one row
CREATE OR REPLACE TEMPORARY TABLE owner_sides AS
SELECT buyer AS owner_id, symbol, date_trunc('day', ts) AS day, ts, trade_id, buy_account_id AS account_id,
       CASE WHEN buyer IS NOT DISTINCT FROM seller THEN 'both' ELSE 'buy' END AS side,
       qty, usd, buyer_type AS type, seller AS other, seller_type AS other_type
FROM owned_trades
WHERE kind = 'normal' AND buyer IS NOT NULL
UNION ALL
SELECT seller, symbol, date_trunc('day', ts), ts, trade_id, sell_account_id, 'sell', qty, usd, seller_type, buyer, buyer_type
FROM owned_trades
WHERE kind = 'normal' AND seller IS NOT NULL AND seller IS DISTINCT FROM buyer
;

-- evidence of "How much, and with whom"
SELECT DISTINCT owner_id, symbol, day, 'trades' AS source_table, coalesce(trade_id, CAST(ts AS VARCHAR)) AS row_id, ts,
       side || ' ' || coalesce(CAST(CAST(qty AS DECIMAL(38, 8)) AS VARCHAR), '?') || ', $' || CAST(CAST(usd AS DECIMAL(38, 2)) AS VARCHAR)
         || CASE WHEN other IS NULL THEN '' ELSE ', with ' || other END AS note
FROM owner_sides
;

-- evidence of "How it looks"
SELECT DISTINCT owner_id, symbol, day, 'trades' AS source_table, coalesce(trade_id, CAST(ts AS VARCHAR)) AS row_id, ts,
       coalesce(CAST(CAST(qty AS DECIMAL(38, 8)) AS VARCHAR), '?') || ' in second ' || CAST(extract('second' FROM ts) AS VARCHAR) AS note
FROM owner_sides
;

-- evidence of "What came of it"
SELECT DISTINCT o.owner_id, o.symbol, o.day, 'rewards' AS source_table, coalesce(r.campaign_id, '?') || ' ' || r.account_id || ' ' || CAST(r.ts AS VARCHAR) AS row_id, r.ts,
       r.kind || ' $' || coalesce(CAST(CAST(r.usd AS DECIMAL(38, 2)) AS VARCHAR), '?') AS note
FROM owner_sides o
JOIN rewards r ON r.account_id = o.account_id AND r.ts < o.day + INTERVAL 1 DAY AND r.ts >= o.day - INTERVAL ($reward_days) DAY
;
