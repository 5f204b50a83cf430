-- Evidence of liquidation-cascade 1.0.0, run on DuckDB 1.5.6. Change the SOP, not this file.
-- $from and $as_of: the window; rows at or after $as_of must not be there.
-- Parameters:
--   $window = 5 minute (integer)
--   $symbol_usd = 100000 USD (decimal)
--   $share_min = 0.3 ratio (number)
--   $move_min = 3 % (number)
--   $broad = 5 symbols (integer)
--   $pressure_usd = 5000000 USD (decimal)
--   $adl_usd_min = 100000 USD (decimal)
--   $fund_minutes = 60 minute (integer)
--   $rules_hours = 24 hour (integer)
--   $quote_minutes = 10 minute (integer)
--   $exposed_min = 1000000 USD (decimal)
--   $look_pct = 1 % (number)

-- view "fast_moves": Fast moves, one row a symbol and a minute at whose end the price or one of the feeds behind it is far from where it was
--   $venue = main (enum), of this view
--   $window = 5 (integer), of this view
--   $base = 30 (integer), of this view
--   $memory = 24 (integer), of this view
--   $skew = 1 (integer), of this view
--   $min_venues = 2 (integer), of this view
--   $busy = 10 (integer), of this view
--   $least_pct = 1 (number), of this view
CREATE OR REPLACE TEMPORARY TABLE fast_moves AS
WITH print AS (
  -- What moves a book: negotiated trades and auto-deleveraging do not pass through it. DISTINCT drops replays; a row that a later
  -- one of the same trade corrects is left out, where the feed numbers its rows.
  SELECT DISTINCT t.trade_id, t.symbol, t.ts, t.price
  FROM trades t
  ANTI JOIN trades c ON c.symbol = t.symbol AND c.trade_id = t.trade_id AND c.seq > t.seq
                    AND coalesce(c.venue, $venue) = $venue
  WHERE coalesce(t.kind, 'normal') IN ('normal', 'liquidation') AND coalesce(t.venue, $venue) = $venue AND t.price > 0
),
term AS (
  SELECT symbol, coalesce(valid_from, TIMESTAMP '1970-01-01') AS since, max(tick) AS tick, max(type) AS type, max(index) AS index
  FROM instruments
  GROUP BY ALL
),
venue_px AS (
  -- The price of another venue in a minute: of the instrument itself, or of a constituent of its index that counts.
  -- The index of an option is that of its underlying: it can be wrong, but an option's own price is not held against it.
  SELECT s.symbol, time_bucket(INTERVAL 1 MINUTE, c.ts) + INTERVAL 1 MINUTE AS bin, c.venue, median(c.price) AS px,
         bool_and(s.alike) AS alike
  FROM index_constituents c
  JOIN (SELECT symbol, symbol AS source, true AS alike FROM term
        UNION
        SELECT symbol, index, type IS DISTINCT FROM 'option' FROM term WHERE index <> symbol) s
    ON s.source = c.symbol
  WHERE c.price > 0 AND c.venue <> $venue AND coalesce(c.status, 'used') = 'used'
  GROUP BY ALL
),
beside AS (
  -- One venue against the median of the others.
  SELECT a.symbol, a.bin, a.venue, a.px, median(b.px) AS others
  FROM venue_px a
  JOIN venue_px b ON b.symbol = a.symbol AND b.bin = a.bin AND b.venue <> a.venue
  GROUP BY ALL
),
leaning AS (
  -- Against the others' range of the minutes around, so that a clock that is late makes nobody odd.
  SELECT symbol, bin, px,
         min(others) OVER about AS low, max(others) OVER about AS high, coalesce(median(px / others) OVER usual, 1) AS basis
  FROM beside
  WINDOW about AS (PARTITION BY symbol, venue ORDER BY bin
                   RANGE BETWEEN INTERVAL ($skew) MINUTE PRECEDING AND INTERVAL ($skew) MINUTE FOLLOWING),
         usual AS (PARTITION BY symbol, venue ORDER BY bin
                   RANGE BETWEEN INTERVAL ($memory) HOUR PRECEDING AND INTERVAL ($window) MINUTE PRECEDING)
),
minute AS (
  -- All that is known of a symbol in a minute, in one row.
  SELECT symbol, bin, max(low) AS low, max(high) AS high, max(mid) AS mid,
         max(mark_low) AS mark_low, max(mark_high) AS mark_high, max(mark) AS mark, max(last) AS last,
         max(outside) AS outside, max(odd) AS odd
  FROM (
    SELECT symbol, time_bucket(INTERVAL 1 MINUTE, ts) + INTERVAL 1 MINUTE AS bin,
           min(price) AS low, max(price) AS high, median(price) AS mid
    FROM print
    GROUP BY ALL
    UNION ALL BY NAME
    SELECT symbol, time_bucket(INTERVAL 1 MINUTE, ts) + INTERVAL 1 MINUTE AS bin,
           min(mark) AS mark_low, max(mark) AS mark_high, median(mark) AS mark, median(last) AS last
    FROM prices
    WHERE coalesce(venue, $venue) = $venue
    GROUP BY ALL
    UNION ALL BY NAME
    SELECT symbol, bin, median(px) AS outside
    FROM venue_px
    WHERE alike
    GROUP BY ALL
    HAVING count(*) >= $min_venues
    UNION ALL BY NAME
    SELECT symbol, bin, max(greatest(1 - px / (low * basis), px / (high * basis) - 1, 0)) AS odd
    FROM leaning
    GROUP BY ALL
  )
  GROUP BY ALL
),
yard AS (
  -- What a price is held against: the other venues; for an option without them the mark, which follows the underlying.
  SELECT m.*, coalesce(t.tick, 0) AS tick,
         -- A dated future stands away from spot by its premium: until that is known, nothing is held against it.
         CASE WHEN t.type = 'future' THEN NULL ELSE 1 END AS par,
         coalesce(t.type IN ('perp', 'future', 'option'), false) AS marked,
         coalesce(m.outside, CASE WHEN t.type = 'option' THEN m.mark END) AS sound
  FROM minute m
  ASOF LEFT JOIN term t ON t.symbol = m.symbol AND t.since < m.bin
),
seen AS (
  SELECT symbol, bin, tick, outside, marked,
         min(low) OVER win AS low, max(high) OVER win AS high,
         coalesce(median(mid) OVER base, median(last) OVER base, median(mark) OVER base,
                  last_value(mid IGNORE NULLS) OVER usual) AS before,
         min(sound) OVER near AS sound_low, max(sound) OVER near AS sound_high,
         coalesce(median(mid / sound) OVER usual, par) AS basis,
         max(odd) OVER win AS odd,
         mark_low, mark_high,
         min(outside) OVER about AS out_low, max(outside) OVER about AS out_high,
         coalesce(median(mark / outside) OVER usual, par) AS mark_basis,
         min(low) OVER about AS own_low, max(high) OVER about AS own_high,
         coalesce(median(mark / mid) OVER usual, 1) AS own_basis,
         median(mark) OVER base AS mark_before,
         count(mid) OVER base AS busy, median(outside) OVER base AS out_before,
         min(outside) OVER win AS win_low, max(outside) OVER win AS win_high
  FROM yard
  WINDOW win AS (PARTITION BY symbol ORDER BY bin
                 RANGE BETWEEN INTERVAL ($window - 1) MINUTE PRECEDING AND CURRENT ROW),
         near AS (PARTITION BY symbol ORDER BY bin
                  RANGE BETWEEN INTERVAL ($window + $skew - 1) MINUTE PRECEDING AND INTERVAL ($skew) MINUTE FOLLOWING),
         about AS (PARTITION BY symbol ORDER BY bin
                   RANGE BETWEEN INTERVAL ($skew) MINUTE PRECEDING AND INTERVAL ($skew) MINUTE FOLLOWING),
         base AS (PARTITION BY symbol ORDER BY bin
                  RANGE BETWEEN INTERVAL ($window + $base - 1) MINUTE PRECEDING AND INTERVAL ($window) MINUTE PRECEDING),
         usual AS (PARTITION BY symbol ORDER BY bin
                   RANGE BETWEEN INTERVAL ($memory) HOUR PRECEDING AND INTERVAL ($window) MINUTE PRECEDING)
),
measured AS (
  SELECT *,
         100 * (before - low - tick) / before AS fall, 100 * (high - before - tick) / before AS rise,
         100 * (1 - (low + tick) / (sound_low * basis)) AS below, 100 * ((high - tick) / (sound_high * basis) - 1) AS above,
         -- Without other venues the mark is only doubted where it was the mark that moved.
         100 * CASE WHEN mark_low IS NULL THEN NULL
                    WHEN out_low * mark_basis IS NOT NULL
                    THEN greatest(1 - mark_low / (out_low * mark_basis), mark_high / (out_high * mark_basis) - 1, 0)
                    WHEN own_low IS NOT NULL AND mark_before IS NOT NULL
                    THEN least(greatest(1 - mark_low / (own_low * own_basis), mark_high / (own_high * own_basis) - 1, 0),
                               greatest(1 - mark_low / mark_before, mark_high / mark_before - 1)) END AS gap
  FROM seen
),
sided AS (
  SELECT * EXCLUDE (gap, marked), coalesce(fall, below, 0) >= coalesce(rise, above, 0) AS down,
         coalesce(max(gap) OVER (PARTITION BY symbol ORDER BY bin
                                 RANGE BETWEEN INTERVAL ($window - 1) MINUTE PRECEDING AND CURRENT ROW),
                  CASE WHEN NOT marked THEN 0 END) AS gap
  FROM measured
)
-- Rounded, so that 20 % is not 19.999999999999996 %.
SELECT symbol, bin AS ts, CASE WHEN down THEN 'down' ELSE 'up' END AS direction,
       before AS before_px, CASE WHEN down THEN low ELSE high END AS far_px,
       round(CASE WHEN fall IS NOT NULL THEN greatest(fall, rise, 0) END, 6) AS move_pct,
       round(CASE WHEN below IS NOT NULL THEN greatest(CASE WHEN down THEN below ELSE above END, 0) END, 6) AS apart_pct,
       outside AS outside_px, round(100 * odd, 6) AS odd_venue_pct, round(gap, 6) AS mark_gap_pct,
       CASE WHEN low IS NOT NULL OR busy < $busy THEN 0
            ELSE round(100 * greatest(win_high / out_before - 1, 1 - win_low / out_before), 6) END AS silent_pct
