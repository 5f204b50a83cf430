-- Signals of pump-insiders 1.0.0, run on DuckDB 1.5.6. Change the SOP, not this file.
-- $from and $as_of: the window; rows at or after $as_of must not be there.
-- Parameters, by segment:
--   $min_move = 0.03 ratio (number) in liquid
--   $option_move = 0.5 ratio (number) in liquid
--   $stake = 0.02 ratio (number) in liquid
--   $min_gain = 50000 USD (decimal) in liquid
--   $min_other = 500000 USD (decimal) in liquid
--   $thin_usd = 1000 USD (decimal) in liquid
--   $memory_days = 30 day (integer) in liquid
--   $news_hours = 6 hour (integer) in liquid
--   $snapshot_minutes = 60 minute (integer) in liquid
--   $min_move = 0.05 ratio (number) in normal
--   $option_move = 0.5 ratio (number) in normal
--   $stake = 0.05 ratio (number) in normal
--   $min_gain = 10000 USD (decimal) in normal
--   $min_other = 100000 USD (decimal) in normal
--   $thin_usd = 1000 USD (decimal) in normal
--   $memory_days = 30 day (integer) in normal
--   $news_hours = 6 hour (integer) in normal
--   $snapshot_minutes = 60 minute (integer) in normal
--   $min_move = 0.05 ratio (number) in illiquid
--   $option_move = 0.5 ratio (number) in illiquid
--   $stake = 0.1 ratio (number) in illiquid
--   $min_gain = 2000 USD (decimal) in illiquid
--   $min_other = 20000 USD (decimal) in illiquid
--   $thin_usd = 1000 USD (decimal) in illiquid
--   $memory_days = 30 day (integer) in illiquid
--   $news_hours = 6 hour (integer) in illiquid
--   $snapshot_minutes = 60 minute (integer) in illiquid

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

-- view "price_moves": Moves of the price on the venue's own book, up and down, each with the moment at which it began in earnest
--   $reach = 240 (integer), of this view
--   $floor = 0.02 (number), of this view
--   $pause = 60 (integer), of this view
--   $longest = 240 (integer), of this view
--   $quarter = 0.25 (number), of this view
CREATE OR REPLACE TEMPORARY TABLE price_moves AS
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
;

