/*
title: Accounts behind an episode of forced closing, the owner's own and those linked to them before it
columns:
  owner_id: text
  symbol: text
  episode_ts: timestamp
  account_id: text
  hops: {type: integer, meaning: "0 the owner's own, 1 has something in common with it, 2 has something in common with one of these"}
key: [owner_id, symbol, episode_ts, account_id]
*/
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
