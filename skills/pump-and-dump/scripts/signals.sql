-- Signals of pump-and-dump 1.1.0, run on DuckDB 1.5.6. Change the SOP, not this file.
-- $from and $as_of: the window; rows at or after $as_of must not be there.
-- Parameters:
--   $chunk = 25 s (integer)
--   $base_chunks = 900 chunks (integer)
--   $price_chunks = 20 chunks (integer)
--   $day_hours = 24 h (integer)
--   $min_history = 20 chunks (integer)
--   $min_deviation = 0.4 rush orders (number)
--   $min_orders = 5 orders (integer)

-- signals of "Crowd at the ask"
WITH
-- One row per market buy. Fills of one symbol in one millisecond are one order.
orders AS (
  SELECT
    symbol,
    epoch_ms(ts) AS ms,
    count(*) AS fills,
    max(price) AS high,
    sum(TRY_CAST(price * qty AS DECIMAL(38, 8))) AS value  -- exact: the order of rows cannot change the sum
  FROM trades
  WHERE taker_side = 'buy' AND price > 0 AND qty > 0 AND isfinite(price) AND isfinite(qty)
  GROUP BY ALL
),
-- One row per chunk in which somebody bought.
chunks AS (
  SELECT
    symbol,
    ms // (1000 * $chunk) AS chunk_no,                     -- chunks since 1970, so the grid never moves
    count(*) AS buy_orders,
    count(*) FILTER (WHERE fills >= 2) AS rush,
    max(high) AS high,
    sum(value) AS value
  FROM orders
  GROUP BY ALL
),
-- What the coin did before. No frame holds the chunk itself or anything after it.
history AS (
  SELECT
    *,
    count(*) OVER base AS n,
    sum(rush) OVER base AS s1,                             -- whole numbers: exact in any order
    sum(rush * rush) OVER base AS s2,
    median(high) OVER recent AS usual_high,
    count(*) OVER day AS day_chunks,
    sum(value) OVER day AS day_value
  FROM chunks
  WINDOW
    base AS (
      PARTITION BY symbol ORDER BY chunk_no
      ROWS BETWEEN $base_chunks PRECEDING AND 1 PRECEDING
    ),
    recent AS (
      PARTITION BY symbol ORDER BY chunk_no
      ROWS BETWEEN $price_chunks PRECEDING AND 1 PRECEDING
    ),
    day AS (                                               -- RANGE: hours of the clock, not a number of rows
      PARTITION BY symbol ORDER BY chunk_no
      RANGE BETWEEN 3600 * $day_hours // $chunk PRECEDING AND 1 PRECEDING
    )
)
SELECT
  symbol,
  make_timestamp(chunk_no * $chunk * 1000000) AS ts,
  rush AS rush_orders,
  -- (number - mean) / sample deviation, both from the sums of the chunks before
  CASE WHEN day_chunks >= $min_history THEN
    (rush - s1 / n) / sqrt(greatest((s2 - s1 * s1 / n) / (n - 1), $min_deviation * $min_deviation))
  END AS rush_z,
  CASE WHEN day_chunks >= $min_history THEN 100 * (high / usual_high - 1) END AS rise_pct,
  CASE WHEN day_chunks >= $min_history THEN
    100 * CAST(value AS DOUBLE) / nullif(CAST(value + day_value AS DOUBLE), 0)
  END AS buy_share_pct
FROM history
WHERE buy_orders >= $min_orders
;
