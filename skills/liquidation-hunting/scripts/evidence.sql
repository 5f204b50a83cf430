-- Evidence of liquidation-hunting 1.0.0, run on DuckDB 1.5.6. Change the SOP, not this file.
-- $from and $as_of: the window; rows at or after $as_of must not be there.
-- Parameters, by segment:
--   $min_push = 500000 USD (decimal) in liquid
--   $min_forced = 1000000 USD (decimal) in liquid
--   $thin_push = 5000 USD (decimal) in liquid
--   $push_minutes = 10 minute (integer) in liquid
--   $take_minutes = 10 minute (integer) in liquid
--   $revert_minutes = 30 minute (integer) in liquid
--   $news_minutes = 60 minute (integer) in liquid
--   $memory_days = 7 day (integer) in liquid
--   $queue_minutes = 30 minute (integer) in liquid
--   $at_minutes = 2 minute (integer) in liquid
--   $front_rank = 4 rank (number) in liquid
--   $min_queue = 100000 USD (decimal) in liquid
--   $min_push = 100000 USD (decimal) in normal
--   $min_forced = 200000 USD (decimal) in normal
--   $thin_push = 5000 USD (decimal) in normal
--   $push_minutes = 10 minute (integer) in normal
--   $take_minutes = 10 minute (integer) in normal
--   $revert_minutes = 30 minute (integer) in normal
--   $news_minutes = 60 minute (integer) in normal
--   $memory_days = 7 day (integer) in normal
--   $queue_minutes = 30 minute (integer) in normal
--   $at_minutes = 2 minute (integer) in normal
--   $front_rank = 4 rank (number) in normal
--   $min_queue = 100000 USD (decimal) in normal
--   $min_push = 20000 USD (decimal) in illiquid
--   $min_forced = 30000 USD (decimal) in illiquid
--   $thin_push = 5000 USD (decimal) in illiquid
--   $push_minutes = 10 minute (integer) in illiquid
--   $take_minutes = 10 minute (integer) in illiquid
--   $revert_minutes = 30 minute (integer) in illiquid
--   $news_minutes = 60 minute (integer) in illiquid
--   $memory_days = 7 day (integer) in illiquid
--   $queue_minutes = 30 minute (integer) in illiquid
--   $at_minutes = 2 minute (integer) in illiquid
--   $front_rank = 4 rank (number) in illiquid
--   $min_queue = 100000 USD (decimal) in illiquid

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

-- view "forced_prints": Trades that were forced on somebody, liquidations and triggered stop orders, each with the cascade that it belongs to
--   $cascade_gap = 2 (integer), of this view
--   $cascade_minutes = 15 (integer), of this view
CREATE OR REPLACE TEMPORARY TABLE forced_prints AS
WITH stop_order AS (
  SELECT DISTINCT symbol, order_id
  FROM orders
  WHERE (trigger_px IS NOT NULL OR lower(type) LIKE 'stop%') AND coalesce(lower(type), '') NOT LIKE 'take%'
),
forced AS (
  -- DISTINCT drops rows that a feed replays.
  SELECT DISTINCT symbol, coalesce(side, CASE position_side WHEN 'long' THEN 'sell' WHEN 'short' THEN 'buy' END) AS side, ts,
         account_id, counterparty_id, coalesce(method, 'book') AS method,
         coalesce(notional_usd, TRY_CAST(qty * coalesce(fill_px, mark_px, bankruptcy_px) AS DECIMAL(38, 8)), 0) AS usd,
         'liquidations' AS source_table, liq_id AS row_id
  FROM liquidations
  UNION ALL
  SELECT t.symbol, CASE WHEN t.sell_order_id = s.order_id THEN 'sell' ELSE 'buy' END, t.ts,
         CASE WHEN t.sell_order_id = s.order_id THEN t.sell_account_id ELSE t.buy_account_id END,
         CASE WHEN t.sell_order_id = s.order_id THEN t.buy_account_id ELSE t.sell_account_id END, 'stop', t.usd, 'trades', t.trade_id
  FROM owned_trades t
  JOIN stop_order s ON s.symbol = t.symbol
                   AND s.order_id = CASE t.taker_side WHEN 'sell' THEN t.sell_order_id WHEN 'buy' THEN t.buy_order_id
                                                      ELSE coalesce(t.sell_order_id, t.buy_order_id) END
  WHERE t.kind = 'normal'
),
moment AS (
  SELECT DISTINCT symbol, side, ts FROM forced WHERE side IS NOT NULL
),
broken AS (
  SELECT symbol, side, ts,
         CASE WHEN ts - max(ts) OVER earlier <= INTERVAL ($cascade_gap) MINUTE THEN 0 ELSE 1 END AS fresh
  FROM moment
  WINDOW earlier AS (PARTITION BY symbol, side ORDER BY ts RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING)
),
chained AS (
  SELECT symbol, side, ts, sum(fresh) OVER (PARTITION BY symbol, side ORDER BY ts) AS chain FROM broken
),
cut AS (
  SELECT symbol, side, ts, chain,
         (epoch_us(ts) - min(epoch_us(ts)) OVER (PARTITION BY symbol, side, chain)) // (60000000 * $cascade_minutes) AS piece
  FROM chained
),
dated AS (
  SELECT symbol, side, ts, min(ts) OVER (PARTITION BY symbol, side, chain, piece) AS cascade_ts FROM cut
)
SELECT f.symbol, f.side, d.cascade_ts, f.ts, f.account_id, coalesce(o.owner_id, f.account_id) AS owner_id, f.counterparty_id,
       f.method, f.usd, f.source_table, f.row_id
FROM forced f
JOIN dated d USING (symbol, side, ts)
ASOF LEFT JOIN account_owners o ON o.account_id = f.account_id AND o.since <= f.ts
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

