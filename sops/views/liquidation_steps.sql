/*
title: Forced steps, each with its owner and the episode that it belongs to
parameters:
  episode_gap: {type: integer, value: 15, unit: minute, range: "[1..60]", meaning: "a longer pause begins another episode"}
  episode_minutes: {type: integer, value: 30, unit: minute, range: "[5..30]", meaning: "what goes on longer is the next episode"}
columns:
  owner_id: text
  symbol: text
  episode_ts: {type: timestamp, meaning: "the first forced step of the episode"}
  ts: {type: timestamp, meaning: "this step"}
  account_id: text
  liq_id: text
  position_side: {type: text, meaning: "long or short: what was closed"}
  qty: {type: decimal, unit: base units}
  usd: {type: decimal, unit: USD, meaning: "value closed in this step"}
  loss_usd: {type: decimal, unit: USD, meaning: "what the venue bore at this step"}
*/
WITH print AS (
  -- DISTINCT drops steps that a feed replays. The loss at takeover is what was put on the backstop; how the backstop fared later is luck.
  SELECT DISTINCT liq_id, account_id, symbol, ts,
         coalesce(position_side, CASE side WHEN 'sell' THEN 'long' WHEN 'buy' THEN 'short' END) AS position_side,
         TRY_CAST(qty AS DECIMAL(38, 12)) AS qty,
         coalesce(notional_usd, TRY_CAST(qty * coalesce(mark_px, fill_px, bankruptcy_px) AS DECIMAL(38, 8)), 0) AS usd,
         greatest(coalesce(loss_takeover_usd, loss_usd,
           TRY_CAST(qty * (bankruptcy_px - fill_px) * (CASE side WHEN 'sell' THEN 1 WHEN 'buy' THEN -1 END) AS DECIMAL(38, 8)), 0),
           coalesce(insurance_paid_usd, 0), 0) AS loss_usd
  FROM liquidations
),
step AS (
  SELECT coalesce(o.owner_id, p.account_id) AS owner_id, p.*
  FROM print p
  ASOF LEFT JOIN account_owners o ON o.account_id = p.account_id AND o.since <= p.ts
  WHERE p.account_id IS NOT NULL
),
moment AS (
  SELECT DISTINCT owner_id, symbol, ts FROM step
),
broken AS (
  SELECT owner_id, symbol, ts,
         CASE WHEN ts - max(ts) OVER before <= INTERVAL ($episode_gap) MINUTE THEN 0 ELSE 1 END AS fresh
  FROM moment
  WINDOW before AS (PARTITION BY owner_id, symbol ORDER BY ts
                    RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING)
),
chained AS (
  SELECT owner_id, symbol, ts, sum(fresh) OVER (PARTITION BY owner_id, symbol ORDER BY ts) AS chain
  FROM broken
),
cut AS (
  -- A chain without a pause is cut every `episode_minutes`, counted from its first step.
  SELECT owner_id, symbol, ts, chain,
         (epoch_us(ts) - min(epoch_us(ts)) OVER (PARTITION BY owner_id, symbol, chain)) // (60000000 * $episode_minutes) AS piece
  FROM chained
),
dated AS (
  SELECT owner_id, symbol, ts, min(ts) OVER (PARTITION BY owner_id, symbol, chain, piece) AS episode_ts
  FROM cut
)
SELECT s.owner_id, s.symbol, d.episode_ts, s.ts, s.account_id, s.liq_id, s.position_side, s.qty, s.usd, s.loss_usd
FROM step s
JOIN dated d USING (owner_id, symbol, ts)
