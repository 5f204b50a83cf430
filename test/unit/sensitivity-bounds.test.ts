import { describe, expect, test } from 'vitest';
import type { CheckedSop } from '../../src/check/checked.ts';
import { resolveTables } from '../../src/check/resolve-tables.ts';
import { showBound } from '../../src/replay/movable-bounds.ts';
import { runCase } from '../../src/replay/run-case.ts';
import { type Leeway, type Sensitivity, sensitivityOf } from '../../src/replay/sensitivity.ts';
import type { World } from '../../src/replay/world.ts';
import { caseOf, desk, sopOf } from '../support/sops.ts';

const world = { library: { desk, sources: [] }, today: '2026-11-01' } as unknown as World; // all that cases of signal values need

/** A SOP of one signal `x`; rules by their cell, the first escalates, the second investigates, and so on. */
async function boundsOf(
  signal: string,
  cells: readonly string[],
  value: string,
  parameter = '',
): Promise<Sensitivity[]> {
  const answers = ['escalate | high', 'investigate | medium', 'monitor | low'];
  const sop = sopOf(
    ['subject: [account_id]'],
    `${parameter === '' ? '' : `## Parameters\n\n| Parameter | Type | Value | Range |\n|---|---|---|---|\n| ${parameter} |\n\n`}## Signals

### All

| Signal | Type | Range | Missing |
|--------|------|-------|---------|
| \`x\` | ${signal} | null |

## Decision

| F | x | → disposition | → severity |
|---|---|---------------|------------|
${cells.map((cell, at) => `| R${at + 1} | ${cell} | ${answers[at] ?? ''} |`).join('\n')}
`,
  );
  const [logic, problems] = resolveTables(sop, desk);
  expect(problems).toEqual([]);
  const checked: CheckedSop = {
    sop,
    logic,
    segmentation: null,
    groups: [],
    reads: { tables: [], views: [], sound: true },
    lists: [],
    sound: true,
  };
  const entry = caseOf(`kind: attack\nsignals: {x: ${value}}\nexpect: [{disposition: escalate}]`);
  const results = [await runCase(entry, checked, world, false)];
  return [...sensitivityOf(checked, results, desk).bounds];
}

/** `0.3, case` or `none, no effect`. */
function told(one: Sensitivity | undefined, side: 'down' | 'up'): string {
  const leeway = one?.[side] as Leeway;
  const limit = leeway.limit === null || one === undefined ? 'none' : showBound(leeway.limit, one.bound);
  return `${leeway.included || leeway.limit === null ? '' : 'not '}${limit}, ${leeway.isIdle ? 'no effect' : leeway.stop === null ? 'nothing' : 'case'}`;
}

describe('what no case holds and what has no effect', () => {
  test.each([
    'number | –',
    'number | step 0.3',
    'number | step 7',
    'integer | –',
    'decimal | –',
    'decimal | step 0.07',
  ])('%s: a bound that other inputs hang on has an effect', async (signal) => {
    const [first, second] = await boundsOf(signal, ['<= 21', '> 21'], '0');
    expect([told(first, 'down'), told(first, 'up')]).toEqual(['0, case', 'none, nothing']);
    // R1 comes first below; above, whoever R2 leaves is undecided.
    expect([told(second, 'down'), told(second, 'up')]).toEqual(['none, no effect', 'none, nothing']);
  });
  test('a parameter moves in the steps of the signal that it is compared with', async () => {
    const [bound] = await boundsOf('number | step 0.25', ['>= least', '-'], '0.5', '`least` | decimal | 0.25 | –');
    expect([told(bound, 'down'), told(bound, 'up')]).toEqual(['none, nothing', '0.5, case']);
  });
});

describe('times, durations, and bounds with more digits than a double has', () => {
  test('a parameter that is a duration', async () => {
    const [bound] = await boundsOf('duration | –', ['>= age', '-'], 'PT40M', '`age` | duration | 30m | –');
    expect([told(bound, 'down'), told(bound, 'up')]).toEqual(['none, nothing', 'PT40M, case']);
  });
  test('a cell that is a time', async () => {
    const cells = ['> date and time("2026-01-01T00:00:00Z")', '-'];
    const [bound] = await boundsOf('date and time | –', cells, '2026-02-01T00:00:00Z');
    expect(bound === undefined ? '' : showBound(bound.bound.now, bound.bound)).toBe('2026-01-01T00:00:00Z');
    expect(told(bound, 'up')).toBe('not 2026-02-01T00:00:00Z, case');
  });
  test('a bound whose double is the value of a case', async () => {
    const [bound] = await boundsOf('number | –', ['>= 0.30000000000000001', '-'], '0.3');
    expect([told(bound, 'down'), told(bound, 'up')]).toEqual(['none, nothing', '0.30000000000000001, case']);
  });
});