FROM sided
WHERE greatest(fall, rise, below, above, 100 * odd, gap) >= $least_pct
   OR (low IS NULL AND busy >= $busy AND greatest(win_high / out_before - 1, 1 - win_low / out_before) * 100 >= $least_pct)
;

-- view "forced_flow": Forced closing, one row a symbol and a minute in which something was traded or forced
--   $venue = main (enum), of this view
--   $full_steps = 50 (integer), of this view
CREATE OR REPLACE TEMPORARY TABLE forced_flow AS
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
;

-- evidence of "Forced orders"
SELECT d.asset, d.ts, 'liquidations' AS source_table, coalesce(l.liq_id, CAST(l.ts AS VARCHAR)) AS row_id, l.ts AS row_ts,
       l.symbol || ', ' || coalesce(l.method, 'method unknown')
         || ', size ' || coalesce(CAST(l.qty AS VARCHAR), '?') AS note
FROM (SELECT DISTINCT asset, ts FROM forced_flow WHERE forced_usd > 0) d
JOIN (SELECT DISTINCT asset, symbol FROM forced_flow) s ON s.asset = d.asset
JOIN liquidations l ON l.symbol = s.symbol AND l.ts < d.ts AND l.ts >= d.ts - INTERVAL ($window) MINUTE
UNION ALL
SELECT d.asset, d.ts, 'trades', coalesce(t.trade_id, CAST(t.ts AS VARCHAR)), t.ts,
       t.symbol || ', ' || t.kind || ' at ' || t.price
