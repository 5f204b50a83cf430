/*
title: Pairs of owners whom something recorded joins, each pair in both directions
columns:
  owner_id: text
  other_id: text
  since: {type: timestamp, meaning: "when it was there for both; 1970 where nobody knows"}
  until: {type: timestamp, meaning: "when so many shared it that it joins nobody any more; null where that never came"}
key: [owner_id, other_id, since, until]
*/
WITH trait AS (
  -- Of what became a hub only those who were there before: later ones share it with everybody.
  SELECT DISTINCT kind, value, owner_id, coalesce(ts, TIMESTAMP '1970-01-01') AS ts, hub_since
  FROM shared_traits
  WHERE coalesce(coalesce(ts, TIMESTAMP '1970-01-01') < hub_since, true)
)
SELECT DISTINCT a.owner_id, b.owner_id AS other_id, greatest(a.ts, b.ts) AS since, a.hub_since AS until
FROM trait a
JOIN trait b ON b.kind = a.kind AND b.value = a.value AND b.owner_id <> a.owner_id
