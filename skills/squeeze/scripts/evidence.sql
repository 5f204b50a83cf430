-- Evidence of squeeze 1.0.0, run on DuckDB 1.5.6. Change the SOP, not this file.
-- $from and $as_of: the window; rows at or after $as_of must not be there.
-- Parameters, by segment:
--   $min_run = 0.15 ratio (number) in liquid
--   $away = 0.05 ratio (number) in liquid
--   $hedged = 0.3 ratio (number) in liquid
--   $corner = 0.4 ratio (number) in liquid
--   $part = 0.2 ratio (number) in liquid
--   $lead = 0.3 ratio (number) in liquid
--   $half = 0.5 ratio (number) in liquid
--   $new_days = 7 day (integer) in liquid
--   $leave_days = 30 day (integer) in liquid
--   $outside_minutes = 10 minute (integer) in liquid
--   $funding_hours = 24 hour (integer) in liquid
--   $min_run = 0.3 ratio (number) in normal
--   $away = 0.1 ratio (number) in normal
--   $hedged = 0.3 ratio (number) in normal
--   $corner = 0.4 ratio (number) in normal
--   $part = 0.2 ratio (number) in normal
--   $lead = 0.3 ratio (number) in normal
--   $half = 0.5 ratio (number) in normal
--   $new_days = 7 day (integer) in normal
--   $leave_days = 30 day (integer) in normal
--   $outside_minutes = 10 minute (integer) in normal
--   $funding_hours = 24 hour (integer) in normal
--   $min_run = 0.5 ratio (number) in illiquid
--   $away = 0.25 ratio (number) in illiquid
--   $hedged = 0.3 ratio (number) in illiquid
--   $corner = 0.4 ratio (number) in illiquid
--   $part = 0.2 ratio (number) in illiquid
--   $lead = 0.3 ratio (number) in illiquid
--   $half = 0.5 ratio (number) in illiquid
--   $new_days = 7 day (integer) in illiquid
--   $leave_days = 30 day (integer) in illiquid
--   $outside_minutes = 10 minute (integer) in illiquid
--   $funding_hours = 24 hour (integer) in illiquid

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

-- view "price_runs": Quarters of an hour at whose end a price stands well above its low of the day before
--   $step = 15 (integer), of this view
--   $run_hours = 24 (integer), of this view
--   $floor = 0.1 (number), of this view
CREATE OR REPLACE TEMPORARY TABLE price_runs AS
WITH reading AS (
  -- What was traded, else the mark. Of two readings of one moment the lower: it may be a replay that came with other words.
  SELECT symbol, ts, min(coalesce(last, mark)) AS px
  FROM prices
  WHERE coalesce(venue, 'main') = 'main' AND coalesce(last, mark) > 0
  GROUP BY ALL
),
compared AS (
  SELECT symbol, ts, px, min(px) OVER day AS low_px, time_bucket(INTERVAL ($step) MINUTE, ts) + INTERVAL ($step) MINUTE AS bin
  FROM reading
  WINDOW day AS (PARTITION BY symbol ORDER BY ts RANGE BETWEEN INTERVAL ($run_hours) HOUR PRECEDING AND CURRENT ROW)
),
newest AS (
  SELECT symbol, bin, max(ts) AS ts FROM compared GROUP BY ALL
),
run AS (
  SELECT c.* FROM compared c JOIN newest n USING (symbol, bin, ts) WHERE c.px >= c.low_px * (1 + $floor)
),
named AS (
  SELECT symbol, max(base) AS base FROM instruments GROUP BY symbol
)
SELECT r.symbol, n.base, r.bin AS ts, r.px, r.low_px, max(l.ts) AS low_ts
FROM run r
JOIN reading l ON l.symbol = r.symbol AND l.px = r.low_px AND l.ts < r.ts AND l.ts >= r.ts - INTERVAL ($run_hours) HOUR
LEFT JOIN named n ON n.symbol = r.symbol
GROUP BY ALL
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

