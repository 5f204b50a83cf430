-- Evidence of liquidation-suicide 1.1.0, run on DuckDB 1.5.6. Change the SOP, not this file.
-- $from and $as_of: the window; rows at or after $as_of must not be there.
-- Parameters:
--   $loss_hours = 24 hour (integer)
--   $pull_window = 240 minute (integer)
--   $leg_window = 240 minute (integer)
--   $snapshot_minutes = 15 minute (integer)
--   $depth_minutes = 60 minute (integer)
--   $wall_minutes = 60 minute (integer)
--   $wall_band = 10 % (number)
--   $rules_hours = 24 hour (integer)
--   $thin_loss = 1000 USD (decimal)
--   $min_loss = 50000 USD (decimal)

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

-- view "liquidation_steps": Forced steps, each with its owner and the episode that it belongs to
--   $episode_gap = 15 (integer), of this view
--   $episode_minutes = 30 (integer), of this view
CREATE OR REPLACE TEMPORARY TABLE liquidation_steps AS
WITH print AS (
  -- DISTINCT drops steps that a feed replays. The loss at takeover is what was put on the backstop; how the backstop fared later is luck.
  SELECT DISTINCT liq_id, account_id, symbol, ts,
         coalesce(position_side, CASE side WHEN 'sell' THEN 'long' WHEN 'buy' THEN 'short' END) AS position_side,
         TRY_CAST(qty AS DECIMAL(38, 12)) AS qty,
         coalesce(notional_usd, TRY_CAST(qty * coalesce(mark_px, fill_px, bankruptcy_px) AS DECIMAL(38, 8)), 0) AS usd,
         greatest(coalesce(loss_takeover_usd, loss_usd,
           TRY_CAST(qty * (bankruptcy_px - fill_px) * (CASE side WHEN 'sell' THEN 1 WHEN 'buy' THEN -1 END) AS DECIMAL(38, 8)), 0),
           coalesce(insurance_paid_usd, 0), 0) AS loss_usd
  FROM liquidations
),
step AS (
  SELECT coalesce(o.owner_id, p.account_id) AS owner_id, p.*
  FROM print p
  ASOF LEFT JOIN account_owners o ON o.account_id = p.account_id AND o.since <= p.ts
  WHERE p.account_id IS NOT NULL
),
moment AS (
  SELECT DISTINCT owner_id, symbol, ts FROM step
),
broken AS (
  SELECT owner_id, symbol, ts,
         CASE WHEN ts - max(ts) OVER before <= INTERVAL ($episode_gap) MINUTE THEN 0 ELSE 1 END AS fresh
  FROM moment
  WINDOW before AS (PARTITION BY owner_id, symbol ORDER BY ts
                    RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING)
),
chained AS (
  SELECT owner_id, symbol, ts, sum(fresh) OVER (PARTITION BY owner_id, symbol ORDER BY ts) AS chain
  FROM broken
),
cut AS (
  -- A chain without a pause is cut every `episode_minutes`, counted from its first step.
  SELECT owner_id, symbol, ts, chain,
         (epoch_us(ts) - min(epoch_us(ts)) OVER (PARTITION BY owner_id, symbol, chain)) // (60000000 * $episode_minutes) AS piece
  FROM chained
),
dated AS (
  SELECT owner_id, symbol, ts, min(ts) OVER (PARTITION BY owner_id, symbol, chain, piece) AS episode_ts
  FROM cut
)
SELECT s.owner_id, s.symbol, d.episode_ts, s.ts, s.account_id, s.liq_id, s.position_side, s.qty, s.usd, s.loss_usd
FROM step s
JOIN dated d USING (owner_id, symbol, ts)
;

-- view "episodes": Episodes of forced closing, one row an owner, a symbol and a first step
CREATE OR REPLACE TEMPORARY TABLE episodes AS
WITH side AS (
  SELECT owner_id, symbol, episode_ts, max(ts) AS end_ts, sum(usd) AS usd,
         coalesce(sum(usd) FILTER (position_side = 'short'), 0) > coalesce(sum(usd) FILTER (position_side = 'long'), 0) AS short,
         coalesce(sum(qty) FILTER (position_side = 'long'), 0) AS long_qty,
         coalesce(sum(qty) FILTER (position_side = 'short'), 0) AS short_qty
  FROM liquidation_steps
  GROUP BY owner_id, symbol, episode_ts
)
SELECT owner_id, symbol, episode_ts, end_ts,
       CASE WHEN short THEN 'short' ELSE 'long' END AS position_side,
       CASE WHEN short THEN short_qty ELSE long_qty END AS qty, usd
FROM side
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

