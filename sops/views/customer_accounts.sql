/*
title: Customers' own accounts, with the owner that is known now
columns:
  account_id: text
  owner_id: text
key: [account_id]
*/
-- Market makers, brokers and the house run many accounts by right.
SELECT account_id, owner_id
FROM account_owners
WHERE until IS NULL AND coalesce(type, 'retail') = 'retail'
