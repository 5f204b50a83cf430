/*
title: Episodes of forced closing, one row an owner, a symbol and a first step
columns:
  owner_id: text
  symbol: text
  episode_ts: {type: timestamp, meaning: "the first forced step"}
  end_ts: {type: timestamp, meaning: "the last forced step"}
  position_side: {type: text, meaning: "the side of which more value was closed; long where both are equal"}
  qty: {type: decimal, unit: base units, meaning: "size closed on that side"}
  usd: {type: decimal, unit: USD, meaning: "value closed, both sides"}
key: [owner_id, symbol, episode_ts]
*/
WITH side AS (
  SELECT owner_id, symbol, episode_ts, max(ts) AS end_ts, sum(usd) AS usd,
         coalesce(sum(usd) FILTER (position_side = 'short'), 0) > coalesce(sum(usd) FILTER (position_side = 'long'), 0) AS short,
         coalesce(sum(qty) FILTER (position_side = 'long'), 0) AS long_qty,
         coalesce(sum(qty) FILTER (position_side = 'short'), 0) AS short_qty
  FROM liquidation_steps
  GROUP BY owner_id, symbol, episode_ts
)
SELECT owner_id, symbol, episode_ts, end_ts,
       CASE WHEN short THEN 'short' ELSE 'long' END AS position_side,
       CASE WHEN short THEN short_qty ELSE long_qty END AS qty, usd
FROM side
