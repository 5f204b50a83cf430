-- Signals of wash-trading-rings 1.0.0, run on DuckDB 1.5.6. Change the SOP, not this file.
-- $from and $as_of: the window; rows at or after $as_of must not be there.
-- Parameters:
--   $thin_usd = 25000 USD (decimal)
--   $min_usd = 250000 USD (decimal)
--   $back_part = 0.99 ratio (number)
--   $sightings = 100 (integer)

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

-- view "relay_members": Owners who trade one after another as if one pushed the next, one row an account of such a relay
--   $handover_hours = 6 (integer), of this view
--   $like_part = 0.1 (decimal), of this view
--   $one_way = 0.1 (decimal), of this view
--   $leg_share = 0.01 (decimal), of this view
--   $leg_usd = 25000 (decimal), of this view
--   $leg_minutes = 5 (integer), of this view
--   $least_owners = 3 (integer), of this view
CREATE OR REPLACE TEMPORARY TABLE relay_members AS
WITH RECURSIVE traded AS (
  -- Trades of the book by customers; market makers, brokers and the house trade on both sides all day.
  SELECT symbol, ts, usd, buyer AS owner_id, buy_account_id AS account_id, 'buy' AS side, buyer_type AS type FROM owned_trades WHERE kind = 'normal'
  UNION ALL
  SELECT symbol, ts, usd, seller, sell_account_id, 'sell', seller_type FROM owned_trades WHERE kind = 'normal'
),
daily AS (
  SELECT symbol, date_trunc('day', ts) + INTERVAL 1 DAY AS ts, owner_id, side, sum(usd) AS usd, min(ts) AS first_ts, max(ts) AS last_ts,
         count(DISTINCT date_trunc('minute', ts)) AS minutes
  FROM traded
  WHERE account_id IS NOT NULL AND coalesce(type, 'retail') = 'retail'
  GROUP BY symbol, date_trunc('day', ts) + INTERVAL 1 DAY, owner_id, side
),
market AS (
  SELECT symbol, date_trunc('day', ts) + INTERVAL 1 DAY + to_days(later.n) AS ts, sum(usd) / 2 AS usd
  FROM traded, (SELECT CAST(unnest(range(7)) AS INTEGER) AS n) later
  GROUP BY ALL
),
weekly AS (
  SELECT symbol, ts + to_days(later.n) AS ts, owner_id, sum(usd) FILTER (side = 'buy') AS bought, sum(usd) FILTER (side = 'sell') AS sold,
         min(first_ts) AS first_ts, max(last_ts) AS last_ts, sum(minutes) AS minutes
  FROM daily, (SELECT CAST(unnest(range(7)) AS INTEGER) AS n) later
  GROUP BY symbol, ts + to_days(later.n), owner_id
),
leg AS (
  SELECT w.symbol, w.ts, w.owner_id, w.first_ts, w.last_ts,
         CASE WHEN coalesce(w.bought, 0) >= coalesce(w.sold, 0) THEN 'buy' ELSE 'sell' END AS side,
         greatest(coalesce(w.bought, 0), coalesce(w.sold, 0)) AS usd
  FROM weekly w
  JOIN market m ON m.symbol = w.symbol AND m.ts = w.ts
  WHERE least(coalesce(w.bought, 0), coalesce(w.sold, 0)) <= $one_way * (coalesce(w.bought, 0) + coalesce(w.sold, 0))
    AND w.minutes >= $leg_minutes
    AND greatest(coalesce(w.bought, 0), coalesce(w.sold, 0)) >= greatest($leg_usd, $leg_share * m.usd)
),
before AS (
  -- The last of those who had stopped, and were as large. "Later to stop" lets no circle arise.
  SELECT q.symbol, q.ts, q.side, q.owner_id, q.first_ts, p.owner_id AS earlier
  FROM leg q
  JOIN leg p ON p.symbol = q.symbol AND p.ts = q.ts AND p.side = q.side AND p.last_ts < q.last_ts
            AND p.last_ts <= q.first_ts AND p.last_ts >= q.first_ts - INTERVAL ($handover_hours) HOUR
            AND abs(p.usd - q.usd) <= $like_part * greatest(p.usd, q.usd)
  QUALIFY row_number() OVER (PARTITION BY q.symbol, q.ts, q.side, q.owner_id ORDER BY p.last_ts DESC, p.owner_id) = 1
),
baton AS (
  -- One successor each.
  SELECT * FROM before
  QUALIFY row_number() OVER (PARTITION BY symbol, ts, side, earlier ORDER BY first_ts, owner_id) = 1
),
chain(symbol, ts, side, owner_id, root) USING KEY (symbol, ts, side, owner_id) AS (
  SELECT symbol, ts, side, owner_id, earlier FROM baton
  UNION
  SELECT c.symbol, c.ts, c.side, c.owner_id, r.root
  FROM recurring.chain c
  JOIN recurring.chain r ON r.symbol = c.symbol AND r.ts = c.ts AND r.side = c.side AND r.owner_id = c.root
),
runner AS (
  SELECT symbol, ts, side, owner_id, root FROM chain
  UNION
  SELECT symbol, ts, side, root, root FROM chain
),
long AS (
  SELECT * FROM runner QUALIFY count(*) OVER (PARTITION BY symbol, ts, side, root) >= $least_owners
)
SELECT DISTINCT 'relay ' || n.side || ' ' || n.root AS ring_id, n.symbol, 'week' AS span, n.ts, n.owner_id, t.account_id, n.side, l.usd
FROM long n
JOIN leg l ON l.symbol = n.symbol AND l.ts = n.ts AND l.owner_id = n.owner_id
JOIN traded t ON t.symbol = n.symbol AND t.owner_id = n.owner_id AND t.ts < n.ts AND t.ts >= n.ts - INTERVAL 7 DAY AND t.account_id IS NOT NULL
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