-- evidence of "Push and harvest"
WITH cascade AS (
  SELECT symbol, side, cascade_ts, max(ts) AS end_ts FROM forced_prints GROUP BY symbol, side, cascade_ts
)
SELECT coalesce(l.owner_id, CASE n.way WHEN 'buy' THEN t.buyer ELSE t.seller END) AS owner_id, c.symbol, c.side, c.cascade_ts,
       'trades' AS source_table, coalesce(t.trade_id, CAST(t.ts AS VARCHAR)) AS row_id, t.ts,
       n.way || ' $' || CAST(CAST(t.usd AS DECIMAL(38, 2)) AS VARCHAR) || ' at ' || t.price
         || CASE WHEN t.taker_side = n.way THEN ', aggressive' ELSE ', resting' END
         || CASE WHEN l.owner_id IS NULL THEN '' ELSE ', by the linked ' || l.other_id END AS note
FROM cascade c
JOIN owned_trades t ON t.symbol = c.symbol AND t.ts > c.cascade_ts - INTERVAL ($push_minutes) MINUTE
                   AND t.ts <= c.end_ts + INTERVAL ($take_minutes) MINUTE
CROSS JOIN (SELECT unnest(['buy', 'sell']) AS way) n
LEFT JOIN owner_links l ON l.other_id = CASE n.way WHEN 'buy' THEN t.buyer ELSE t.seller END AND l.since <= c.cascade_ts
                       AND n.way <> c.side AND t.ts >= c.cascade_ts
WHERE CASE n.way WHEN 'buy' THEN t.buyer ELSE t.seller END IS NOT NULL
UNION
SELECT t.owner_id, f.symbol, f.side, f.cascade_ts, f.source_table, f.row_id, f.ts,
       f.method || ' of ' || coalesce(f.owner_id, 'somebody') || ', $' || CAST(CAST(f.usd AS DECIMAL(38, 2)) AS VARCHAR)
FROM forced_prints f
JOIN (SELECT DISTINCT c.symbol, c.side, c.cascade_ts, unnest([o.buyer, o.seller]) AS owner_id
      FROM cascade c
      JOIN owned_trades o ON o.symbol = c.symbol AND o.ts > c.cascade_ts - INTERVAL ($push_minutes) MINUTE AND o.ts <= c.cascade_ts) t
  ON t.symbol = f.symbol AND t.side = f.side AND t.cascade_ts = f.cascade_ts AND t.owner_id IS NOT NULL
;

-- evidence of "What the price did"
SELECT DISTINCT f.symbol, f.side, f.cascade_ts, 'events' AS source_table, v.kind || ' ' || CAST(v.ts AS VARCHAR) AS row_id, v.ts, v.kind AS note
FROM forced_prints f
JOIN events v ON coalesce(v.symbol, f.symbol) = f.symbol AND v.kind <> 'promo' AND coalesce(v.known_ts, v.ts) <= f.cascade_ts
             AND coalesce(v.known_ts, v.ts) > f.cascade_ts - INTERVAL ($news_minutes) MINUTE
UNION
SELECT f.symbol, f.side, f.cascade_ts, 'trades', coalesce(t.trade_id, CAST(t.ts AS VARCHAR)), t.ts, 'price ' || t.price
FROM (SELECT symbol, side, cascade_ts, max(ts) AS end_ts FROM forced_prints GROUP BY symbol, side, cascade_ts) f
JOIN owned_trades t ON t.symbol = f.symbol AND t.ts > f.cascade_ts - INTERVAL ($push_minutes) MINUTE
                   AND t.ts <= f.end_ts + INTERVAL ($revert_minutes) MINUTE
;

-- evidence of "The deleveraging queue"
WITH adl AS (
  SELECT symbol, side, cascade_ts, min(ts) AS adl_ts, max(ts) AS end_ts FROM forced_prints WHERE method = 'adl' GROUP BY symbol, side, cascade_ts
)
SELECT o.owner_id, a.symbol, a.side, a.cascade_ts, 'positions' AS source_table,
       h.account_id || ' ' || CAST(h.ts AS VARCHAR) AS row_id, h.ts,
       h.account_id || ': ' || h.side || ' ' || h.qty || coalesce(', leverage ' || h.leverage, '') || coalesce(', place ' || h.adl_rank, '') AS note
FROM adl a
JOIN positions h ON h.symbol = a.symbol AND h.ts > a.adl_ts - INTERVAL ($queue_minutes) MINUTE
                AND h.ts <= a.end_ts + INTERVAL ($queue_minutes) MINUTE
JOIN account_owners o ON o.account_id = h.account_id AND o.since <= a.adl_ts AND coalesce(o.until > a.adl_ts, true)
UNION
SELECT o.owner_id, a.symbol, a.side, a.cascade_ts, 'margin_events', m.account_id || ' ' || CAST(m.ts AS VARCHAR) || ' ' || m.kind, m.ts,
       m.kind || coalesce(' ' || m.old_leverage || ' to ' || m.new_leverage, '')
FROM adl a
JOIN margin_events m ON coalesce(m.symbol, a.symbol) = a.symbol AND m.ts > a.adl_ts - INTERVAL ($queue_minutes) MINUTE AND m.ts <= a.adl_ts
JOIN account_owners o ON o.account_id = m.account_id AND o.since <= a.adl_ts AND coalesce(o.until > a.adl_ts, true)
UNION
SELECT owner_id, symbol, side, cascade_ts, source_table, row_id, ts, 'deleveraged against ' || coalesce(counterparty_id, 'somebody')
FROM forced_prints
WHERE method = 'adl' AND owner_id IS NOT NULL
;