-- view "run_hands": What each owner, together with whom something joins to it, holds and buys while a price runs
--   $snapshot_minutes = 60 (integer), of this view
--   $balance_hours = 24 (integer), of this view
--   $memory_days = 30 (integer), of this view
--   $near = 1.5 (number), of this view
CREATE OR REPLACE TEMPORARY TABLE run_hands AS
WITH kind AS (
  SELECT symbol, max(base) AS base, max(type) AS type, max(strike) AS strike, max(option_type) AS option_type
  FROM instruments
  GROUP BY symbol
),
held AS (
  SELECT r.symbol, r.ts, k.type, p.account_id, p.symbol AS contract, p.side, k.option_type,
         k.type = 'option' AND k.option_type = 'call' AND k.strike > $near * r.px AS far,
         arg_max(TRY_CAST(p.qty AS DECIMAL(38, 8)), p.ts) AS qty
  FROM price_runs r
  JOIN kind k ON k.base = r.base AND k.type IN ('perp', 'future', 'option')
  JOIN positions p ON p.symbol = k.symbol AND p.ts < r.ts AND p.ts >= r.ts - INTERVAL ($snapshot_minutes) MINUTE
  GROUP BY r.symbol, r.ts, r.px, k.type, p.account_id, p.symbol, p.side, k.option_type, k.strike
),
coins AS (
  SELECT r.symbol, r.ts, b.account_id, arg_max(TRY_CAST(b.qty - coalesce(b.borrowed_qty, 0) AS DECIMAL(38, 8)), b.ts) AS qty
  FROM price_runs r
  JOIN balances b ON b.asset = r.base AND b.ts < r.ts AND b.ts >= r.ts - INTERVAL ($balance_hours) HOUR
  GROUP BY r.symbol, r.ts, b.account_id
),
gone AS (
  -- Coins taken off the venue and not brought back: they are still in the same hand, and the book is emptier.
  SELECT r.symbol, r.ts, coalesce(t.from_account, t.to_account) AS account_id,
         sum(CASE t.kind WHEN 'withdraw' THEN 1 ELSE -1 END * TRY_CAST(t.amount AS DECIMAL(38, 8))) AS qty
  FROM price_runs r
  JOIN (SELECT DISTINCT transfer_id, ts, kind, from_account, to_account, asset, amount FROM transfers WHERE kind IN ('withdraw', 'deposit')) t
    ON t.asset = r.base AND t.ts < r.ts AND t.ts >= r.ts - to_days($memory_days)
  GROUP BY ALL
),
bought AS (
  SELECT r.symbol, r.ts, t.buyer AS owner_id, sum(t.usd) AS usd
  FROM price_runs r
  JOIN owned_trades t ON t.symbol = r.symbol AND t.ts >= r.low_ts AND t.ts < r.ts
  WHERE t.kind = 'normal' AND coalesce(t.taker_side, 'buy') = 'buy' AND t.buyer IS DISTINCT FROM t.seller AND t.buyer IS NOT NULL
  GROUP BY ALL
),
piece AS (
  SELECT symbol, ts, account_id,
         CASE WHEN type <> 'option' AND side = 'long' THEN qty ELSE 0 END AS long_qty, 0 AS coin_qty,
         CASE WHEN far THEN 0
              WHEN type = 'option' AND (side = 'long') = (option_type = 'put') THEN qty
              WHEN type <> 'option' AND side = 'short' THEN qty ELSE 0 END AS short_qty
  FROM held
  UNION ALL
  SELECT symbol, ts, account_id, 0, greatest(coalesce(c.qty, 0), coalesce(c.qty, 0) + coalesce(g.qty, 0)), 0
  FROM coins c FULL JOIN gone g USING (symbol, ts, account_id)
),
own AS (
  SELECT symbol, ts, owner_id, sum(long_qty) AS long_qty, sum(coin_qty) AS coin_qty, sum(short_qty) AS short_qty, sum(push_usd) AS push_usd
  FROM (
    SELECT p.symbol, p.ts, coalesce(o.owner_id, p.account_id) AS owner_id, p.long_qty, greatest(p.coin_qty, 0) AS coin_qty, p.short_qty, 0 AS push_usd
    FROM piece p
    ASOF LEFT JOIN account_owners o ON o.account_id = p.account_id AND o.since <= p.ts
    UNION ALL
    SELECT symbol, ts, owner_id, 0, 0, 0, usd FROM bought
  )
  WHERE owner_id IS NOT NULL
  GROUP BY ALL
),
linked AS (
  SELECT symbol, ts, owner_id, owner_id AS member FROM own
  UNION
  SELECT o.symbol, o.ts, o.owner_id, l.other_id
  FROM own o
  JOIN owner_links l ON l.owner_id = o.owner_id AND l.since < o.ts AND coalesce(l.until >= o.ts, true)
)
SELECT k.symbol, k.ts, k.owner_id, count(*) AS members,
       sum(o.long_qty) AS long_qty, sum(o.coin_qty) AS coin_qty, sum(o.short_qty) AS short_qty, sum(o.push_usd) AS push_usd
FROM linked k
JOIN own o ON o.symbol = k.symbol AND o.ts = k.ts AND o.owner_id = k.member
GROUP BY k.symbol, k.ts, k.owner_id
;