-- view "traded_pairs": What one owner sold to another within an hour, a day and a week
CREATE OR REPLACE TEMPORARY TABLE traded_pairs AS
WITH hourly AS (
  -- Trades of the book. What was forced or negotiated does not show whom somebody chose.
  SELECT symbol, date_trunc('hour', ts) + INTERVAL 1 HOUR AS ts, seller, buyer, sum(usd) AS usd, sum(qty) AS qty, count(DISTINCT date_trunc('minute', ts)) AS meetings,
         bool_and(coalesce(seller_type <> 'retail', false)) AS seller_badge,
         bool_and(coalesce(buyer_type <> 'retail', false)) AS buyer_badge
  FROM owned_trades
  WHERE kind = 'normal'
  GROUP BY ALL
),
daily AS (
  SELECT symbol, date_trunc('day', ts - INTERVAL 1 HOUR) + INTERVAL 1 DAY AS ts, seller, buyer, sum(usd) AS usd, sum(qty) AS qty,
         CAST(sum(meetings) AS BIGINT) AS meetings, bool_and(seller_badge) AS seller_badge, bool_and(buyer_badge) AS buyer_badge
  FROM hourly
  GROUP BY symbol, date_trunc('day', ts - INTERVAL 1 HOUR) + INTERVAL 1 DAY, seller, buyer
),
weekly AS (
  SELECT symbol, ts + to_days(later.n) AS ts, seller, buyer, sum(usd) AS usd, sum(qty) AS qty,
         CAST(sum(meetings) AS BIGINT) AS meetings, bool_and(seller_badge) AS seller_badge, bool_and(buyer_badge) AS buyer_badge
  FROM daily, (SELECT CAST(unnest(range(7)) AS INTEGER) AS n) later
  GROUP BY symbol, ts + to_days(later.n), seller, buyer
),
every_span AS (
  SELECT 'hour' AS span, * FROM hourly
  UNION ALL
  SELECT 'day', * FROM daily
  UNION ALL
  SELECT 'week', * FROM weekly
)
SELECT symbol, span, ts, seller, buyer, usd, qty, meetings,
       sum(usd) OVER (PARTITION BY symbol, span, ts, seller) AS sold_usd,
       sum(usd) OVER (PARTITION BY symbol, span, ts, buyer) AS bought_usd,
       seller_badge, buyer_badge
FROM every_span
;

