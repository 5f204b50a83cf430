-- Evidence of bonus-and-limit-abuse 1.0.0, run on DuckDB 1.5.6. Change the SOP, not this file.
-- $from and $as_of: the window; rows at or after $as_of must not be there.
-- Parameters:
--   $snapshot_minutes = 5 minute (integer)
--   $withdrawal_limit_usd = 100000 USD (decimal)
--   $full_part = 0.8 ratio (decimal)
--   $cash_hours = 48 hour (integer)
--   $cash_part = 0.5 ratio (decimal)
--   $turnover = 10 times (integer)
--   $promo_days = 30 day (integer)
--   $worth_usd = 250 USD (decimal)

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

-- view "account_clusters": Accounts that look run by one controller
--   $whole_part = 25 (integer), of this view
CREATE OR REPLACE TEMPORARY TABLE account_clusters AS
WITH RECURSIVE sharer AS (
  SELECT DISTINCT kind, value, owner_id FROM shared_traits WHERE hub_since IS NULL
),
star AS (
  -- Whoever shares a trait is joined with the smallest owner of it: as many links as members, never all pairs.
  SELECT owner_id AS a, min(owner_id) OVER same AS b, count(*) OVER same > 2 AS firm
  FROM sharer
  WINDOW same AS (PARTITION BY kind, value)
),
firm AS (
  SELECT a, b FROM star WHERE firm AND a <> b
  UNION
  SELECT b, a FROM star WHERE firm AND a <> b
),
held(owner_id, root) USING KEY (owner_id) AS (
  -- Groups that hold together by what three or more have in common.
  SELECT a, least(a, min(b)) FROM firm GROUP BY a
  UNION
  -- Smaller names travel along links, and along names already found: long chains close in few rounds.
  SELECT n.owner_id, min(n.root)
  FROM (
    SELECT e.a AS owner_id, c.root FROM firm e JOIN held c ON c.owner_id = e.b
    UNION ALL
    SELECT c.owner_id, r.root
    FROM recurring.held c
    JOIN recurring.held r ON r.owner_id = c.root
  ) n
  JOIN recurring.held mine ON mine.owner_id = n.owner_id
  WHERE n.root < mine.root
  GROUP BY n.owner_id
),
node AS (
  SELECT DISTINCT s.a AS owner_id, coalesce(h.root, s.a) AS root
  FROM star s
  LEFT JOIN held h ON h.owner_id = s.a
),
size AS (
  SELECT root, count(*) AS owners FROM node GROUP BY root
),
bridge AS (
  -- What only two owners have in common joins their groups, unless it is the only link between two large ones.
  SELECT least(x.root, y.root) AS a, greatest(x.root, y.root) AS b
  FROM (SELECT DISTINCT a, b FROM star WHERE NOT firm AND a <> b) s
  JOIN node x ON x.owner_id = s.a
  JOIN node y ON y.owner_id = s.b
  JOIN size p ON p.root = x.root
  JOIN size q ON q.root = y.root
  WHERE x.root <> y.root
  GROUP BY ALL
  HAVING count(*) >= 2 OR min(least(p.owners, q.owners)) < $whole_part
),
edge AS (
  SELECT a, b FROM bridge
  UNION ALL
  SELECT b, a FROM bridge
),
component(node, root) USING KEY (node) AS (
  SELECT a, least(a, min(b)) FROM edge GROUP BY a
  UNION
  SELECT n.node, min(n.root)
  FROM (
    SELECT e.a AS node, c.root FROM edge e JOIN component c ON c.node = e.b
    UNION ALL
    SELECT c.node, r.root
    FROM recurring.component c
    JOIN recurring.component r ON r.node = c.root
  ) n
  JOIN recurring.component mine ON mine.node = n.node
  WHERE n.root < mine.root
  GROUP BY n.node
)
SELECT coalesce(c.root, n.root) AS cluster_id, n.owner_id, o.account_id, false AS hub
FROM node n
LEFT JOIN component c ON c.node = n.root
JOIN customer_accounts o ON o.owner_id = n.owner_id
UNION ALL
SELECT DISTINCT 'hub ' || kind || ' ' || value, owner_id, account_id, true
FROM shared_traits
WHERE hub_since IS NOT NULL AND kind <> 'transfer'
;

-- view "controllers": Customers' accounts, and who may be behind them
CREATE OR REPLACE TEMPORARY TABLE controllers AS
-- The circle around a hub is no controller: a hub serves strangers.
SELECT coalesce(k.cluster_id, c.owner_id) AS controller_id, c.owner_id, c.account_id
FROM customer_accounts c
LEFT JOIN account_clusters k ON k.account_id = c.account_id AND NOT k.hub
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

-- evidence of "Who is behind it"
SELECT DISTINCT c.controller_id, t.source_table, t.row_id, t.ts, t.account_id || ': ' || t.kind || ' ' || t.value AS note
FROM controllers c
JOIN shared_traits t USING (account_id)
WHERE t.hub_since IS NULL
;

-- evidence of "Limits"
SELECT c.controller_id, 'positions' AS source_table, h.account_id || ' ' || h.symbol || ' ' || h.side || ' ' || h.ts AS row_id, h.ts,
       h.account_id || ': ' || h.side || ' ' || h.symbol || coalesce(', $' || CAST(CAST(h.notional_usd AS DECIMAL(38, 2)) AS VARCHAR), '') AS note
FROM positions h
JOIN controllers c USING (account_id)
UNION
SELECT c.controller_id, 'transfers', t.transfer_id, t.ts, c.account_id || ': withdraws $' || CAST(CAST(t.usd AS DECIMAL(38, 2)) AS VARCHAR)
FROM transfers t
JOIN controllers c ON c.account_id = t.from_account
WHERE t.kind = 'withdraw'
;

-- evidence of "Rewards"
SELECT c.controller_id, 'rewards' AS source_table, r.account_id || ' ' || coalesce(r.campaign_id, '?') || ' ' || r.ts AS row_id, r.ts,
       r.account_id || ': ' || r.kind || coalesce(', $' || CAST(CAST(r.usd AS DECIMAL(38, 2)) AS VARCHAR), '')
         || coalesce(', for ' || r.counterparty_id, '') AS note
FROM rewards r
JOIN controllers c USING (account_id)
;

-- evidence of "Hedge"
SELECT c.controller_id, 'liquidations' AS source_table, coalesce(l.liq_id, l.account_id || ' ' || l.ts) AS row_id, l.ts,
       l.account_id || ': ' || l.symbol || ' closed by force' AS note
FROM liquidations l
JOIN controllers c USING (account_id)
;
