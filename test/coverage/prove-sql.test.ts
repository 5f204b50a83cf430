import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.ts';
import { proveSql, type SqlOptions } from '../../src/coverage/prove-sql.ts';
import type { SqlForecast } from '../../src/coverage/sql/forecast.ts';
import { createDuckDbEngine } from '../../src/engine/engine.ts';
import { noCache } from '../../src/host/disk-cache.ts';
import type { Cache } from '../../src/model/ports.ts';
import { testLibrary } from '../../src/replay/test-library.ts';
import { createMemoryCache } from '../diagnostics/run.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { green, today } from '../support/sop.ts';
import { sqlChild } from '../support/sql-child.ts';

let engine: ReturnType<typeof createDuckDbEngine>;
beforeAll(() => {
  engine = createDuckDbEngine({ command: sqlChild });
});
afterAll(() => engine.close());

const sop = `---
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
subject: [account_id]
---

# Much money in an hour

## Purpose

A thief is in a hurry.

## Parameters

| Parameter | Type    | Value | Range   |
|-----------|---------|------:|---------|
| minutes   | integer |    60 | [1..60] |

## Signals

### Money

| Signal | Type    | Missing |
|--------|---------|---------|
| usd    | decimal | 0       |

\`\`\`sql
-- Of the largest stretch.
SELECT account_id, max(usd) AS usd
FROM (
  SELECT t.account_id, sum(e.usd) AS usd
  FROM withdrawn t
  JOIN withdrawn e ON e.account_id = t.account_id AND e.ts <= t.ts
                  AND e.ts > t.ts - INTERVAL ($minutes) MINUTE
  GROUP BY t.account_id, t.ts
)
GROUP BY account_id
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

const view = `/*
title: Money that left
columns:
  account_id: text
  ts: timestamp
  usd: decimal
*/
SELECT from_account AS account_id, ts, usd
FROM transfers
WHERE kind = 'withdraw' AND usd > 0
`;

const viewCase = `case: withdrawn-alone
title: Only what leaves counts
view: withdrawn
source: desk reasoning
given:
  transfers:
    - {transfer_id: t1, from_account: a1, ts: 2026-11-02 10:00, usd: 5, kind: withdraw}
    - {transfer_id: t2, from_account: a1, ts: 2026-11-02 10:00, usd: 5, kind: deposit}
expect:
  - {account_id: a1, usd: 5}