-- view "ring_members": Owners who hand a position on to one another, one row an account of such a ring
--   $tie_part = 0.2 (decimal), of this view
--   $badge_part = 0.5 (decimal), of this view
--   $tie_meetings = 2 (integer), of this view
--   $tie_usd = 2500 (decimal), of this view
CREATE OR REPLACE TEMPORARY TABLE ring_members AS
WITH RECURSIVE near AS (
  -- Both shares must be large. So strangers have at most five ties each way, and a hub, who meets everybody a little, has none.
  -- Among people who trade once or twice a day everybody gave somebody a fifth. So they must have met again.
  SELECT symbol, span, ts, seller, buyer, seller_badge OR buyer_badge AS badge,
         meetings >= $tie_meetings
           AND usd >= sold_usd * (CASE WHEN seller_badge THEN $badge_part ELSE $tie_part END)
           AND usd >= bought_usd * (CASE WHEN buyer_badge THEN $badge_part ELSE $tie_part END) AS close
  FROM traded_pairs
  WHERE seller <> buyer AND usd >= $tie_usd
),
linked AS (
  SELECT DISTINCT n.symbol, n.span, n.ts, n.seller, n.buyer
  FROM near n
  JOIN shared_traits a ON a.owner_id = n.seller
  JOIN shared_traits b ON b.owner_id = n.buyer AND b.kind = a.kind AND b.value = a.value
  WHERE NOT n.close AND coalesce(a.hub_since >= n.ts, true)
    AND coalesce(a.ts < n.ts, true) AND coalesce(b.ts < n.ts, true)
),
tie AS (
  SELECT symbol, span, ts, seller, buyer, badge FROM near WHERE close
  UNION ALL
  SELECT n.symbol, n.span, n.ts, n.seller, n.buyer, n.badge
  FROM near n
  JOIN linked l ON l.symbol = n.symbol AND l.span = n.span AND l.ts = n.ts AND l.seller = n.seller AND l.buyer = n.buyer
),
hand AS (
  -- Whoever took the position over and handed it on. Who only bought, or only sold, is a customer or an end of a chain.
  SELECT symbol, span, ts, seller AS owner_id FROM tie
  INTERSECT
  SELECT symbol, span, ts, buyer FROM tie
),
inner_tie AS (
  SELECT t.*
  FROM tie t
  SEMI JOIN hand s ON s.symbol = t.symbol AND s.span = t.span AND s.ts = t.ts AND s.owner_id = t.seller
  SEMI JOIN hand b ON b.symbol = t.symbol AND b.span = t.span AND b.ts = t.ts AND b.owner_id = t.buyer
),
edge AS (
  SELECT symbol, span, ts, seller AS a, buyer AS b FROM inner_tie
  UNION
  SELECT symbol, span, ts, buyer, seller FROM inner_tie
),
ring(symbol, span, ts, owner_id, root) USING KEY (symbol, span, ts, owner_id) AS (
  SELECT symbol, span, ts, a, least(a, min(b)) FROM edge GROUP BY symbol, span, ts, a
  UNION
  -- Smaller names travel along ties, and along names already found: long chains close in few rounds.
  SELECT n.symbol, n.span, n.ts, n.owner_id, min(n.root)
  FROM (
    SELECT e.symbol, e.span, e.ts, e.a AS owner_id, r.root
    FROM edge e JOIN ring r ON r.symbol = e.symbol AND r.span = e.span AND r.ts = e.ts AND r.owner_id = e.b
    UNION ALL
    SELECT c.symbol, c.span, c.ts, c.owner_id, r.root
    FROM recurring.ring c
    JOIN recurring.ring r ON r.symbol = c.symbol AND r.span = c.span AND r.ts = c.ts AND r.owner_id = c.root
  ) n
  JOIN recurring.ring mine ON mine.symbol = n.symbol AND mine.span = n.span AND mine.ts = n.ts AND mine.owner_id = n.owner_id
  WHERE n.root < mine.root
  GROUP BY n.symbol, n.span, n.ts, n.owner_id
),
spoke AS (
  SELECT r.root, t.symbol, t.span, t.ts, bool_and(t.badge) AS star
  FROM inner_tie t
  JOIN ring r ON r.symbol = t.symbol AND r.span = t.span AND r.ts = t.ts AND r.owner_id = t.seller
  GROUP BY ALL
),
held AS (
  SELECT DISTINCT symbol, day, owner_id, account_id
  FROM (
    SELECT symbol, date_trunc('day', ts) AS day, seller AS owner_id, sell_account_id AS account_id FROM owned_trades
    UNION ALL
    SELECT symbol, date_trunc('day', ts), buyer, buy_account_id FROM owned_trades
  )
  WHERE account_id IS NOT NULL
)
SELECT DISTINCT r.root AS ring_id, r.symbol, r.span, r.ts, r.owner_id, h.account_id, s.star
FROM ring r
JOIN spoke s ON s.root = r.root AND s.symbol = r.symbol AND s.span = r.span AND s.ts = r.ts
JOIN held h ON h.symbol = r.symbol AND h.owner_id = r.owner_id
           AND h.day < r.ts AND h.day >= date_trunc('day', r.ts - CASE r.span WHEN 'week' THEN INTERVAL 7 DAY WHEN 'day' THEN INTERVAL 1 DAY ELSE INTERVAL 1 HOUR END)
