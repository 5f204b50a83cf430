import { expect, test } from 'vitest';
import { resolveTables } from '../../src/check/resolve-tables.ts';
import { variantsOf } from '../../src/coverage/prove-sop.ts';
import { desk, sopOf } from '../support/sops.ts';

test('slips of moments and durations are told as a cell and as a parameter state them', () => {
  const sop = sopOf(
    ['subject: [account_id]'],
    `## Parameters

| Parameter | Type | Value | Range |
|---|---|---|---|
| \`age\` | duration | 30m | – |

## Signals

### All

| Signal | Type | Range | Missing |
|--------|------|-------|---------|
| \`old\` | duration | – | null |
| \`opened\` | date and time | – | null |

## Decision

| F | old | opened | → disposition | → severity |
|---|-----|--------|---------------|------------|
| R1 | < age | - | escalate | high |
| R2 | - | >= date("2026-01-01") | monitor | low |
`,
  );
  const [logic, problems] = resolveTables(sop, desk);
  expect(problems).toEqual([]);
  const reads = { tables: [], views: [], sound: true };
  const checked = { sop, logic, segmentation: null, groups: [], reads, lists: [], sound: true };
  const said = variantsOf(checked, desk).flatMap(({ kind, replacement }) => (kind === 'mutant' ? replacement : []));
  expect(said).toEqual(expect.arrayContaining(['PT27M', 'PT33M']));
  expect(said).toContainEqual(expect.stringMatching(/^>= date and time\("2025-12-31T23:59:59.*Z"\)$/));
});