-- view "move_flows": What each owner did before a move of the price and in it
--   $build_hours = 72 (integer), of this view
--   $close_minutes = 240 (integer), of this view
--   $habit_days = 30 (integer), of this view
--   $step_minutes = 5 (integer), of this view
CREATE OR REPLACE TEMPORARY TABLE move_flows AS
WITH side AS (
  -- Each print from both ends. What an owner traded with itself counts for nobody. An unknown taker may have been either.
  SELECT symbol, ts, buyer AS owner_id, coalesce(buyer_type, 'retail') AS type, 'buy' AS side,
         coalesce(taker_side, 'buy') = 'buy' AS taker, kind, qty, usd
  FROM owned_trades
  WHERE buyer IS DISTINCT FROM seller
  UNION ALL
  SELECT symbol, ts, seller, coalesce(seller_type, 'retail'), 'sell', coalesce(taker_side, 'sell') = 'sell', kind, qty, usd
  FROM owned_trades
  WHERE buyer IS DISTINCT FROM seller
),
seen AS (
  SELECT m.symbol, m.direction, m.move_ts, m.onset_ts, m.peak_ts, s.owner_id, s.type, s.ts, s.qty, s.usd, s.side,
         (s.side = 'buy') = (m.direction = 'up') AS along, s.taker, s.kind,
         -- Nobody decides to be liquidated or deleveraged.
         CASE s.kind WHEN 'adl' THEN false WHEN 'liquidation' THEN NOT s.taker ELSE true END AS free,
         CASE WHEN s.ts < m.onset_ts - INTERVAL ($build_hours) HOUR THEN 'past'
              WHEN s.ts < m.onset_ts THEN 'before' ELSE 'after' END AS phase
  FROM price_moves m
  JOIN side s ON s.symbol = m.symbol AND s.ts < m.move_ts + INTERVAL ($close_minutes) MINUTE
             AND s.ts >= m.onset_ts - INTERVAL ($build_hours) HOUR - to_days($habit_days)
),
whole AS (
  SELECT symbol, direction, move_ts,
         coalesce(sum(usd) FILTER (phase = 'before' AND along), 0) AS market_before_usd,
         coalesce(sum(usd) FILTER (phase = 'after' AND along AND taker AND kind IN ('normal', 'liquidation')
                                   AND ts < peak_ts + INTERVAL 1 MINUTE), 0) AS all_push_usd
  FROM seen
  GROUP BY ALL
),
traded AS (
  SELECT symbol, direction, move_ts, owner_id,
         CASE WHEN min(type) = max(type) AND min(type) IN ('mm', 'broker_omnibus') THEN min(type)
              WHEN bool_and(type IN ('internal', 'liquidator')) THEN 'house' ELSE 'client' END AS role,
         coalesce(sum(CASE WHEN along THEN qty ELSE -qty END) FILTER (phase = 'before' AND free), 0) AS net_qty,
         coalesce(sum(usd) FILTER (phase = 'before' AND free), 0) AS turned_usd,
         coalesce(sum(usd) FILTER (phase = 'past' AND free), 0) AS past_usd,
         coalesce(sum(qty) FILTER (phase = 'after' AND free AND along), 0) AS in_qty,
         coalesce(sum(usd) FILTER (phase = 'after' AND free AND along), 0) AS in_usd,
         coalesce(sum(qty) FILTER (phase = 'after' AND free AND NOT along), 0) AS out_qty,
         coalesce(sum(usd) FILTER (phase = 'after' AND free AND NOT along), 0) AS out_usd,
         coalesce(sum(usd) FILTER (phase = 'after' AND along AND taker AND kind = 'normal'
                                   AND ts < peak_ts + INTERVAL 1 MINUTE), 0) AS push_usd,
         count(DISTINCT time_bucket(INTERVAL ($step_minutes) MINUTE, ts))
           FILTER (phase = 'after' AND along AND taker AND kind = 'normal' AND ts < peak_ts + INTERVAL 1 MINUTE) AS steps
  FROM seen
  WHERE owner_id IS NOT NULL
  GROUP BY ALL
),
brought AS (
  -- Coins that came in before the rise: bought elsewhere, or handed over.
  SELECT m.symbol, m.direction, m.move_ts, coalesce(o.owner_id, t.to_account) AS owner_id,
         sum(TRY_CAST(t.amount AS DECIMAL(38, 8))) AS qty
  FROM price_moves m
  JOIN (SELECT DISTINCT symbol, base FROM instruments WHERE type IN ('spot', 'margin')) i ON i.symbol = m.symbol
  JOIN (SELECT DISTINCT transfer_id, ts, kind, from_account, to_account, asset, amount FROM transfers) t
    ON t.asset = i.base AND t.kind IN ('deposit', 'internal')
   AND t.ts < m.onset_ts AND t.ts >= m.onset_ts - INTERVAL ($build_hours) HOUR
  ASOF LEFT JOIN account_owners o ON o.account_id = t.to_account AND o.since <= t.ts
  ASOF LEFT JOIN account_owners f ON f.account_id = t.from_account AND f.since <= t.ts
  WHERE m.direction = 'up' AND coalesce(f.owner_id, t.from_account) IS DISTINCT FROM coalesce(o.owner_id, t.to_account)
  GROUP BY ALL
),
stood AS (
  SELECT t.*, m.onset_ts, m.peak_ts, m.base_px, abs(m.peak_px / m.base_px - 1) AS move,
         CAST(greatest(t.net_qty + coalesce(b.qty, 0), 0) AS DOUBLE) AS ready_qty,
         CAST(least(coalesce(b.qty, 0), greatest(t.net_qty + coalesce(b.qty, 0), 0)) AS DOUBLE) AS brought_qty,
         CAST(t.out_usd AS DOUBLE) / nullif(CAST(t.out_qty AS DOUBLE), 0) AS out_px,
         CAST(t.in_usd AS DOUBLE) / nullif(CAST(t.in_qty AS DOUBLE), 0) AS in_px
  FROM traded t
  JOIN price_moves m USING (symbol, direction, move_ts)
  LEFT JOIN brought b USING (symbol, direction, move_ts, owner_id)
)
SELECT s.symbol, s.direction, s.move_ts, s.onset_ts, s.peak_ts, s.move, s.owner_id, s.role,
       CAST(s.ready_qty * s.base_px AS DECIMAL(38, 8)) AS ready_usd,
       CAST(s.brought_qty * s.base_px AS DECIMAL(38, 8)) AS brought_usd,
       w.market_before_usd, s.turned_usd,
       CAST(CAST(s.past_usd AS DOUBLE) * $build_hours / (24.0 * $habit_days) AS DECIMAL(38, 8)) AS past_usd,
       CASE WHEN s.ready_qty > 0 THEN least(CAST(s.out_qty AS DOUBLE) / s.ready_qty, 1) END AS closed,
       -- First what stood ready is sold, then what was bought on the way; a dear purchase on the way does not eat the gain.
       CAST((
         least(CAST(s.out_qty AS DOUBLE), s.ready_qty) * coalesce(CASE s.direction WHEN 'up' THEN s.out_px - s.base_px ELSE s.base_px - s.out_px END, 0)
         + least(greatest(CAST(s.out_qty AS DOUBLE) - s.ready_qty, 0), CAST(s.in_qty AS DOUBLE)) * greatest(coalesce(CASE s.direction WHEN 'up' THEN s.out_px - s.in_px ELSE s.in_px - s.out_px END, 0), 0))
         AS DECIMAL(38, 8)) AS gain_usd,
       s.push_usd, w.all_push_usd, s.steps
