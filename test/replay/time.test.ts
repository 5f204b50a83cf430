import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckedSop } from '../../src/check/checked.ts';
import { compile } from '../../src/compile.ts';
import type { Decision } from '../../src/decision/decide.ts';
import { wording } from '../../src/diagnostics/diagnostic.ts';
import type { SqlEngine, TableData } from '../../src/model/ports.ts';
import { evaluate } from '../../src/replay/evaluate.ts';
import { showKey } from '../../src/replay/subjects.ts';
import { testLibrary } from '../../src/replay/test-library.ts';
import { parseTime } from '../../src/text/time.ts';
import { createMemoryCache, openEngine } from '../diagnostics/run.ts';
import { limits } from '../engine/support.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { green, today } from '../support/sop.ts';

let engine: SqlEngine;
beforeAll(() => {
  engine = openEngine();
});
afterAll(() => engine.close());
const cache = createMemoryCache();

/** Who withdraws much in an hour. `sql` computes `usd` of an account at the time of a withdrawal. */
interface Written {
  readonly front?: string;
  readonly requires?: string;
  readonly sql?: string;
}

const upToNow = `SELECT t.from_account AS account_id, t.ts, sum(e.usd) AS usd
FROM transfers t
JOIN transfers e ON e.from_account = t.from_account AND e.ts <= t.ts AND e.ts > t.ts - INTERVAL 1 HOUR
GROUP BY ALL`;

function sopText({ front = '', requires = '', sql = upToNow }: Written): string {
  return `---
id: demo
title: Much money in an hour
version: 1.0.0
status: draft
owner: trading-risk
review_by: 2027-05-01
summary: Decide whether an account is being emptied.
kind: patrol
techniques: [WT-01]
markets: [spot]
subject: [account_id, ts]
at: ts
${front}---

# Much money in an hour

## Purpose

A thief is in a hurry.

${requires === '' ? '' : `## Requires\n\n| Table | Columns | Covers | Fresh within | Team |\n|---|---|---|---|---|\n${requires}\n`}
## Signals

### Money

| Signal | Type    | Missing |
|--------|---------|---------|
| usd    | decimal | 0       |

\`\`\`sql
${sql}
\`\`\`

## Decision

| F    | usd     | → disposition | → severity |
|------|---------|---------------|------------|
| R1   | >= 1000 | escalate      | high       |
| else | -       | dismiss       | info       |

## Procedure

1. **Look.** The agent MUST look.

## Escalation

| Severity | Team         | Within | Report |
|----------|--------------|--------|--------|
| high     | trading-risk | 1h     | –      |

## Benign explanations

| Explanation | Evidence that confirms it | Then    |
|-------------|---------------------------|---------|
| A rent      | a lease                   | dismiss |
`;
}

const out = (ts: string, usd: number, more = '') =>
  `    - {transfer_id: "${ts}", from_account: a1, ts: 2026-11-02 ${ts}, usd: ${usd}${more}}`;

const twoHalves = ['  transfers:', out('10:00:00', 600), out('10:30:00', 600)].join('\n');

function caseText(given: string, expected: string, more = ''): string {
  return `case: emptied
title: An account is emptied
technique: WT-01
market: spot
kind: attack
source: desk reasoning
given:
${given}
expect:
  - {account_id: a1, ${expected}}
${more}`;
}

async function library(written: Written, cases: string | null) {
  const files = new Map([
    ['sops/desk.yaml', green.desk],
    ['sops/taxonomy.yaml', green.taxonomy],
    ['sops/demo/SOP.md', sopText(written)],
    ...(cases === null ? [] : [['sops/demo/cases/emptied.yaml', cases] as const]),
  ]);
  const store = createMemoryStore(files);
  const { checked, diagnostics } = await compile({ store, cache, engine, today });
  const errors = diagnostics.filter(({ level }) => level === 'error');
  if (errors.length > 0) throw new Error(JSON.stringify(errors.map(({ code, args }) => [code, args])));
  return { checked, store };
}

