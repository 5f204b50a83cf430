/*
title: What each owner, together with whom something joins to it, holds and buys while a price runs
parameters:
  snapshot_minutes: {type: integer, value: 60, unit: minute, range: "[5..240]", meaning: "an older snapshot says nothing"}
  balance_hours: {type: integer, value: 24, unit: hour, range: "[1..168]", meaning: "the same for balances"}
  memory_days: {type: integer, value: 30, unit: day, range: "[1..90]", meaning: "coins withdrawn since then still count as held"}
  near: {type: number, value: 1.5, unit: ratio, range: "[1..10]", meaning: "a call further out of the money than this hedges nothing"}
columns:
  symbol: text
  ts: timestamp
  owner_id: text
  members: {type: integer, meaning: "owners of the circle who take part, this one included"}
  long_qty: {type: decimal, unit: base units, meaning: "long in perps and futures on the asset"}
  coin_qty: {type: decimal, unit: base units, meaning: "coins held, those withdrawn included"}
  short_qty: {type: decimal, unit: base units, meaning: "short in contracts on the asset, options that are near the money included"}
  push_usd: {type: decimal, unit: USD, meaning: "bought by market orders in this symbol since the low"}
key: [symbol, ts, owner_id]
*/
WITH kind AS (
  SELECT symbol, max(base) AS base, max(type) AS type, max(strike) AS strike, max(option_type) AS option_type
  FROM instruments
  GROUP BY symbol
),
held AS (
  SELECT r.symbol, r.ts, k.type, p.account_id, p.symbol AS contract, p.side, k.option_type,
         k.type = 'option' AND k.option_type = 'call' AND k.strike > $near * r.px AS far,
         arg_max(TRY_CAST(p.qty AS DECIMAL(38, 8)), p.ts) AS qty
  FROM price_runs r
  JOIN kind k ON k.base = r.base AND k.type IN ('perp', 'future', 'option')
  JOIN positions p ON p.symbol = k.symbol AND p.ts < r.ts AND p.ts >= r.ts - INTERVAL ($snapshot_minutes) MINUTE
  GROUP BY r.symbol, r.ts, r.px, k.type, p.account_id, p.symbol, p.side, k.option_type, k.strike
),
coins AS (
  SELECT r.symbol, r.ts, b.account_id, arg_max(TRY_CAST(b.qty - coalesce(b.borrowed_qty, 0) AS DECIMAL(38, 8)), b.ts) AS qty
  FROM price_runs r
  JOIN balances b ON b.asset = r.base AND b.ts < r.ts AND b.ts >= r.ts - INTERVAL ($balance_hours) HOUR
  GROUP BY r.symbol, r.ts, b.account_id
),
gone AS (
  -- Coins taken off the venue and not brought back: they are still in the same hand, and the book is emptier.
  SELECT r.symbol, r.ts, coalesce(t.from_account, t.to_account) AS account_id,
         sum(CASE t.kind WHEN 'withdraw' THEN 1 ELSE -1 END * TRY_CAST(t.amount AS DECIMAL(38, 8))) AS qty
  FROM price_runs r
  JOIN (SELECT DISTINCT transfer_id, ts, kind, from_account, to_account, asset, amount FROM transfers WHERE kind IN ('withdraw', 'deposit')) t
    ON t.asset = r.base AND t.ts < r.ts AND t.ts >= r.ts - to_days($memory_days)
  GROUP BY ALL
),
bought AS (
  SELECT r.symbol, r.ts, t.buyer AS owner_id, sum(t.usd) AS usd
  FROM price_runs r
  JOIN owned_trades t ON t.symbol = r.symbol AND t.ts >= r.low_ts AND t.ts < r.ts
  WHERE t.kind = 'normal' AND coalesce(t.taker_side, 'buy') = 'buy' AND t.buyer IS DISTINCT FROM t.seller AND t.buyer IS NOT NULL
  GROUP BY ALL
),
piece AS (
  SELECT symbol, ts, account_id,
         CASE WHEN type <> 'option' AND side = 'long' THEN qty ELSE 0 END AS long_qty, 0 AS coin_qty,
         CASE WHEN far THEN 0
              WHEN type = 'option' AND (side = 'long') = (option_type = 'put') THEN qty
              WHEN type <> 'option' AND side = 'short' THEN qty ELSE 0 END AS short_qty
  FROM held
  UNION ALL
  SELECT symbol, ts, account_id, 0, greatest(coalesce(c.qty, 0), coalesce(c.qty, 0) + coalesce(g.qty, 0)), 0
  FROM coins c FULL JOIN gone g USING (symbol, ts, account_id)
),
own AS (
  SELECT symbol, ts, owner_id, sum(long_qty) AS long_qty, sum(coin_qty) AS coin_qty, sum(short_qty) AS short_qty, sum(push_usd) AS push_usd
  FROM (
    SELECT p.symbol, p.ts, coalesce(o.owner_id, p.account_id) AS owner_id, p.long_qty, greatest(p.coin_qty, 0) AS coin_qty, p.short_qty, 0 AS push_usd
    FROM piece p
    ASOF LEFT JOIN account_owners o ON o.account_id = p.account_id AND o.since <= p.ts
    UNION ALL
    SELECT symbol, ts, owner_id, 0, 0, 0, usd FROM bought
  )
  WHERE owner_id IS NOT NULL
  GROUP BY ALL
),
linked AS (
  SELECT symbol, ts, owner_id, owner_id AS member FROM own
  UNION
  SELECT o.symbol, o.ts, o.owner_id, l.other_id
  FROM own o
  JOIN owner_links l ON l.owner_id = o.owner_id AND l.since < o.ts AND coalesce(l.until >= o.ts, true)
)
SELECT k.symbol, k.ts, k.owner_id, count(*) AS members,
       sum(o.long_qty) AS long_qty, sum(o.coin_qty) AS coin_qty, sum(o.short_qty) AS short_qty, sum(o.push_usd) AS push_usd
FROM linked k
JOIN own o ON o.symbol = k.symbol AND o.ts = k.ts AND o.owner_id = k.member
GROUP BY k.symbol, k.ts, k.owner_id