FROM (SELECT DISTINCT asset, ts FROM forced_flow WHERE forced_usd > 0) d
JOIN (SELECT DISTINCT asset, symbol FROM forced_flow) s ON s.asset = d.asset
JOIN trades t ON t.symbol = s.symbol AND t.kind IN ('liquidation', 'adl')
             AND t.ts < d.ts AND t.ts >= d.ts - INTERVAL ($window) MINUTE
;

-- evidence of "The fund"
SELECT d.asset, d.ts, 'insurance_fund' AS source_table,
       m.currency || ' ' || m.ts || ' ' || coalesce(m.seq, 0) AS row_id, m.ts AS row_ts,
       'paid ' || -m.delta || ', left ' || coalesce(CAST(m.balance AS VARCHAR), '?')
         || ': ' || coalesce(m.reason, 'no reason') AS note
FROM (SELECT DISTINCT asset, ts FROM forced_flow WHERE forced_usd > 0) d
JOIN insurance_fund m ON m.currency = d.asset AND m.delta < 0 AND m.ts < d.ts
                     AND m.ts >= d.ts - INTERVAL ($fund_minutes) MINUTE
;

-- evidence of "Collateral"
WITH own AS (
  SELECT DISTINCT asset, time_bucket(INTERVAL 1 MINUTE, ts) + INTERVAL 1 MINUTE AS ts FROM balances WHERE price_usd > 0
)
SELECT o.asset, o.ts, 'rates' AS source_table, coalesce(r.source, '?') || ' ' || r.ts AS row_id, r.ts AS row_ts,
       coalesce(r.source, '?') || ': ' || r.usd AS note
FROM own o
JOIN rates r ON r.currency = o.asset AND r.ts < o.ts AND r.ts >= o.ts - INTERVAL ($quote_minutes) MINUTE
UNION ALL
SELECT o.asset, o.ts, 'balances', b.account_id || ' ' || b.ts, b.ts,
       b.account_id || ': ' || b.qty || ' counted at ' || b.price_usd
FROM own o
JOIN balances b ON b.asset = o.asset AND b.price_usd > 0 AND b.ts < o.ts AND b.ts >= o.ts - INTERVAL 1 MINUTE
;
