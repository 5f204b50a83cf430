-- Signals of volume-farming 1.0.0, run on DuckDB 1.5.6. Change the SOP, not this file.
-- $from and $as_of: the window; rows at or after $as_of must not be there.
-- Parameters:
--   $thin_usd = 25000 USD (decimal)
--   $min_usd = 250000 USD (decimal)
--   $min_prints = 100 prints (integer)
--   $min_meetings = 5 (integer)
--   $past_days = 7 day (integer)
--   $reward_days = 14 day (integer)

-- view "account_owners": Whose account it is, and since when
CREATE OR REPLACE TEMPORARY TABLE account_owners AS
WITH person AS (
  -- What is known of an account from when on. Rows that a feed repeats count once.
  SELECT account_id, coalesce(valid_from, TIMESTAMP '1970-01-01') AS since,
         max(owner_id) AS owner_id, max(master_id) AS master_id, max(type) AS type
  FROM accounts
  GROUP BY ALL
),
moment AS (
  -- An account changes hands when its own row changes, or its main account's.
  SELECT account_id, since FROM person
  UNION
  SELECT p.account_id, m.since
  FROM person p
  JOIN person m ON m.account_id = p.master_id AND m.since > p.since
)
SELECT w.account_id, w.since, min(w.since) OVER later AS until,
       coalesce(p.owner_id, m.owner_id, p.master_id, w.account_id) AS owner_id, p.type
FROM moment w
ASOF JOIN person p ON p.account_id = w.account_id AND p.since <= w.since
ASOF LEFT JOIN person m ON m.account_id = p.master_id AND m.since <= w.since
WINDOW later AS (PARTITION BY w.account_id ORDER BY w.since
                 RANGE BETWEEN INTERVAL 1 MICROSECOND FOLLOWING AND UNBOUNDED FOLLOWING)
;

-- view "owned_trades": Trades of the venue's own books, each side with its owner at that moment
--   $venue = main (enum), of this view
CREATE OR REPLACE TEMPORARY TABLE owned_trades AS
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
;

-- view "owner_sides": One row an owner's side of a print of the book; a trade with itself is one row
CREATE OR REPLACE TEMPORARY TABLE owner_sides AS
SELECT buyer AS owner_id, symbol, date_trunc('day', ts) AS day, ts, trade_id, buy_account_id AS account_id,
       CASE WHEN buyer IS NOT DISTINCT FROM seller THEN 'both' ELSE 'buy' END AS side,
       qty, usd, buyer_type AS type, seller AS other, seller_type AS other_type
FROM owned_trades
WHERE kind = 'normal' AND buyer IS NOT NULL
UNION ALL
SELECT seller, symbol, date_trunc('day', ts), ts, trade_id, sell_account_id, 'sell', qty, usd, seller_type, buyer, buyer_type
FROM owned_trades
WHERE kind = 'normal' AND seller IS NOT NULL AND seller IS DISTINCT FROM buyer
;

-- signals of "How much, and with whom"
WITH market AS (
  SELECT symbol, date_trunc('day', ts) AS day, sum(usd) AS usd FROM owned_trades WHERE kind = 'normal' GROUP BY ALL
),
partner AS (
  SELECT owner_id, symbol, day, max(usd) AS usd
  FROM (
    SELECT owner_id, symbol, day, other, sum(usd) AS usd
    FROM owner_sides
    WHERE other = owner_id OR other IS NOT NULL AND coalesce(other_type, 'retail') = 'retail'
    GROUP BY ALL
    HAVING count(DISTINCT date_trunc('minute', ts)) >= $min_meetings
  )
  GROUP BY owner_id, symbol, day
)
SELECT s.owner_id, s.symbol, s.day, sum(s.usd) AS turnover_usd,
       sum(s.usd) / nullif(max(m.usd), 0) AS market_share,
       max(p.usd) / nullif(sum(s.usd), 0) AS partner_part,
       CASE WHEN bool_and(coalesce(s.type = 'mm', false)) THEN 'mm'
            WHEN bool_and(coalesce(s.type = 'broker_omnibus', false)) THEN 'broker_omnibus'
            WHEN bool_and(coalesce(s.type IN ('internal', 'liquidator'), false)) THEN 'house' ELSE 'client' END AS role
FROM owner_sides s
JOIN market m ON m.symbol = s.symbol AND m.day = s.day
LEFT JOIN partner p ON p.owner_id = s.owner_id AND p.symbol = s.symbol AND p.day = s.day
GROUP BY s.owner_id, s.symbol, s.day
HAVING sum(s.usd) >= $thin_usd
;

