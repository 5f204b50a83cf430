import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, test } from 'vitest';
import { filesIn, makeFolder } from '../support/folder.ts';
import { expectPlain, greenFiles, type Ran, sop, today } from '../support/sop.ts';

/** One decision a symbol and minute: a burst of small buys is an alert. */
const burst = `---
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
SELECT symbol, date_trunc('minute', ts) AS minute, count(*) FILTER (taker_side = 'buy') AS buys, sum(notional_usd) AS worth
FROM trades GROUP BY ALL
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

/** Buys a minute: A at 10:00 3, 10:05 2 (joins), 10:11 2 (opens again), 12:00 1; B at 10:00 4, 20:00 2. */
const buys: [symbol: string, time: string, count: number][] = [['A', '10:00', 3], ['A', '10:05', 2], ['A', '10:11', 2], ['A', '12:00', 1], ['B', '10:00', 4], ['B', '20:00', 2]];
const trades = buys.flatMap(([symbol, time, count], at) => Array.from({ length: count }, (_, n) => ({ symbol, ts: `2026-01-05 ${time}:${String(n).padStart(2, '0')}`, taker_side: 'buy', notional_usd: '10.5', trade_id: `t${at}-${n}` })));

/**
 * Labels: A 10:02 (found by 10:00), A 12:01 (missed: one buy), B 10:03 (found), C 09:00 (missed: nothing). Alerts: A 10:00,
 * A 10:11, B 10:00, B 20:00. So 2 of 4 alerts are right and 2 of 4 labels are found; within 1 h of a label 2 of 3 are right.
 */
const labels = 'event,symbol,happened\n1,A,2026-01-05 10:02:00\n2,A,2026-01-05T12:01:00Z\n3,B,2026-01-05 12:03:00+02:00\n4,C,2026-01-05 09:00:00\n';

let root: string;
const columns = ['symbol', 'ts', 'taker_side', 'notional_usd', 'trade_id'] as const;
const csvOf = (names: readonly (typeof columns)[number][], rows = trades) => `${names.join(',')}\n${rows.map((row) => names.map((name) => row[name]).join(',')).join('\n')}\n`;

beforeAll(async () => {
  root = await makeFolder({
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
  await connection.run(`COPY (SELECT symbol, ts::TIMESTAMP AS ts, taker_side, notional_usd::DECIMAL(18,2) AS notional_usd, trade_id FROM '${join(root, 'trades.csv')}') TO '${join(root, 'trades.parquet')}' (FORMAT parquet)`);
  connection.closeSync();
});

const against = (files: readonly string[], ...more: string[]): Promise<Ran> =>
  sop(root, ['backtest', 'burst', ...files.flatMap((file) => ['--table', file]), '--labels', 'labels.csv', '--match', 'happened', '--within', '3m', '--as-of', today, ...more]);
const whole = ['trades=trades.csv', 'instruments=instruments.csv'];
const json = (ran: Ran) => JSON.parse(ran.stdout) as Record<string, unknown> & { near: Record<string, unknown>; missed: { row: number; symbol: string; closest: { why: string } | null }[]; false_alarms: { subject: Record<string, string> }[] };

const expected = { sop: 'burst', rows: 6, alerts: 4, labels: 4, true_positives: 2, false_positives: 2, misses: 2, precision: 0.5, recall: 0.5, f1: 0.5, invalid: 0, undecided: 0, unavailable: [] };

describe('known counts, from any kind of file', () => {
  test.each([[['trades=trades.csv']], [['trades=trades.parquet']], [['trades=trades.json']], [['trades=trades.ndjson']], [['trades=semicolons.csv']], [['trades=first.csv', 'trades=second.csv']]])('%j', async (files) => {
    const ran = await against([...files, 'instruments=instruments.csv'], '--near', '1h', '--format', 'json');
    expect(ran.status, ran.stderr).toBe(0);
    expect(json(ran)).toMatchObject(expected);
    expect(json(ran).near).toMatchObject({ within: 3600, alerts: 3, labels: 4, true_positives: 2, false_positives: 1, misses: 2, precision: 2 / 3, recall: 0.5 });
  });
  test('what was missed says why, what was raised says where', async () => {
    const result = json(await against(whole, '--format', 'json'));
    expect(result.missed.map(({ row, symbol, closest }) => [row, symbol, closest?.why ?? null])).toEqual([[2, 'A', expect.stringContaining('is 1, and R')], [4, 'C', null]]);
    expect(result.false_alarms.map(({ subject }) => subject)).toEqual([{ symbol: 'A', minute: '2026-01-05T10:11:00Z' }, { symbol: 'B', minute: '2026-01-05T20:00:00Z' }]);
  });
  test('--from a higher disposition', async () => {
    expect(json(await against(whole, '--from', 'escalate', '--format', 'json'))).toMatchObject({ alerts: 2, true_positives: 2, false_positives: 0, precision: 1, recall: 0.5 });
  });
  test('the same seed, the same bytes', async () => {
    expect(await against(whole, '--near', '1h')).toEqual(await against(whole, '--near', '1h', '--seed', '1'));
  });
});

describe('data that is not there', () => {
  test('a column that a signal needs: undecided, named, never dismissed', async () => {
    const ran = await against(['trades=no-side.csv', 'instruments=instruments.csv'], '--format', 'json');
    expect(ran.status).toBe(1);
    expect(json(ran)).toMatchObject({ rows: 0, alerts: 0, unavailable: [{ signal: 'buys', needs: 'taker_side' }, { signal: 'worth', needs: 'taker_side' }] });
    expect((await against(['trades=no-side.csv', 'instruments=instruments.csv'])).stdout).toContain('`buys` needs `taker_side`');
  });
  test('a table that no rule needs', async () => {
    const ran = await against(['trades=trades.csv'], '--format', 'json');
    expect(ran.status).toBe(0);
    expect(json(ran)).toMatchObject({ ...expected, unavailable: [{ signal: 'listed', needs: 'instruments' }] });
  });
});

describe('floors and files', () => {
  test.each([['f1=0.5', 0], ['f1=0.51', 1], ['recall=0.5', 0], ['near_f1=0.57', 0], ['near_f1=0.58', 1], ['precision=1', 1]])('--floor %s: %i', async (floor, status) => {
    const ran = await against(whole, '--near', '1h', '--floor', floor);
    expect(ran.status).toBe(status);
    expect(ran.stderr.includes('below the floor')).toBe(status === 1);
  });
  test('--out writes every alert, miss and false alarm', async () => {
    const out = await makeFolder();
    const ran = await against(whole, '--format', 'json', '--out', join(out, 'deep/er'));
    const files = await filesIn(join(out, 'deep/er'));
    expect([...files.keys()]).toEqual(['alerts.csv', 'backtest.json', 'false-alarms.csv', 'missed.csv']);
    expect(files.get('backtest.json')).toBe(ran.stdout);
    const lines = (name: string) => (files.get(name) ?? '').trimEnd().split('\n');
    expect([lines('alerts.csv').length, lines('false-alarms.csv').length, lines('missed.csv').length]).toEqual([5, 3, 3]);
    expect(lines('alerts.csv')[0]).toBe('symbol,minute,at,disposition,severity,rule,decisions,buys,worth,listed');
    expect(lines('alerts.csv')[1]).toBe('A,2026-01-05T10:00:00Z,2026-01-05T10:00:00Z,escalate,high,R1,2,3,31.5,true');
  });
});

describe('what cannot work is said, with exit code 2', () => {
  test.each<[string, string[], string]>([
    ['no labels', ['--table', 'trades=trades.csv'], 'needs `--table NAME=FILE` and `--labels FILE`'],
    ['no such file', ['--table', 'trades=gone.csv', '--labels', 'labels.csv', '--match', 'happened'], 'there is no file gone.csv'],
    ['no such table', ['--table', 'tradse=trades.csv', '--labels', 'labels.csv', '--match', 'happened'], 'did you mean `trades`?'],
    ['no name', ['--table', 'trades.csv', '--labels', 'labels.csv', '--match', 'happened'], 'write NAME=FILE'],
    ['labels without the column', ['--table', 'trades=trades.csv', '--labels', 'labels.csv', '--match', 'onset'], 'has no column `onset`; it has: symbol, event, happened'],
    ['labels without a time', ['--table', 'trades=trades.csv', '--labels', 'no-time.csv', '--match', 'happened'], 'happened'],
    ['a Parquet that is a text file', ['--table', 'trades=fake.parquet', '--labels', 'labels.csv', '--match', 'happened'], 'fake.parquet'],
    ['a folder', ['--table', 'trades=sops', '--labels', 'labels.csv', '--match', 'happened'], 'sops'],
    ['a device without an end', ['--table', 'trades=/dev/zero', '--labels', 'labels.csv', '--match', 'happened'], '/dev/zero'],
    ['a column that is none', ['--table', 'trades=trades.csv', '--labels', 'labels.csv', '--match', 'x"; DROP'], 'no plain column name'],
    ['--by', ['--table', 'trades=trades.csv', '--labels', 'labels.csv', '--match', 'happened', '--by', 'owner'], '`--by owner` is no column of the subject; there are: symbol, minute'],
    ['--within', ['--table', 'trades=trades.csv', '--labels', 'labels.csv', '--match', 'happened', '--within', 'long'], '`--within long` is no duration'],
    ['--from', ['--table', 'trades=trades.csv', '--labels', 'labels.csv', '--from', 'shout'], '`--from shout` is no disposition'],
    ['--floor', ['--table', 'trades=trades.csv', '--labels', 'labels.csv', '--match', 'happened', '--floor', 'f2=1'], 'write precision, recall, f1, near_f1'],
    ['--expect alone', ['--signals', 'trades.csv'], 'needs `--expect disposition=COLUMN`'],
    ['--out where a file stands', ['--table', 'trades=trades.csv', '--labels', 'labels.csv', '--match', 'happened', '--out', 'labels.csv'], 'a file stands where a folder is needed'],
  ])('%s', async (_, args, says) => {
    const ran = await sop(root, ['backtest', 'burst', ...args]);
    expect(ran.status, ran.stdout + ran.stderr).toBe(2);
    expect(ran.stderr.replace(/\s+/g, ' ')).toContain(says);
    expectPlain(ran);
  });
  test('a pipe that nobody writes to', async () => {
    execFileSync('mkfifo', [join(root, 'pipe.csv')]);
    const ran = await sop(root, ['backtest', 'burst', '--table', 'trades=pipe.csv', '--labels', 'labels.csv', '--match', 'happened']);
    expect(ran.status).toBe(2);
    expectPlain(ran);
  });
});

describe('--signals: a sheet of values and answers', () => {
  test('reads spreadsheets as desks write them', async () => {
    const rows = ['buys,worth,listed,verdict', '3,10,True,escalate', '2,,yes,INVESTIGATE', '2,NA,,dismiss', '0,,no,', ',,,dismiss', 'many,1,,dismiss', '-1,1,,dismiss'];
    await writeFile(join(root, 'sheet.csv'), `${rows.join('\n')}\n`);
    const ran = await sop(root, ['backtest', 'burst', '--signals', 'sheet.csv', '--expect', 'disposition=verdict', '--format', 'json']);
    expect(ran.status, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      rows: 7, agreed: 4, alerts: 3, labels: 2, true_positives: 2, false_positives: 1, misses: 0, invalid: 1, undecided: 0,
      unread: [{ row: 6, why: 'buys is "many", which is not a number' }],
      disagreements: [{ row: 7, rule: null, expected: { disposition: 'dismiss' }, actual: { disposition: 'invalid' } }, { row: 3, rule: 'R2' }],
    });
    const floor = await sop(root, ['backtest', 'burst', '--signals', 'sheet.csv', '--expect', 'disposition=verdict', '--floor', 'precision=0.7']);
    expect([floor.status, floor.stderr.includes('precision is 0.6667, below the floor 0.7')]).toEqual([1, true]);
  });
});

const data = process.env['SOPWRIGHT_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const repository = fileURLToPath(new URL('../..', import.meta.url));
const pumps = existsSync(join(data, 'pump/trades.parquet'));

test.skipIf(!pumps)(`real pumps are found (skipped where ${data} is not there)`, async () => {
  const ran = await sop(repository, ['backtest', 'pump-and-dump', '--table', `trades=${join(data, 'pump/trades.parquet')}`, '--labels', join(data, 'pump/events.csv'), '--match', 'onset_at', '--within', '2m', '--near', '24h', '--by', 'symbol', '--format', 'json', '--floor', 'f1=0.60', '--floor', 'near_f1=0.86']);
  expect(ran.stderr).not.toContain('below the floor');
  expect(ran.status).toBe(0);
  expect(json(ran)).toMatchObject({ labels: 98, undecided: 0, invalid: 0 });
}, 60_000);