FROM stood s
JOIN whole w USING (symbol, direction, move_ts)
;

-- view "customer_accounts": Customers' own accounts, with the owner that is known now
CREATE OR REPLACE TEMPORARY TABLE customer_accounts AS
-- Market makers, brokers and the house run many accounts by right.
SELECT account_id, owner_id
FROM account_owners
WHERE until IS NULL AND coalesce(type, 'retail') = 'retail'
;

-- view "shared_traits": What customers of different owners have in common
--   $max_fanout = 50 (integer), of this view
CREATE OR REPLACE TEMPORARY TABLE shared_traits AS
WITH moved AS (
  -- Transfers between two owners.
  SELECT t.transfer_id, t.ts, f.account_id AS from_account, f.owner_id AS from_owner, r.account_id AS to_account, r.owner_id AS to_owner
  FROM transfers t
  JOIN customer_accounts f ON f.account_id = t.from_account
  JOIN customer_accounts r ON r.account_id = t.to_account
  WHERE t.kind = 'internal' AND f.owner_id <> r.owner_id
),
partner AS (
  SELECT owner_id, other, min(ts) AS ts
  FROM (
    SELECT from_owner AS owner_id, to_owner AS other, ts FROM moved
    UNION ALL
    SELECT to_owner, from_owner, ts FROM moved
  )
  GROUP BY ALL
),
dealer AS (
  -- With max_fanout partners and itself a dealer's circle is one owner too large.
  SELECT owner_id, list_extract(list_sort(list(ts)), $max_fanout) AS since
  FROM partner
  GROUP BY owner_id
  HAVING count(*) >= $max_fanout
),
paid AS (
  -- A transfer joins its two ends until one of them is a dealer; whoever touched a dealer belongs to the dealer's circle.
  SELECT 'transfer' AS kind, least(m.from_owner, m.to_owner) || ' ' || greatest(m.from_owner, m.to_owner) AS value,
         least(d.since, e.since) AS hub_since, m.*
  FROM moved m
  LEFT JOIN dealer d ON d.owner_id = m.from_owner
  LEFT JOIN dealer e ON e.owner_id = m.to_owner
  UNION ALL
  SELECT 'dealer', d.owner_id, d.since, m.* FROM moved m JOIN dealer d ON d.owner_id IN (m.from_owner, m.to_owner)
),
trait AS (
  SELECT account_id, 'machine' AS kind, device_hash AS value, coalesce(valid_from, created_ts) AS ts,
         'accounts' AS source_table, account_id AS row_id
  FROM accounts
  WHERE device_hash IS NOT NULL
  UNION ALL
  SELECT account_id, 'funder', funding_source_id, coalesce(valid_from, created_ts), 'accounts', account_id
  FROM accounts
  WHERE funding_source_id IS NOT NULL
  UNION ALL
  SELECT to_account, 'funder', from_address, ts, 'transfers', transfer_id
  FROM transfers
  WHERE kind = 'deposit' AND from_address IS NOT NULL
  UNION ALL
  SELECT from_account, 'sweep', address, ts, 'transfers', transfer_id
  FROM transfers
  WHERE kind = 'withdraw' AND address IS NOT NULL
  UNION ALL
  SELECT account_id, 'introduction', referrer_id || ' ' || ip_hash, coalesce(valid_from, created_ts), 'accounts', account_id
  FROM accounts
  WHERE referrer_id IS NOT NULL AND ip_hash IS NOT NULL
),
owned AS (
  SELECT DISTINCT t.kind, t.value, c.owner_id, t.account_id, t.ts, t.source_table, t.row_id
  FROM trait t
  JOIN customer_accounts c USING (account_id)
  -- An address that is known to serve everybody joins nobody.
  ANTI JOIN addresses a ON a.address = t.value AND t.kind IN ('funder', 'sweep')
),
sharer AS (
  SELECT kind, value, owner_id, coalesce(min(ts), TIMESTAMP '1970-01-01') AS ts FROM owned GROUP BY kind, value, owner_id
),
spread AS (
  SELECT kind, value, CASE WHEN count(*) > $max_fanout THEN list_extract(list_sort(list(ts)), $max_fanout + 1) END AS hub_since
  FROM sharer
  GROUP BY kind, value
  HAVING count(*) >= 2
)
SELECT o.*, s.hub_since
FROM owned o
JOIN spread s USING (kind, value)
UNION ALL
SELECT kind, value, from_owner, from_account, ts, 'transfers', transfer_id, hub_since FROM paid
UNION ALL
SELECT kind, value, to_owner, to_account, ts, 'transfers', transfer_id, hub_since FROM paid
;