-- signals of "How it looks"
WITH busy AS (
  SELECT owner_id, symbol, day, count(*) AS prints
  FROM owner_sides
  GROUP BY ALL
  HAVING count(*) >= $min_prints AND sum(usd) >= $thin_usd
),
label AS (
  SELECT symbol, date_trunc('day', ts) AS day, unnest(['q' || CAST(qty AS VARCHAR), 'u' || CAST(CAST(usd AS DECIMAL(38, 2)) AS VARCHAR),
           'd' || regexp_extract(CAST(qty AS VARCHAR), '[1-9]')]) AS size
  FROM owned_trades
  WHERE kind = 'normal'
),
own_label AS (
  SELECT s.owner_id, s.symbol, s.day, unnest(['q' || CAST(s.qty AS VARCHAR), 'u' || CAST(CAST(s.usd AS DECIMAL(38, 2)) AS VARCHAR),
           'd' || regexp_extract(CAST(s.qty AS VARCHAR), '[1-9]'), 's' || CAST(extract('second' FROM s.ts) AS VARCHAR)]) AS size
  FROM owner_sides s
  SEMI JOIN busy b ON b.owner_id = s.owner_id AND b.symbol = s.symbol
),
market AS (
  SELECT symbol, day, size, count(*) AS prints FROM label WHERE size IS NOT NULL GROUP BY ALL
),
own AS (
  SELECT owner_id, symbol, day, size, count(*) AS prints FROM own_label WHERE size IS NOT NULL GROUP BY ALL
),
-- All prints of the days that count, and those of the owner among them.
span AS (
  SELECT b.owner_id, b.symbol, b.day, m.size, sum(m.prints) AS prints, sum(m.prints) FILTER (m.day = b.day) AS today
  FROM busy b
  JOIN market m ON m.symbol = b.symbol AND m.day <= b.day AND m.day >= b.day - INTERVAL ($past_days) DAY
  GROUP BY ALL
),
mine AS (
  SELECT b.owner_id, b.symbol, b.day, o.size, sum(o.prints) AS prints, sum(o.prints) FILTER (o.day = b.day) AS today
  FROM busy b
  JOIN own o ON o.owner_id = b.owner_id AND o.symbol = b.symbol AND o.day <= b.day AND o.day >= b.day - INTERVAL ($past_days) DAY
  GROUP BY ALL
),
compared AS (
  SELECT s.owner_id, s.symbol, s.day, s.size, coalesce(s.today, 0) AS today, coalesce(m.today, 0) AS my_today,
         s.prints - coalesce(m.prints, 0) AS others
  FROM span s
  LEFT JOIN mine m ON m.owner_id = s.owner_id AND m.symbol = s.symbol AND m.day = s.day AND m.size = s.size
),
total AS (
  -- Every print has one value in USD, so these are the numbers of prints.
  SELECT owner_id, symbol, day, sum(today) AS today, sum(others) AS others FROM compared WHERE starts_with(size, 'u') GROUP BY ALL
),
clip AS (
  SELECT c.owner_id, c.symbol, c.day, c.my_today / nullif(t.today, 0) AS share,
         c.my_today / nullif(t.today, 0) / greatest(coalesce(c.others / nullif(t.others, 0), 0), 0.01) AS lift
  FROM compared c
  JOIN total t ON t.owner_id = c.owner_id AND t.symbol = c.symbol AND t.day = c.day
  WHERE starts_with(c.size, 'q') OR starts_with(c.size, 'u')
  QUALIFY row_number() OVER (PARTITION BY c.owner_id, c.symbol, c.day ORDER BY c.my_today DESC, c.others, c.size) = 1
),
digit AS (
  SELECT c.owner_id, c.symbol, c.day,
         CASE WHEN max(t.others) >= $min_prints
              THEN sum(round(abs(c.today / nullif(t.today, 0) - c.others / nullif(t.others, 0)), 9)) / 9 END AS shift
  FROM compared c
  JOIN total t ON t.owner_id = c.owner_id AND t.symbol = c.symbol AND t.day = c.day
  WHERE starts_with(c.size, 'd')
  GROUP BY ALL
),
beat AS (
  SELECT owner_id, symbol, day, max(today) AS prints FROM mine WHERE starts_with(size, 's') GROUP BY ALL
),
hourly AS (
  SELECT s.owner_id, s.symbol, s.day, extract('hour' FROM s.ts) AS hour, TRY_CAST(sum(s.usd) AS DECIMAL(18, 2)) AS usd
  FROM owner_sides s
  SEMI JOIN busy b ON b.owner_id = s.owner_id AND b.symbol = s.symbol AND b.day = s.day
  GROUP BY ALL
),
pace AS (
  SELECT owner_id, symbol, day, max(hour) - min(hour) + 1 AS hours, sum(usd) AS usd, sum(usd * usd) AS squares FROM hourly GROUP BY ALL
)
SELECT b.owner_id, b.symbol, b.day, c.share AS clip_share, c.lift AS clip_lift, k.prints / b.prints AS beat_part,
       CASE WHEN p.hours >= 4 THEN sqrt(greatest(p.hours * p.squares / nullif(p.usd * p.usd, 0) - 1, 0)) END AS unsteady,
       d.shift AS digit_shift