-- view "episode_parties": Accounts behind an episode of forced closing, the owner's own and those linked to them before it
CREATE OR REPLACE TEMPORARY TABLE episode_parties AS
WITH own AS (
  SELECT e.owner_id, e.symbol, e.episode_ts, o.account_id
  FROM episodes e
  JOIN account_owners o ON o.owner_id = e.owner_id
                       AND o.since <= e.episode_ts AND coalesce(o.until > e.episode_ts, true)
  UNION
  SELECT owner_id, symbol, episode_ts, account_id
  FROM liquidation_steps
),
near AS (
  -- The whole owner of whoever shares something: the position may stand in another account than the device.
  SELECT DISTINCT p.owner_id, p.symbol, p.episode_ts, c.account_id
  FROM own p
  JOIN shared_traits t ON t.account_id = p.account_id
                      AND coalesce(t.ts <= p.episode_ts, true) AND coalesce(t.hub_since > p.episode_ts, true)
  JOIN shared_traits n ON n.kind = t.kind AND n.value = t.value AND coalesce(n.ts <= p.episode_ts, true)
  JOIN customer_accounts c ON c.owner_id = n.owner_id
),
far AS (
  SELECT DISTINCT p.owner_id, p.symbol, p.episode_ts, c.account_id
  FROM near p
  JOIN shared_traits t ON t.account_id = p.account_id
                      AND coalesce(t.ts <= p.episode_ts, true) AND coalesce(t.hub_since > p.episode_ts, true)
  JOIN shared_traits n ON n.kind = t.kind AND n.value = t.value AND coalesce(n.ts <= p.episode_ts, true)
  JOIN customer_accounts c ON c.owner_id = n.owner_id
)
SELECT owner_id, symbol, episode_ts, account_id, CAST(min(hops) AS BIGINT) AS hops
FROM (
  SELECT *, 0 AS hops FROM own
  UNION ALL
  SELECT *, 1 FROM near
  UNION ALL
  SELECT *, 2 FROM far
)
GROUP BY owner_id, symbol, episode_ts, account_id
;

-- evidence of "The loss"
SELECT e.owner_id, e.symbol, e.episode_ts, 'liquidations' AS source_table, s.liq_id AS row_id, s.ts,
       s.account_id || ': ' || s.position_side || ' of $' || CAST(CAST(s.usd AS DECIMAL(38, 2)) AS VARCHAR)
         || ' closed, $' || CAST(CAST(s.loss_usd AS DECIMAL(38, 2)) AS VARCHAR) || ' borne by the venue' AS note
FROM episodes e
JOIN liquidation_steps s ON s.owner_id = e.owner_id AND s.symbol = e.symbol
                        AND s.ts > e.episode_ts - INTERVAL ($loss_hours) HOUR AND s.ts <= e.end_ts
;

-- evidence of "Margin taken out"
WITH party AS (
  SELECT DISTINCT e.owner_id, e.symbol, e.episode_ts, e.end_ts, s.account_id
  FROM episodes e
  JOIN liquidation_steps s USING (owner_id, symbol, episode_ts)
)
SELECT DISTINCT p.owner_id, p.symbol, p.episode_ts, 'margin_events' AS source_table,
       m.account_id || ' ' || CAST(m.ts AS VARCHAR) || ' ' || m.kind AS row_id, m.ts,
       m.account_id || ': ' || m.kind || ' $' || CAST(CAST(m.amount_usd AS DECIMAL(38, 2)) AS VARCHAR)
         || coalesce(' (' || m.symbol || ')', ' (cross margin)')
         || coalesce(', equity then $' || CAST(CAST(m.equity_after AS DECIMAL(38, 2)) AS VARCHAR), '')
         || coalesce(', to ' || m.destination, '') AS note
FROM party p
JOIN margin_events m ON m.account_id = p.account_id AND m.kind IN ('withdraw', 'add')
                    AND coalesce(m.symbol, p.symbol) = p.symbol
                    AND m.ts > p.episode_ts - INTERVAL ($pull_window) MINUTE AND m.ts <= p.end_ts
;

-- evidence of "The other leg"
-- The positions, and what links the accounts of others.
SELECT e.owner_id, e.symbol, e.episode_ts, 'positions' AS source_table,
       h.account_id || ' ' || h.symbol || ' ' || h.side || ' ' || h.ts AS row_id, h.ts,
       h.account_id || ': ' || h.symbol || ' ' || h.side || ' ' || h.qty || CASE p.hops WHEN 0 THEN '' ELSE ', linked' END AS note
FROM episodes e
JOIN episode_parties p USING (owner_id, symbol, episode_ts)
JOIN positions h ON h.account_id = p.account_id AND h.qty > 0
                AND h.ts > e.episode_ts - INTERVAL ($leg_window) MINUTE AND h.ts <= e.end_ts
WHERE h.symbol = e.symbol
   OR EXISTS (SELECT 1 FROM instruments x JOIN instruments y ON y.base = x.base WHERE x.symbol = e.symbol AND y.symbol = h.symbol)
UNION
SELECT p.owner_id, p.symbol, p.episode_ts, t.source_table, t.row_id, t.ts,
       t.account_id || ' shares: ' || t.kind || ' ' || t.value
FROM episode_parties p
JOIN shared_traits t ON t.account_id = p.account_id AND coalesce(t.ts <= p.episode_ts, true)
                    AND coalesce(t.hub_since > p.episode_ts, true)
;

-- evidence of "The wall"
SELECT DISTINCT e.owner_id, e.symbol, e.episode_ts, 'orders' AS source_table,
       o.order_id || ' ' || CAST(o.ts AS VARCHAR) || ' ' || o.event AS row_id, o.ts,
       o.account_id || ': ' || o.event || ' ' || o.side || coalesce(' ' || o.qty || ' at ' || o.price, '') AS note
FROM episodes e
JOIN episode_parties p ON p.owner_id = e.owner_id AND p.symbol = e.symbol AND p.episode_ts = e.episode_ts AND p.hops <= 1
JOIN orders o ON o.account_id = p.account_id AND o.symbol = e.symbol AND o.ts <= e.episode_ts
             AND o.ts > e.episode_ts - INTERVAL ($wall_minutes) MINUTE
             AND o.side = CASE e.position_side WHEN 'long' THEN 'buy' ELSE 'sell' END
;
