import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dice } from './generate.ts';

/** SOPs of this many cases each. */
const casesEach = 50;
const minute = 60_000;
const start = Date.UTC(2026, 10, 2, 10);

/**
 * Writes a library of cases with market data: wash trading of one account with itself among honest trades, in every other case too
 * little of it to be noticed. All of them pass.
 */
export function generateCases(root: string, count: number, seed: number): void {
  const random = dice(seed);
  for (let number = 0; number < count; number++) {
    const sop = `self-trades-${String(Math.floor(number / casesEach) + 1).padStart(3, '0')}`;
    const folder = join(root, 'sops', sop);
    if (number % casesEach === 0) {
      mkdirSync(join(folder, 'cases'), { recursive: true });
      writeFileSync(join(folder, 'SOP.md'), sopText(sop, 3 + (Math.floor(number / casesEach) % 5)));
    }
    writeFileSync(
      join(folder, 'cases', `case-${number}.yaml`),
      caseText(`case-${number}`, sop, number % 2 === 0, random),
    );
  }
}

function caseText(name: string, sop: string, isAttack: boolean, random: ReturnType<typeof dice>): string {
  const symbol = random.of(['BTC-USDT', 'ETH-USDT', 'SOL-USDT', 'ABC-USDT']);
  const rows = Array.from({ length: 30 }, (_, index) => {
    const time = new Date(start + index * minute + random.next(50) * 1000).toISOString().slice(0, 19);
    const [buyer, seller] =
      index % 3 === 0
        ? [`m${random.next(5)}`, `n${random.next(5)}`]
        : ['a1', isAttack || index % 15 === 1 ? 'a1' : `n${random.next(9)}`];
    const price = (100 + random.next(200) / 100).toFixed(2);
    const qty = (1 + random.next(900) / 100).toFixed(2);
    return `    - {trade_id: t${index}, symbol: ${symbol}, ts: ${time}, price: ${price}, qty: ${qty}, notional_usd: ${(Number(price) * Number(qty)).toFixed(2)}, buy_account_id: ${buyer}, sell_account_id: ${seller}}`;
  });
  const expected = isAttack ? 'disposition: escalate, severity: high, rule: R1' : 'disposition: dismiss';
  return `case: ${name}
title: Case ${name}
technique: WT-01
market: spot
kind: ${isAttack ? 'attack' : 'benign'}
source: made up
only: [${sop}]
given:
  trades:
${rows.join('\n')}
expect:
  - {account_id: a1, symbol: ${symbol}, ts: 2026-11-02T10:00:00, ${expected}}
${isAttack ? 'others: escalate\n' : ''}`;
}

function sopText(id: string, least: number): string {
  return `---
id: ${id}
title: Trades of an account with itself
version: 1.0.0
status: draft
owner: trading-risk
effective: 2026-11-01
review_by: 2099-05-01
summary: Decide from trades whether an account trades with itself. Use on a symbol whose volume has no reason.
kind: patrol
techniques: [WT-01]
markets: [spot]
subject: [account_id, symbol, ts]
at: ts
settle: 15m
lookback: 1d
alert: {from: investigate, by: [account_id], quiet: 1h}
---

# Trades of an account with itself

## Purpose
Decides, for one account and one symbol in a quarter of an hour, whether its trades are with itself.

## Parameters
| Parameter    | Type    | Value | Unit   | Range    | Meaning                       |
|--------------|---------|------:|--------|----------|-------------------------------|
| \`window\`     | integer |    15 | minute | [1..60]  | length of a window            |
| \`memory\`     | integer |     8 | windows | [1..96] | windows before that are compared |
| \`min_trades\` | integer |     ${least} | trades | [1..500] | fewer say nothing             |

## Requires
| Table  | Columns                       | Covers | Fresh within |
|--------|-------------------------------|--------|--------------|
| trades | buy_account_id, sell_account_id | –    | 30m          |

## Signals

### Self-trades
Both sides of a trade count; a trade with itself counts once.

| Signal        | Type    | Unit   | Range               | Missing | Meaning                                |
|---------------|---------|--------|---------------------|---------|----------------------------------------|
| \`trades\`      | integer | trades | >= 0                | 0       | trades of the account in the window    |
| \`self_share\`  | number  | ratio  | [0..1] step 0.0001  | 0       | value with itself ÷ value of all       |
| \`times_usual\` | number  | ratio  | >= 0 step 0.01      | null    | value against the mean of windows before |

\`\`\`sql
WITH side AS (
  SELECT buy_account_id AS account_id, symbol, ts, notional_usd AS usd, buy_account_id = sell_account_id AS itself FROM trades
  UNION ALL
  SELECT sell_account_id, symbol, ts, notional_usd, false FROM trades WHERE buy_account_id <> sell_account_id
),
windows AS (
  SELECT account_id, symbol, time_bucket(INTERVAL ($window) MINUTE, ts) AS ts, count(*) AS trades, sum(usd) AS usd,
         coalesce(sum(usd) FILTER (itself), 0) AS itself
  FROM side
  WHERE account_id IS NOT NULL
  GROUP BY ALL
),
compared AS (
  SELECT *, count(*) OVER before AS known, sum(usd) OVER before AS usd_before
  FROM windows
  WINDOW before AS (PARTITION BY account_id, symbol ORDER BY ts
                    RANGE BETWEEN INTERVAL ($window * $memory) MINUTE PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING)
)
SELECT account_id, symbol, ts, trades, CAST(itself AS DOUBLE) / nullif(CAST(usd AS DOUBLE), 0) AS self_share,
       CASE WHEN known >= 1 THEN CAST(usd AS DOUBLE) / nullif(CAST(usd_before AS DOUBLE) / known, 0) END AS times_usual
FROM compared
\`\`\`

## Decision
| F    | trades        | self_share | times_usual | → disposition | → severity | Why                                  |
|------|---------------|------------|-------------|---------------|------------|--------------------------------------|
| R1   | >= min_trades | >= 0.5     | -           | escalate      | high       | most of its trades are with itself   |
| R2   | >= min_trades | [0.3..0.5) | >= 3        | investigate   | medium     | too many for chance, and many at once |
| else | -             | -          | -           | dismiss       | info       | few trades, or nearly all with others |

## Procedure
1. **Say what was seen.** The agent MUST state the account, the symbol, the window and every signal.
2. **Decide.** (human) A risk manager MUST confirm or overrule the disposition in writing.

## Escalation
| Severity | Team         | Within | Report |
|----------|--------------|--------|--------|
| high     | trading-risk | 1h     | –      |
| medium   | trading-risk | 1d     | –      |

## Benign explanations
| Explanation | Evidence that confirms it | Then |
|---|---|---|
| Two desks of one firm meet in the book | both orders were sent long before the trade | dismiss |
`;
}
