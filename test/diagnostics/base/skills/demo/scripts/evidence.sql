-- Evidence of demo 1.0.0, run on DuckDB. Change the SOP, not this file.
-- $from and $as_of: the window; rows at or after $as_of must not be there.
-- Parameters:
--   $min_notional = 100000 USD (decimal)
--   $min_trade = 10 USD (decimal)

-- evidence of "Self-matched volume"
SELECT buyer.owner_id, own.symbol, time_bucket(INTERVAL 1 DAY, own.ts) AS day,
       'trades' AS source_table, own.trade_id AS row_id, own.ts AS ts, 'both sides' AS note
FROM trades AS own
JOIN accounts AS buyer ON own.buy_account_id = buyer.account_id
JOIN accounts AS seller ON own.sell_account_id = seller.account_id AND buyer.owner_id = seller.owner_id
;
