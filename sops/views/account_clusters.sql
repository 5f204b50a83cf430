/*
title: Accounts that look run by one controller
columns:
  cluster_id: {type: text, meaning: "the smallest owner of the cluster; hub, kind and value for the circle around a hub"}
  owner_id: text
  account_id: text
  hub: {type: boolean, meaning: "held together by nothing but one hub"}
key: [cluster_id, account_id]
*/
WITH RECURSIVE star AS (
  -- Whoever shares a trait is joined with the smallest owner of it: as many edges as members, never all pairs.
  SELECT DISTINCT owner_id AS a, min(owner_id) OVER (PARTITION BY kind, value) AS b
  FROM shared_traits
  WHERE hub_since IS NULL
),
edge AS (
  SELECT a, b FROM star WHERE a <> b
  UNION
  SELECT b, a FROM star WHERE a <> b
),
component(owner_id, root) USING KEY (owner_id) AS (
  SELECT a, least(a, min(b)) FROM edge GROUP BY a
  UNION
  -- Smaller names travel along edges, and along names already found: long chains close in few rounds.
  SELECT n.owner_id, min(n.root)
  FROM (
    SELECT e.a AS owner_id, c.root FROM edge e JOIN component c ON c.owner_id = e.b
    UNION ALL
    SELECT c.owner_id, r.root
    FROM recurring.component c
    JOIN recurring.component r ON r.owner_id = c.root
  ) n
  JOIN recurring.component mine ON mine.owner_id = n.owner_id
  WHERE n.root < mine.root
  GROUP BY n.owner_id
)
SELECT c.root AS cluster_id, c.owner_id, o.account_id, false AS hub
FROM component c
JOIN customer_accounts o USING (owner_id)
UNION ALL
SELECT DISTINCT 'hub ' || kind || ' ' || value, owner_id, account_id, true
FROM shared_traits
WHERE hub_since IS NOT NULL AND kind <> 'transfer'
