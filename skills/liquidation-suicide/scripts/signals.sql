-- Signals of liquidation-suicide 1.1.0, run on DuckDB 1.5.6. Change the SOP, not this file.
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

-- signals of "The loss"
WITH loss AS (
  SELECT e.owner_id, e.symbol, e.episode_ts, sum(s.loss_usd) AS fund_loss
  FROM episodes e
  JOIN liquidation_steps s ON s.owner_id = e.owner_id AND s.symbol = e.symbol
                          AND s.ts > e.episode_ts - INTERVAL ($loss_hours) HOUR AND s.ts <= e.end_ts
  GROUP BY ALL
),
reading AS (
  -- Of several readings of one moment the thinner book: it is the one that the backstop meets.
  SELECT symbol, ts, min(depth_2pct_bid_usd) AS bid, min(depth_2pct_ask_usd) AS ask
  FROM prices
  WHERE depth_2pct_bid_usd IS NOT NULL OR depth_2pct_ask_usd IS NOT NULL
  GROUP BY ALL
),
book AS (
  SELECT e.owner_id, e.symbol, e.episode_ts,
         CASE WHEN r.ts > e.episode_ts - INTERVAL ($depth_minutes) MINUTE
              THEN CASE e.position_side WHEN 'long' THEN r.bid ELSE r.ask END END AS depth
  FROM episodes e
  ASOF LEFT JOIN reading r ON r.symbol = e.symbol AND r.ts < e.episode_ts
),
ruled AS (
  SELECT DISTINCT e.owner_id, e.symbol, e.episode_ts
  FROM episodes e
  JOIN events v ON v.kind = 'param_change' AND coalesce(v.symbol, e.symbol) = e.symbol
               AND coalesce(v.effective_ts, v.ts) <= e.episode_ts
               AND coalesce(v.effective_ts, v.ts) > e.episode_ts - INTERVAL ($rules_hours) HOUR
  UNION
  SELECT e.owner_id, e.symbol, e.episode_ts
  FROM episodes e
  JOIN liquidation_steps s USING (owner_id, symbol, episode_ts)
  JOIN margin_events m ON m.account_id = s.account_id AND m.kind = 'tier_change' AND coalesce(m.symbol, e.symbol) = e.symbol
                      AND m.ts <= e.episode_ts AND m.ts > e.episode_ts - INTERVAL ($rules_hours) HOUR
)
SELECT e.owner_id, e.symbol, e.episode_ts, l.fund_loss,
       CAST(e.usd AS DOUBLE) / nullif(CAST(b.depth AS DOUBLE), 0) AS size_to_depth,
       r.owner_id IS NOT NULL AS rules_changed
FROM episodes e
JOIN loss l USING (owner_id, symbol, episode_ts)
JOIN book b USING (owner_id, symbol, episode_ts)
LEFT JOIN ruled r USING (owner_id, symbol, episode_ts)
;