/** What `sop test` says of one case: its outcome and why, and the diagnostics as text. */
async function run(written: Written, cases: string) {
  const { checked, store } = await library(written, cases);
  const tested = await testLibrary(checked, { library: checked.library, store, engine, today }, [], () => undefined, {
    again: true,
  });
  const [result] = tested.results;
  const said = tested.diagnostics.map((found) => {
    const { message, label } = wording(found);
    return `${found.code}: ${message} (${label})`;
  });
  return { outcome: result?.outcome, why: result?.why, said };
}

const escalated = 'ts: 2026-11-02 10:30:00, disposition: escalate, rule: R1';

describe('a case is run again, cut when its decision had settled', () => {
  test('SQL that reads rows up to the subject only: nothing to say', async () => {
    expect(await run({}, caseText(twoHalves, escalated))).toEqual({ outcome: 'caught', why: '', said: [] });
  });
  const around = upToNow.replace('e.ts <= t.ts', 'e.ts <= t.ts + INTERVAL 1 HOUR');
  const first = 'disposition: escalate';
  test('SQL that looks ahead is found, and the signal is named', async () => {
    const { outcome, said } = await run({ sql: around }, caseText(twoHalves, first));
    expect(outcome).toBe('caught');
    expect(said).toEqual([
      'SOP720: `demo` decides `emptied` with rows that came later: `usd` looks ahead (then: dismiss, info, by else; with later rows: escalate, high, by R1)',
    ]);
  });
  test('a decision that says how long it waits may read so far, and no further', async () => {
    expect((await run({ sql: around, front: 'settle: 1h\n' }, caseText(twoHalves, first))).said).toEqual([]);
    const short = await run({ sql: around, front: 'settle: 10m\n' }, caseText(twoHalves, first));
    expect(short.said[0]).toContain('SOP720');
  });
  test('a subject that only later rows bring about', async () => {
    const notLast = `${upToNow}\nHAVING t.ts < (SELECT max(x.ts) FROM transfers x)`;
    const given = ['  transfers:', out('10:00:00', 2000), out('10:30:00', 5)].join('\n');
    const { said } = await run({ sql: notLast }, caseText(given, 'disposition: escalate'));
    expect(said[0]).toContain('SOP720: `demo` finds somebody in `emptied` only with rows that came later');
    expect(said[0]).toContain('(then: no such subject; with later rows: escalate, high, by R1)');
  });
  test('a row that was known too late is a row that came later', async () => {
    const late = ['  transfers:', out('10:00:00', 600, ', ingested_ts: 2026-11-02 12:00:00'), out('10:30:00', 600)];
    const { said } = await run({}, caseText(late.join('\n'), escalated));
    expect(said[0]).toContain('`usd` looks ahead (then: dismiss');
  });
});

describe('a case is run again with nothing before its lookback', () => {
  test('long enough', async () => {
    expect((await run({ front: 'lookback: 1h\n' }, caseText(twoHalves, escalated))).said).toEqual([]);
  });
  test('too short: the signal is named', async () => {
    expect(await run({ front: 'lookback: 10m\n' }, caseText(twoHalves, escalated))).toMatchObject({
      outcome: 'caught',
      said: [
        'SOP721: `demo` decides `emptied` otherwise when it sees no more than its lookback of 10m: `usd` reads further back (with all rows: escalate, high, by R1; with fewer: dismiss, info, by else)',
      ],
    });
  });
  test('a subject that is named by the first row that is there', async () => {
    const firstRow = 'SELECT from_account AS account_id, min(ts) AS ts, sum(usd) AS usd FROM transfers GROUP BY ALL';
    const given = ['  transfers:', out('10:00:00', 5), out('10:30:00', 2000)].join('\n');
    const written = { sql: firstRow, front: 'lookback: 10m\nsettle: 1h\n' };
    const { said } = await run(written, caseText(given, 'disposition: escalate'));
    expect(said).toEqual([
      'SOP721: `demo` names another subject in `emptied` when the data begins later (with all rows: no such subject; with fewer: escalate, high, by R1)',
    ]);
  });
});

