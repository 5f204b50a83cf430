import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { makeFolder } from '../support/folder.ts';
import { greenFiles } from '../support/sop.ts';

/** One decision a symbol and minute: a burst of small buys is an alert. */
export const burst = `---
id: burst
title: Bursts
version: 1.0.0
status: draft
owner: trading-risk
review_by: 2027-05-01
summary: Decide whether a burst of buys is odd. Use in tests.
kind: patrol
techniques: [WT-01]
markets: [spot]
subject: [symbol, minute]
at: minute
settle: 1m
alert: {from: investigate, by: [symbol], quiet: 10m}
---

# Bursts

## Purpose
Tests.

## Signals

### Buys

| Signal  | Type    | Range | Missing |
|---------|---------|-------|---------|
| \`buys\`  | integer | >= 0  | 0       |
| \`worth\` | decimal | –     | null    |

\`\`\`sql
SELECT symbol, date_trunc('minute', ts) AS minute, count(*) AS buys, sum(notional_usd) AS worth
FROM trades WHERE taker_side = 'buy' GROUP BY ALL
\`\`\`

### Known

| Signal  | Type    | Range | Missing |
|---------|---------|-------|---------|
| \`listed\` | boolean | –    | null    |

\`\`\`sql
SELECT symbol, bool_or(type = 'perp') AS listed FROM instruments GROUP BY symbol
\`\`\`

## Decision

| F    | buys | → disposition | → severity |
|------|------|---------------|------------|
| R1   | >= 3 | escalate      | high       |
| R2   | 2    | investigate   | low        |
| else | -    | dismiss       | info       |

## Procedure
1. **Look.** The agent MUST look.

## Escalation
| Severity | Team         | Within |
|----------|--------------|--------|
| high     | trading-risk | 1h     |

## Benign explanations
| Explanation | Evidence that confirms it | Then    |
|-------------|---------------------------|---------|
| News        | a link                    | dismiss |
`;

/** Buys a minute; a sale at the end, without which the last minute would not be over: A at 10:00 3, 10:05 2 (joins), 10:11 2 (opens again), 12:00 1; B at 10:00 4, 20:00 2. */
const buys: [symbol: string, time: string, count: number][] = [
  ['A', '10:00', 3],
  ['A', '10:05', 2],
  ['A', '10:11', 2],
  ['A', '12:00', 1],
  ['B', '10:00', 4],
  ['B', '20:00', 2],
];
const bought = buys.flatMap(([symbol, time, count], at) =>
  Array.from({ length: count }, (_, n) => ({
    symbol,
    ts: `2026-01-05 ${time}:${String(n).padStart(2, '0')}`,
    taker_side: 'buy',
    notional_usd: '10.5',
    trade_id: `t${at}-${n}`,
  })),
);
const sold = { symbol: 'B', ts: '2026-01-05 20:01:30', taker_side: 'sell', notional_usd: '10.5', trade_id: 'last' };
const trades = [...bought, sold];

/**
 * Labels: A 10:02 (found by 10:00), A 12:01 (missed: one buy), B 10:03 (found), C 09:00 (missed: nothing). Alerts: A 10:00,
 * A 10:11, B 10:00, B 20:00. So 2 of 4 alerts are right and 2 of 4 labels are found; within 1 h of a label 2 of 3 are right.
 */
const labels =
  'event,symbol,happened\n1,A,2026-01-05 10:02:00\n2,A,2026-01-05T12:01:00Z\n3,B,2026-01-05 12:03:00+02:00\n4,C,2026-01-05 09:00:00\n';

const columns = ['symbol', 'ts', 'taker_side', 'notional_usd', 'trade_id'] as const;
const csvOf = (names: readonly (typeof columns)[number][], rows = trades) =>
  `${names.join(',')}\n${rows.map((row) => names.map((name) => row[name]).join(',')).join('\n')}\n`;

/** A project with the SOP `burst`, and its trades in every kind of file. */
export async function makeBurst(): Promise<string> {
  const root = await makeFolder({
    ...greenFiles(),
    'sops/burst/SOP.md': burst,
    'trades.csv': csvOf(columns),
    'semicolons.csv': csvOf(columns).replaceAll(',', ';').replaceAll('\n', '\r\n'),
    'first.csv': csvOf(columns, trades.slice(0, 5)),
    'second.csv': csvOf(columns, trades.slice(5)),
    'trades.json': JSON.stringify(trades),
    'trades.ndjson': trades.map((row) => JSON.stringify(row)).join('\n'),
    'no-side.csv': csvOf(['symbol', 'ts', 'notional_usd', 'trade_id']),
    'no-worth.csv': csvOf(['symbol', 'ts', 'taker_side', 'trade_id']),
    'instruments.csv': 'symbol,type\nA,perp\nB,spot\n',
    'labels.csv': labels,
    'no-time.csv': 'symbol,happened\nA,soon\n',
    'fake.parquet': 'symbol,ts\n',
  });
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(
    `COPY (SELECT symbol, ts::TIMESTAMP AS ts, taker_side, notional_usd::DECIMAL(18,2) AS notional_usd, trade_id FROM '${join(root, 'trades.csv')}') TO '${join(root, 'trades.parquet')}' (FORMAT parquet)`,
  );
  connection.closeSync();
  return root;
}
