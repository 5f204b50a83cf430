-- Signals of sybil-clusters 1.1.0, run on DuckDB 1.5.6. Change the SOP, not this file.
-- $from and $as_of: the window; rows at or after $as_of must not be there.
-- Parameters:
--   $kind_members = 3 owners (integer)
--   $birth_hours = 24 hour (integer)
--   $inner_part = 0.5 ratio (decimal)
--   $mirror_window = 60 second (integer)
--   $mirror_size = 0.15 ratio (decimal)
--   $mirror_price = 0.0025 ratio (decimal)
--   $mirror_part = 0.3 ratio (decimal)
--   $mirror_orders = 5 orders (integer)

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

-- signals of "The cluster"
WITH member AS (
  SELECT DISTINCT cluster_id, owner_id, hub FROM account_clusters
),
size AS (
  SELECT cluster_id, bool_or(hub) AS hub, count(*) AS owners FROM member GROUP BY cluster_id
),
joined AS (
  -- What an owner shares with somebody of its own cluster.
  SELECT DISTINCT m.cluster_id, CASE t.kind WHEN 'dealer' THEN 'transfer' ELSE t.kind END AS kind, t.value, m.owner_id
  FROM member m
  JOIN shared_traits t ON t.owner_id = m.owner_id AND (t.hub_since IS NULL OR m.cluster_id = 'hub ' || t.kind || ' ' || t.value)
  QUALIFY count(DISTINCT m.owner_id) OVER (PARTITION BY m.cluster_id, t.kind, t.value) >= 2
),
counted AS (
  SELECT s.cluster_id, count(*) AS link_kinds
  FROM size s
  JOIN (SELECT cluster_id, kind, count(DISTINCT owner_id) AS owners FROM joined GROUP BY ALL) k USING (cluster_id)
  WHERE k.owners >= $kind_members AND (NOT s.hub OR 2 * k.owners >= s.owners)
  GROUP BY s.cluster_id
),
tied AS (
  -- Whoever would stay if any one link were cut. Around a hub the hub itself is one of the two.
  SELECT cluster_id, owner_id FROM joined GROUP BY ALL HAVING count(*) >= 2
),
movement AS (
  -- Whom an owner's money came from and went to: another owner, or a place. UNION drops rows that a feed replays.
  SELECT c.owner_id, m.transfer_id, m.place, coalesce(o.owner_id, m.other) AS other, m.usd
  FROM (
    SELECT transfer_id, from_account AS account_id, to_account AS other, NULL AS place, usd FROM transfers WHERE kind = 'internal'
    UNION
    SELECT transfer_id, to_account, from_account, NULL, usd FROM transfers WHERE kind = 'internal'
    UNION
    SELECT transfer_id, to_account, NULL, 'funder ' || from_address, usd FROM transfers WHERE kind = 'deposit'
    UNION
    SELECT transfer_id, from_account, NULL, 'sweep ' || address, usd FROM transfers WHERE kind = 'withdraw'
  ) m
  JOIN customer_accounts c USING (account_id)
  LEFT JOIN customer_accounts o ON o.account_id = m.other
),
dealt AS (
  SELECT t.cluster_id, t.owner_id, coalesce(v.other, v.place, v.transfer_id) AS other, v.usd,
         p.owner_id IS NOT NULL OR q.place IS NOT NULL AS inside
  FROM tied t
  JOIN movement v ON v.owner_id = t.owner_id AND v.other IS DISTINCT FROM t.owner_id
  LEFT JOIN member p ON p.cluster_id = t.cluster_id AND p.owner_id = v.other
  LEFT JOIN (SELECT DISTINCT cluster_id, kind || ' ' || value AS place FROM joined) q ON q.cluster_id = t.cluster_id AND q.place = v.place
),
closed AS (
  -- By value where every value is known, else by the number of those it dealt with.
  SELECT cluster_id, owner_id FROM dealt GROUP BY ALL
  HAVING CASE WHEN count(usd) = count(*) THEN coalesce(sum(usd) FILTER (inside), 0) > $inner_part * sum(usd)
              ELSE count(DISTINCT other) FILTER (inside) > $inner_part * count(DISTINCT other) END
),
held AS (
  SELECT t.cluster_id, count(*) AS tied, count(c.owner_id) AS closed
  FROM tied t
  LEFT JOIN closed c USING (cluster_id, owner_id)
  JOIN size s USING (cluster_id)
  GROUP BY t.cluster_id
  HAVING NOT bool_or(s.hub) OR 2 * count(*) >= min(s.owners)
),
born AS (
  SELECT m.cluster_id, m.owner_id, min(a.created_ts) AS ts
  FROM member m
  JOIN customer_accounts c USING (owner_id)
  JOIN accounts a USING (account_id)
  WHERE a.created_ts IS NOT NULL
  GROUP BY ALL
),
wave AS (
  SELECT cluster_id, count(*) OVER (PARTITION BY cluster_id ORDER BY ts
           RANGE BETWEEN CURRENT ROW AND INTERVAL ($birth_hours) HOUR FOLLOWING) AS owners
  FROM born
),
crest AS (
  SELECT cluster_id, max(owners) AS owners FROM wave GROUP BY cluster_id
)
SELECT s.cluster_id, s.owners AS cluster_size, coalesce(c.link_kinds, 0) AS link_kinds,
       CASE WHEN s.hub AND coalesce(2 * w.owners < s.owners, true) THEN 0 ELSE w.owners END AS born_together,
       coalesce(h.tied, 0) AS tied_owners, coalesce(h.closed, 0) AS closed_owners
