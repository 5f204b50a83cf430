-- Signals of bonus-and-limit-abuse 1.0.0, run on DuckDB 1.5.6. Change the SOP, not this file.
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

-- signals of "Who is behind it"
WITH size AS (
  SELECT controller_id, count(DISTINCT owner_id) AS owners FROM controllers GROUP BY controller_id HAVING count(*) >= 2
),
shared AS (
  SELECT DISTINCT c.controller_id, t.kind, t.value, t.owner_id
  FROM controllers c
  JOIN shared_traits t ON t.account_id = c.account_id AND t.hub_since IS NULL
  QUALIFY count(DISTINCT t.owner_id) OVER (PARTITION BY c.controller_id, t.kind, t.value) >= 2
),
tied AS (
  SELECT controller_id, owner_id FROM shared GROUP BY ALL HAVING count(DISTINCT kind) >= 2
)
SELECT s.controller_id, min(s.owners) AS owners, count(t.owner_id) AS tied_owners
FROM size s
LEFT JOIN tied t USING (controller_id)
GROUP BY s.controller_id
;

-- members of each subject of "Who is behind it"
SELECT controller_id, account_id FROM controllers QUALIFY count(*) OVER (PARTITION BY controller_id) >= 2
;

-- signals of "Limits"
WITH person AS (
  SELECT c.*
  FROM controllers c
  QUALIFY count(*) OVER (PARTITION BY c.controller_id) >= 2
),
held AS (
  -- The last word on each position within a few minutes. Rows that a feed repeats are one.
  -- Each is seen in two windows, half a window apart, so that no full minute parts what was held at once.
  SELECT p.controller_id, p.account_id, h.symbol, h.side, h.margin_mode,
         time_bucket(INTERVAL ($snapshot_minutes) MINUTE, h.ts, to_seconds(30 * $snapshot_minutes * half)) AS seen,
         arg_max(coalesce(h.notional_usd, TRY_CAST(h.qty * coalesce(h.mark_px, h.entry_px) AS DECIMAL(38, 8)), 0), (h.ts, h.notional_usd, h.qty)) AS usd
  FROM positions h
  JOIN person p USING (account_id)
  CROSS JOIN (SELECT unnest([0, 1]) AS half)
  WHERE h.side IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM limit_exemptions e WHERE e.key = p.owner_id AND e.valid_from <= h.ts AND coalesce(h.ts < e.valid_to, true))
  GROUP BY ALL
),
used AS (
  SELECT controller_id, symbol, side, seen, account_id, sum(usd) AS usd FROM held GROUP BY ALL
),
most AS (
  -- What one person may hold: the highest tier in force then; null where none is known.
  SELECT u.symbol, u.seen, max(l.max_notional_usd) AS usd
  FROM (SELECT DISTINCT symbol, seen FROM used) u
  LEFT JOIN risk_limits l ON l.symbol = u.symbol AND coalesce(l.valid_from <= u.seen, true) AND coalesce(u.seen < l.valid_to, true)
  GROUP BY ALL
),
position AS (
  SELECT u.controller_id, u.symbol, sum(u.usd) / min(m.usd) AS ratio, count(*) FILTER (u.usd >= $full_part * m.usd) AS full_accounts,
         min(m.usd) IS NULL AS unknown
  FROM used u
  JOIN most m ON m.symbol = u.symbol AND m.seen = u.seen
  WHERE u.usd > 0
  GROUP BY u.controller_id, u.symbol, u.side, u.seen
  HAVING count(*) >= 2
),
withdrawn AS (
  SELECT DISTINCT p.controller_id, p.account_id, t.transfer_id, t.ts, t.usd
  FROM transfers t
  JOIN person p ON p.account_id = t.from_account
  WHERE t.kind = 'withdraw'
    AND NOT EXISTS (SELECT 1 FROM limit_exemptions e WHERE e.key = p.owner_id AND e.valid_from <= t.ts AND coalesce(t.ts < e.valid_to, true))
),
day AS (
  -- The 24 hours that begin with each withdrawal.
  SELECT f.controller_id, f.ts, w.account_id, coalesce(sum(w.usd), 0) AS usd, bool_or(w.usd IS NULL) AS unknown
  FROM (SELECT DISTINCT controller_id, ts FROM withdrawn) f
  JOIN withdrawn w ON w.controller_id = f.controller_id AND w.ts >= f.ts AND w.ts < f.ts + INTERVAL 24 HOUR
  GROUP BY ALL
),
outflow AS (
  SELECT controller_id, sum(usd) / $withdrawal_limit_usd AS ratio, count(*) FILTER (usd >= $full_part * $withdrawal_limit_usd) AS full_accounts,
         bool_or(unknown) AS unknown
  FROM day
  GROUP BY controller_id, ts
  HAVING count(*) >= 2
)
SELECT controller_id, max(ratio) FILTER (what = 'position') AS position_ratio, max(ratio) FILTER (what = 'withdrawal') AS withdraw_ratio,
       max(full_accounts) AS full_accounts, count(DISTINCT symbol) FILTER (unknown) AS unjudged
