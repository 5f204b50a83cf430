-- Signals of demo 1.0.0, run on DuckDB. Change the SOP, not this file.
-- $from and $as_of: the window; rows at or after $as_of must not be there.
-- Parameters:
--   $min_notional = 100000 USD (decimal)
--   $min_trade = 10 USD (decimal)

-- signals of "Self-matched volume"
SELECT b.owner_id, t.symbol, date_trunc('day', t.ts) AS day,
       sum(if(s.owner_id = b.owner_id, t.notional_usd, 0)) / sum(t.notional_usd) AS self_ratio,
       sum(if(s.owner_id = b.owner_id, t.notional_usd, 0)) AS self_notional,
       max(b.type) AS account_type
FROM trades t
JOIN accounts b ON b.account_id = t.buy_account_id
JOIN accounts s ON s.account_id = t.sell_account_id
WHERE t.notional_usd >= $min_trade
GROUP BY ALL
;