-- view "run_shorts": Who is short of an asset while its price runs, all contracts and loans of coins together
--   $snapshot_minutes = 60 (integer), of this view
--   $balance_hours = 24 (integer), of this view
CREATE OR REPLACE TEMPORARY TABLE run_shorts AS
WITH kind AS (
  SELECT symbol, max(base) AS base, max(type) AS type, max(circulating_supply) AS supply FROM instruments GROUP BY symbol
),
held AS (
  SELECT r.symbol, r.ts, p.symbol AS contract, p.account_id, p.side,
         arg_max(TRY_CAST(p.qty AS DECIMAL(38, 8)), p.ts) AS qty
  FROM price_runs r
  JOIN kind k ON k.base = r.base AND k.type IN ('perp', 'future')
  JOIN positions p ON p.symbol = k.symbol AND p.ts < r.ts AND p.ts >= r.ts - INTERVAL ($snapshot_minutes) MINUTE
  GROUP BY r.symbol, r.ts, p.symbol, p.account_id, p.side
),
counted AS (
  SELECT symbol, ts, contract, greatest(sum(qty) FILTER (side = 'long'), sum(qty) FILTER (side = 'short')) AS qty
  FROM held
  GROUP BY ALL
),
stated AS (
  SELECT r.symbol, r.ts, q.symbol AS contract, arg_max(TRY_CAST(q.open_interest AS DECIMAL(38, 8)), q.ts) AS qty
  FROM price_runs r
  JOIN kind k ON k.base = r.base AND k.type IN ('perp', 'future')
  JOIN prices q ON q.symbol = k.symbol AND coalesce(q.venue, 'main') = 'main' AND q.open_interest IS NOT NULL
               AND q.ts < r.ts AND q.ts >= r.ts - INTERVAL ($snapshot_minutes) MINUTE
  GROUP BY r.symbol, r.ts, q.symbol
),
open AS (
  -- The venue's own figure, or what its accounts hold if that is more.
  SELECT symbol, ts, sum(qty) AS qty
  FROM (
    SELECT symbol, ts, contract, max(qty) AS qty
    FROM (SELECT symbol, ts, contract, qty FROM counted UNION ALL SELECT symbol, ts, contract, qty FROM stated)
    GROUP BY ALL
  )
  GROUP BY ALL
),
lent AS (
  SELECT symbol, ts, sum(qty) AS qty
  FROM (
    SELECT r.symbol, r.ts, b.account_id, arg_max(TRY_CAST(b.borrowed_qty AS DECIMAL(38, 8)), b.ts) AS qty
    FROM price_runs r
    JOIN balances b ON b.asset = r.base AND b.ts < r.ts AND b.ts >= r.ts - INTERVAL ($balance_hours) HOUR
    GROUP BY r.symbol, r.ts, b.account_id
  )
  GROUP BY ALL
),
known AS (
  SELECT base, max(supply) AS supply FROM kind GROUP BY base
)
SELECT r.symbol, r.ts,
       -- Contracts of which nothing was recorded are unknown; where there are none, nothing is open.
       coalesce(o.qty, CASE WHEN EXISTS (SELECT 1 FROM kind k WHERE k.base = r.base AND k.type IN ('perp', 'future')) THEN NULL ELSE 0 END) AS longs, coalesce(l.qty, 0) AS borrowed, TRY_CAST(n.supply AS DECIMAL(38, 8)) AS supply
FROM price_runs r
LEFT JOIN open o USING (symbol, ts)
LEFT JOIN lent l USING (symbol, ts)
LEFT JOIN known n ON n.base = r.base
;

-- evidence of "The run and the trap"
SELECT r.symbol, r.ts, 'prices' AS source_table, coalesce(q.venue, 'main') || ' ' || q.symbol || ' ' || CAST(q.ts AS VARCHAR) AS row_id, q.ts AS row_ts,
       'price ' || coalesce(CAST(coalesce(q.last, q.mark) AS VARCHAR), '?') || ', open interest ' || coalesce(CAST(q.open_interest AS VARCHAR), '?')
         || ', sell orders $' || coalesce(CAST(q.depth_2pct_ask_usd AS VARCHAR), '?') AS note
FROM price_runs r
JOIN instruments i ON i.base = r.base
JOIN prices q ON q.symbol = i.symbol AND q.ts < r.ts AND q.ts >= r.low_ts
;

-- evidence of "The hand"
-- Everybody with a tenth of something: open interest is shown in base units.
SELECT h.symbol, h.ts, 'accounts' AS source_table, h.owner_id AS row_id, h.ts AS row_ts,
       h.owner_id || ' (' || CAST(h.members AS VARCHAR) || '): long ' || CAST(CAST(h.long_qty AS DECIMAL(38, 2)) AS VARCHAR) || ' of '
         || CAST(CAST(s.longs AS DECIMAL(38, 2)) AS VARCHAR) || ', coins ' || CAST(CAST(h.coin_qty AS DECIMAL(38, 2)) AS VARCHAR)
         || ', short ' || CAST(CAST(h.short_qty AS DECIMAL(38, 2)) AS VARCHAR) || ', bought at market $'
         || CAST(CAST(h.push_usd AS DECIMAL(38, 2)) AS VARCHAR) AS note
FROM run_hands h
JOIN run_shorts s USING (symbol, ts)
WHERE h.long_qty >= 0.1 * s.longs AND s.longs > 0 OR h.coin_qty >= 0.1 * s.supply OR h.push_usd > 0
;
