/*
title: Owners who trade one after another as if one pushed the next, one row an account of such a relay
parameters:
  handover_hours: {type: integer, value: 6, unit: hour, range: "[1..48]", meaning: "the next begins at most so long after the one before has stopped"}
  like_part: {type: decimal, value: 0.1, unit: ratio, range: "[0..1]", meaning: the two totals may differ by so much}
  one_way: {type: decimal, value: 0.1, unit: ratio, range: "[0..0.5]", meaning: the other direction is at most this part of the total}
  leg_share: {type: decimal, value: 0.01, unit: ratio, range: "(0..1]", meaning: "each total is at least this part of the week's market; at most a hundred owners a side can be so large"}
  leg_usd: {type: decimal, value: 25000, unit: USD, range: ">= 0", meaning: and at least this much}
  leg_minutes: {type: integer, value: 5, unit: minutes, range: ">= 1", meaning: "each traded in so many different minutes; one order is no programme"}
  least_owners: {type: integer, value: 3, unit: owners, range: "[2..100]", meaning: shorter relays are left out}
columns:
  ring_id: {type: text, meaning: "relay, the side, and the owner who began it"}
  symbol: text
  span: {type: text, meaning: week}
  ts: {type: timestamp, meaning: "end of the seven days; the end itself is outside"}
  owner_id: text
  account_id: text
  side: {type: text, meaning: buy or sell}
  usd: {type: decimal, unit: USD, meaning: what the owner traded on this side}
key: [ring_id, symbol, span, ts, account_id]
*/
WITH RECURSIVE traded AS (
  -- Trades of the book by customers; market makers, brokers and the house trade on both sides all day.
  SELECT symbol, ts, usd, buyer AS owner_id, buy_account_id AS account_id, 'buy' AS side, buyer_type AS type FROM owned_trades WHERE kind = 'normal'
  UNION ALL
  SELECT symbol, ts, usd, seller, sell_account_id, 'sell', seller_type FROM owned_trades WHERE kind = 'normal'
),
daily AS (
  SELECT symbol, date_trunc('day', ts) + INTERVAL 1 DAY AS ts, owner_id, side, sum(usd) AS usd, min(ts) AS first_ts, max(ts) AS last_ts,
         count(DISTINCT date_trunc('minute', ts)) AS minutes
  FROM traded
  WHERE account_id IS NOT NULL AND coalesce(type, 'retail') = 'retail'
  GROUP BY symbol, date_trunc('day', ts) + INTERVAL 1 DAY, owner_id, side
),
market AS (
  SELECT symbol, date_trunc('day', ts) + INTERVAL 1 DAY + to_days(later.n) AS ts, sum(usd) / 2 AS usd
  FROM traded, (SELECT CAST(unnest(range(7)) AS INTEGER) AS n) later
  GROUP BY ALL
),
weekly AS (
  SELECT symbol, ts + to_days(later.n) AS ts, owner_id, sum(usd) FILTER (side = 'buy') AS bought, sum(usd) FILTER (side = 'sell') AS sold,
         min(first_ts) AS first_ts, max(last_ts) AS last_ts, sum(minutes) AS minutes
  FROM daily, (SELECT CAST(unnest(range(7)) AS INTEGER) AS n) later
  GROUP BY symbol, ts + to_days(later.n), owner_id
),
leg AS (
  SELECT w.symbol, w.ts, w.owner_id, w.first_ts, w.last_ts,
         CASE WHEN coalesce(w.bought, 0) >= coalesce(w.sold, 0) THEN 'buy' ELSE 'sell' END AS side,
         greatest(coalesce(w.bought, 0), coalesce(w.sold, 0)) AS usd
  FROM weekly w
  JOIN market m ON m.symbol = w.symbol AND m.ts = w.ts
  WHERE least(coalesce(w.bought, 0), coalesce(w.sold, 0)) <= $one_way * (coalesce(w.bought, 0) + coalesce(w.sold, 0))
    AND w.minutes >= $leg_minutes
    AND greatest(coalesce(w.bought, 0), coalesce(w.sold, 0)) >= greatest($leg_usd, $leg_share * m.usd)
),
before AS (
  -- The last of those who had stopped, and were as large. "Later to stop" lets no circle arise.
  SELECT q.symbol, q.ts, q.side, q.owner_id, q.first_ts, p.owner_id AS earlier
  FROM leg q
  JOIN leg p ON p.symbol = q.symbol AND p.ts = q.ts AND p.side = q.side AND p.last_ts < q.last_ts
            AND p.last_ts <= q.first_ts AND p.last_ts >= q.first_ts - INTERVAL ($handover_hours) HOUR
            AND abs(p.usd - q.usd) <= $like_part * greatest(p.usd, q.usd)
  QUALIFY row_number() OVER (PARTITION BY q.symbol, q.ts, q.side, q.owner_id ORDER BY p.last_ts DESC, p.owner_id) = 1
),
baton AS (
  -- One successor each.
  SELECT * FROM before
  QUALIFY row_number() OVER (PARTITION BY symbol, ts, side, earlier ORDER BY first_ts, owner_id) = 1
),
chain(symbol, ts, side, owner_id, root) USING KEY (symbol, ts, side, owner_id) AS (
  SELECT symbol, ts, side, owner_id, earlier FROM baton
  UNION
  SELECT c.symbol, c.ts, c.side, c.owner_id, r.root
  FROM recurring.chain c
  JOIN recurring.chain r ON r.symbol = c.symbol AND r.ts = c.ts AND r.side = c.side AND r.owner_id = c.root
),
runner AS (
  SELECT symbol, ts, side, owner_id, root FROM chain
  UNION
  SELECT symbol, ts, side, root, root FROM chain
),
long AS (
  SELECT * FROM runner QUALIFY count(*) OVER (PARTITION BY symbol, ts, side, root) >= $least_owners
)
SELECT DISTINCT 'relay ' || n.side || ' ' || n.root AS ring_id, n.symbol, 'week' AS span, n.ts, n.owner_id, t.account_id, n.side, l.usd
FROM long n
JOIN leg l ON l.symbol = n.symbol AND l.ts = n.ts AND l.owner_id = n.owner_id
JOIN traded t ON t.symbol = n.symbol AND t.owner_id = n.owner_id AND t.ts < n.ts AND t.ts >= n.ts - INTERVAL 7 DAY AND t.account_id IS NOT NULL