describe('as_of: what a case may know', () => {
  test('rows after it are not there', async () => {
    const cases = caseText(twoHalves, escalated, 'as_of: 2026-11-02 10:15:00\n');
    expect(await run({}, cases)).toMatchObject({ outcome: 'missed' });
    expect((await run({}, cases.replace('10:15', '10:30'))).outcome).toBe('caught');
  });
  test('nor is a row that happened before it and was known after it', async () => {
    const late = ['  transfers:', out('10:00:00', 600, ', ingested_ts: 2026-11-02 10:45:00'), out('10:30:00', 600)];
    const cases = caseText(late.join('\n'), escalated, 'as_of: 2026-11-02 10:40:00\n');
    expect((await run({}, cases)).outcome).toBe('missed');
    expect((await run({ front: 'settle: 15m\n' }, cases.replace('10:40:00\n', '10:45:00\n'))).outcome).toBe('caught');
  });
  test('before it has settled the subject is undecided', async () => {
    const cases = caseText(twoHalves, escalated, 'as_of: 2026-11-02 10:45:00\n');
    expect(await run({ front: 'settle: 1h\n' }, cases)).toMatchObject({
      outcome: 'error',
      why: 'not settled until 2026-11-02T11:30:00Z',
    });
  });
});

describe('a case states what its SOP requires', () => {
  const requires = '| transfers | from_account, usd | – | 10m | – |\n| accounts | owner_id | – | – | compliance |\n';
  test('a table that `given:` does not name leaves everybody undecided, and the message says how to state it', async () => {
    expect(await run({ requires }, caseText(twoHalves, escalated))).toMatchObject({
      outcome: 'error',
      why: 'there is no `accounts`, which Requires asks for; state it under `given:`: a table without rows as `[]`, a column with a value in some row',
    });
  });
  test('an innocent who is not named is not left alone by it either', async () => {
    const nobody = caseText(twoHalves, escalated)
      .replace('kind: attack', 'kind: benign')
      .replace(/expect:\n.*\n/, 'expect: []\n');
    const none = nobody.replace(twoHalves, '  transfers: []');
    expect(await run({ requires }, none)).toMatchObject({
      outcome: 'error',
      why: expect.stringContaining('`accounts`'),
    });
    expect((await run({ requires }, none.replace(/(transfers: \[\])/, '$1\n  accounts: []'))).outcome).toBe(
      'left_alone',
    );
  });
  test('an innocent of whom only a severity is said would pass however he is accused', async () => {
    const severe = caseText(twoHalves, escalated.replace('disposition: escalate, rule: R1', 'severity: critical'));
    await expect(run({}, severe.replace('kind: attack', 'kind: benign'))).rejects.toThrow('SOP232');
  });
  test('`[]` states that there is none', async () => {
    expect(await run({ requires }, caseText(`${twoHalves}\n  accounts: []`, escalated))).toMatchObject({
      outcome: 'caught',
      said: [],
    });
  });
  test('a column that must hold values', async () => {
    const accounts = '  accounts:\n    - {account_id: a1}';
    expect((await run({ requires }, caseText(`${twoHalves}\n${accounts}`, escalated))).why).toMatch(
      /^`accounts` has no value in `owner_id`, which Requires asks for; /,
    );
  });
  test('a column that SQL reads and that a table without rows has lost proves nothing', async () => {
    const sql = `${upToNow.replace('GROUP BY ALL', '')}  AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.owner_id = 'house') GROUP BY ALL`;
    const { outcome, said } = await run({ requires, sql }, caseText(`${twoHalves}\n  accounts: []`, escalated));
    expect({ outcome, said }).toEqual({ outcome: 'caught', said: [] });
  });
  test('a feed that may be an hour late is the way out', async () => {
    const given = `${twoHalves.replace(':\n', `:\n${out('08:00:00', 10)}\n`)}\n  accounts: []`;
    const free = await run({ requires: requires.replace('10m', '–') }, caseText(given, escalated));
    expect(free.said).toEqual([
      'SOP722: without the last hour of `transfers`, `demo` decides the attack `emptied` more mildly (escalate or undecided is right; nothing came out)',
    ]);
    expect((await run({ requires }, caseText(given, escalated))).said).toEqual([]);
  });
});