-- view "owner_links": Pairs of owners whom something recorded joins, each pair in both directions
CREATE OR REPLACE TEMPORARY TABLE owner_links AS
WITH trait AS (
  -- Of what became a hub only those who were there before: later ones share it with everybody.
  SELECT DISTINCT kind, value, owner_id, coalesce(ts, TIMESTAMP '1970-01-01') AS ts, hub_since
  FROM shared_traits
  WHERE coalesce(coalesce(ts, TIMESTAMP '1970-01-01') < hub_since, true)
)
SELECT DISTINCT a.owner_id, b.owner_id AS other_id, greatest(a.ts, b.ts) AS since, a.hub_since AS until
FROM trait a
JOIN trait b ON b.kind = a.kind AND b.value = a.value AND b.owner_id <> a.owner_id
;

-- signals of "Before and during the move"
WITH linked AS (
  SELECT symbol, direction, move_ts, owner_id, owner_id AS member FROM move_flows
  UNION
  SELECT f.symbol, f.direction, f.move_ts, f.owner_id, l.other_id
  FROM move_flows f
  JOIN owner_links l ON l.owner_id = f.owner_id AND l.since <= f.onset_ts AND coalesce(l.until > f.onset_ts, true)
),
circle AS (
  SELECT k.symbol, k.direction, k.move_ts, k.owner_id, count(*) AS members,
         CAST(sum(f.ready_usd) AS DOUBLE) AS ready, CAST(sum(f.brought_usd) AS DOUBLE) AS brought,
         CAST(sum(CAST(f.ready_usd * coalesce(f.closed, 0) AS DECIMAL(38, 8))) AS DOUBLE) AS closed,
         CAST(sum(f.past_usd) AS DOUBLE) AS past, sum(f.gain_usd) AS gain, CAST(sum(f.push_usd) AS DOUBLE) AS push
  FROM linked k
  JOIN move_flows f ON f.symbol = k.symbol AND f.direction = k.direction AND f.move_ts = k.move_ts AND f.owner_id = k.member
  GROUP BY ALL
),
earlier AS (
  -- Each day and symbol once: a pump that breathes is one pump.
  SELECT f.symbol, f.direction, f.move_ts, f.owner_id, count(DISTINCT p.symbol || ' ' || CAST(CAST(p.move_ts AS DATE) AS VARCHAR)) AS times
  FROM move_flows f
  JOIN move_flows p ON p.owner_id = f.owner_id AND p.move_ts + INTERVAL 240 MINUTE <= f.onset_ts
                   AND p.move_ts > f.onset_ts - to_days($memory_days)
                   AND p.ready_usd >= $stake * p.market_before_usd AND p.closed >= 0.5 AND p.gain_usd >= $thin_usd
  GROUP BY ALL
),
kind AS (
  SELECT symbol, max(type) AS type FROM instruments GROUP BY symbol
)
SELECT f.owner_id, f.symbol, f.direction, f.move_ts, f.move, k.type AS contract, f.direction = 'down' AS falling,
       CASE f.role WHEN 'mm' THEN CASE WHEN f.ready_usd < 0.3 * f.turned_usd THEN 'maker' ELSE 'client' END ELSE f.role END AS role,
       CASE WHEN c.ready = 0 THEN 0 ELSE coalesce(least(c.ready / nullif(CAST(f.market_before_usd AS DOUBLE), 0), 1), 1) END AS ready_share,
       c.brought / nullif(c.ready, 0) AS brought_share,
       c.closed / nullif(c.ready, 0) AS closed_share,
       c.past / nullif(c.ready, 0) AS habit,
       c.gain AS gain_usd,
       c.push / nullif(CAST(f.all_push_usd AS DOUBLE), 0) AS push_share,
       f.steps, c.members AS circle, e.times AS times_before
