/*
title: Owners who hand a position on to one another, one row an account of such a ring
parameters:
  tie_part: {type: decimal, value: 0.2, unit: ratio, range: "(0..1]", meaning: "two are tied where this part of what one sold, and of what the other bought, is between them"}
  badge_part: {type: decimal, value: 0.5, unit: ratio, range: "(0..1]", meaning: "the same for the side of a market maker, a broker or the house, who meet everybody"}
  tie_meetings: {type: integer, value: 2, unit: minutes, range: ">= 1", meaning: "strangers are tied only if they met so often; owners who share something are tied by any trade"}
  tie_usd: {type: decimal, value: 2500, unit: USD, range: ">= 0", meaning: smaller ties are left out}
columns:
  ring_id: {type: text, meaning: the smallest owner of the ring}
  symbol: text
  span: {type: text, meaning: "hour, day or week: how long the window is"}
  ts: {type: timestamp, meaning: "end of the window; the end itself is outside"}
  owner_id: text
  account_id: text
  star: {type: boolean, meaning: "every tie of the ring has a market maker, a broker or the house on one side"}
key: [ring_id, symbol, span, ts, account_id]
*/
WITH RECURSIVE near AS (
  -- Both shares must be large. So strangers have at most five ties each way, and a hub, who meets everybody a little, has none.
  -- Among people who trade once or twice a day everybody gave somebody a fifth. So they must have met again.
  SELECT symbol, span, ts, seller, buyer, seller_badge OR buyer_badge AS badge,
         meetings >= $tie_meetings
           AND usd >= sold_usd * (CASE WHEN seller_badge THEN $badge_part ELSE $tie_part END)
           AND usd >= bought_usd * (CASE WHEN buyer_badge THEN $badge_part ELSE $tie_part END) AS close
  FROM traded_pairs
  WHERE seller <> buyer AND usd >= $tie_usd
),
linked AS (
  SELECT DISTINCT n.symbol, n.span, n.ts, n.seller, n.buyer
  FROM near n
  JOIN shared_traits a ON a.owner_id = n.seller
  JOIN shared_traits b ON b.owner_id = n.buyer AND b.kind = a.kind AND b.value = a.value
  WHERE NOT n.close AND coalesce(a.hub_since >= n.ts, true)
    AND coalesce(a.ts < n.ts, true) AND coalesce(b.ts < n.ts, true)
),
tie AS (
  SELECT symbol, span, ts, seller, buyer, badge FROM near WHERE close
  UNION ALL
  SELECT n.symbol, n.span, n.ts, n.seller, n.buyer, n.badge
  FROM near n
  JOIN linked l ON l.symbol = n.symbol AND l.span = n.span AND l.ts = n.ts AND l.seller = n.seller AND l.buyer = n.buyer
),
hand AS (
  -- Whoever took the position over and handed it on. Who only bought, or only sold, is a customer or an end of a chain.
  SELECT symbol, span, ts, seller AS owner_id FROM tie
  INTERSECT
  SELECT symbol, span, ts, buyer FROM tie
),
inner_tie AS (
  SELECT t.*
  FROM tie t
  SEMI JOIN hand s ON s.symbol = t.symbol AND s.span = t.span AND s.ts = t.ts AND s.owner_id = t.seller
  SEMI JOIN hand b ON b.symbol = t.symbol AND b.span = t.span AND b.ts = t.ts AND b.owner_id = t.buyer
),
edge AS (
  SELECT symbol, span, ts, seller AS a, buyer AS b FROM inner_tie
  UNION
  SELECT symbol, span, ts, buyer, seller FROM inner_tie
),
ring(symbol, span, ts, owner_id, root) USING KEY (symbol, span, ts, owner_id) AS (
  SELECT symbol, span, ts, a, least(a, min(b)) FROM edge GROUP BY symbol, span, ts, a
  UNION
  -- Smaller names travel along ties, and along names already found: long chains close in few rounds.
  SELECT n.symbol, n.span, n.ts, n.owner_id, min(n.root)
  FROM (
    SELECT e.symbol, e.span, e.ts, e.a AS owner_id, r.root
    FROM edge e JOIN ring r ON r.symbol = e.symbol AND r.span = e.span AND r.ts = e.ts AND r.owner_id = e.b
    UNION ALL
    SELECT c.symbol, c.span, c.ts, c.owner_id, r.root
    FROM recurring.ring c
    JOIN recurring.ring r ON r.symbol = c.symbol AND r.span = c.span AND r.ts = c.ts AND r.owner_id = c.root
  ) n
  JOIN recurring.ring mine ON mine.symbol = n.symbol AND mine.span = n.span AND mine.ts = n.ts AND mine.owner_id = n.owner_id
  WHERE n.root < mine.root
  GROUP BY n.symbol, n.span, n.ts, n.owner_id
),
spoke AS (
  SELECT r.root, t.symbol, t.span, t.ts, bool_and(t.badge) AS star
  FROM inner_tie t
  JOIN ring r ON r.symbol = t.symbol AND r.span = t.span AND r.ts = t.ts AND r.owner_id = t.seller
  GROUP BY ALL
),
held AS (
  SELECT DISTINCT symbol, day, owner_id, account_id
  FROM (
    SELECT symbol, date_trunc('day', ts) AS day, seller AS owner_id, sell_account_id AS account_id FROM owned_trades
    UNION ALL
    SELECT symbol, date_trunc('day', ts), buyer, buy_account_id FROM owned_trades
  )
  WHERE account_id IS NOT NULL
)
SELECT DISTINCT r.root AS ring_id, r.symbol, r.span, r.ts, r.owner_id, h.account_id, s.star
FROM ring r
JOIN spoke s ON s.root = r.root AND s.symbol = r.symbol AND s.span = r.span AND s.ts = r.ts
JOIN held h ON h.symbol = r.symbol AND h.owner_id = r.owner_id
           AND h.day < r.ts AND h.day >= date_trunc('day', r.ts - CASE r.span WHEN 'week' THEN INTERVAL 7 DAY WHEN 'day' THEN INTERVAL 1 DAY ELSE INTERVAL 1 HOUR END)