-- signals of "Margin taken out"
WITH party AS (
  SELECT DISTINCT e.owner_id, e.symbol, e.episode_ts, e.end_ts, s.account_id
  FROM episodes e
  JOIN liquidation_steps s USING (owner_id, symbol, episode_ts)
),
move AS (
  -- DISTINCT drops rows that a feed replays.
  SELECT DISTINCT account_id, ts, kind, seq, symbol, amount_usd, equity_after
  FROM margin_events
  WHERE kind IN ('withdraw', 'add') AND amount_usd > 0
    AND account_id IN (SELECT account_id FROM party)
),
snapshot AS (
  SELECT account_id, symbol, ts, sum(maint_margin_usd) AS maint, sum(notional_usd) AS notional,
         bool_or(maint_margin_usd IS NULL) AS no_maint
  FROM positions
  WHERE qty > 0 AND coalesce(margin_mode, 'cross') <> 'isolated'
    AND account_id IN (SELECT account_id FROM party)
  GROUP BY ALL
),
pooled AS (
  SELECT DISTINCT account_id, ts FROM move WHERE symbol IS NULL
),
held AS (
  -- What stood against the pool at the moment of a movement: the latest snapshot of each symbol.
  SELECT p.account_id, p.ts, s.symbol,
         arg_max(s.maint, s.ts) AS maint, arg_max(s.notional, s.ts) AS notional, arg_max(s.no_maint, s.ts) AS no_maint
  FROM pooled p
  JOIN snapshot s ON s.account_id = p.account_id AND s.ts <= p.ts AND s.ts > p.ts - INTERVAL ($snapshot_minutes) MINUTE
  GROUP BY p.account_id, p.ts, s.symbol
),
weight AS (
  SELECT account_id, ts, symbol,
         CASE WHEN bool_or(no_maint) OVER pool THEN notional ELSE maint END AS own,
         CASE WHEN bool_or(no_maint) OVER pool THEN sum(notional) OVER pool ELSE sum(maint) OVER pool END AS whole
  FROM held
  WINDOW pool AS (PARTITION BY account_id, ts)
),
known AS (
  SELECT DISTINCT account_id, ts FROM weight WHERE whole > 0
),
shared AS (
  SELECT p.owner_id, p.symbol, p.episode_ts, m.account_id, m.symbol IS NULL AS whole_pool, m.ts, m.kind, m.seq, m.amount_usd,
         m.equity_after,
         CASE WHEN m.symbol IS NOT NULL OR k.account_id IS NULL THEN 1
              ELSE coalesce(CAST(w.own AS DOUBLE) / CAST(w.whole AS DOUBLE), 0) END AS share
  FROM party p
  JOIN move m ON m.account_id = p.account_id AND coalesce(m.symbol, p.symbol) = p.symbol
             AND m.ts > p.episode_ts - INTERVAL ($pull_window) MINUTE AND m.ts <= p.end_ts
  LEFT JOIN known k ON k.account_id = m.account_id AND k.ts = m.ts
  LEFT JOIN weight w ON w.account_id = m.account_id AND w.ts = m.ts AND w.symbol = p.symbol
),
begun AS (
  SELECT owner_id, symbol, episode_ts, account_id, whole_pool,
         min(ts) FILTER (kind = 'withdraw') AS first_ts
  FROM shared
  GROUP BY ALL
),
pulled AS (
  SELECT s.owner_id, s.symbol, s.episode_ts, s.account_id, s.whole_pool,
         greatest(0, sum(CAST(CASE s.kind WHEN 'withdraw' THEN s.share ELSE -s.share END * s.amount_usd AS DECIMAL(38, 8))))
           AS usd,
         -- Equity before the first withdrawal; of several at one moment the largest.
         max(CAST(s.share * (s.equity_after + s.amount_usd) AS DECIMAL(38, 8)))
           FILTER (s.kind = 'withdraw' AND s.ts = b.first_ts) AS equity
  FROM shared s
  JOIN begun b USING (owner_id, symbol, episode_ts, account_id, whole_pool)
  WHERE s.ts >= b.first_ts
  GROUP BY ALL
),
whole AS (
  SELECT owner_id, symbol, episode_ts, sum(usd) AS usd, sum(equity) AS equity,
         bool_or(usd > 0 AND equity IS NULL) AS unknown
  FROM pulled
  GROUP BY ALL
),
loss AS (
  SELECT e.owner_id, e.symbol, e.episode_ts, sum(s.loss_usd) AS usd
  FROM episodes e
  JOIN liquidation_steps s ON s.owner_id = e.owner_id AND s.symbol = e.symbol
                          AND s.ts > e.episode_ts - INTERVAL ($loss_hours) HOUR AND s.ts <= e.end_ts
  GROUP BY ALL
)
SELECT l.owner_id, l.symbol, l.episode_ts, least(l.usd, coalesce(w.usd, 0)) AS shifted_usd,
       CASE WHEN coalesce(w.usd, 0) = 0 THEN 0
            WHEN NOT w.unknown THEN least(1, CAST(w.usd AS DOUBLE) / nullif(CAST(w.equity AS DOUBLE), 0)) END AS pulled_ratio
FROM loss l
LEFT JOIN whole w USING (owner_id, symbol, episode_ts)
;

