-- Signals of pump-and-dump 1.2.0, run on DuckDB 1.5.6. Change the SOP, not this file.
-- $from and $as_of: the window; rows at or after $as_of must not be there.
-- Parameters:
--   $chunk = 25 s (integer)
--   $base_chunks = 900 chunks (integer)
--   $price_chunks = 20 chunks (integer)
--   $day_hours = 24 h (integer)
--   $min_history = 20 chunks (integer)
--   $min_deviation = 0.4 rush orders (number)
--   $min_orders = 5 orders (integer)
--   $dry_z = 6 deviations (number)
--   $dry_rise = 1 % (number)
--   $dry_gap = 30 minute (integer)
--   $slot = 5 minute (integer)
--   $climb_minutes = 60 minute (integer)
--   $climb_hours = 12 h (integer)
--   $min_slots = 12 slots (integer)
--   $min_climb = 3 % (number)
--   $surge_minutes = 10 minute (integer)
--   $surge_orders = 3 orders (integer)

-- signals of "Crowd at the ask"
WITH
-- A print that stands twice, same millisecond, price and size, is one row with two copies.
prints AS (
  SELECT symbol, epoch_ms(ts) AS ms, price, qty, count(*) AS copies
  FROM trades
  WHERE taker_side = 'buy' AND price > 0 AND qty > 0 AND isfinite(price) AND isfinite(qty)
  GROUP BY ALL
),
-- One row per market buy. Fills of one symbol in one millisecond are one order.
orders AS (
  SELECT
    symbol,
    ms,
    sum(copies) AS fills,
    bool_and(copies % 2 = 0) AS paired,
    max(price) AS high,
    sum(copies * TRY_CAST(price * qty AS DECIMAL(38, 12))) AS value  -- exact: the order of rows cannot change the sum
  FROM prints
  GROUP BY ALL
),
-- One row per chunk in which somebody bought.
chunks AS (
  SELECT
    symbol,
    ms // (1000 * $chunk) AS chunk_no,                     -- chunks since 1970, so the grid never moves
    count(*) AS buy_orders,
    CASE WHEN bool_and(paired) AND count(*) >= $min_orders THEN count(*) FILTER (WHERE fills >= 4)
         ELSE count(*) FILTER (WHERE fills >= 2) END AS rush,
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
    sum(value) OVER day AS day_value,
    sum(TRY_CAST(high AS DECIMAL(38, 16))) OVER day AS day_highs
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
),
measured AS (
  SELECT
    *,
    -- (number - mean) / sample deviation, both from the sums of the chunks before
    CASE WHEN day_chunks >= $min_history THEN
      (rush - s1 / n) / sqrt(greatest((s2 - s1 * s1 / n) / (n - 1), $min_deviation * $min_deviation))
    END AS rush_z,
    CASE WHEN day_chunks >= $min_history THEN 100 * (high / usual_high - 1) END AS rise_pct
  FROM history
)
SELECT
  symbol,
  make_timestamp(chunk_no * $chunk * 1000000) AS ts,
  rush AS rush_orders,
  rush_z,
  rise_pct,
  CASE WHEN day_chunks >= $min_history THEN
    100 * CAST(value AS DOUBLE) / nullif(CAST(value + day_value AS DOUBLE), 0)
  END AS buy_share_pct,
  CASE WHEN day_chunks >= $min_history THEN
    100 * (high / nullif(CAST(day_highs AS DOUBLE) / day_chunks, 0) - 1)
  END AS day_rise_pct,
  count(*) FILTER (WHERE rush_z >= $dry_z AND rise_pct >= $dry_rise) OVER (
    PARTITION BY symbol ORDER BY chunk_no
    RANGE BETWEEN 3600 * $day_hours // $chunk PRECEDING AND 60 * $dry_gap // $chunk PRECEDING
  ) AS dry_runs
FROM measured
QUALIFY buy_orders >= $min_orders
;

-- signals of "Climb of the hour"
WITH
slots AS (
  SELECT
    symbol,
    epoch_ms(ts) // (60000 * $slot) AS slot_no,            -- slots since 1970, so the grid never moves
    median(price) AS price,
    count(DISTINCT epoch_ms(ts)) AS orders,
    sum(TRY_CAST(price * qty AS DECIMAL(38, 12))) AS value,
    sum(TRY_CAST(price * qty AS DECIMAL(38, 12))) FILTER (WHERE taker_side = 'buy') AS bought,
    sum(TRY_CAST(price * qty AS DECIMAL(38, 12))) FILTER (WHERE taker_side = 'sell') AS sold
  FROM trades
  WHERE price > 0 AND qty > 0 AND isfinite(price) AND isfinite(qty)
  GROUP BY ALL
),
steps AS (
  SELECT *, lag(price) OVER (PARTITION BY symbol ORDER BY slot_no) AS before
  FROM slots
),
windows AS (
  SELECT
    symbol,
    slot_no,
    price,
    first_value(before) OVER hour AS start,
    count(*) FILTER (WHERE price > before) OVER hour AS steps_up,
    max(price - before) OVER hour AS largest,
    CAST(sum(bought) OVER hour AS DOUBLE) AS bought,
    CAST(sum(sold) OVER hour AS DOUBLE) AS sold,
    CAST(sum(value) OVER hour AS DOUBLE) AS hour_value,
    CAST(sum(value) OVER day AS DOUBLE) AS day_value,
    CAST(sum(value) OVER surge AS DOUBLE) AS surge_value,
    sum(orders) OVER surge AS surge_orders,
    median(price) OVER usual AS usual,
    count(*) OVER usual AS usual_slots
  FROM steps
  WINDOW
    hour AS (
      PARTITION BY symbol ORDER BY slot_no
      RANGE BETWEEN $climb_minutes // $slot - 1 PRECEDING AND CURRENT ROW
    ),
    surge AS (
      PARTITION BY symbol ORDER BY slot_no
      RANGE BETWEEN $surge_minutes // $slot - 1 PRECEDING AND CURRENT ROW
    ),
    day AS (
      PARTITION BY symbol ORDER BY slot_no
      RANGE BETWEEN 60 * $day_hours // $slot - 1 PRECEDING AND CURRENT ROW
    ),
    usual AS (                                             -- ends where the hour begins
      PARTITION BY symbol ORDER BY slot_no
      RANGE BETWEEN ($climb_minutes + 60 * $climb_hours) // $slot - 1 PRECEDING AND $climb_minutes // $slot PRECEDING
    )
)
SELECT
  symbol,
  make_timestamp((slot_no + 1) * $slot * 60000000) AS ts,  -- the end of the slot
  100 * (price / usual - 1) AS climb_pct,
  -- a usual hour: what the rest of the day traded, divided by its hours
  hour_value / nullif((day_value - hour_value) / ($day_hours - $climb_minutes / 60), 0) AS volume_ratio,
  steps_up,
  CASE WHEN price > start THEN 100 * largest / (price - start) END AS largest_step_pct,
  100 * coalesce(bought, 0) / nullif(coalesce(bought, 0) + coalesce(sold, 0), 0) AS buyer_pct,
  CASE WHEN surge_orders >= $surge_orders THEN 100 * surge_value / day_value END AS surge_pct
FROM windows
WHERE usual_slots >= $min_slots AND price >= usual * (1 + $min_climb / 100)
;
