/*
title: Trades that were forced on somebody, liquidations and triggered stop orders, each with the cascade that it belongs to
parameters:
  cascade_gap: {type: integer, value: 2, unit: minute, range: "[1..15]", meaning: "a longer pause begins another cascade"}
  cascade_minutes: {type: integer, value: 15, unit: minute, range: "[5..15]", meaning: "what goes on longer is the next cascade"}
columns:
  symbol: text
  side: {type: text, meaning: "sell where longs are closed or stops sell, buy where shorts are closed or stops buy"}
  cascade_ts: {type: timestamp, meaning: "the first forced trade of the cascade"}
  ts: {type: timestamp, meaning: "this one"}
  account_id: {type: text, meaning: "whose position or stop it was; null in a public feed"}
  owner_id: text
  counterparty_id: {type: text, meaning: "account on the other side, where it is known"}
  method: {type: text, meaning: "book, backstop, adl or stop"}
  usd: {type: decimal, unit: USD}
  source_table: text
  row_id: text
*/
WITH stop_order AS (
  SELECT DISTINCT symbol, order_id
  FROM orders
  WHERE (trigger_px IS NOT NULL OR lower(type) LIKE 'stop%') AND coalesce(lower(type), '') NOT LIKE 'take%'
),
forced AS (
  -- DISTINCT drops rows that a feed replays.
  SELECT DISTINCT symbol, coalesce(side, CASE position_side WHEN 'long' THEN 'sell' WHEN 'short' THEN 'buy' END) AS side, ts,
         account_id, counterparty_id, coalesce(method, 'book') AS method,
         coalesce(notional_usd, TRY_CAST(qty * coalesce(fill_px, mark_px, bankruptcy_px) AS DECIMAL(38, 8)), 0) AS usd,
         'liquidations' AS source_table, liq_id AS row_id
  FROM liquidations
  UNION ALL
  SELECT t.symbol, CASE WHEN t.sell_order_id = s.order_id THEN 'sell' ELSE 'buy' END, t.ts,
         CASE WHEN t.sell_order_id = s.order_id THEN t.sell_account_id ELSE t.buy_account_id END,
         CASE WHEN t.sell_order_id = s.order_id THEN t.buy_account_id ELSE t.sell_account_id END, 'stop', t.usd, 'trades', t.trade_id
  FROM owned_trades t
  JOIN stop_order s ON s.symbol = t.symbol
                   AND s.order_id = CASE t.taker_side WHEN 'sell' THEN t.sell_order_id WHEN 'buy' THEN t.buy_order_id
                                                      ELSE coalesce(t.sell_order_id, t.buy_order_id) END
  WHERE t.kind = 'normal'
),
moment AS (
  SELECT DISTINCT symbol, side, ts FROM forced WHERE side IS NOT NULL
),
broken AS (
  SELECT symbol, side, ts,
         CASE WHEN ts - max(ts) OVER earlier <= INTERVAL ($cascade_gap) MINUTE THEN 0 ELSE 1 END AS fresh
  FROM moment
  WINDOW earlier AS (PARTITION BY symbol, side ORDER BY ts RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING)
),
chained AS (
  SELECT symbol, side, ts, sum(fresh) OVER (PARTITION BY symbol, side ORDER BY ts) AS chain FROM broken
),
cut AS (
  SELECT symbol, side, ts, chain,
         (epoch_us(ts) - min(epoch_us(ts)) OVER (PARTITION BY symbol, side, chain)) // (60000000 * $cascade_minutes) AS piece
  FROM chained
),
dated AS (
  SELECT symbol, side, ts, min(ts) OVER (PARTITION BY symbol, side, chain, piece) AS cascade_ts FROM cut
)
SELECT f.symbol, f.side, d.cascade_ts, f.ts, f.account_id, coalesce(o.owner_id, f.account_id) AS owner_id, f.counterparty_id,
       f.method, f.usd, f.source_table, f.row_id
FROM forced f
JOIN dated d USING (symbol, side, ts)
ASOF LEFT JOIN account_owners o ON o.account_id = f.account_id AND o.since <= f.ts
