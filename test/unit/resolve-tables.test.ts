import { expect, test } from 'vitest';
import { resolveTables } from '../../src/check/resolve-tables.ts';
import { exportDmn } from '../../src/dmn/export-dmn.ts';
import { exportSource } from '../../src/dmn/export-source.ts';
import { desk, sopOf } from '../support/sops.ts';

const sop = (first: string) =>
  sopOf(
    ['subject: [owner_id]', 'at: ts'],
    `## Parameters

| Parameter | Type   | Value | Unit  | Range  |
|-----------|--------|------:|-------|--------|
| \`limit\` | number |   0.5 | ratio | [0..1] |

## Signals

### provided

| Signal  | Type   | Unit  | Range  | Missing | Meaning       |
|---------|--------|-------|--------|---------|---------------|
| \`share\` | number | ratio | [0..1] | 0       | A share.      |
| \`score\` | number | ratio | [0..1] | 0       | Not the sum.  |

## Decision

### evidence (C+)

| Id | ${first} | → score |
|----|---------:|--------:|
| E1 |   >= 0.5 |       1 |

### disposition (F)

| Id | score | limit | → disposition | → severity |
|----|------:|------:|---------------|------------|
| R1 |  >= 1 |     - | escalate      | high       |
| else | - | - | dismiss | info |
`,
  );

test('what an earlier table gives is no input, whatever a signal is called', () => {
  const [logic] = resolveTables(sop('share'), desk);
  expect(logic.inputs.map(({ name }) => name)).toEqual(['limit', 'share']);
});

test('a signal that is read before a table gives its name stays an input as it was declared', () => {
  const [logic] = resolveTables(sop('score'), desk);
  expect(logic.inputs.map(({ name, rangeText, type }) => [name, rangeText, type])).toEqual([
    ['limit', '[0..1]', 'number'],
    ['score', '[0..1]', 'number'],
  ]);
});

test('a DMN file asks nobody for what a table gives', async () => {
  const read = sop('share');
  const [logic] = resolveTables(read, desk);
  const { xml } = await exportDmn(exportSource({ sop: read, logic, segmentation: null }, undefined));
  expect([...xml.matchAll(/<dmn:inputData id="(\w+)"/g)].map(([, id]) => id)).toEqual(['input_share']);
});
