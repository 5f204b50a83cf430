-- Evidence of collateral-inflation 1.0.0, run on DuckDB 1.5.6. Change the SOP, not this file.
-- $from and $as_of: the window; rows at or after $as_of must not be there.
-- Parameters, by segment:
--   $min_rise = 1.2 ratio (number) in liquid
--   $base_days = 7 day (integer) in liquid
--   $lift_hours = 24 hour (integer) in liquid
--   $after_minutes = 30 minute (integer) in liquid
--   $fresh_minutes = 60 minute (integer) in liquid
--   $min_drawn = 50000 USD (decimal) in liquid
--   $min_shortfall = 100000 USD (decimal) in liquid
--   $min_rise = 1.35 ratio (number) in normal
--   $base_days = 7 day (integer) in normal
--   $lift_hours = 24 hour (integer) in normal
--   $after_minutes = 30 minute (integer) in normal
--   $fresh_minutes = 60 minute (integer) in normal
--   $min_drawn = 50000 USD (decimal) in normal
--   $min_shortfall = 100000 USD (decimal) in normal
--   $min_rise = 1.5 ratio (number) in illiquid
--   $base_days = 7 day (integer) in illiquid
--   $lift_hours = 24 hour (integer) in illiquid
--   $after_minutes = 30 minute (integer) in illiquid
--   $fresh_minutes = 60 minute (integer) in illiquid
--   $min_drawn = 50000 USD (decimal) in illiquid
--   $min_shortfall = 100000 USD (decimal) in illiquid

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

-- view "credit_steps": Quarters of an hour in which an owner drew credit, one row for each asset that stood behind it
--   $step_minutes = 15 (integer), of this view
--   $draw_hours = 24 (integer), of this view
CREATE OR REPLACE TEMPORARY TABLE credit_steps AS
WITH market AS (
  SELECT base, substr(min((CASE type WHEN 'spot' THEN '0' WHEN 'margin' THEN '1' WHEN 'perp' THEN '2' ELSE '3' END) || symbol), 2) AS symbol
  FROM instruments
  WHERE base IS NOT NULL AND type <> 'option' AND coalesce(quote, 'USD') IN ('USD', 'USDT', 'USDC')
  GROUP BY base
),
reading AS (
  -- DISTINCT drops rows that a feed replays.
  SELECT DISTINCT account_id, asset, ts, price_usd, TRY_CAST(coalesce(borrowed_qty, 0) AS DECIMAL(38, 8)) AS debt
  FROM balances
),
since AS (
  SELECT account_id, min(ts) AS ts FROM reading GROUP BY account_id
),
loan AS (
  -- A debt that is seen first when its account is seen first is old; one that appears later was taken then.
  SELECT r.account_id, r.asset, r.ts,
         TRY_CAST((r.debt - coalesce(lag(r.debt) OVER (PARTITION BY r.account_id, r.asset ORDER BY r.ts, r.debt, r.price_usd),
                                     CASE WHEN r.ts > s.ts THEN 0 ELSE r.debt END)) * r.price_usd AS DECIMAL(38, 8)) AS usd
  FROM reading r
  JOIN since s USING (account_id)
),
moved AS (
  SELECT DISTINCT transfer_id, ts, from_account, to_account, asset, usd FROM transfers WHERE usd > 0
),
flow AS (
  SELECT account_id, asset, ts, usd AS loan, 0 AS paid FROM loan WHERE usd <> 0
  UNION ALL
  SELECT from_account, asset, ts, 0, usd FROM moved WHERE from_account IS NOT NULL
  UNION ALL
  SELECT to_account, asset, ts, 0, -usd FROM moved WHERE to_account IS NOT NULL
),
owned AS (
  SELECT coalesce(o.owner_id, f.account_id) AS owner_id, f.asset,
         time_bucket(INTERVAL ($step_minutes) MINUTE, f.ts) + INTERVAL ($step_minutes) MINUTE AS bin,
         sum(f.loan) AS loan, sum(f.paid) AS paid, bool_or(f.loan > 0 OR f.paid > 0) AS drew
  FROM flow f
  ASOF LEFT JOIN account_owners o ON o.account_id = f.account_id AND o.since <= f.ts
  GROUP BY ALL
),
held AS (
  SELECT DISTINCT o.owner_id, h.base
  FROM (
    SELECT account_id, asset AS base FROM balances WHERE qty > 0
    UNION
    SELECT p.account_id, i.base FROM positions p JOIN instruments i ON i.symbol = p.symbol WHERE p.qty > 0 AND i.type IN ('perp', 'future')
  ) h
  JOIN account_owners o USING (account_id)
),
slot AS (
  SELECT DISTINCT owner_id, bin AS ts FROM owned WHERE drew
)
SELECT s.owner_id, m.symbol, m.base, s.ts,
       greatest(coalesce(sum(f.loan), 0), coalesce(sum(f.paid), 0), 0) AS drawn_usd