FROM (
  SELECT controller_id, 'position' AS what, symbol, ratio, full_accounts, unknown FROM position
  UNION ALL
  SELECT controller_id, 'withdrawal', 'withdrawals', ratio, full_accounts, unknown FROM outflow
)
GROUP BY controller_id
;

-- signals of "Rewards"
WITH person AS (
  SELECT c.*
  FROM controllers c
  QUALIFY count(*) OVER (PARTITION BY c.controller_id) >= 2
),
paid AS (
  SELECT DISTINCT p.controller_id, p.owner_id, p.account_id, r.ts, r.campaign_id, r.kind, r.usd, r.counterparty_id
  FROM rewards r
  JOIN person p USING (account_id)
  WHERE r.kind IN ('bonus', 'voucher', 'referral')
),
introduced AS (
  -- Whom the payment names; where it names nobody, whoever says that this account sent him.
  SELECT r.controller_id, r.owner_id, r.account_id, r.ts, r.campaign_id, r.usd, coalesce(r.counterparty_id, a.account_id) AS referee
  FROM paid r
  LEFT JOIN accounts a ON r.counterparty_id IS NULL AND a.referrer_id = r.account_id
  WHERE r.kind = 'referral'
),
own AS (
  SELECT DISTINCT i.controller_id, i.account_id, i.ts, i.campaign_id, i.usd, i.referee
  FROM introduced i
  JOIN person p ON p.controller_id = i.controller_id AND p.account_id = i.referee
  WHERE NOT EXISTS (SELECT 1 FROM referral_partners e WHERE e.key = i.owner_id AND e.valid_from <= i.ts AND coalesce(i.ts < e.valid_to, true))
     OR EXISTS (
       SELECT 1
       FROM shared_traits a
       JOIN shared_traits b ON b.kind = a.kind AND b.value = a.value
       WHERE a.owner_id = i.owner_id AND b.account_id = i.referee AND a.kind IN ('funder', 'sweep') AND a.hub_since IS NULL)
),
campaign AS (
  SELECT controller_id, campaign_id, count(*) AS accounts, sum(usd) - max(usd) AS excess, bool_or(unknown) AS unknown
  FROM (
    SELECT controller_id, campaign_id, account_id, sum(usd) AS usd, bool_or(usd IS NULL) AS unknown
    FROM paid
    WHERE kind <> 'referral'
    GROUP BY ALL
  )
  GROUP BY ALL
),
drawn AS (
  -- What one person would have got is one share of each campaign, and nothing for introducing himself.
  SELECT controller_id, max(accounts) AS accounts, max(referees) AS referees, sum(excess) AS excess, bool_or(unknown) AS unknown
  FROM (
    SELECT controller_id, accounts, 0 AS referees, excess, unknown FROM campaign
    UNION ALL
    SELECT controller_id, 0, count(DISTINCT referee), 0, false FROM own GROUP BY controller_id
    UNION ALL
    SELECT controller_id, 0, 0, sum(usd), bool_or(usd IS NULL) FROM (SELECT DISTINCT * EXCLUDE (referee) FROM own) GROUP BY controller_id
  )
  GROUP BY controller_id
),
reward AS (
  SELECT controller_id, account_id, min(ts) AS ts, sum(usd) AS usd FROM paid GROUP BY ALL
),
gone AS (
  SELECT r.controller_id, r.account_id
  FROM reward r
  JOIN (SELECT DISTINCT transfer_id, from_account, ts, usd FROM transfers WHERE kind IN ('withdraw', 'internal')) t
    ON t.from_account = r.account_id AND t.ts >= r.ts AND t.ts < r.ts + to_hours($cash_hours)
  GROUP BY r.controller_id, r.account_id, r.usd
  HAVING sum(t.usd) >= $cash_part * r.usd
),
traded AS (
  SELECT r.account_id, sum(t.usd) AS usd
  FROM reward r
  JOIN (
    SELECT trade_id, symbol, ts, usd, buy_account_id AS account_id FROM owned_trades
    UNION ALL
    SELECT trade_id, symbol, ts, usd, sell_account_id FROM owned_trades
  ) t ON t.account_id = r.account_id AND t.ts >= r.ts AND t.ts < r.ts + to_hours($cash_hours)
  GROUP BY r.account_id
),
cashed AS (
  SELECT g.controller_id, count(*) AS cashed_accounts
  FROM gone g
  JOIN reward r USING (controller_id, account_id)
  LEFT JOIN traded t USING (account_id)
  WHERE coalesce(t.usd, 0) < $turnover * r.usd
  GROUP BY g.controller_id
)
SELECT d.controller_id, d.referees AS own_referees, d.accounts AS reward_accounts,
       CASE WHEN NOT d.unknown THEN d.excess END AS excess_usd, coalesce(c.cashed_accounts, 0) AS cashed_accounts