FROM busy b
JOIN clip c ON c.owner_id = b.owner_id AND c.symbol = b.symbol AND c.day = b.day
JOIN beat k ON k.owner_id = b.owner_id AND k.symbol = b.symbol AND k.day = b.day
JOIN pace p ON p.owner_id = b.owner_id AND p.symbol = b.symbol AND p.day = b.day
LEFT JOIN digit d ON d.owner_id = b.owner_id AND d.symbol = b.symbol AND d.day = b.day
;

-- signals of "What came of it"
WITH today AS (
  SELECT owner_id, symbol, day, sum(usd) AS usd FROM owner_sides GROUP BY ALL HAVING sum(usd) >= $thin_usd
),
daily AS (
  SELECT owner_id, symbol, day, sum(usd) AS usd,
         sum(CASE side WHEN 'both' THEN 2 * qty ELSE qty END) AS turned,
         coalesce(sum(CASE side WHEN 'buy' THEN qty WHEN 'sell' THEN -qty ELSE 0 END), 0) AS net
  FROM owner_sides
  GROUP BY owner_id, symbol, day
),
span AS (
  SELECT t.owner_id, t.symbol, t.day, t.usd, s.older, s.newer,
         sum(d.usd) AS traded, 1 - abs(sum(d.net)) / nullif(sum(d.turned), 0) AS part
  FROM today t
  CROSS JOIN (VALUES (0, 6), (7, 13), (0, 13)) s(newer, older)
  JOIN daily d ON d.owner_id = t.owner_id AND d.symbol = t.symbol
              AND d.day <= t.day - to_days(s.newer) AND d.day >= t.day - to_days(s.older)
  GROUP BY ALL
),
paid AS (
  -- Each side's fee, positive or negative; DISTINCT drops replayed prints.
  SELECT f.day, coalesce(o.owner_id, f.account_id) AS owner_id, greatest(f.usd, 0) AS cost, greatest(-f.usd, 0) AS gain
  FROM (
    SELECT DISTINCT trade_id, symbol, ts, date_trunc('day', ts) AS day, buy_account_id AS account_id, buy_fee_usd AS usd, 'buy' AS side FROM trades
    UNION ALL
    SELECT DISTINCT trade_id, symbol, ts, date_trunc('day', ts), sell_account_id, sell_fee_usd, 'sell' FROM trades
  ) f
  ASOF LEFT JOIN account_owners o ON o.account_id = f.account_id AND o.since <= f.ts
  WHERE f.usd IS NOT NULL AND f.account_id IS NOT NULL
  UNION ALL
  SELECT date_trunc('day', r.ts), coalesce(o.owner_id, r.account_id), 0, greatest(r.usd, 0)
  FROM (SELECT DISTINCT account_id, ts, campaign_id, kind, usd FROM rewards WHERE kind <> 'referral' AND usd IS NOT NULL) r
  ASOF LEFT JOIN account_owners o ON o.account_id = r.account_id AND o.since <= r.ts
),
purse AS (
  SELECT t.owner_id, t.day, sum(p.cost) AS cost, sum(p.gain) AS gain
  FROM (SELECT DISTINCT owner_id, day FROM today) t
  JOIN paid p ON p.owner_id = t.owner_id AND p.day <= t.day AND p.day > t.day - INTERVAL ($reward_days) DAY
  GROUP BY ALL
)
SELECT s.owner_id, s.symbol, s.day,
       max(coalesce(s.part, 1)) FILTER (s.traded >= s.usd) AS flat_part,
       max(CASE WHEN p.gain > 0 THEN least(p.gain / greatest(p.cost, p.gain / 10), 10) WHEN p.gain = 0 THEN 0 END) AS paid_back
FROM span s
LEFT JOIN purse p ON p.owner_id = s.owner_id AND p.day = s.day
GROUP BY s.owner_id, s.symbol, s.day
;