FROM move_flows f
JOIN circle c USING (symbol, direction, move_ts, owner_id)
LEFT JOIN kind k USING (symbol)
LEFT JOIN earlier e USING (symbol, direction, move_ts, owner_id)
WHERE f.ready_usd >= $thin_usd OR f.push_usd >= $thin_usd OR f.gain_usd >= $thin_usd
;

-- signals of "What else explains it"
WITH subject AS (
  SELECT symbol, direction, move_ts, onset_ts, peak_ts, move, owner_id
  FROM move_flows
  WHERE ready_usd >= $thin_usd OR push_usd >= $thin_usd OR gain_usd >= $thin_usd
),
moved AS (
  SELECT DISTINCT symbol, direction, move_ts, onset_ts, peak_ts, move FROM subject
),
outside AS (
  SELECT DISTINCT symbol, ts, 'reference' AS source, coalesce(last, mark) AS px FROM prices
  WHERE venue = 'reference' AND coalesce(last, mark) > 0
  UNION
  SELECT DISTINCT symbol, ts, 'index', index FROM prices
  WHERE coalesce(venue, 'main') = 'main' AND index > 0
),
reading AS (
  SELECT m.symbol, m.direction, m.move_ts, m.onset_ts, o.source, o.ts,
         -- How far the price elsewhere had gone, as a part of the whole move here.
         CASE m.direction WHEN 'up' THEN o.px / min(o.px) OVER past - 1 ELSE 1 - o.px / max(o.px) OVER past END / m.move AS way
  FROM moved m
  JOIN outside o ON o.symbol = m.symbol AND o.ts < m.onset_ts AND o.ts >= m.onset_ts - INTERVAL 240 MINUTE
  WINDOW past AS (PARTITION BY m.symbol, m.direction, m.move_ts, o.source ORDER BY o.ts RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),
led AS (
  SELECT symbol, direction, move_ts, source, arg_max(way, ts) >= 0.5 AS first, min(ts) FILTER (way >= 0.5) AS led_ts
  FROM reading
  GROUP BY symbol, direction, move_ts, onset_ts, source
  HAVING max(ts) >= onset_ts - INTERVAL 10 MINUTE
),
abroad AS (
  SELECT symbol, direction, move_ts, bool_or(first) AS first, min(led_ts) FILTER (first) AS led_ts
  FROM led
  GROUP BY ALL
),
named AS (
  SELECT symbol, max(base) AS base FROM instruments GROUP BY symbol
),
happened AS (
  SELECT e.symbol, n.base, e.kind, coalesce(e.known_ts, e.ts) AS known_ts, coalesce(e.effective_ts, e.ts) AS effective_ts
  FROM events e
  LEFT JOIN named n USING (symbol)
),
told AS (
  SELECT m.symbol, m.direction, m.move_ts,
         bool_or(h.kind IN ('index_rebalance', 'unlock')) AS scheduled,
         min(h.known_ts) FILTER (h.kind NOT IN ('index_rebalance', 'unlock')) AS news_ts
  FROM moved m
  LEFT JOIN named n USING (symbol)
  JOIN happened h ON (h.symbol IS NULL OR h.symbol = m.symbol OR h.base = n.base)
   AND (h.kind IN ('index_rebalance', 'unlock') AND h.known_ts <= m.onset_ts - INTERVAL 24 HOUR
          AND h.effective_ts BETWEEN m.onset_ts - INTERVAL 6 HOUR AND m.peak_ts + INTERVAL 6 HOUR
        OR h.kind IN ('news', 'announcement', 'listing', 'delisting', 'promo')
          AND h.known_ts > m.onset_ts - INTERVAL ($news_hours) HOUR AND h.known_ts <= m.peak_ts)
  GROUP BY ALL
),
bought AS (
  SELECT s.symbol, s.direction, s.move_ts, s.owner_id,
         CAST(coalesce(sum(t.usd) FILTER (t.ts >= least(k.news_ts, a.led_ts)), 0) AS DOUBLE) / nullif(CAST(sum(t.usd) AS DOUBLE), 0) AS late
  FROM subject s
  LEFT JOIN told k USING (symbol, direction, move_ts)
  LEFT JOIN abroad a USING (symbol, direction, move_ts)
  JOIN owned_trades t ON t.symbol = s.symbol AND t.ts < s.onset_ts AND t.ts >= s.onset_ts - INTERVAL 72 HOUR
                     AND CASE s.direction WHEN 'up' THEN t.buyer ELSE t.seller END = s.owner_id AND t.buyer IS DISTINCT FROM t.seller
  GROUP BY ALL
),
stood AS (
  SELECT p.account_id, p.symbol, n.base, p.ts,
         (p.side = 'long') = (coalesce(i.option_type, 'call') = 'call') AS up, max(p.notional_usd) AS usd
  FROM positions p
  JOIN named n USING (symbol)
  LEFT JOIN (SELECT symbol, max(option_type) AS option_type FROM instruments GROUP BY symbol) i USING (symbol)
  WHERE p.qty > 0
  GROUP BY ALL
),
latest AS (
  SELECT s.symbol, s.direction, s.move_ts, s.owner_id, p.account_id, p.symbol AS other, arg_max(p.usd, p.ts) AS usd
  FROM subject s
  JOIN named n USING (symbol)
  JOIN stood p ON p.base = n.base AND p.symbol <> s.symbol AND p.up = (s.direction = 'up')
              AND p.ts < s.onset_ts AND p.ts >= s.onset_ts - INTERVAL ($snapshot_minutes) MINUTE
  ASOF LEFT JOIN account_owners o ON o.account_id = p.account_id AND o.since <= p.ts
  WHERE coalesce(o.owner_id, p.account_id) = s.owner_id
  GROUP BY ALL
),
elsewhere AS (
  SELECT symbol, direction, move_ts, owner_id, sum(usd) AS usd FROM latest GROUP BY ALL
)
SELECT s.owner_id, s.symbol, s.direction, s.move_ts,
       a.first AS outside_first,
       CASE WHEN k.scheduled THEN 'scheduled' WHEN k.news_ts IS NOT NULL THEN 'news' ELSE 'none' END AS cause,
       b.late AS late_share, e.usd AS elsewhere_usd
FROM subject s
LEFT JOIN abroad a USING (symbol, direction, move_ts)
LEFT JOIN told k USING (symbol, direction, move_ts)
LEFT JOIN bought b USING (symbol, direction, move_ts, owner_id)
LEFT JOIN elsewhere e USING (symbol, direction, move_ts, owner_id)
;
