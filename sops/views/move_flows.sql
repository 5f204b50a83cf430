/*
title: What each owner did before a move of the price and in it
parameters:
  build_hours: {type: integer, value: 72, unit: hour, range: "[1..720]", meaning: "what was bought earlier was not bought for this move"}
  close_minutes: {type: integer, value: 240, unit: minute, range: "[240..1440]", meaning: "the move and its aftermath, counted from move_ts"}
  habit_days: {type: integer, value: 30, unit: day, range: "[3..90]", meaning: "how far back an owner's ordinary trading is looked at"}
  step_minutes: {type: integer, value: 5, unit: minute, range: "[1..60]", meaning: "pushes within one such interval are one step"}
columns:
  symbol: text
  direction: {type: text, meaning: "up or down. Bought below stands for bought in a rise, for sold in a fall"}
  move_ts: timestamp
  onset_ts: timestamp
  peak_ts: timestamp
  move: {type: number, unit: ratio, meaning: "peak against base, as a part of the base"}
  owner_id: text
  role: {type: text, meaning: "type of the owner's accounts in these trades; client where they differ or nobody knows"}
  ready_usd: {type: decimal, unit: USD, meaning: "bought (net) and brought in before the onset, at the price before the move"}
  brought_usd: {type: decimal, unit: USD, meaning: "part of it that came by deposit or from another owner"}
  market_before_usd: {type: decimal, unit: USD, meaning: "all trades of the symbol in the same time"}
  turned_usd: {type: decimal, unit: USD, meaning: "what the owner traded before the onset, both ways"}
  past_usd: {type: decimal, unit: USD, meaning: "the owner's turnover in habit_days before that, scaled to build_hours"}
  closed: {type: number, unit: ratio, meaning: "part of what stood ready that was sold after the onset"}
  gain_usd: {type: decimal, unit: USD, meaning: "what the sales brought above the price before the move, or above the price paid in it"}
  push_usd: {type: decimal, unit: USD, meaning: "bought by market orders from the onset to the peak"}
  all_push_usd: {type: decimal, unit: USD, meaning: "the same of everybody, forced orders included"}
  steps: {type: integer, meaning: "intervals of step_minutes in which the owner pushed"}
key: [symbol, direction, move_ts, owner_id]
*/
WITH side AS (
  -- Each print from both ends. What an owner traded with itself counts for nobody. An unknown taker may have been either.
  SELECT symbol, ts, buyer AS owner_id, coalesce(buyer_type, 'retail') AS type, 'buy' AS side,
         coalesce(taker_side, 'buy') = 'buy' AS taker, kind, qty, usd
  FROM owned_trades
  WHERE buyer IS DISTINCT FROM seller
  UNION ALL
  SELECT symbol, ts, seller, coalesce(seller_type, 'retail'), 'sell', coalesce(taker_side, 'sell') = 'sell', kind, qty, usd
  FROM owned_trades
  WHERE buyer IS DISTINCT FROM seller
),
seen AS (
  SELECT m.symbol, m.direction, m.move_ts, m.onset_ts, m.peak_ts, s.owner_id, s.type, s.ts, s.qty, s.usd, s.side,
         (s.side = 'buy') = (m.direction = 'up') AS along, s.taker, s.kind,
         -- Nobody decides to be liquidated or deleveraged.
         CASE s.kind WHEN 'adl' THEN false WHEN 'liquidation' THEN NOT s.taker ELSE true END AS free,
         CASE WHEN s.ts < m.onset_ts - INTERVAL ($build_hours) HOUR THEN 'past'
              WHEN s.ts < m.onset_ts THEN 'before' ELSE 'after' END AS phase
  FROM price_moves m
  JOIN side s ON s.symbol = m.symbol AND s.ts < m.move_ts + INTERVAL ($close_minutes) MINUTE
             AND s.ts >= m.onset_ts - INTERVAL ($build_hours) HOUR - to_days($habit_days)
),
whole AS (
  SELECT symbol, direction, move_ts,
         coalesce(sum(usd) FILTER (phase = 'before' AND along), 0) AS market_before_usd,
         coalesce(sum(usd) FILTER (phase = 'after' AND along AND taker AND kind IN ('normal', 'liquidation')
                                   AND ts < peak_ts + INTERVAL 1 MINUTE), 0) AS all_push_usd
  FROM seen
  GROUP BY ALL
),
traded AS (
  SELECT symbol, direction, move_ts, owner_id,
         CASE WHEN min(type) = max(type) AND min(type) IN ('mm', 'broker_omnibus') THEN min(type)
              WHEN bool_and(type IN ('internal', 'liquidator')) THEN 'house' ELSE 'client' END AS role,
         coalesce(sum(CASE WHEN along THEN qty ELSE -qty END) FILTER (phase = 'before' AND free), 0) AS net_qty,
         coalesce(sum(usd) FILTER (phase = 'before' AND free), 0) AS turned_usd,
         coalesce(sum(usd) FILTER (phase = 'past' AND free), 0) AS past_usd,
         coalesce(sum(qty) FILTER (phase = 'after' AND free AND along), 0) AS in_qty,
         coalesce(sum(usd) FILTER (phase = 'after' AND free AND along), 0) AS in_usd,
         coalesce(sum(qty) FILTER (phase = 'after' AND free AND NOT along), 0) AS out_qty,
         coalesce(sum(usd) FILTER (phase = 'after' AND free AND NOT along), 0) AS out_usd,
         coalesce(sum(usd) FILTER (phase = 'after' AND along AND taker AND kind = 'normal'
                                   AND ts < peak_ts + INTERVAL 1 MINUTE), 0) AS push_usd,
         count(DISTINCT time_bucket(INTERVAL ($step_minutes) MINUTE, ts))
           FILTER (phase = 'after' AND along AND taker AND kind = 'normal' AND ts < peak_ts + INTERVAL 1 MINUTE) AS steps
  FROM seen
  WHERE owner_id IS NOT NULL
  GROUP BY ALL
),
brought AS (
  -- Coins that came in before the rise: bought elsewhere, or handed over.
  SELECT m.symbol, m.direction, m.move_ts, coalesce(o.owner_id, t.to_account) AS owner_id,
         sum(TRY_CAST(t.amount AS DECIMAL(38, 8))) AS qty
  FROM price_moves m
  JOIN (SELECT DISTINCT symbol, base FROM instruments WHERE type IN ('spot', 'margin')) i ON i.symbol = m.symbol
  JOIN (SELECT DISTINCT transfer_id, ts, kind, from_account, to_account, asset, amount FROM transfers) t
    ON t.asset = i.base AND t.kind IN ('deposit', 'internal')
   AND t.ts < m.onset_ts AND t.ts >= m.onset_ts - INTERVAL ($build_hours) HOUR
  ASOF LEFT JOIN account_owners o ON o.account_id = t.to_account AND o.since <= t.ts
  ASOF LEFT JOIN account_owners f ON f.account_id = t.from_account AND f.since <= t.ts
  WHERE m.direction = 'up' AND coalesce(f.owner_id, t.from_account) IS DISTINCT FROM coalesce(o.owner_id, t.to_account)
  GROUP BY ALL
),
stood AS (
  SELECT t.*, m.onset_ts, m.peak_ts, m.base_px, abs(m.peak_px / m.base_px - 1) AS move,
         CAST(greatest(t.net_qty + coalesce(b.qty, 0), 0) AS DOUBLE) AS ready_qty,
         CAST(least(coalesce(b.qty, 0), greatest(t.net_qty + coalesce(b.qty, 0), 0)) AS DOUBLE) AS brought_qty,
         CAST(t.out_usd AS DOUBLE) / nullif(CAST(t.out_qty AS DOUBLE), 0) AS out_px,
         CAST(t.in_usd AS DOUBLE) / nullif(CAST(t.in_qty AS DOUBLE), 0) AS in_px
  FROM traded t
  JOIN price_moves m USING (symbol, direction, move_ts)
  LEFT JOIN brought b USING (symbol, direction, move_ts, owner_id)
)
SELECT s.symbol, s.direction, s.move_ts, s.onset_ts, s.peak_ts, s.move, s.owner_id, s.role,
       CAST(s.ready_qty * s.base_px AS DECIMAL(38, 8)) AS ready_usd,
       CAST(s.brought_qty * s.base_px AS DECIMAL(38, 8)) AS brought_usd,
       w.market_before_usd, s.turned_usd,
       CAST(CAST(s.past_usd AS DOUBLE) * $build_hours / (24.0 * $habit_days) AS DECIMAL(38, 8)) AS past_usd,
       CASE WHEN s.ready_qty > 0 THEN least(CAST(s.out_qty AS DOUBLE) / s.ready_qty, 1) END AS closed,
       -- First what stood ready is sold, then what was bought on the way; a dear purchase on the way does not eat the gain.
       CAST((
         least(CAST(s.out_qty AS DOUBLE), s.ready_qty) * coalesce(CASE s.direction WHEN 'up' THEN s.out_px - s.base_px ELSE s.base_px - s.out_px END, 0)
         + least(greatest(CAST(s.out_qty AS DOUBLE) - s.ready_qty, 0), CAST(s.in_qty AS DOUBLE)) * greatest(coalesce(CASE s.direction WHEN 'up' THEN s.out_px - s.in_px ELSE s.in_px - s.out_px END, 0), 0))
         AS DECIMAL(38, 8)) AS gain_usd,
       s.push_usd, w.all_push_usd, s.steps
FROM stood s
JOIN whole w USING (symbol, direction, move_ts)
