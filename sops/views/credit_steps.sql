/*
title: Quarters of an hour in which an owner drew credit, one row for each asset that stood behind it
parameters:
  step_minutes: {type: integer, value: 15, unit: minute, range: "[5..60]", meaning: "a step ends this often"}
  draw_hours: {type: integer, value: 24, unit: hour, range: "[1..168]", meaning: "what is drawn within so long adds up"}
columns:
  owner_id: text
  symbol: {type: text, meaning: "the market that prices the asset: spot in dollars before all others"}
  base: {type: text, meaning: "the asset"}
  ts: {type: timestamp, meaning: "the end of the step"}
  drawn_usd: {type: decimal, unit: USD, meaning: "the larger of net new debt and net money out, in other assets than this one, within draw_hours"}
key: [owner_id, symbol, ts]
*/
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