FROM slot s
JOIN held h ON h.owner_id = s.owner_id
JOIN market m ON m.base = h.base
LEFT JOIN owned f ON f.owner_id = s.owner_id AND f.asset <> m.base
                 AND f.bin > s.ts - INTERVAL ($draw_hours) HOUR AND f.bin <= s.ts
GROUP BY s.owner_id, m.symbol, m.base, s.ts
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

-- evidence of "What the venue would lose"
WITH party AS (
  SELECT c.owner_id, c.symbol, c.base, c.ts, o.account_id
  FROM credit_steps c
  JOIN account_owners o ON o.owner_id = c.owner_id AND o.since <= c.ts AND coalesce(o.until > c.ts, true)
)
SELECT DISTINCT p.owner_id, p.symbol, p.ts, 'balances' AS source_table,
       b.account_id || ' ' || b.asset || ' ' || CAST(b.ts AS VARCHAR) AS row_id, b.ts AS row_ts,
       b.account_id || ': ' || b.qty || ' ' || b.asset || coalesce(' at $' || b.price_usd, '')
         || coalesce(', borrowed ' || b.borrowed_qty, '') || coalesce(', haircut ' || b.haircut, '') AS note
FROM party p
JOIN balances b ON b.account_id = p.account_id AND b.ts > p.ts - INTERVAL ($lift_hours) HOUR
               AND b.ts <= p.ts + INTERVAL ($after_minutes) MINUTE
UNION
SELECT p.owner_id, p.symbol, p.ts, 'equity', e.account_id || ' ' || CAST(e.ts AS VARCHAR), e.ts,
       e.account_id || ': equity $' || CAST(CAST(e.equity_usd AS DECIMAL(38, 2)) AS VARCHAR)
FROM party p
JOIN equity e ON e.account_id = p.account_id AND e.ts > p.ts + INTERVAL ($after_minutes - $fresh_minutes) MINUTE
             AND e.ts <= p.ts + INTERVAL ($after_minutes) MINUTE
UNION
SELECT p.owner_id, p.symbol, p.ts, 'transfers', t.transfer_id, t.ts,
       coalesce(t.kind, 'transfer') || ' $' || CAST(CAST(t.usd AS DECIMAL(38, 2)) AS VARCHAR) || ' ' || coalesce(t.asset, '?')
FROM party p
JOIN transfers t ON p.account_id IN (t.from_account, t.to_account) AND t.ts > p.ts - INTERVAL ($lift_hours) HOUR AND t.ts <= p.ts
;

-- evidence of "How the price rose"
SELECT DISTINCT c.owner_id, c.symbol, c.ts, 'trades' AS source_table, coalesce(t.trade_id, CAST(t.ts AS VARCHAR)) AS row_id,
       t.ts AS row_ts, 'bought $' || CAST(CAST(t.usd AS DECIMAL(38, 2)) AS VARCHAR) || ' of ' || t.symbol || ' at ' || t.price AS note
FROM credit_steps c
JOIN instruments i ON i.base = c.base
JOIN owned_trades t ON t.symbol = i.symbol AND t.buyer = c.owner_id AND t.kind = 'normal'
                   AND t.ts > c.ts - INTERVAL ($lift_hours) HOUR AND t.ts <= c.ts
UNION
SELECT c.owner_id, c.symbol, c.ts, 'index_constituents', x.venue || ' ' || CAST(x.ts AS VARCHAR), x.ts,
       x.venue || ' ' || x.price || ' ' || coalesce(x.status, '')
FROM credit_steps c
JOIN instruments i ON i.symbol = c.symbol
JOIN index_constituents x ON x.symbol IN (i.symbol, i.index) AND x.ts > c.ts - INTERVAL ($lift_hours) HOUR AND x.ts <= c.ts
;
