-- Evidence of flash-crash 1.0.0, run on DuckDB 1.5.6. Change the SOP, not this file.
-- $from and $as_of: the window; rows at or after $as_of must not be there.
-- Parameters, by segment:
--   $crash_pct = 5 % (number) in liquid
--   $deep_pct = 10 % (number) in liquid
--   $away_pct = 2.5 % (number) in liquid
--   $feed_pct = 3 % (number) in liquid
--   $min_usd = 200000 USD (decimal) in liquid
--   $large_usd = 5000000 USD (decimal) in liquid
--   $look_pct = 2 % (number) in liquid
--   $main_share = 0.5 ratio (number) in liquid
--   $memory_hours = 24 hour (integer) in liquid
--   $depth_minutes = 60 minute (integer) in liquid
--   $notice = 60 minute (integer) in liquid
--   $expiry_minutes = 30 minute (integer) in liquid
--   $crash_pct = 10 % (number) in normal
--   $deep_pct = 20 % (number) in normal
--   $away_pct = 5 % (number) in normal
--   $feed_pct = 5 % (number) in normal
--   $min_usd = 20000 USD (decimal) in normal
--   $large_usd = 500000 USD (decimal) in normal
--   $look_pct = 2 % (number) in normal
--   $main_share = 0.5 ratio (number) in normal
--   $memory_hours = 24 hour (integer) in normal
--   $depth_minutes = 60 minute (integer) in normal
--   $notice = 60 minute (integer) in normal
--   $expiry_minutes = 30 minute (integer) in normal
--   $crash_pct = 20 % (number) in illiquid
--   $deep_pct = 40 % (number) in illiquid
--   $away_pct = 10 % (number) in illiquid
--   $feed_pct = 10 % (number) in illiquid
--   $min_usd = 2000 USD (decimal) in illiquid
--   $large_usd = 50000 USD (decimal) in illiquid
--   $look_pct = 2 % (number) in illiquid
--   $main_share = 0.5 ratio (number) in illiquid
--   $memory_hours = 24 hour (integer) in illiquid
--   $depth_minutes = 60 minute (integer) in illiquid
--   $notice = 60 minute (integer) in illiquid
--   $expiry_minutes = 30 minute (integer) in illiquid

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

-- view "account_owners": Whose account it is, and since when
CREATE OR REPLACE TEMPORARY TABLE account_owners AS
WITH person AS (
  -- What is known of an account from when on. Rows that a feed repeats count once.
  SELECT account_id, coalesce(valid_from, TIMESTAMP '1970-01-01') AS since,
         max(owner_id) AS owner_id, max(master_id) AS master_id, max(type) AS type
  FROM accounts
  GROUP BY ALL
),
moment AS (
  -- An account changes hands when its own row changes, or its main account's.
  SELECT account_id, since FROM person
  UNION
  SELECT p.account_id, m.since
  FROM person p
  JOIN person m ON m.account_id = p.master_id AND m.since > p.since
)
SELECT w.account_id, w.since, min(w.since) OVER later AS until,
       coalesce(p.owner_id, m.owner_id, p.master_id, w.account_id) AS owner_id, p.type
FROM moment w
ASOF JOIN person p ON p.account_id = w.account_id AND p.since <= w.since
ASOF LEFT JOIN person m ON m.account_id = p.master_id AND m.since <= w.since
WINDOW later AS (PARTITION BY w.account_id ORDER BY w.since
                 RANGE BETWEEN INTERVAL 1 MICROSECOND FOLLOWING AND UNBOUNDED FOLLOWING)
;

-- view "owned_trades": Trades of the venue's own books, each side with its owner at that moment
--   $venue = main (enum), of this view
CREATE OR REPLACE TEMPORARY TABLE owned_trades AS
WITH print AS (
  -- DISTINCT drops prints that a feed replays: the same id with the same content.
  SELECT DISTINCT trade_id, symbol, ts, coalesce(kind, 'normal') AS kind, taker_side, price,
         TRY_CAST(qty AS DECIMAL(38, 12)) AS qty,
         coalesce(notional_usd, TRY_CAST(price * qty AS DECIMAL(38, 8)), 0) AS usd,
         buy_account_id, sell_account_id, buy_order_id, sell_order_id
  FROM trades
  WHERE coalesce(venue, $venue) = $venue
)
SELECT t.*, coalesce(b.owner_id, t.buy_account_id) AS buyer, coalesce(s.owner_id, t.sell_account_id) AS seller,
       b.type AS buyer_type, s.type AS seller_type
FROM print t
ASOF LEFT JOIN account_owners b ON b.account_id = t.buy_account_id AND b.since <= t.ts
ASOF LEFT JOIN account_owners s ON s.account_id = t.sell_account_id AND s.since <= t.ts
;

-- evidence of "The move"
SELECT m.symbol, m.ts, 'trades' AS source_table, coalesce(t.trade_id, CAST(t.ts AS VARCHAR)) AS row_id, t.ts AS row_ts,
       'at ' || t.price || ', ' || round(m.before_px, 8) || ' before' AS note
FROM fast_moves m
JOIN owned_trades t ON t.symbol = m.symbol AND t.ts < m.ts AND t.ts >= m.ts - INTERVAL 5 MINUTE
                   AND abs(t.price - m.before_px) * 2 >= abs(m.far_px - m.before_px) AND m.move_pct >= $look_pct
UNION ALL
SELECT m.symbol, m.ts, 'index_constituents', c.venue || ' ' || c.ts, c.ts, c.venue || ' at ' || c.price
FROM fast_moves m
JOIN index_constituents c ON c.symbol = m.symbol AND c.ts < m.ts AND c.ts >= m.ts - INTERVAL 5 MINUTE
UNION ALL
SELECT m.symbol, m.ts, 'prices', CAST(p.ts AS VARCHAR), p.ts, 'mark ' || p.mark
FROM fast_moves m
JOIN prices p ON p.symbol = m.symbol AND p.ts < m.ts AND p.ts >= m.ts - INTERVAL 5 MINUTE
WHERE m.mark_gap_pct >= $look_pct
;

-- evidence of "Who pushed, and into which book"
SELECT m.symbol, m.ts, 'trades' AS source_table, coalesce(t.trade_id, CAST(t.ts AS VARCHAR)) AS row_id, t.ts AS row_ts,
       coalesce(t.taker_side, 'either side') || ' $' || CAST(CAST(t.usd AS DECIMAL(38, 2)) AS VARCHAR)
         || ' by ' || coalesce(CASE m.direction WHEN 'down' THEN t.seller ELSE t.buyer END, '?') || ', ' || t.kind AS note
FROM fast_moves m
JOIN owned_trades t ON t.symbol = m.symbol AND t.ts < m.ts AND t.ts >= m.ts - INTERVAL 5 MINUTE
                   AND abs(t.price - m.before_px) >= m.before_px / 100
WHERE greatest(m.move_pct, m.apart_pct) >= $look_pct
UNION ALL
SELECT m.symbol, m.ts, 'depth', CAST(d.ts AS VARCHAR), d.ts, 'bids $' || d.bid_usd || ', asks $' || d.ask_usd
FROM fast_moves m
JOIN depth d ON d.symbol = m.symbol AND d.band_bps = 200 AND d.ts < m.ts
            AND d.ts >= m.ts - INTERVAL ($depth_minutes) MINUTE
WHERE greatest(m.move_pct, m.apart_pct) >= $look_pct
;