`;

function caseText(name: string, kind: string, expected: string, rows: readonly (readonly [string, number])[]): string {
  const lines = rows.map(
    ([ts, usd], index) =>
      `    - {transfer_id: t${index}, from_account: a1, ts: 2026-11-02 ${ts}, usd: ${usd}, kind: withdraw}`,
  );
  return `case: ${name}\ntitle: A case\ntechnique: WT-01\nmarket: spot\nkind: ${kind}\nsource: desk reasoning\ngiven:\n  transfers:\n${lines.join('\n')}\nexpect:\n  - {account_id: a1, ${expected}}\n`;
}

const cases = {
  emptied: caseText('emptied', 'attack', 'disposition: escalate, rule: R1', [['10:00', 600], ['10:30', 600]]),
  // At exactly an hour's distance the first does not count any more.
  slow: caseText('slow', 'benign', 'disposition: dismiss', [['10:00', 600], ['11:00', 600]]),
}; // biome-ignore format: a table of rows

async function library(changes: Readonly<Record<string, string>> = {}, cache: Cache = noCache) {
  const files = new Map([
    ['sops/desk.yaml', green.desk],
    ['sops/taxonomy.yaml', green.taxonomy],
    ['sops/demo/SOP.md', sop],
    ['sops/views/withdrawn.sql', view],
    ['sops/views/cases/withdrawn-alone.yaml', viewCase],
    ...Object.entries(cases).map(([name, text]) => [`sops/demo/cases/${name}.yaml`, text] as const),
    ...Object.entries(changes),
  ]);
  const store = createMemoryStore(files);
  const { checked, diagnostics } = await compile({ store, cache: noCache, engine, today });
  const errors = diagnostics.filter(({ level }) => level === 'error');
  if (errors.length > 0) throw new Error(JSON.stringify(errors.map(({ code, args }) => [code, args])));
  const world = { library: checked.library, store, engine, today, cache };
  const run = await testLibrary(checked, world, [], () => undefined);
  const [demo] = checked.sops;
  if (demo === undefined) throw new Error('there is no SOP');
  const outcomes = new Map<string, string>([
    ...run.results.map(({ entry, outcome }) => [entry.name.value, outcome] as const),
    ...run.views.map(({ entry, passed }) => [entry.name.value, String(passed)] as const),
  ]);
  const prove = async (options: Partial<SqlOptions> = {}) => {
    const told: { forecast?: SqlForecast } = {};
    let time = 0;
    const proof = await proveSql(demo, run.results, run.views, checked, world, {
      now: () => time++,
      milliseconds: null,
      stop: new AbortController().signal,
      onForecast: (forecast) => {
        told.forecast = forecast;
      },
      onProgress: () => undefined,
      ...options,
    });
    return { ...proof, forecast: told.forecast };
  };
  return { files, outcomes, prove };
}

describe('mutants of SQL', () => {
  test('those that a case notices are proven; of the others it is said what is known and what is needed', async () => {
    const { prove } = await library();
    const { obligations, reach } = await prove();
    expect(reach).toEqual({ refused: 0, dropped: 0, unread: [], untried: [] });
    const lines = obligations.map(
      ({ id, says, by, state, needs }) => `${id}\n  ${says}\n  ${state} ${by.join()}${needs ?? ''}`,
    );
    expect(`\n${lines.join('\n')}\n`).toMatchInlineSnapshot(`
      "
      sql_mutant/Money/join/e.account_id = t.account_id>/1
        the join condition \`e.account_id = t.account_id\` was left out of the SQL of Money
        undecided no signal of any case changes: it takes data in \`withdrawn\` with two rows that belong together but for \`e.account_id = t.account_id\`
      sql_mutant/Money/comparison/e.account_id = t.account_id>e.account_id <> t.account_id/1
        \`e.account_id = t.account_id\` became \`e.account_id <> t.account_id\` in the SQL of Money
        proven emptied
      sql_mutant/Money/join/e.ts <= t.ts>/1
        the join condition \`e.ts <= t.ts\` was left out of the SQL of Money
        proven slow
      sql_mutant/Money/comparison/e.ts <= t.ts>e.ts < t.ts/1
        \`e.ts <= t.ts\` became \`e.ts < t.ts\` in the SQL of Money
        proven emptied
      sql_mutant/Money/join/e.ts > t.ts - INTERVAL ($minutes) MINUTE>/1
        the join condition \`e.ts > t.ts - INTERVAL ($minutes) MINUTE\` was left out of the SQL of Money
        proven slow
      sql_mutant/Money/comparison/e.ts > t.ts - INTERVAL ($minutes) MINUTE>e.ts >= t.ts - INTERVAL ($minutes) MINUTE/1
        \`e.ts > t.ts - INTERVAL ($minutes) MINUTE\` became \`e.ts >= t.ts - INTERVAL ($minutes) MINUTE\` in the SQL of Money
        proven slow
      sql_mutant/view withdrawn/condition/kind = 'withdraw'>/1
        the WHERE condition \`kind = 'withdraw'\` was left out of the view withdrawn
        proven withdrawn-alone
      sql_mutant/view withdrawn/comparison/kind = 'withdraw'>kind <> 'withdraw'/1
        \`kind = 'withdraw'\` became \`kind <> 'withdraw'\` in the view withdrawn
        proven emptied
      sql_mutant/view withdrawn/condition/usd > 0>/1
        the WHERE condition \`usd > 0\` was left out of the view withdrawn
        undecided no signal of any case changes: it takes data in \`transfers\` with a row for which \`usd > 0\` does not hold, and all else does
      sql_mutant/view withdrawn/comparison/usd > 0>usd >= 0/1
        \`usd > 0\` became \`usd >= 0\` in the view withdrawn
        undecided no signal of any case changes: it takes data in \`transfers\` for which \`usd\` is exactly \`0\`
      sql_mutant/view withdrawn/number/usd > 0>usd > 1/1
        \`usd > 0\` became \`usd > 1\` in the view withdrawn
        undecided no signal of any case changes: it takes data in \`transfers\` that \`usd > 0\` and \`usd > 1\` tell apart
      sql_mutant/view withdrawn/number/usd > 0>usd > -1/1
        \`usd > 0\` became \`usd > -1\` in the view withdrawn
        undecided no signal of any case changes: it takes data in \`transfers\` that \`usd > 0\` and \`usd > -1\` tell apart
      sql_mutant/parameter/minutes/60>59
        the parameter \`minutes\` became 59 instead of 60
        undecided no signal of any case changes: it takes data in \`transfers\` that \`$minutes\` = 60 and 59 tell apart
      sql_mutant/parameter/minutes/60>54
        the parameter \`minutes\` became 54 instead of 60
        undecided no signal of any case changes: it takes data in \`transfers\` that \`$minutes\` = 60 and 54 tell apart
      "
    `);
  });

  test('they say what happens when a person makes the slip', async () => {
    const { files, outcomes, prove } = await library();
    const { obligations } = await prove();
    for (const { id, span, replacement, state, by } of obligations) {
      const text = files.get(span.path) ?? '';
      const slipped = await library({
        [span.path]: text.slice(0, span.start) + (replacement ?? '') + text.slice(span.end),
      });
      const differ = [...outcomes]
        .filter(([name, outcome]) => slipped.outcomes.get(name) !== outcome)
        .map(([name]) => name);
      if (state === 'proven') expect(differ, id).toEqual(expect.arrayContaining([...by]));
      else expect(differ, id).toEqual([]);
    }
  }, 120_000);

  test('a call that is interrupted goes on where it was, and a complete one is not repeated', async () => {
    const cache = createMemoryCache();
    const { prove } = await library({}, cache);
    const whole = await prove();
    const first = await (await library({}, createMemoryCache())).prove({ milliseconds: 40 });
    const untried = first.reach.untried.length;
    expect(untried).toBeGreaterThan(0);
    expect(untried).toBeLessThan(whole.obligations.length);
    expect(first.obligations.slice(-1)).toMatchObject([
      { state: 'undecided', needs: expect.stringMatching(/^there was no time left/) },
    ]);
    const partly = createMemoryCache();
    const started = await library({}, partly);
    const before = await started.prove({ milliseconds: 40 });
    const after = await started.prove();
    expect(after.forecast?.runs).toBeLessThan(before.forecast?.runs ?? 0);
    expect(after.obligations).toEqual(whole.obligations);
    const again = await started.prove();
    expect(again.forecast).toMatchObject({ runs: 0, seconds: 0 });
    expect(again.obligations).toEqual(whole.obligations);
    const late = await started.prove({ milliseconds: 0 });
    expect([late.forecast, late.reach.untried]).toEqual([undefined, []]);
    expect(late.obligations).toEqual(whole.obligations);
    // Prose changes nothing; a case does.
    const prose = await library({ 'sops/demo/SOP.md': sop.replace('in a hurry', 'never at rest') }, partly);
    expect((await prose.prove()).forecast?.runs).toBe(0);
    const other = await library({ 'sops/demo/cases/slow.yaml': cases.slow.replace('11:00', '11:01') }, partly);
    expect((await other.prove()).forecast?.runs).toBeGreaterThan(0);
  }, 60_000);
});