describe('on a desk: what is required, removed, emptied or cut an hour short, is never dismissed', () => {
  const requires = '| transfers | usd | – | 10m | – |\n| accounts | owner_id | – | – | compliance |\n';
  const transfers: TableData = {
    kind: 'rows',
    table: 'transfers',
    columns: ['from_account', 'ts', 'usd'],
    rows: [
      ['a1', '2026-11-02 09:00:00.000000', '10'],
      ['a1', '2026-11-02 10:00:00.000000', '600'],
      ['a1', '2026-11-02 10:30:00.000000', '600'],
    ],
  };
  const accounts: TableData = { kind: 'rows', table: 'accounts', columns: ['owner_id'], rows: [['o1']] };

  /** Each subject and what is decided about it, and what would be said of somebody who was not found. */
  async function decide(data: readonly TableData[], asOf = '2026-11-02 10:30:00') {
    const { checked } = await library({ requires }, null);
    const [sop] = checked.sops;
    if (sop === undefined) throw new Error('there is no SOP');
    const shapes = checked.library.tables.filter(({ name }) => data.some(({ table }) => table === name));
    const opened = await engine.open(shapes, data, { limits, threads: 1 });
    if (!opened.ok) throw new Error(opened.problem.detail);
    const source = { data: opened.value, shapes, given: new Set(data.map(({ table }) => table)), complete: false };
    const window = { from: null, asOf: parseTime(asOf) ?? null };
    const found = await evaluate(sop, source, { provided: [], limits, label: 'the data', ...window });
    await opened.value.close();
    if (!found.ok) throw new Error(JSON.stringify(found.diagnostic.args));
    const { decided, readiness } = found.value;
    return {
      decided: Object.fromEntries(decided.map((subject) => [timeOf(subject.key, sop), shown(subject.decision)])),
      unmet: readiness({ at: null, symbol: null }).map(({ detail, team }) => `${detail} (${team})`),
    };
  }
  const timeOf = (key: Parameters<typeof showKey>[0], { sop }: CheckedSop) =>
    /T(\d\d:\d\d)/.exec(showKey(key, sop))?.[1] ?? '';
  const shown = (decision: Decision) =>
    decision.kind === 'decided' ? decision.disposition : `${decision.kind}: ${decision.detail}`;

  test('all there', async () => {
    expect(await decide([transfers, accounts])).toEqual({
      decided: { '09:00': 'dismiss', '10:00': 'dismiss', '10:30': 'escalate' },
      unmet: [],
    });
  });
  test('removed', async () => {
    expect(await decide([accounts])).toEqual({ decided: {}, unmet: ['there is no `transfers` (trading-risk)'] });
    const { decided, unmet } = await decide([transfers]);
    expect(unmet).toEqual(['there is no `accounts` (compliance)']);
    expect(new Set(Object.values(decided))).toEqual(new Set(['undecided: there is no `accounts`']));
  });
  test('emptied, or one of its columns', async () => {
    expect((await decide([{ ...transfers, rows: [] }, accounts])).unmet).toEqual([
      '`transfers` is empty (trading-risk)',
    ]);
    const { decided } = await decide([transfers, { ...accounts, rows: [[null]] }]);
    expect(new Set(Object.values(decided))).toEqual(new Set(['undecided: `accounts` has no value in `owner_id`']));
  });
  test('cut an hour short: what happened before stays decided, the rest is late', async () => {
    const { decided, unmet } = await decide([{ ...transfers, rows: transfers.rows.slice(0, 1) }, accounts]);
    expect(decided).toEqual({ '09:00': 'dismiss' });
    expect(unmet).toEqual([
      'the newest row of `transfers` is of 2026-11-02T09:00:00Z; it must be no older than 10m (trading-risk)',
    ]);
  });
});
