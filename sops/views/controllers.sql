/*
title: Customers' accounts, and who may be behind them
columns:
  controller_id: {type: text, meaning: "the cluster of linked owners; the owner itself where nothing links it to others"}
  owner_id: text
  account_id: text
key: [account_id]
*/
-- The circle around a hub is no controller: a hub serves strangers.
SELECT coalesce(k.cluster_id, c.owner_id) AS controller_id, c.owner_id, c.account_id
FROM customer_accounts c
LEFT JOIN account_clusters k ON k.account_id = c.account_id AND NOT k.hub
