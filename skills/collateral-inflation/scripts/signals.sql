-- Signals of collateral-inflation 1.0.0, run on DuckDB 1.5.6. Change the SOP, not this file.
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

-- signals of "What the venue would lose"
WITH price AS (
  SELECT symbol, ts, max(coalesce(index, mark, last)) AS px
  FROM prices
  WHERE coalesce(index, mark, last) > 0 AND coalesce(venue, 'main') = 'main'
  GROUP BY symbol, ts
),
before AS (
  SELECT c.symbol, c.ts, median(p.px) AS px
  FROM (SELECT DISTINCT symbol, ts FROM credit_steps) c
  JOIN price p ON p.symbol = c.symbol AND p.ts > c.ts - to_days($base_days)
              AND p.ts <= c.ts - INTERVAL ($lift_hours) HOUR
  GROUP BY c.symbol, c.ts
),
party AS (
  SELECT s.owner_id, s.ts, s.ts + INTERVAL ($after_minutes) MINUTE AS read_ts, o.account_id
  FROM (SELECT DISTINCT owner_id, ts FROM credit_steps) s
  JOIN account_owners o ON o.owner_id = s.owner_id AND o.since <= s.ts AND coalesce(o.until > s.ts, true)
),
pool AS (
  -- The latest reading of each pool of margin.
  SELECT p.owner_id, p.ts, p.account_id, e.margin_mode, e.symbol, max(e.ts) AS at_ts, arg_max(e.equity_usd, e.ts) AS usd
  FROM party p
  JOIN equity e ON e.account_id = p.account_id AND e.ts <= p.read_ts AND e.ts > p.read_ts - INTERVAL ($fresh_minutes) MINUTE
  GROUP BY ALL
),
worth AS (
  SELECT owner_id, ts, account_id, max(at_ts) AS at_ts, sum(usd) AS usd FROM pool GROUP BY ALL
),
held AS (
  SELECT p.owner_id, p.ts, p.account_id, b.asset,
         arg_max(TRY_CAST(b.qty - coalesce(b.borrowed_qty, 0) AS DECIMAL(38, 8)), b.ts) AS qty,
         arg_max(TRY_CAST((b.qty - coalesce(b.borrowed_qty, 0)) * b.price_usd AS DECIMAL(38, 8)), b.ts) AS usd
  FROM party p
  LEFT JOIN worth w USING (owner_id, ts, account_id)
  JOIN balances b ON b.account_id = p.account_id AND b.ts <= coalesce(w.at_ts, p.read_ts)
  GROUP BY ALL
),
open AS (
  SELECT p.owner_id, p.ts, p.account_id, h.symbol, h.side, arg_max(TRY_CAST(h.qty AS DECIMAL(38, 8)), h.ts) AS qty
  FROM party p
  LEFT JOIN worth w USING (owner_id, ts, account_id)
  JOIN positions h ON h.account_id = p.account_id AND h.ts <= coalesce(w.at_ts, p.read_ts)
                  AND h.ts > p.read_ts - INTERVAL ($fresh_minutes) MINUTE
  GROUP BY ALL
),
exposed AS (
  SELECT owner_id, ts, account_id, base, sum(qty) AS qty
  FROM (
    SELECT owner_id, ts, account_id, asset AS base, qty FROM held
    UNION ALL
    SELECT o.owner_id, o.ts, o.account_id, i.base, CASE o.side WHEN 'long' THEN o.qty ELSE -o.qty END
    FROM open o
    JOIN (SELECT DISTINCT symbol, base FROM instruments WHERE type IN ('perp', 'future')) i ON i.symbol = o.symbol
  )
  GROUP BY ALL
),
valued AS (
  -- Each holding at the price of the moment at which its account was read, and at the price before.
  SELECT c.owner_id, c.symbol, c.ts, x.account_id, greatest(x.qty, 0) AS qty,
         TRY_CAST(greatest(x.qty, 0) * coalesce(p.px, b.px) AS DECIMAL(38, 8)) AS usd,
         TRY_CAST(round(x.qty * (p.px - b.px), 4) AS DECIMAL(38, 8)) AS gained, x.qty > 0 AND b.px IS NULL AS unknown
  FROM credit_steps c
  JOIN exposed x ON x.owner_id = c.owner_id AND x.ts = c.ts AND x.base = c.base
  LEFT JOIN worth w ON w.owner_id = x.owner_id AND w.ts = x.ts AND w.account_id = x.account_id
  LEFT JOIN before b ON b.symbol = c.symbol AND b.ts = c.ts
  ASOF LEFT JOIN price p ON p.symbol = c.symbol AND p.ts <= coalesce(w.at_ts, c.ts + INTERVAL ($after_minutes) MINUTE)
),
rest AS (
  -- What each account would be worth with all its holdings at the price before.
  SELECT p.owner_id, p.ts, p.account_id, coalesce(w.usd - coalesce(v.gained, 0), h.usd, 0) AS usd
  FROM party p
  LEFT JOIN worth w USING (owner_id, ts, account_id)
  LEFT JOIN (SELECT owner_id, ts, account_id, sum(gained) AS gained FROM valued GROUP BY ALL) v USING (owner_id, ts, account_id)
  LEFT JOIN (
    SELECT d.owner_id, d.ts, d.account_id, sum(coalesce(TRY_CAST(d.qty * b.px AS DECIMAL(38, 8)), d.usd)) AS usd
    FROM held d
    LEFT JOIN credit_steps c ON c.owner_id = d.owner_id AND c.ts = d.ts AND c.base = d.asset
    LEFT JOIN before b ON b.symbol = c.symbol AND b.ts = c.ts
    GROUP BY ALL
  ) h USING (owner_id, ts, account_id)
),
owed AS (
  SELECT owner_id, ts, sum(greatest(-usd, 0)) AS usd FROM rest GROUP BY ALL
),
backing AS (
  SELECT owner_id, symbol, ts, CAST(sum(qty) AS DOUBLE) AS qty, CAST(sum(usd) AS DOUBLE) AS usd, bool_or(unknown) AS unknown
  FROM valued
  GROUP BY ALL
),
band AS (
  -- Of one moment the widest band that is no wider than 2 %.
  SELECT symbol, ts, CAST(max(bid_usd) AS DOUBLE) AS usd FROM depth WHERE band_bps <= 200 GROUP BY symbol, ts
),
book AS (
  SELECT c.symbol, c.ts, median(d.usd) AS usd
  FROM (SELECT DISTINCT symbol, ts FROM credit_steps) c
  JOIN band d ON d.symbol = c.symbol AND d.ts <= c.ts AND d.ts > c.ts - INTERVAL ($lift_hours) HOUR
  GROUP BY c.symbol, c.ts
),
supply AS (
  SELECT base, max(circulating_supply) AS qty FROM instruments WHERE circulating_supply > 0 GROUP BY base
)
SELECT c.owner_id, c.symbol, c.ts, c.drawn_usd,
       CASE WHEN NOT coalesce(g.unknown, false) THEN o.usd END AS shortfall_usd,
       CASE WHEN coalesce(g.usd, 0) = 0 THEN 0 ELSE g.usd / nullif(k.usd, 0) END AS collateral_to_depth,
       coalesce(g.qty, 0) / s.qty AS holder_share
