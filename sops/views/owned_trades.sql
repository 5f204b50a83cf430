/*
title: Trades of the venue's own books, each side with its owner at that moment
parameters:
  venue: {type: enum, value: main, range: '"main", "reference"', meaning: "the venue whose trades are meant; rows that name none are its own"}
columns:
  trade_id: text
  symbol: text
  ts: {type: timestamp, meaning: when the orders met}
  kind: {type: text, meaning: "normal, liquidation, adl, block or rfq; normal where nothing is stated"}
  taker_side: {type: text, meaning: "buy or sell; null where the feed does not say"}
  price: number
  qty: {type: decimal, unit: base units, meaning: "exact, so that sums do not depend on the order of rows"}
  usd: {type: decimal, unit: USD, meaning: "value at the time; price × size where the feed gives none"}
  buy_account_id: text
  sell_account_id: text
  buy_order_id: text
  sell_order_id: text
  buyer: {type: text, meaning: "owner of the buying account at that moment; the account where nobody knows, null in a public feed"}
  seller: {type: text, meaning: the same of the selling account}
  buyer_type: {type: text, meaning: "the account's type then; null where accounts does not know it"}
  seller_type: text
*/
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