FROM size s
LEFT JOIN counted c USING (cluster_id)
LEFT JOIN held h USING (cluster_id)
LEFT JOIN crest w USING (cluster_id)
;

-- members of each subject of "The cluster"
SELECT cluster_id, account_id FROM account_clusters
;

-- signals of "Trading alike"
WITH member AS (
  SELECT cluster_id, owner_id, account_id FROM account_clusters WHERE NOT hub
),
fill AS (
  -- DISTINCT drops prints that a feed replays.
  SELECT DISTINCT trade_id, symbol, ts, price, qty, 'buy' AS side, buy_account_id AS account_id, buy_order_id AS order_id
  FROM trades
  WHERE coalesce(kind, 'normal') = 'normal' AND buy_account_id IN (SELECT account_id FROM member)
  UNION ALL
  SELECT DISTINCT trade_id, symbol, ts, price, qty, 'sell', sell_account_id, sell_order_id
  FROM trades
  WHERE coalesce(kind, 'normal') = 'normal' AND sell_account_id IN (SELECT account_id FROM member)
),
placed AS (
  SELECT m.cluster_id, m.owner_id, f.account_id, f.symbol, f.side,
         coalesce(f.order_id, CAST(date_trunc('second', f.ts) AS VARCHAR)) AS order_id,
         min(f.ts) AS ts, max(f.price) AS price, sum(TRY_CAST(f.qty AS DECIMAL(38, 12))) AS qty
  FROM fill f
  JOIN member m USING (account_id)
  WHERE f.price > 0 AND f.qty > 0
  GROUP BY ALL
),
twinned AS (
  SELECT DISTINCT f.cluster_id, f.owner_id, f.account_id, f.symbol, f.side, f.order_id
  FROM placed f
  JOIN placed g ON g.cluster_id = f.cluster_id AND g.symbol = f.symbol
               AND g.ts BETWEEN f.ts - INTERVAL ($mirror_window) SECOND AND f.ts + INTERVAL ($mirror_window) SECOND
  WHERE g.owner_id <> f.owner_id
    AND abs(g.qty - f.qty) <= $mirror_size * greatest(f.qty, g.qty)
    AND abs(g.price - f.price) <= $mirror_price * greatest(f.price, g.price)
),
habit AS (
  SELECT p.cluster_id, p.owner_id, count(*) AS orders, count(t.order_id) AS twins
  FROM placed p
  LEFT JOIN twinned t USING (cluster_id, owner_id, account_id, symbol, side, order_id)
  GROUP BY ALL
)
SELECT cluster_id, count(*) FILTER (twins >= $mirror_part * orders) AS mirror_owners
FROM habit
WHERE orders >= $mirror_orders
GROUP BY cluster_id
HAVING count(*) >= 2
;
