import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { makeFolder } from '../support/folder.ts';
import { green } from '../support/sop.ts';

/** One decision a symbol and minute with its evidence. It wants an hour of trades before, and takes a minute to settle. */
export const moves = `---
id: moves
title: Crowds
version: 1.0.0
status: draft
owner: trading-risk
review_by: 2027-05-01
summary: Decide whether a crowd of buys is odd. Use in tests.
kind: patrol
techniques: [WT-01]
markets: [spot]
subject: [symbol, minute]
at: minute
settle: 1m
alert: {from: investigate, by: [symbol], quiet: 10m}
---

# Crowds

## Purpose
Tests.

## Parameters

| Parameter | Type    | Value | Unit  | Range | Meaning               |
|-----------|---------|------:|-------|-------|-----------------------|
| \`many\`    | integer |     3 | buys  | >= 2  | fewer are no crowd    |
| \`history\` | integer |     1 | hours | >= 1  | trades before the buy |

## Requires

| Table  | Columns           | Covers            | Fresh within | Team       |
|--------|-------------------|-------------------|--------------|------------|
| trades | taker_side, price | history before at | 10m          | compliance |

## Signals

### Buys

| Signal   | Type    | Range | Missing |
|----------|---------|-------|---------|
| \`buys\`   | integer | >= 0  | 0       |
| \`worth\`  | decimal | –     | null    |
| \`middle\` | number  | >= 0 step 0.001 | null    |
| \`spread\` | number  | >= 0 step 0.001 | null    |

\`\`\`sql
SELECT symbol, date_trunc('minute', ts) AS minute, count(*) FILTER (taker_side = 'buy') AS buys,
       sum(notional_usd) AS worth, avg(price) AS middle, stddev_samp(price) AS spread
FROM trades GROUP BY ALL
\`\`\`

\`\`\`sql evidence
SELECT symbol, time_bucket(INTERVAL 1 MINUTE, ts) AS minute, 'trades' AS source_table, trade_id AS row_id,
       ts AS ts, 'at ' || price AS note
FROM trades WHERE taker_side = 'buy'
\`\`\`

## Decision

| F    | buys    | → disposition | → severity |
|------|---------|---------------|------------|
| R1   | >= 100  | escalate      | critical   |
| R2   | >= many | investigate   | medium     |
| else | -       | dismiss       | info       |

## Procedure
1. **Look.** The agent MUST look.

## Escalation
| Severity | Team         | Within |
|----------|--------------|--------|
| critical | compliance   | 1h     |
| medium   | trading-risk | 1h     |

## Benign explanations
| Explanation | Evidence that confirms it | Then    |
|-------------|---------------------------|---------|
| News        | a link                    | dismiss |
`;

/** Reads a table that \`moves\` doesn't, and requires nothing. */
export const accountsOnly = moves
  .replace('id: moves', 'id: holders')
  .replace(/## Requires[\s\S]*?(?=## Signals)/, '')
  .replace(/\n```sql evidence\n[\s\S]*?```\n/, '')
  .replace(/\| `worth`[\s\S]*?(?=\n```sql)/, '')
  .replace(/SELECT symbol[\s\S]*?GROUP BY ALL/, "SELECT 'A' AS symbol, created_ts AS minute, 5 AS buys FROM accounts");

export interface Trade {
  readonly trade_id: string;
  readonly symbol: string;
  readonly ts: string;
  readonly taker_side: string;
  readonly price: string;
  readonly notional_usd: string;
}

/**
 * Buys a minute: A 08:00 1, 10:00 3 (R2), 10:05 4 (joins), 10:20 2 (nothing); B 09:40 1, 10:10 3 (only 30 minutes of trades
 * before); C 08:30 1, 10:15 250 (R1); A 10:30 3 (not settled: the newest row is of 10:30:02).
 */
const buys: readonly (readonly [symbol: string, time: string, count: number])[] = [
  ['A', '08:00', 1],
  ['C', '08:30', 1],
  ['B', '09:40', 1],
  ['A', '10:00', 3],
  ['A', '10:05', 4],
  ['B', '10:10', 3],
  ['C', '10:15', 250],
  ['A', '10:20', 2],
  ['A', '10:30', 3],
];

/** Prices whose sum depends on the order in which floating-point numbers are added. */
export const trades: readonly Trade[] = buys.flatMap(([symbol, time, count], at) =>
  Array.from({ length: count }, (_, n) => ({
    trade_id: `t${at}-${String(n).padStart(3, '0')}`,
    symbol,
    ts: `2026-01-05 ${time}:${String(n % 60).padStart(2, '0')}`,
    taker_side: 'buy',
    price: ((n % 7) / 10 + (n % 3) * 1e6 + 0.00000003 * n + 0.1).toFixed(8),
    notional_usd: (10.1 + n / 10).toFixed(2),
  })),
);

const columns = ['trade_id', 'symbol', 'ts', 'taker_side', 'price', 'notional_usd'] as const;

export function csvOf(rows: readonly Trade[], names: readonly (keyof Trade)[] = columns): string {
  return `${[names.join(','), ...rows.map((row) => names.map((name) => row[name]).join(','))].join('\n')}\n`;
}

/** A project with the SOP `moves`, and its trades in every kind of file. */
export async function makeMoves(more: Readonly<Record<string, string>> = {}): Promise<string> {
  const root = await makeFolder({
    'sops/desk.yaml': green.desk,
    'sops/taxonomy.yaml': green.taxonomy,
    'sops/moves/SOP.md': moves,
    'trades.csv': csvOf(trades),
    'trades.jsonl': trades.map((row) => `${JSON.stringify(row)}\n`).join(''),
    ...more,
  });
  await writeTrades(root, 'trades.parquet', 'trades.csv');
  return root;
}

/** The trades of a CSV file as Parquet, or as a table of a DuckDB file, with prices as DOUBLE. */
export async function writeTrades(root: string, file: string, csv: string): Promise<void> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const rows = `SELECT * REPLACE (ts::TIMESTAMP AS ts, price::DOUBLE AS price, notional_usd::DOUBLE AS notional_usd) FROM read_csv('${join(root, csv)}', all_varchar=true)`;
  if (file.endsWith('.parquet')) await connection.run(`COPY (${rows}) TO '${join(root, file)}' (FORMAT parquet)`);
  else {
    await connection.run(`ATTACH '${join(root, file)}' AS desk`);
    await connection.run(`CREATE TABLE desk.trades AS ${rows}`);
    await connection.run('DETACH desk');
  }
  connection.closeSync();
}

/** The rows of a file, as JSON text, in its order. */
export async function rowsOf(path: string): Promise<unknown[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const read = await connection.runAndReadAll(`SELECT to_json(t)::VARCHAR FROM '${path}' AS t`);
  connection.closeSync();
  return read.getRows().map(([text]) => JSON.parse(String(text)) as unknown);
}
