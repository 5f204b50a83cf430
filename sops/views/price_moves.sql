/*
title: Moves of the price on the venue's own book, up and down, each with the moment at which it began in earnest
parameters:
  reach: {type: integer, value: 240, unit: minute, range: "[30..1440]", meaning: "a price is compared with the lowest and highest of so long before"}
  floor: {type: number, value: 0.02, unit: ratio, range: "[0.005..0.5]", meaning: "less is no move; SOPs ask for more"}
  pause: {type: integer, value: 60, unit: minute, range: "[5..240]", meaning: "a longer pause begins another move"}
  longest: {type: integer, value: 240, unit: minute, range: "[60..240]", meaning: "what goes on longer is the next move"}
  quarter: {type: number, value: 0.25, unit: ratio, range: "(0..1)", meaning: "the price has left when this part of the way is done"}
columns:
  symbol: text
  direction: {type: text, meaning: "up or down"}
  move_ts: {type: timestamp, meaning: "first minute whose price is away from the one before the move"}
  end_ts: {type: timestamp, meaning: "last such minute"}
  onset_ts: {type: timestamp, meaning: "first minute with trades after the price stood in the first quarter of the way for the last time"}
  peak_ts: {type: timestamp, meaning: "the minute farthest away"}
  base_px: {type: number, unit: USD, meaning: "lowest price before an upward move, highest before a fall"}
  peak_px: {type: number, unit: USD, meaning: "the farthest price"}
key: [symbol, direction, move_ts]
*/
WITH bar AS (
  -- The middle price of a minute: one stray print among several moves nothing. Blocks are agreed elsewhere.
  SELECT symbol, time_bucket(INTERVAL 1 MINUTE, ts) AS ts, median(CAST(usd AS DOUBLE) / CAST(qty AS DOUBLE)) AS px
  FROM owned_trades
  WHERE kind IN ('normal', 'liquidation') AND qty > 0 AND usd > 0
  GROUP BY ALL
),
reached AS (
  SELECT symbol, ts, px, min(px) OVER near AS low, max(px) OVER near AS high, max(ts) OVER before AS prior_ts
  FROM bar
  WINDOW near AS (PARTITION BY symbol ORDER BY ts
                  RANGE BETWEEN INTERVAL ($reach) MINUTE PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING),
         before AS (PARTITION BY symbol ORDER BY ts
                    RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING)
),
compared AS (
  -- Where nothing traded within reach the last price counts, however old.
  SELECT r.symbol, r.ts, r.px, coalesce(r.low, p.px) AS low, coalesce(r.high, p.px) AS high
  FROM reached r
  JOIN bar p ON p.symbol = r.symbol AND p.ts = r.prior_ts
),
away AS (
  SELECT symbol, 'up' AS direction, ts, px, low AS base FROM compared WHERE px >= low * (1 + $floor)
  UNION ALL
  SELECT symbol, 'down', ts, px, high FROM compared WHERE px <= high * (1 - $floor)
),
broken AS (
  SELECT *, CASE WHEN ts - max(ts) OVER before <= INTERVAL ($pause) MINUTE THEN 0 ELSE 1 END AS fresh
  FROM away
  WINDOW before AS (PARTITION BY symbol, direction ORDER BY ts
                    RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING)
),
chained AS (
  SELECT *, sum(fresh) OVER (PARTITION BY symbol, direction ORDER BY ts) AS chain
  FROM broken
),
cut AS (
  SELECT *, (epoch_us(ts) - min(epoch_us(ts)) OVER (PARTITION BY symbol, direction, chain)) // (60000000 * $longest) AS piece
  FROM chained
),
sized AS (
  SELECT symbol, direction, ts, px,
         min(ts) OVER one AS move_ts, max(ts) OVER one AS end_ts,
         CASE direction WHEN 'up' THEN min(base) OVER one ELSE max(base) OVER one END AS base_px,
         CASE direction WHEN 'up' THEN max(px) OVER one ELSE min(px) OVER one END AS peak_px
  FROM cut
  WINDOW one AS (PARTITION BY symbol, direction, chain, piece)
),
move AS (
  SELECT symbol, direction, move_ts, end_ts, base_px, peak_px, min(ts) AS peak_ts
  FROM sized
  WHERE px = peak_px
  GROUP BY ALL
),
cheap AS (
  SELECT m.symbol, m.direction, m.move_ts, m.peak_ts, max(b.ts) AS last_ts
  FROM move m
  JOIN bar b ON b.symbol = m.symbol AND b.ts < m.peak_ts
            AND b.ts >= m.move_ts - INTERVAL ($reach) MINUTE
            AND (b.px - m.base_px) / (m.peak_px - m.base_px) <= $quarter
  GROUP BY ALL
),
onset AS (
  SELECT c.symbol, c.direction, c.move_ts, min(b.ts) AS onset_ts
  FROM cheap c
  JOIN bar b ON b.symbol = c.symbol AND b.ts > c.last_ts AND b.ts <= c.peak_ts
  GROUP BY ALL
)
SELECT m.symbol, m.direction, m.move_ts, m.end_ts, coalesce(o.onset_ts, m.move_ts) AS onset_ts, m.peak_ts, m.base_px, m.peak_px
FROM move m
LEFT JOIN onset o USING (symbol, direction, move_ts)
