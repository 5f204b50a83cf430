/*
title: Forced closing, one row a symbol and a minute in which something was traded or forced
parameters:
  venue: {type: enum, value: main, range: '"main", "reference"', meaning: "the venue that is meant; rows that name none are its own"}
  full_steps: {type: integer, value: 50, unit: steps, range: "[20..60]", meaning: "a feed that gives so many steps a minute, and never two in one second, is full"}
columns:
  asset: {type: text, meaning: "currency in which the symbol is settled, and whose insurance fund stands behind it; the quote where none is stated"}
  symbol: text
  ts: {type: timestamp, meaning: end of the minute}
  forced_usd: {type: decimal, unit: USD, meaning: "value closed by force: what the liquidation feed says, or what the tape says, whichever is more"}
  adl_usd: {type: decimal, unit: USD, meaning: "part of it by auto-deleveraging"}
  traded_usd: {type: decimal, unit: USD, meaning: "value of all trades but negotiated ones, never less than forced_usd; null where the tape has none"}
  low_px: {type: number, meaning: "lowest price of a trade, a forced step or the mark"}
  high_px: number
  feed_full: {type: boolean, meaning: "the liquidation feed gives one step a second and no more: the true sum is larger"}
key: [symbol, ts]
*/
WITH step AS (
  -- DISTINCT drops steps that a feed replays.
  SELECT DISTINCT liq_id, account_id, symbol, ts, qty, method, fill_px, mark_px,
         coalesce(notional_usd, TRY_CAST(qty * coalesce(mark_px, fill_px, bankruptcy_px) AS DECIMAL(38, 8)), 0) AS usd
  FROM liquidations
  WHERE coalesce(venue, $venue) = $venue
),
print AS (
  SELECT DISTINCT trade_id, symbol, ts, coalesce(kind, 'normal') AS kind, price, qty,
         coalesce(notional_usd, TRY_CAST(price * qty AS DECIMAL(38, 8)), 0) AS usd
  FROM trades
  WHERE coalesce(venue, $venue) = $venue AND coalesce(kind, 'normal') NOT IN ('block', 'rfq')
),
minute AS (
  SELECT symbol, ts, coalesce(max(fed_usd), 0) AS fed_usd, coalesce(max(fed_adl), 0) AS fed_adl,
         coalesce(max(tape_usd), 0) AS tape_usd, coalesce(max(tape_adl), 0) AS tape_adl,
         max(all_usd) AS all_usd, min(low_px) AS low_px, max(high_px) AS high_px, coalesce(bool_or(feed_full), false) AS feed_full
  FROM (
    SELECT symbol, time_bucket(INTERVAL 1 MINUTE, ts) + INTERVAL 1 MINUTE AS ts,
           sum(usd) AS fed_usd, sum(usd) FILTER (method = 'adl') AS fed_adl,
           least(min(fill_px), min(mark_px)) AS low_px, greatest(max(fill_px), max(mark_px)) AS high_px,
           count(*) >= $full_steps AND count(*) = count(DISTINCT date_trunc('second', ts)) AS feed_full
    FROM step
    GROUP BY symbol, time_bucket(INTERVAL 1 MINUTE, ts)
    UNION ALL BY NAME
    SELECT symbol, time_bucket(INTERVAL 1 MINUTE, ts) + INTERVAL 1 MINUTE AS ts,
           sum(usd) FILTER (kind IN ('liquidation', 'adl')) AS tape_usd, sum(usd) FILTER (kind = 'adl') AS tape_adl,
           sum(usd) AS all_usd, min(price) AS low_px, max(price) AS high_px
    FROM print
    GROUP BY symbol, time_bucket(INTERVAL 1 MINUTE, ts)
    UNION ALL BY NAME
    SELECT symbol, time_bucket(INTERVAL 1 MINUTE, ts) + INTERVAL 1 MINUTE AS ts, min(mark) AS low_px, max(mark) AS high_px
    FROM prices
    WHERE coalesce(venue, $venue) = $venue
    GROUP BY symbol, time_bucket(INTERVAL 1 MINUTE, ts)
  )
  GROUP BY symbol, ts
),
term AS (
  SELECT symbol, coalesce(valid_from, TIMESTAMP '1970-01-01') AS since, max(coalesce(settle, quote)) AS asset
  FROM instruments
  GROUP BY ALL
)
SELECT coalesce(t.asset, '?') AS asset, m.symbol, m.ts,
       greatest(m.fed_usd, m.tape_usd) AS forced_usd, greatest(m.fed_adl, m.tape_adl) AS adl_usd,
       CASE WHEN m.all_usd IS NOT NULL THEN greatest(m.all_usd, m.fed_usd) END AS traded_usd,
       m.low_px, m.high_px, m.feed_full
FROM minute m
ASOF LEFT JOIN term t ON t.symbol = m.symbol AND t.since < m.ts