FROM credit_steps c
LEFT JOIN owed o USING (owner_id, ts)
LEFT JOIN backing g USING (owner_id, symbol, ts)
LEFT JOIN book k USING (symbol, ts)
LEFT JOIN supply s ON s.base = c.base
;

-- signals of "How the price rose"
WITH price AS (
  SELECT symbol, ts, max(coalesce(index, mark, last)) AS px
  FROM prices
  WHERE coalesce(index, mark, last) > 0 AND coalesce(venue, 'main') = 'main'
  GROUP BY symbol, ts
),
moment AS (
  SELECT DISTINCT symbol, base, ts FROM credit_steps
),
risen AS (
  SELECT m.symbol, m.ts,
         max(p.px) FILTER (p.ts > m.ts - INTERVAL ($lift_hours) HOUR)
           / nullif(median(p.px) FILTER (p.ts <= m.ts - INTERVAL ($lift_hours) HOUR), 0) AS rise
  FROM moment m
  JOIN price p ON p.symbol = m.symbol AND p.ts > m.ts - to_days($base_days) AND p.ts <= m.ts
  GROUP BY m.symbol, m.ts
),
market AS (
  SELECT DISTINCT symbol, base FROM instruments WHERE base IS NOT NULL
),
bought AS (
  SELECT m.symbol, m.ts, t.buyer, sum(t.usd) AS usd
  FROM moment m
  JOIN market i ON i.base = m.base
  JOIN owned_trades t ON t.symbol = i.symbol AND t.ts > m.ts - INTERVAL ($lift_hours) HOUR AND t.ts <= m.ts
  WHERE t.kind = 'normal' AND coalesce(t.taker_side, 'buy') = 'buy'
  GROUP BY ALL
),
whole AS (
  SELECT symbol, ts, sum(usd) AS usd FROM bought GROUP BY ALL
),
spread AS (
  SELECT symbol, ts, max(price) / nullif(median(price), 0) - 1 AS gap
  FROM index_constituents
  WHERE coalesce(status, 'used') = 'used' AND price > 0
  GROUP BY symbol, ts
),
named AS (
  -- The index goes by its own name, or by the market's.
  SELECT DISTINCT symbol, unnest([symbol, index]) AS name FROM instruments
),
bent AS (
  SELECT m.symbol, m.ts, max(s.gap) AS gap
  FROM moment m
  JOIN named n ON n.symbol = m.symbol
  JOIN spread s ON s.symbol = n.name AND s.ts > m.ts - INTERVAL ($lift_hours) HOUR AND s.ts <= m.ts
  GROUP BY m.symbol, m.ts
)
SELECT c.owner_id, c.symbol, c.ts, r.rise,
       CASE WHEN w.usd > 0 THEN CAST(coalesce(b.usd, 0) AS DOUBLE) / CAST(w.usd AS DOUBLE) END AS own_lift,
       greatest(g.gap, 0) AS index_gap
FROM credit_steps c
LEFT JOIN risen r USING (symbol, ts)
LEFT JOIN whole w USING (symbol, ts)
LEFT JOIN bought b ON b.symbol = c.symbol AND b.ts = c.ts AND b.buyer = c.owner_id
LEFT JOIN bent g USING (symbol, ts)
;
