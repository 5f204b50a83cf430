/*
title: Two owners who have something in common, from both ends
columns:
  owner_id: text
  other_id: text
  since: {type: timestamp, meaning: "from when; 1970 where nobody knows"}
  until: {type: timestamp, meaning: "when the last thing in common became a hub that links nobody; null where it did not"}
key: [owner_id, other_id]
*/
SELECT a.owner_id, b.owner_id AS other_id,
       min(greatest(coalesce(a.ts, TIMESTAMP '1970-01-01'), coalesce(b.ts, TIMESTAMP '1970-01-01'))) AS since,
       CASE WHEN NOT bool_or(a.hub_since IS NULL) THEN max(a.hub_since) END AS until
FROM shared_traits a
JOIN shared_traits b ON b.kind = a.kind AND b.value = a.value AND b.owner_id <> a.owner_id
GROUP BY a.owner_id, b.owner_id
