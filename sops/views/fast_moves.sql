/*
title: Fast moves, one row a symbol and a minute at whose end the price or one of the feeds behind it is far from where it was
parameters:
  venue: {type: enum, value: main, range: '"main", "reference"', meaning: "the venue whose prices are judged; rows that name none are its own"}
  window: {type: integer, value: 5, unit: minute, range: "[2..15]", meaning: "a move is looked for in so many minutes before ts"}
  base: {type: integer, value: 30, unit: minute, range: "[10..120]", meaning: "what the price was before is the median of so many minutes before the window"}
  memory: {type: integer, value: 24, unit: hour, range: "[1..72]", meaning: "over so long it is learned how two prices usually stand to each other"}
  skew: {type: integer, value: 1, unit: minute, range: "[0..2]", meaning: "clocks of two feeds may differ by so much"}
  min_venues: {type: integer, value: 2, unit: venues, range: "[2..5]", meaning: "fewer other venues are no witness"}
  busy: {type: integer, value: 10, unit: minutes, range: "[1..30]", meaning: "a symbol that traded in so many minutes of the base is not silent by chance"}
  least_pct: {type: number, value: 1, unit: "%", range: "> 0", meaning: "smaller moves get no row"}
columns:
  symbol: text
  ts: {type: timestamp, meaning: "end of the window; only trades and marks before it are read, prices of other venues up to `skew` after it"}
  direction: {type: text, meaning: "down or up: the farther of the two"}
  before_px: {type: number, meaning: "what it cost before; null where nothing is known of the last 24 hours"}
  far_px: {type: number, meaning: "the farthest price in the window; null where nothing traded"}
  move_pct: {type: number, unit: "%", meaning: "from before_px to far_px, less one tick"}
  apart_pct: {type: number, unit: "%", meaning: "distance of far_px from the other venues in that direction, beyond the usual one; null without enough of them"}
  outside_px: {type: number, meaning: "median of the other venues at the end; null without enough of them"}
  odd_venue_pct: {type: number, unit: "%", meaning: "greatest distance of one venue that the index counts from the others, beyond the usual one"}
  mark_gap_pct: {type: number, unit: "%", meaning: "greatest distance of the mark price from a sound price, beyond the usual one; 0 for a symbol that has no mark, null for a derivative whose mark nobody recorded"}
  silent_pct: {type: number, unit: "%", meaning: "how far the other venues moved while a busy symbol did not trade at all; 0 where it did"}
key: [symbol, ts]
*/
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