-- signals of "The other leg"
WITH asset AS (
  SELECT symbol, max(base) AS base, coalesce(max(option_type) = 'put', false) AS is_put
  FROM instruments
  GROUP BY symbol
),
hit AS (
  SELECT DISTINCT owner_id, symbol, episode_ts, account_id FROM liquidation_steps
),
seen AS (
  SELECT e.owner_id, e.symbol, e.episode_ts, p.hops, h.account_id, h.ts, h.symbol = e.symbol AS same_symbol,
         (h.side = e.position_side) = (coalesce(x.is_put, false) = coalesce(y.is_put, false)) AS same_side,
         coalesce(h.margin_mode, 'cross') = 'isolated' AS isolated, l.account_id IS NOT NULL AS hit,
         TRY_CAST(h.qty AS DECIMAL(38, 8)) AS qty
  FROM episodes e
  JOIN episode_parties p USING (owner_id, symbol, episode_ts)
  JOIN positions h ON h.account_id = p.account_id AND h.qty > 0
                  AND h.ts > e.episode_ts - INTERVAL ($leg_window) MINUTE AND h.ts <= e.end_ts
  LEFT JOIN asset x ON x.symbol = e.symbol
  LEFT JOIN asset y ON y.symbol = h.symbol
  LEFT JOIN hit l ON l.owner_id = e.owner_id AND l.symbol = e.symbol AND l.episode_ts = e.episode_ts
                 AND l.account_id = h.account_id
  WHERE h.symbol = e.symbol OR x.base = y.base
),
begun AS (
  SELECT owner_id, symbol, episode_ts, min(ts) FILTER (hops = 0 AND same_symbol AND same_side) AS first_ts,
         coalesce(bool_or(isolated) FILTER (hit AND same_symbol AND same_side), false) AS isolated
  FROM seen
  GROUP BY ALL
),
leg AS (
  SELECT s.owner_id, s.symbol, s.episode_ts, s.hops, s.account_id,
         max(s.qty) FILTER (s.same_symbol AND s.same_side) AS same,
         max(s.qty) FILTER (s.same_symbol AND NOT s.same_side AND s.ts >= coalesce(b.first_ts, s.ts)) AS opposite,
         max(s.qty) FILTER (NOT s.same_symbol AND NOT s.same_side AND s.ts >= coalesce(b.first_ts, s.ts)
                            AND (NOT s.hit OR s.isolated OR b.isolated)) AS elsewhere
  FROM seen s
  JOIN begun b USING (owner_id, symbol, episode_ts)
  GROUP BY ALL
),
opposed AS (
  SELECT owner_id, symbol, episode_ts, count(same) + count(opposite) > 0 AS seen,
         CAST(coalesce(sum(opposite) FILTER (hops = 0), 0) AS DOUBLE) AS own,
         CAST(coalesce(sum(opposite) FILTER (hops <= 1), 0) AS DOUBLE) AS linked,
         CAST(coalesce(sum(opposite), 0) AS DOUBLE) AS cluster, CAST(coalesce(sum(same), 0) AS DOUBLE) AS same,
         CAST(coalesce(sum(elsewhere) FILTER (hops <= 1), 0) AS DOUBLE) AS elsewhere
  FROM leg
  GROUP BY ALL
),
loss AS (
  SELECT e.owner_id, e.symbol, e.episode_ts, sum(s.loss_usd) AS usd
  FROM episodes e
  JOIN episode_parties p ON p.owner_id = e.owner_id AND p.symbol = e.symbol AND p.episode_ts = e.episode_ts AND p.hops <= 1
  JOIN liquidation_steps s ON s.account_id = p.account_id AND s.symbol = e.symbol
                          AND s.ts > e.episode_ts - INTERVAL ($loss_hours) HOUR AND s.ts <= e.end_ts
  GROUP BY ALL
)
SELECT e.owner_id, e.symbol, e.episode_ts,
       CASE WHEN o.seen THEN o.own / nullif(CAST(e.qty AS DOUBLE), 0) END AS opposed_ratio,
       CASE WHEN o.seen THEN o.linked / nullif(CAST(e.qty AS DOUBLE), 0) END AS linked_ratio,
       CASE WHEN o.seen THEN o.cluster / nullif(greatest(o.same, CAST(e.qty AS DOUBLE)), 0) END AS cluster_ratio,
       CASE WHEN a.base IS NOT NULL THEN coalesce(o.elsewhere, 0) / nullif(CAST(e.qty AS DOUBLE), 0) END AS asset_ratio,
       coalesce(l.usd, 0) AS linked_loss,
       EXISTS (SELECT 1 FROM hedge_exemptions x
               WHERE x.key = e.owner_id AND x.valid_from <= e.episode_ts AND coalesce(e.episode_ts < x.valid_to, true))
         AS hedge_exempt
FROM episodes e
LEFT JOIN opposed o USING (owner_id, symbol, episode_ts)
LEFT JOIN loss l USING (owner_id, symbol, episode_ts)
LEFT JOIN asset a ON a.symbol = e.symbol
;