;

-- signals of "The ring"
WITH member AS (
  SELECT DISTINCT ring_id, symbol, span, ts, owner_id, star FROM ring_members
),
flow AS (
  -- Both sides of what the members traded, and whether the other side was a member, too.
  SELECT m.ring_id, m.symbol, m.span, m.ts, m.owner_id, p.usd, p.qty, 0 AS sold, p.meetings, o.owner_id IS NOT NULL AS within
  FROM member m
  JOIN traded_pairs p ON p.symbol = m.symbol AND p.span = m.span AND p.ts = m.ts AND p.buyer = m.owner_id
  LEFT JOIN member o ON o.ring_id = m.ring_id AND o.symbol = m.symbol AND o.span = m.span AND o.ts = m.ts AND o.owner_id = p.seller
  UNION ALL
  SELECT m.ring_id, m.symbol, m.span, m.ts, m.owner_id, p.usd, p.qty, 1, 0, o.owner_id IS NOT NULL
  FROM member m
  JOIN traded_pairs p ON p.symbol = m.symbol AND p.span = m.span AND p.ts = m.ts AND p.seller = m.owner_id
  LEFT JOIN member o ON o.ring_id = m.ring_id AND o.symbol = m.symbol AND o.span = m.span AND o.ts = m.ts AND o.owner_id = p.buyer
),
hand AS (
  SELECT ring_id, symbol, span, ts, owner_id,
         coalesce(sum(usd) FILTER (within), 0) AS within_usd, sum(usd) AS usd,
         coalesce(sum(usd) FILTER (within AND sold = 0), 0) AS bought_usd,
         coalesce(sum(meetings) FILTER (within), 0) AS meetings,
         abs(sum(CASE sold WHEN 0 THEN qty ELSE -qty END) FILTER (within)) AS kept, sum(qty) FILTER (within) AS turned
  FROM flow
  GROUP BY ALL
),
market AS (
  SELECT symbol, span, ts, sum(usd) AS usd FROM traded_pairs GROUP BY ALL
)
SELECT h.ring_id, h.symbol, h.span, h.ts, count(*) AS owners,
       sum(h.bought_usd) AS ring_usd,
       coalesce(1 - sum(h.kept) / nullif(sum(h.turned), 0), 1) AS returned,
       sum(h.within_usd) / nullif(sum(h.usd), 0) AS inside,
       sum(h.bought_usd) / nullif(max(m.usd), 0) AS market_share,
       CAST(sum(h.meetings) AS BIGINT) AS meetings,
       bool_or(r.star) AS star
FROM hand h
JOIN member r ON r.ring_id = h.ring_id AND r.symbol = h.symbol AND r.span = h.span AND r.ts = h.ts AND r.owner_id = h.owner_id
JOIN market m ON m.symbol = h.symbol AND m.span = h.span AND m.ts = h.ts
GROUP BY h.ring_id, h.symbol, h.span, h.ts
;

-- members of each subject of "The ring"
SELECT ring_id, symbol, span, ts, account_id FROM ring_members
UNION ALL
SELECT ring_id, symbol, span, ts, account_id FROM relay_members
;

-- signals of "The relay"
SELECT ring_id, symbol, span, ts, count(*) AS relay_owners, sum(usd) AS relay_usd
FROM (SELECT DISTINCT ring_id, symbol, span, ts, owner_id, usd FROM relay_members)
GROUP BY ring_id, symbol, span, ts
;

-- signals of "What they have in common"
WITH member AS (
  SELECT DISTINCT ring_id, symbol, span, ts, owner_id FROM ring_members
  UNION
  SELECT DISTINCT ring_id, symbol, span, ts, owner_id FROM relay_members
),
shared AS (
  SELECT m.ring_id, m.symbol, m.span, m.ts, count(DISTINCT m.owner_id) AS owners
  FROM member m
  JOIN shared_traits t ON t.owner_id = m.owner_id AND coalesce(t.ts < m.ts, true) AND coalesce(t.hub_since >= m.ts, true)
  GROUP BY m.ring_id, m.symbol, m.span, m.ts, t.kind, t.value
  HAVING count(DISTINCT m.owner_id) >= 2
)
SELECT ring_id, symbol, span, ts, max(owners) AS linked
FROM shared
GROUP BY ring_id, symbol, span, ts
;
