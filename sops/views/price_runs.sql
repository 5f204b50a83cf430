/*
title: Quarters of an hour at whose end a price stands well above its low of the day before
parameters:
  step: {type: integer, value: 15, unit: minute, range: "[1..60]", meaning: "a row every so often"}
  run_hours: {type: integer, value: 24, unit: hour, range: "[1..168]", meaning: "how far back the low is looked for"}
  floor: {type: number, value: 0.1, unit: ratio, range: "(0..1]", meaning: "less is no run; SOPs ask for more"}
columns:
  symbol: text
  base: {type: text, meaning: "the asset"}
  ts: {type: timestamp, meaning: "end of the quarter of an hour; nothing later is read"}
  px: {type: number, meaning: "last reading before ts"}
  low_px: number
  low_ts: {type: timestamp, meaning: "the latest moment at the low"}
key: [symbol, ts]
*/
WITH reading AS (
  -- What was traded, else the mark. Of two readings of one moment the lower: it may be a replay that came with other words.
  SELECT symbol, ts, min(coalesce(last, mark)) AS px
  FROM prices
  WHERE coalesce(venue, 'main') = 'main' AND coalesce(last, mark) > 0
  GROUP BY ALL
),
compared AS (
  SELECT symbol, ts, px, min(px) OVER day AS low_px, time_bucket(INTERVAL ($step) MINUTE, ts) + INTERVAL ($step) MINUTE AS bin
  FROM reading
  WINDOW day AS (PARTITION BY symbol ORDER BY ts RANGE BETWEEN INTERVAL ($run_hours) HOUR PRECEDING AND CURRENT ROW)
),
newest AS (
  SELECT symbol, bin, max(ts) AS ts FROM compared GROUP BY ALL
),
run AS (
  SELECT c.* FROM compared c JOIN newest n USING (symbol, bin, ts) WHERE c.px >= c.low_px * (1 + $floor)
),
named AS (
  SELECT symbol, max(base) AS base FROM instruments GROUP BY symbol
)
SELECT r.symbol, n.base, r.bin AS ts, r.px, r.low_px, max(l.ts) AS low_ts
FROM run r
JOIN reading l ON l.symbol = r.symbol AND l.px = r.low_px AND l.ts < r.ts AND l.ts >= r.ts - INTERVAL ($run_hours) HOUR
LEFT JOIN named n ON n.symbol = r.symbol
GROUP BY ALL
