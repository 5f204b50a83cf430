import { describe, expect, test } from 'vitest';
import type { CheckedSop } from '../../src/check/checked.ts';
import { resolveTables } from '../../src/check/resolve-tables.ts';
import { noConfig } from '../../src/model/config.ts';
import type { SqlEngine } from '../../src/model/ports.ts';
import { runCase } from '../../src/replay/run-case.ts';
import type { World } from '../../src/replay/world.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { caseOf, desk, sopOf } from '../support/sops.ts';

const tables = `## Signals

### All

| Signal    | Type   | Range  | Missing |
|-----------|--------|--------|---------|
| \`share\` | number | [0..1] | 0       |

## Decision

| F    | share  | → disposition | → severity |
|------|--------|---------------|------------|
| R1   | >= 0.5 | escalate      | high       |
| R2   | > 0    | investigate   | low        |
| else | -      | dismiss       | info       |
`;

const sop = sopOf(['subject: [owner]'], tables);
const checked: CheckedSop = {
  sop,
  logic: resolveTables(sop, desk)[0],
  segmentation: null,
  groups: [],
  reads: { tables: [], views: [], sound: true },
  lists: [],
  sound: true,
};

/** Signals are given: whoever asks the engine has gone astray. */
const engine: SqlEngine = {
  version: 'none',
  bind: () => Promise.reject(new Error('no SQL here')),
  open: () => Promise.reject(new Error('no SQL here')),
  writeParquet: () => Promise.reject(new Error('no file here')),
  warm: () => undefined,
  close: async () => undefined,
};

async function run(yaml: string, today = '2026-11-01') {
  const library = {
    desk,
    taxonomy: { families: [], techniques: [] },
    config: noConfig,
    sets: [],
    tables: [],
    views: [],
    lists: [],
    viewCases: [],
    sources: [],
    unreadSources: [],
    sops: [sop],
    cases: [],
    drafts: [],
    mappings: [],
    templates: [],
    unreadCases: [],
  };
  const world: World = { library, store: createMemoryStore(new Map()), engine, today };
  const { outcome, observed, why } = await runCase(caseOf(yaml), checked, world, true);
  return { outcome, observed, why };
}

const gap = (outcome: string, until = '2026-12-01') =>
  `known_gap: {outcome: ${outcome}, owner: desk, reason: agreed, until: ${until}}`;
const attack = (share: string) =>
  `kind: attack\nsignals: {share: ${share}}\nexpect: [{disposition: escalate, severity: high}]`;
const benign = (share: string) => `kind: benign\nsignals: {share: ${share}}\nexpect: [{disposition: dismiss}]`;

describe('a known gap excuses the outcome that it names, until its day is over', () => {
  test.each<[yaml: string, note: string, today: string, outcome: string]>([
    [attack('0.1'), gap('missed'), '2026-11-01', 'known_gap'],
    [attack('0.1'), gap('missed'), '2026-12-01', 'known_gap'],
    [attack('0.1'), gap('missed'), '2026-12-02', 'gap_expired'],
    [attack('0.1'), gap('differs'), '2026-11-01', 'missed'],
    [attack('0.1'), gap('differs'), '2026-12-02', 'missed'],
    [attack('0.9'), gap('missed'), '2026-11-01', 'gap_closed'],
    [attack('0.9'), gap('missed'), '2026-12-02', 'gap_closed'],
    [attack('2'), gap('missed'), '2026-11-01', 'error'],
    [benign('0.1'), gap('false_alarm'), '2026-11-01', 'known_gap'],
    [benign('0.1'), gap('missed'), '2026-11-01', 'false_alarm'],
    [benign('0'), gap('false_alarm'), '2026-11-01', 'gap_closed'],
    [benign('0.1'), '', '2026-11-01', 'false_alarm'],
    [attack('0.9'), '', '2026-11-01', 'caught'],
  ])('%s %s on %s: %s', async (yaml, note, today, outcome) => {
    expect((await run(`${yaml}\n${note}`, today)).outcome).toBe(outcome);
  });
  test('what was observed stays known', async () => {
    expect(await run(`${attack('0.1')}\n${gap('missed')}`)).toMatchObject({ outcome: 'known_gap', observed: 'missed' });
  });
});

describe('a case says why', () => {
  test('missed: the nearest rule, the cell, the value against the bound', async () => {
    expect((await run(attack('0.1'))).why).toBe(
      'rule R2 decides it; R1 comes nearest: `share` is 0.1, and R1 needs >= 0.5',
    );
    expect((await run(attack('0'))).why).toContain('no rule matches; R1 comes nearest');
  });
  test('false alarm: the rule and what it looked at', async () => {
    expect((await run(benign('0.1'))).why).toBe('rule R2 decides it: `share` is 0.1');
  });
  test('invalid: the value and its range', async () => {
    expect(await run(attack('2'))).toMatchObject({
      outcome: 'error',
      why: '`share` = 2 lies outside its range [0..1]',
    });
  });
  test('a value of the wrong type', async () => {
    expect(await run(attack('"high"'))).toMatchObject({ outcome: 'error', why: '`share` must be a number' });
  });
  test('passed: nothing', async () => {
    expect((await run(attack('0.9'))).why).toBe('');
  });
});
