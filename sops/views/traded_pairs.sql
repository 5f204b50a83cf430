/*
title: What one owner sold to another within an hour, a day and a week
columns:
  symbol: text
  span: {type: text, meaning: "hour, day or week: how long the window is"}
  ts: {type: timestamp, meaning: "end of the window; the end itself is outside"}
  seller: {type: text, meaning: null in a public feed}
  buyer: {type: text, meaning: null in a public feed}
  usd: {type: decimal, unit: USD}
  qty: {type: decimal, unit: base units}
  meetings: {type: integer, meaning: "different minutes in which they met; one order that fills in pieces is one meeting"}
  sold_usd: {type: decimal, unit: USD, meaning: all that the seller sold in the window}
  bought_usd: {type: decimal, unit: USD, meaning: all that the buyer bought in the window}
  seller_badge: {type: boolean, meaning: "each of the seller's accounts in it is a market maker's, a broker's or the house's"}
  buyer_badge: {type: boolean, meaning: the same of the buyer}
*/
WITH hourly AS (
  -- Trades of the book. What was forced or negotiated does not show whom somebody chose.
  SELECT symbol, date_trunc('hour', ts) + INTERVAL 1 HOUR AS ts, seller, buyer, sum(usd) AS usd, sum(qty) AS qty, count(DISTINCT date_trunc('minute', ts)) AS meetings,
         bool_and(coalesce(seller_type <> 'retail', false)) AS seller_badge,
         bool_and(coalesce(buyer_type <> 'retail', false)) AS buyer_badge
  FROM owned_trades
  WHERE kind = 'normal'
  GROUP BY ALL
),
daily AS (
  SELECT symbol, date_trunc('day', ts - INTERVAL 1 HOUR) + INTERVAL 1 DAY AS ts, seller, buyer, sum(usd) AS usd, sum(qty) AS qty,
         CAST(sum(meetings) AS BIGINT) AS meetings, bool_and(seller_badge) AS seller_badge, bool_and(buyer_badge) AS buyer_badge
  FROM hourly
  GROUP BY symbol, date_trunc('day', ts - INTERVAL 1 HOUR) + INTERVAL 1 DAY, seller, buyer
),
weekly AS (
  SELECT symbol, ts + to_days(later.n) AS ts, seller, buyer, sum(usd) AS usd, sum(qty) AS qty,
         CAST(sum(meetings) AS BIGINT) AS meetings, bool_and(seller_badge) AS seller_badge, bool_and(buyer_badge) AS buyer_badge
  FROM daily, (SELECT CAST(unnest(range(7)) AS INTEGER) AS n) later
  GROUP BY symbol, ts + to_days(later.n), seller, buyer
),
every_span AS (
  SELECT 'hour' AS span, * FROM hourly
  UNION ALL
  SELECT 'day', * FROM daily
  UNION ALL
  SELECT 'week', * FROM weekly
)
SELECT symbol, span, ts, seller, buyer, usd, qty, meetings,
       sum(usd) OVER (PARTITION BY symbol, span, ts, seller) AS sold_usd,
       sum(usd) OVER (PARTITION BY symbol, span, ts, buyer) AS bought_usd,
       seller_badge, buyer_badge
FROM every_span
