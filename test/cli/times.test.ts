import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeFolder } from '../support/folder.ts';
import { expectPlain, green, sop, today } from '../support/sop.ts';

/** Signals that are a moment and a length of time, compared in cells with literals and with parameters. */
const text = `---
id: sleepers
title: Accounts that wake
version: 1.0.0
status: draft
owner: trading-risk
review_by: 2027-05-01
summary: Decide whether an old account woke up suddenly. Use in tests.
kind: patrol
techniques: [WT-01]
markets: [spot]
subject: [account_id]
---

# Accounts that wake

## Purpose
Tests.

## Parameters

| Parameter | Type          | Value                | Unit | Range                   | Meaning            |
|-----------|---------------|----------------------|------|-------------------------|--------------------|
| \`asleep\`  | duration      | P30D                 | –    | >= duration("P1D")      | shorter is a pause |
| \`opening\` | date and time | 2026-01-01T00:00:00Z | –    | –                       | accounts before it |
| \`pause\`   | duration      | 30m                  | –    | –                       | between two trades |

## Signals

### Sleep

| Signal    | Type          | Range                    | Missing |
|-----------|---------------|--------------------------|---------|
| \`created\` | date and time | >= date("2010-01-01")    | null    |
| \`slept\`   | duration      | >= duration("PT0S")      | null    |

\`\`\`sql
SELECT a.account_id, min(a.created_ts) AS created,
       max(t.ts) - max(t.ts) FILTER (t.ts < $as_of - $pause) AS slept
FROM accounts a JOIN trades t ON t.buy_account_id = a.account_id
GROUP BY ALL
\`\`\`

## Decision

| F    | created                                          | slept                              | → disposition | → severity |
|------|--------------------------------------------------|------------------------------------|---------------|------------|
| R1   | < opening                                        | >= asleep                          | escalate      | high       |
| R2   | [date("2026-01-01")..date and time("2026-02-01T00:00:00Z")) | > duration("P1DT12H") | investigate   | medium     |
| R3   | null                                             | -                                  | monitor       | low        |
| else | -                                                | -                                  | dismiss       | info       |

## Procedure

1. **Look.** The agent MUST look.

## Escalation

| Severity | Team         | Within |
|----------|--------------|--------|
| high     | compliance   | 1h     |
| medium   | trading-risk | 1h     |

## Benign explanations
| Explanation | Evidence that confirms it | Then    |
|-------------|---------------------------|---------|
| A holiday   | a letter                  | dismiss |
`;

const cases = `---
technique: WT-01
market: spot
source: desk reasoning
title: A moment or a second before each bound, and at it
---

# Bounds

| Case | Kind | created | slept | disposition | rule |
|---|---|---|---|---|---|
| just-before | attack | 2025-12-31T23:59:59.999999Z | P30D | escalate | R1 |
| at-the-opening | attack | 2026-01-01T00:00:00Z | P30D | investigate | R2 |
| end-of-january | benign | 2026-02-01T00:00:00Z | P30D | dismiss | else |
| a-second-short | benign | 2025-12-31T00:00:00Z | P29DT23H59M59S | dismiss | else |
| no-account | benign | null | 40d | monitor | R3 |
`;

const raw = `case: woke
title: An account of 2020 trades again after 31 days
technique: WT-01
market: spot
kind: attack
source: desk reasoning
as_of: 2026-03-05T00:00:00Z
given:
  accounts:
    - {account_id: a, created_ts: 2020-05-01T00:00:00Z}
  trades:
    - {ts: 2026-02-01T00:00:00Z, buy_account_id: a, symbol: X}
    - {ts: 2026-03-04T23:50:00Z, buy_account_id: a, symbol: X}
expect:
  - {account_id: a, disposition: escalate, rule: R1}
`;

const folder = (sopText = text) => ({
  'sops/desk.yaml': green.desk,
  'sops/taxonomy.yaml': green.taxonomy,
  'sops/sleepers/SOP.md': sopText,
  'sops/sleepers/cases/table.md': cases,
  'sops/sleepers/cases/woke.yaml': raw,
});

let desk: string;
beforeAll(async () => {
  desk = await makeFolder(folder());
});

