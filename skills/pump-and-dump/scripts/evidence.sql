-- Evidence of pump-and-dump 1.2.0, run on DuckDB 1.5.6. Change the SOP, not this file.
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

-- evidence of "Crowd at the ask"
-- The market buys of the chunk. A public feed may have no trade ids: time, price and size name the row.
SELECT symbol, make_timestamp((epoch_ms(ts) // (1000 * $chunk)) * $chunk * 1000000) AS ts,
       'trades' AS source_table, t.ts || ' ' || t.price || ' ' || t.qty AS row_id, t.ts AS row_ts,
       'bought ' || t.qty || ' at ' || t.price AS note
FROM trades t
WHERE taker_side = 'buy' AND price > 0 AND qty > 0 AND isfinite(price) AND isfinite(qty)
;

-- evidence of "Climb of the hour"
-- The hour, one row a slot.
WITH slots AS (
  SELECT symbol, epoch_ms(ts) // (60000 * $slot) AS slot_no, median(price) AS price, count(*) AS fills,
         sum(TRY_CAST(price * qty AS DECIMAL(38, 12))) AS value
  FROM trades
  WHERE price > 0 AND qty > 0 AND isfinite(price) AND isfinite(qty)
  GROUP BY ALL
)
SELECT symbol, make_timestamp((slot_no + 1 + unnest(range(0, $climb_minutes // $slot))) * $slot * 60000000) AS ts,
       'trades' AS source_table, symbol || ' ' || make_timestamp(slot_no * $slot * 60000000) AS row_id,
       make_timestamp(slot_no * $slot * 60000000) AS row_ts,
       fills || ' fills, median price ' || price || ', value ' || value AS note
FROM slots
;
