/*
title: What each owner held of a contract in a quarter of an hour, long and short apart
parameters:
  slot: {type: integer, value: 15, unit: minute, range: "[5..30]", meaning: "snapshots of so many minutes count as one; a whole number of them must fit into half an hour"}
  near: {type: number, value: 0.05, unit: ratio, range: "(0..0.5]", meaning: "a position this far from its liquidation price, or nearer, is close to it"}
columns:
  symbol: text
  quarter: {type: timestamp, meaning: "the first moment of the quarter of an hour"}
  side: {type: text, meaning: "long or short"}
  owner_id: text
  badged: {type: boolean, meaning: "every account is a market maker's, a broker's or the venue's own, or the owner stands on the list hedge_exemptions"}
  qty: {type: decimal, unit: base units, meaning: "the most that the owner's accounts held in the quarter, added up"}
  usd: {type: decimal, unit: USD, meaning: "its value, where the snapshot says it"}
  unvalued: {type: decimal, unit: base units, meaning: "the part of qty whose value the snapshot does not say"}
  margined_usd: {type: decimal, unit: USD, meaning: "the least value in the quarter of what has a known margin"}
  margin_usd: {type: decimal, unit: USD, meaning: "the least margin behind that in the quarter"}
  near_usd: {type: decimal, unit: USD, meaning: "the part of usd that was close to its liquidation price"}
key: [symbol, quarter, side, owner_id]
*/
WITH held AS (
  -- The largest size of the quarter, not the last: whoever shrinks for the snapshot has still held it.
  SELECT account_id, symbol, side, coalesce(margin_mode, 'cross') AS margin_mode,
         time_bucket(INTERVAL ($slot) MINUTE, ts) AS quarter, max(ts) AS ts,
         max(TRY_CAST(qty AS DECIMAL(38, 8))) AS qty, max(notional_usd) AS usd, min(notional_usd) AS least_usd,
         -- Margin that is used up leaves a dollar, so that leverage has a number.
         min(CASE WHEN margin_usd IS NOT NULL THEN greatest(margin_usd, 1) END) AS margin_usd,
         bool_or(CASE side WHEN 'long' THEN liq_px >= mark_px * (1 - $near) ELSE liq_px <= mark_px * (1 + $near) END) AS is_near
  FROM positions
  WHERE qty > 0 AND account_id IS NOT NULL AND side IS NOT NULL
  GROUP BY ALL
),
owned AS (
  SELECT h.*, coalesce(o.owner_id, h.account_id) AS owner_id,
         coalesce(o.type IN ('mm', 'broker_omnibus', 'internal', 'liquidator'), false) AS by_type
  FROM held h
  ASOF LEFT JOIN account_owners o ON o.account_id = h.account_id AND o.since <= h.ts
)
SELECT symbol, quarter, side, owner_id,
       bool_and(by_type) OR EXISTS (
         SELECT 1 FROM hedge_exemptions x
         WHERE x.key = w.owner_id AND x.valid_from <= w.quarter AND coalesce(w.quarter < x.valid_to, true)) AS badged,
       sum(qty) AS qty, coalesce(sum(usd), 0) AS usd, coalesce(sum(qty) FILTER (usd IS NULL), 0) AS unvalued,
       coalesce(sum(least_usd) FILTER (margin_usd IS NOT NULL), 0) AS margined_usd,
       coalesce(sum(margin_usd) FILTER (usd IS NOT NULL), 0) AS margin_usd,
       coalesce(sum(usd) FILTER (is_near), 0) AS near_usd
FROM owned w
GROUP BY symbol, quarter, side, owner_id
