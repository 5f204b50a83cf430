/*
title: Who is short of an asset while its price runs, all contracts and loans of coins together
parameters:
  snapshot_minutes: {type: integer, value: 60, unit: minute, range: "[5..240]", meaning: "an older snapshot says nothing"}
  balance_hours: {type: integer, value: 24, unit: hour, range: "[1..168]", meaning: "the same for balances"}
columns:
  symbol: text
  ts: timestamp
  longs: {type: decimal, unit: base units, meaning: "open interest of perps and futures on the asset; null where there are such and nothing was recorded"}
  borrowed: {type: decimal, unit: base units, meaning: "coins that accounts have borrowed"}
  supply: {type: decimal, unit: base units, meaning: "coins that can change hands; null where nobody knows"}
key: [symbol, ts]
*/
WITH kind AS (
  SELECT symbol, max(base) AS base, max(type) AS type, max(circulating_supply) AS supply FROM instruments GROUP BY symbol
),
held AS (
  SELECT r.symbol, r.ts, p.symbol AS contract, p.account_id, p.side,
         arg_max(TRY_CAST(p.qty AS DECIMAL(38, 8)), p.ts) AS qty
  FROM price_runs r
  JOIN kind k ON k.base = r.base AND k.type IN ('perp', 'future')
  JOIN positions p ON p.symbol = k.symbol AND p.ts < r.ts AND p.ts >= r.ts - INTERVAL ($snapshot_minutes) MINUTE
  GROUP BY r.symbol, r.ts, p.symbol, p.account_id, p.side
),
counted AS (
  SELECT symbol, ts, contract, greatest(sum(qty) FILTER (side = 'long'), sum(qty) FILTER (side = 'short')) AS qty
  FROM held
  GROUP BY ALL
),
stated AS (
  SELECT r.symbol, r.ts, q.symbol AS contract, arg_max(TRY_CAST(q.open_interest AS DECIMAL(38, 8)), q.ts) AS qty
  FROM price_runs r
  JOIN kind k ON k.base = r.base AND k.type IN ('perp', 'future')
  JOIN prices q ON q.symbol = k.symbol AND coalesce(q.venue, 'main') = 'main' AND q.open_interest IS NOT NULL
               AND q.ts < r.ts AND q.ts >= r.ts - INTERVAL ($snapshot_minutes) MINUTE
  GROUP BY r.symbol, r.ts, q.symbol
),
open AS (
  -- The venue's own figure, or what its accounts hold if that is more.
  SELECT symbol, ts, sum(qty) AS qty
  FROM (
    SELECT symbol, ts, contract, max(qty) AS qty
    FROM (SELECT symbol, ts, contract, qty FROM counted UNION ALL SELECT symbol, ts, contract, qty FROM stated)
    GROUP BY ALL
  )
  GROUP BY ALL
),
lent AS (
  SELECT symbol, ts, sum(qty) AS qty
  FROM (
    SELECT r.symbol, r.ts, b.account_id, arg_max(TRY_CAST(b.borrowed_qty AS DECIMAL(38, 8)), b.ts) AS qty
    FROM price_runs r
    JOIN balances b ON b.asset = r.base AND b.ts < r.ts AND b.ts >= r.ts - INTERVAL ($balance_hours) HOUR
    GROUP BY r.symbol, r.ts, b.account_id
  )
  GROUP BY ALL
),
known AS (
  SELECT base, max(supply) AS supply FROM kind GROUP BY base
)
SELECT r.symbol, r.ts,
       -- Contracts of which nothing was recorded are unknown; where there are none, nothing is open.
       coalesce(o.qty, CASE WHEN EXISTS (SELECT 1 FROM kind k WHERE k.base = r.base AND k.type IN ('perp', 'future')) THEN NULL ELSE 0 END) AS longs, coalesce(l.qty, 0) AS borrowed, TRY_CAST(n.supply AS DECIMAL(38, 8)) AS supply
FROM price_runs r
LEFT JOIN open o USING (symbol, ts)
LEFT JOIN lent l USING (symbol, ts)
LEFT JOIN known n ON n.base = r.base