test('moments and durations are computed, compared and shown', async () => {
  const ran = await sop(desk, ['test', 'sleepers', '--verbose', '--as-of', today]);
  expect(ran.stdout).toContain('escalate, high, by R1; created 2025-12-31T23:59:59.999999Z, slept P30D');
  expect(ran.stdout).toContain('created 2020-05-01T00:00:00Z, slept\n              P31DT23H50M');
  expect(ran.stdout).toContain('6 cases: 3 caught, 3 left alone');
  expect(ran.status).toBe(0);
});

describe('what is no time is told with what to write', () => {
  test.each([
    ['a number', '>= asleep ', '>= 30 ', 'SOP402', '>= duration("PT30M")'],
    ['a duration for a moment', '< opening', '< asleep', 'SOP402', 'a date and time'],
    ['a moment for a duration', '>= asleep ', '>= opening ', 'SOP402', 'a duration'],
    ['months', 'duration("P1DT12H")', 'duration("P1M")', 'SOP', 'months and years have no fixed length'],
    ['a day that is none', '[date("2026-01-01")', '[date("2026-02-30")', 'SOP', 'there is no day 2026-02-30'],
    ['an interval turned round', '2026-02-01T00:00:00Z"))', '2025-02-01T00:00:00Z"))', 'SOP502', ''],
    ['a parameter', '| P30D   ', '| a month', 'SOP403', 'is not a duration'],
  ])('%s', async (_, from, to, code, words) => {
    expect(text).toContain(from);
    const root = await makeFolder(folder(text.replace(from, () => to)));
    const ran = await sop(root, ['check', 'sleepers', '--as-of', today]);
    expect(ran.status).toBe(1);
    expect(ran.stdout).toContain(`error ${code}`);
    expect(ran.stdout.replace(/\s+/g, ' ')).toContain(words);
    expectPlain(ran);
  });
});

test('an interval that counts months is no value, and it is said', async () => {
  const months = text.replace('max(t.ts) - max(t.ts) FILTER (t.ts < $as_of - $pause)', "max(INTERVAL '1 month')");
  expect(months).not.toBe(text);
  const ran = await sop(await makeFolder(folder(months)), ['test', 'sleepers', '--as-of', today]);
  expect(ran.stdout).toContain('SOP711');
  expectPlain(ran);
});

test('DMN takes them out and in again', async () => {
  const out = await sop(desk, ['export', 'dmn', 'sleepers', '--out', 'sleepers.dmn', '--as-of', today]);
  expect(out.status).toBe(0);
  const xml = await readFile(join(desk, 'sleepers.dmn'), 'utf8');
  expect(xml).toContain('typeRef="dayTimeDuration"');
  expect(xml).toContain('date and time("2026-02-01T00:00:00Z")');
  const back = await sop(desk, ['import', 'dmn', 'sleepers.dmn']);
  expect(back.status).toBe(0);
  expect(back.stdout).toMatch(/\| `slept`\s*\| duration /);
  expect(back.stdout).toContain('> duration("P1DT12H")');
});

test('sensitivity moves moments and durations, in cells and as parameters', async () => {
  const ran = await sop(desk, ['sensitivity', 'sleepers', '--as-of', today]);
  const rows = ran.stdout.replace(/ +/g, ' ');
  expect(rows).toContain('asleep P30D > P29DT23H59M59S P30D');
  expect(rows).toContain('opening 2026-01-01T00:00:00Z > 2025-12-31T23:59:59.999999Z 2026-01-01T00:00:00Z');
  expect(rows).toContain('R2 slept > duration("P1DT12H") P1DT12H');
  expect(ran.status).toBe(0);
  expectPlain(ran);
});

test('a comparison tells times by the bounds that a person would write', async () => {
  const draft = text.replace('>= asleep ', '>= duration("P20D") ').replace('< opening ', '< date("2026-01-15") ');
  const root = await makeFolder({ ...folder(), 'draft.md': draft });
  const ran = await sop(root, ['compare', 'sleepers', 'draft.md', '--as-of', today]);
  expect(ran.stdout).toContain('[P20D..P30D)');
  expect(ran.stdout).not.toContain('.999999');
  expectPlain(ran);
});

test('SQL says in which unit it wants times', async () => {
  const ran = await sop(desk, ['export', 'sql', 'sleepers', '--as-of', today]);
  expect(ran.stderr).toContain('created BIGINT (microseconds since 1970-01-01, UTC), slept BIGINT (microseconds)');
});
