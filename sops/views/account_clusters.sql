/*
title: Accounts that look run by one controller
parameters:
  whole_part: {type: integer, value: 25, unit: owners, range: "[5..500]", meaning: "two groups of at least so many, each held together by itself, are not made one by a single link"}
columns:
  cluster_id: {type: text, meaning: "the smallest owner of the cluster; hub, kind and value for the circle around a hub"}
  owner_id: text
  account_id: text
  hub: {type: boolean, meaning: "held together by nothing but one hub"}
key: [cluster_id, account_id]
*/
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