-- signals of "The wall"
WITH until_ts AS (
  SELECT e.owner_id, e.symbol, e.episode_ts, e.position_side, least(e.episode_ts, min(l.trigger_ts)) AS until_ts
  FROM episodes e
  JOIN liquidation_steps s USING (owner_id, symbol, episode_ts)
  JOIN liquidations l ON l.account_id = s.account_id AND l.symbol = s.symbol AND l.ts = s.ts
  GROUP BY e.owner_id, e.symbol, e.episode_ts, e.position_side
),
sent AS (
  -- DISTINCT drops rows that a feed replays.
  SELECT DISTINCT u.owner_id, u.symbol, u.episode_ts, o.order_id, o.ts, o.seq, o.event, o.side, o.price,
         TRY_CAST(least(o.display_qty, o.qty - coalesce(o.filled_qty, 0)) AS DECIMAL(38, 8)) AS qty
  FROM until_ts u
  JOIN episode_parties p ON p.owner_id = u.owner_id AND p.symbol = u.symbol AND p.episode_ts = u.episode_ts AND p.hops <= 1
  JOIN orders o ON o.account_id = p.account_id AND o.symbol = u.symbol AND o.ts < u.until_ts
               AND o.side = CASE u.position_side WHEN 'long' THEN 'buy' ELSE 'sell' END
  WHERE o.trigger_px IS NULL
),
mark AS (
  SELECT symbol, ts, max(mark) AS mark FROM prices WHERE mark > 0 GROUP BY ALL
),
shown AS (
  -- What the market saw of an order after each event.
  SELECT s.*, CASE WHEN s.event IN ('new', 'amend', 'partial')
                    AND coalesce(CASE s.side WHEN 'buy' THEN s.price >= m.mark * (1 - $wall_band / 100)
                                             ELSE s.price <= m.mark * (1 + $wall_band / 100) END, true)
                   THEN coalesce(TRY_CAST(s.qty * s.price AS DECIMAL(38, 8)), 0) ELSE 0 END AS usd
  FROM sent s
  ASOF LEFT JOIN mark m ON m.symbol = s.symbol AND m.ts <= s.ts
),
change AS (
  -- A fill takes an order out of the book, but pulls nothing.
  SELECT owner_id, symbol, episode_ts, ts,
         CASE WHEN event IN ('partial', 'fill') THEN 0
              ELSE usd - coalesce(lag(usd) OVER (PARTITION BY owner_id, symbol, episode_ts, order_id
                                                 ORDER BY ts, seq, event, usd), 0) END AS usd
  FROM shown
),
level AS (
  SELECT owner_id, symbol, episode_ts, ts, sum(sum(usd)) OVER (PARTITION BY owner_id, symbol, episode_ts ORDER BY ts) AS usd
  FROM change
  GROUP BY owner_id, symbol, episode_ts, ts
),
pulled AS (
  -- The highest level of the window, that of its beginning included, less the last.
  SELECT u.owner_id, u.symbol, u.episode_ts, u.position_side, u.until_ts,
         CAST(greatest(max(l.usd) FILTER (l.ts > u.until_ts - INTERVAL ($wall_minutes) MINUTE),
                       arg_max(l.usd, l.ts) FILTER (l.ts <= u.until_ts - INTERVAL ($wall_minutes) MINUTE))
              - arg_max(l.usd, l.ts) AS DOUBLE) AS usd
  FROM until_ts u
  JOIN level l USING (owner_id, symbol, episode_ts)
  GROUP BY ALL
),
book AS (
  SELECT p.owner_id, p.symbol, p.episode_ts,
         CAST(max(CASE p.position_side WHEN 'long' THEN r.depth_2pct_bid_usd ELSE r.depth_2pct_ask_usd END) AS DOUBLE) AS usd
  FROM pulled p
  JOIN prices r ON r.symbol = p.symbol AND r.ts < p.until_ts AND r.ts > p.until_ts - INTERVAL ($wall_minutes) MINUTE
  GROUP BY ALL
)
SELECT p.owner_id, p.symbol, p.episode_ts,
       CASE WHEN p.usd <= 0 THEN 0 WHEN b.usd IS NULL THEN 1
            ELSE p.usd / greatest(b.usd, p.usd) END AS wall_share
FROM pulled p
LEFT JOIN book b USING (owner_id, symbol, episode_ts)
;