FROM drawn d
LEFT JOIN cashed c USING (controller_id)
;

-- signals of "Hedge"
WITH person AS (
  SELECT c.*
  FROM controllers c
  QUALIFY count(*) OVER (PARTITION BY c.controller_id) >= 2
),
promo AS (
  SELECT DISTINCT p.controller_id, p.account_id, r.ts, r.campaign_id, r.usd
  FROM rewards r
  JOIN person p USING (account_id)
  WHERE r.kind IN ('bonus', 'voucher')
),
base AS (
  SELECT symbol, min(base) AS base FROM instruments WHERE base IS NOT NULL GROUP BY symbol
),
held AS (
  SELECT p.controller_id, p.account_id, h.symbol, h.side, h.margin_mode,
         time_bucket(INTERVAL ($snapshot_minutes) MINUTE, h.ts, to_seconds(30 * $snapshot_minutes * half)) AS seen,
         arg_max(coalesce(h.notional_usd, TRY_CAST(h.qty * coalesce(h.mark_px, h.entry_px) AS DECIMAL(38, 8)), 0), (h.ts, h.notional_usd, h.qty)) AS usd
  FROM positions h
  JOIN person p USING (account_id)
  CROSS JOIN (SELECT unnest([0, 1]) AS half)
  WHERE p.controller_id IN (SELECT controller_id FROM promo)
  GROUP BY ALL
),
net AS (
  SELECT h.controller_id, coalesce(b.base, h.symbol) AS base, h.seen, h.account_id,
         coalesce(sum(h.usd) FILTER (h.side = 'long'), 0) - coalesce(sum(h.usd) FILTER (h.side = 'short'), 0) AS usd
  FROM held h
  LEFT JOIN base b USING (symbol)
  GROUP BY ALL
),
opposed AS (
  SELECT n.controller_id, n.account_id, n.seen, least(sum(abs(o.usd)) / abs(n.usd), 1) AS part
  FROM net n
  JOIN net o ON o.controller_id = n.controller_id AND o.base = n.base AND o.seen = n.seen AND o.account_id <> n.account_id
            AND sign(o.usd) = -sign(n.usd)
  WHERE n.usd <> 0
  GROUP BY n.controller_id, n.account_id, n.base, n.seen, n.usd
),
promoted AS (
  SELECT o.controller_id, o.account_id, max(o.part) AS part, min(o.seen) AS seen
  FROM opposed o
  WHERE EXISTS (SELECT 1 FROM promo p WHERE p.account_id = o.account_id AND p.ts <= o.seen + INTERVAL ($snapshot_minutes) MINUTE AND p.ts > o.seen - to_days($promo_days))
  GROUP BY o.controller_id, o.account_id
)
SELECT o.controller_id, max(o.part) AS hedged_part,
       CASE WHEN NOT bool_or(g.unknown) THEN sum(g.usd) END AS promo_usd,
       bool_or(EXISTS (SELECT 1 FROM liquidations l WHERE l.account_id = o.account_id AND l.ts >= o.seen AND l.ts < o.seen + to_days($promo_days))) AS promo_lost
FROM promoted o
JOIN (SELECT account_id, sum(usd) AS usd, bool_or(usd IS NULL) AS unknown FROM promo GROUP BY account_id) g USING (account_id)
GROUP BY o.controller_id
;
