/*
title: One row an owner's side of a print of the book; a trade with itself is one row
columns:
  owner_id: text
  symbol: text
  day: {type: timestamp, meaning: "midnight (UTC) at which the day began"}
  ts: timestamp
  trade_id: text
  account_id: {type: text, meaning: "the owner's account; of a trade with itself the buying one"}
  side: {type: text, meaning: "buy, sell, or both for a trade with itself"}
  qty: {type: decimal, unit: base units}
  usd: {type: decimal, unit: USD}
  type: {type: text, meaning: "type of the owner's account; null where accounts does not know it"}
  other: {type: text, meaning: "owner of the other side; null in a public feed"}
  other_type: text
*/
SELECT buyer AS owner_id, symbol, date_trunc('day', ts) AS day, ts, trade_id, buy_account_id AS account_id,
       CASE WHEN buyer IS NOT DISTINCT FROM seller THEN 'both' ELSE 'buy' END AS side,
       qty, usd, buyer_type AS type, seller AS other, seller_type AS other_type
FROM owned_trades
WHERE kind = 'normal' AND buyer IS NOT NULL
UNION ALL
SELECT seller, symbol, date_trunc('day', ts), ts, trade_id, sell_account_id, 'sell', qty, usd, seller_type, buyer, buyer_type
FROM owned_trades
WHERE kind = 'normal' AND seller IS NOT NULL AND seller IS DISTINCT FROM buyer
