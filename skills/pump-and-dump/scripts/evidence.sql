-- Evidence of pump-and-dump 1.1.0, run on DuckDB 1.5.6. Change the SOP, not this file.
-- $from and $as_of: the window; rows at or after $as_of must not be there.
-- Parameters:
--   $chunk = 25 s (integer)
--   $base_chunks = 900 chunks (integer)
--   $price_chunks = 20 chunks (integer)
--   $day_hours = 24 h (integer)
--   $min_history = 20 chunks (integer)
--   $min_deviation = 0.4 rush orders (number)
--   $min_orders = 5 orders (integer)

-- evidence of "Crowd at the ask"
-- The market buys of the chunk. A public feed may have no trade ids: time, price and size name the row.
SELECT symbol, make_timestamp((epoch_ms(ts) // (1000 * $chunk)) * $chunk * 1000000) AS ts,
       'trades' AS source_table, t.ts || ' ' || t.price || ' ' || t.qty AS row_id, t.ts AS row_ts,
       'bought ' || t.qty || ' at ' || t.price AS note
FROM trades t
WHERE taker_side = 'buy' AND price > 0 AND qty > 0 AND isfinite(price) AND isfinite(qty)
;
