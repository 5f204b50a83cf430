import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.ts';
import { noCache } from '../../src/host/disk-cache.ts';
import { buildCase } from '../../src/model/build/case.ts';
import type { SqlEngine } from '../../src/model/ports.ts';
import { testLibrary } from '../../src/replay/test-library.ts';
import { jsonTest } from '../../src/report/json-test.ts';
import { parseAnyYaml, parseYaml } from '../../src/syntax/parse-yaml.ts';
import { plainOf } from '../../src/syntax/yaml.ts';
import { testEngine } from '../engine/support.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { problems } from '../support/output-schemas.ts';

let engine: SqlEngine;
beforeAll(() => {
  engine = testEngine();
});
afterAll(() => engine.close());

const sop = `---
id: demo
title: Demo
version: 1.0.0
status: draft
owner: desk
review_by: 2027-01-01
summary: Decide whether an account trades with itself. Use when an alert names one.
kind: investigation
techniques: [WT-01]
markets: [spot]
subject: [account]
---

# Demo

## Purpose

Try drafts.

## Parameters

| Parameter | Type   | Value | retail | Unit  | Range  | Meaning    |
|-----------|--------|------:|-------:|-------|--------|------------|
| \`big\`   | number |   0.5 |    0.4 | ratio | [0..1] | the bound  |

## Signals

### All

| Signal   | Type          | Unit  | Range          | Missing | Meaning    |
|----------|---------------|-------|----------------|---------|------------|
| \`share\`  | number        | ratio | [0..1]         | null    | a share    |
| \`type\`   | enum          | –     | "fund", "bank" | null    | what it is |
| \`closes\` | boolean       | –     | –              | null    | it closes  |
| \`seen\`   | date and time | –     | –              | null    | first seen |

## Decision

| F    | share  | type   | closes | seen                                 | → disposition | → severity |
|------|--------|--------|--------|--------------------------------------|---------------|------------|
| R1   | >= big | -      | -      | -                                    | escalate      | high       |
| R2   | -      | "fund" | true   | >= date and time("2026-01-01T00:00:00Z") | investigate   | low        |
| else | -      | -      | -      | -                                    | dismiss       | info       |

## Procedure

1. **Decide.** (human) A risk manager MUST confirm or overrule the finding.

## Escalation

| Severity | Team | Within | Report |
|----------|------|--------|--------|
| high     | desk | 4h     | –      |

## Benign explanations

| Explanation | Evidence that confirms it | Then    |
|-------------|---------------------------|---------|
| A mistake   | it is old                 | dismiss |

## References

- None.
`;
const desk = `dispositions: [dismiss, monitor, investigate, escalate]
severities: [info, low, medium, high, critical]
teams:
  - {id: desk, name: Desk, audience: operations}
venues: [main]
markets: [spot]
`;
const taxonomy = `families: {WT: Wash trading}
techniques:
  - {id: WT-01, name: Self-trade, family: WT, what: Both sides are one account., markets: [spot], references: []}
`;
const head = '---\ntechnique: WT-01\nmarket: spot\nsource: desk reasoning\n---\n\n# Suggested\n\n';

async function run(cases: Readonly<Record<string, string>>) {
  const named = Object.entries(cases).map(([name, text]) => [`sops/demo/cases/${name}`, text] as const);
  const store = createMemoryStore(
    new Map([
      [
        'sops/demo/SOP.md',
        sop
          .replace('kind: investigation\n', 'kind: investigation\nsegment_by: accounts.type\n')
          .replace('subject: [account]', 'subject: [account_id]'),
      ],
      ['sops/desk.yaml', desk],
      ['sops/taxonomy.yaml', taxonomy],
      ...named,
    ]),
  );
  const today = '2026-11-01';
  const { checked, diagnostics, files } = await compile({ store, cache: noCache, engine, today });
  const tested = await testLibrary(checked, { library: checked.library, store, engine, today }, [], () => undefined);
  const errors = [...diagnostics, ...tested.diagnostics].filter(({ level }) => level === 'error');
  return { ...tested, library: checked.library, errors, json: jsonTest(tested, checked, errors, files), diagnostics };
}

const columns =
  '| Case | Kind | segment | share | type | closes | seen | disposition | severity | rule | Closes | Why |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n';

describe('a table of drafts', () => {
  test('of every type, with null, segments and remarks', async () => {
    const { drafts, results, errors, json } = await run({
      'suggested.md': `${head}${columns}| d-1 | ? | retail | 0.4 | null | null | null | ? | - | - | bound/Decision/R1/share, output/escalate | the bound |
| d-2 | attack | retail | null | "fund" | true | 2026-01-01 00:00:00 | ? | | | mutant/Decision/R2/type/toggled | |
| d-3 | benign | retail | - | "bank" | false | date and time("2025-12-31T00:00:00Z") | ? | ? | ? | - | - |
`,
    });
    expect(errors.map(({ code, args }) => [code, args])).toEqual([]);
    expect(results).toEqual([]);
    expect(drafts.map(({ entry, actual, why }) => [entry.name.value, entry.kind, actual, why])).toMatchObject([
      ['d-1', null, { kind: 'decided', rule: 'R1' }, ''],
      ['d-2', 'attack', { kind: 'decided', rule: 'R2' }, ''],
      ['d-3', 'benign', { kind: 'decided', rule: 'else' }, ''],
    ]);
    expect(json.summary).toMatchObject({ cases: 0, caught: 0, left_alone: 0, drafts: 3 });
    expect(problems('test', JSON.stringify(json))).toEqual([]);
  });

  test('proves nothing: a SOP with nothing but drafts has no cases, and no claim of it is tried', async () => {
    const { diagnostics, json } = await run({
      'suggested.md': `${head}${columns}| d-1 | attack | retail | 0.4 | - | - | - | ? | - | - | - | - |\n`,
    });
    expect(diagnostics.filter(({ code }) => code === 'SOP708').map(({ args }) => args['what'])).toEqual(['no cases']);
    expect(json.coverage.sops).toEqual([]);
  });

  test.each([
    ['kind is open, whatever the answer', '| d-1 | ? | retail | 0.4 | - | - | - | escalate | high | R1 | - | - |'],
    ['the answer is open, whatever the rule', '| d-1 | attack | retail | 0.4 | - | - | - | ? | high | R1 | - | - |'],
    ['the severity is open', '| d-1 | attack | retail | 0.4 | - | - | - | escalate | ? | - | - | - |'],
    ['in quotes', '| d-1 | "?" | retail | 0.4 | - | - | - | "?" | - | - | - | - |'],
  ])('%s', async (_, row) => {
    const { drafts, results, errors } = await run({ 'suggested.md': `${head}${columns}${row}\n` });
    expect([drafts.length, results.length, errors.length]).toEqual([1, 0, 0]);
  });

  test.each([
    ['a decided row', '| d-1 | attack | retail | 0.4 | - | - | - | escalate | - | - | - | - |', 0, 1, []],
    [
      'an open rule of a decided row',
      '| d-1 | attack | retail | 0.4 | - | - | - | escalate | - | ? | - | - |',
      0,
      1,
      ['SOP313'],
    ],
    ['no answer at all', '| d-1 | attack | retail | 0.4 | - | - | - | - | - | - | - | - |', 0, 0, ['SOP206']],
    ['a value of the wrong type', '| d-1 | ? | retail | "x" | - | - | - | ? | - | - | - | - |', 1, 0, []],
    ['an unknown segment', '| d-1 | ? | retial | 0.4 | - | - | - | ? | - | - | - | - |', 1, 0, ['SOP332']],
    ['an unknown severity', '| d-1 | ? | retail | 0.4 | - | - | - | ? | hihg | - | - | - |', 1, 0, ['SOP312']],
  ])('%s', async (_, row, drafts, results, codes) => {
    const ran = await run({ 'suggested.md': `${head}${columns}${row}\n` });
    expect([ran.drafts.length, ran.results.length]).toEqual([drafts, results]);
    expect(ran.errors.map(({ code }) => code)).toEqual(codes);
  });

  test.each(['Closse', 'closse', 'CLOSES', 'shrae', 'Share'])(
    'a column `%s` is a signal that nobody knows',
    async (column) => {
      const text = `${head}| Case | Kind | segment | ${column} | disposition |\n|---|---|---|---|---|\n| d-1 | ? | retail | 0.4 | ? |\n`;
      const { errors } = await run({ 'suggested.md': text });
      expect(errors.map(({ code }) => code)).toEqual(['SOP313']);
    },
  );

  test('a name that a case has is taken', async () => {
    const decided = `${head}${columns}| d-1 | attack | retail | 0.4 | - | - | - | escalate | - | - | - | - |\n`;
    const { errors } = await run({ 'a.md': decided, 'suggested.md': decided.replace('escalate', '?') });
    expect(errors.map(({ code, span }) => [code, span.path])).toEqual([['SOP308', 'sops/demo/cases/suggested.md']]);
  });
});

const yaml = (kind: string, expected: string, more = '') =>
  `case: d\ntitle: A case\ntechnique: WT-01\nmarket: spot\nkind: ${kind}\nsource: test\nsegment: retail\n${more}signals: {share: 0.4}\nexpect: ${expected}`;

describe('a draft in YAML', () => {
  test.each([
    ['attack', '?\n'], ['attack', '?'], ['attack', '"?"'], ['attack', "'?'"], ['?', '?\n'], ['"?"', '? # who knows\n'],
    ['?', '[{disposition: escalate}]'], ['attack', '?\r\n'], ['attack', '  ?   \n'],
  ])('kind: %s, expect: %s', async (kind, expected) => {
    const { drafts, results, errors } = await run({ 'd.yaml': yaml(kind, expected) });
    expect([drafts.length, results.length, errors.map(({ code }) => code)]).toEqual([1, 0, []]);
    expect(drafts[0]?.actual).toMatchObject({ kind: 'decided', rule: 'R1' });
  }); // biome-ignore format: pairs

  test.each([
    ['attack', '[?]'],
    ['attack', '[]'],
    ['attack', '??'],
    ['attack', '[{disposition: ?}]'],
    ['attack', '\n'],
    ['unknown', '?'],
  ])('kind: %s, expect: %s is no draft but an error', async (kind, expected) => {
    const { drafts, errors, results } = await run({ 'd.yaml': yaml(kind, expected) });
    expect(drafts).toEqual([]);
    expect(errors.length).toBeGreaterThan(0);
    for (const { outcome } of results) expect(outcome).toBe('error');
  });

  test('what its own data lacks is told, and fails nothing', async () => {
    const text = yaml('?', '?')
      .replace('signals: {share: 0.4}', 'given: {accounts: data/none.csv}')
      .replace('segment: retail\n', '');
    const { drafts, errors } = await run({ 'd.yaml': text });
    expect(errors).toEqual([]);
    expect(drafts.map(({ actual, why }) => [actual, why !== ''])).toEqual([[null, true]]);
  });

  test('a known gap of nothing is refused', async () => {
    const gap = 'known_gap: {outcome: missed, owner: desk, reason: agreed, until: 2027-01-01}\n';
    const { drafts, results, errors } = await run({ 'd.yaml': yaml('attack', '?', gap) });
    expect([drafts.length, results.length, errors.map(({ code }) => code)]).toEqual([0, 0, ['SOP233']]);
  });
});

describe('a lone question mark in YAML', () => {
  const plain = (text: string) => {
    const [node] = parseYaml('f.yaml', text);
    return node === null ? null : JSON.parse(JSON.stringify(plainOf(node)));
  };
  test.each([
    ['a: ?', { a: '?' }],
    ['a: ?\nb: 1\n', { a: '?', b: 1 }],
    ['a: {b: ?, c: ? }\n', { a: { b: '?', c: '?' } }],
    ['a: [{b: ?}]\n', { a: [{ b: '?' }] }],
    ['a: >-\n  x: ?\n  y\n', { a: 'x: ? y' }],
    ['a: "x: ?, y"\nb: ?\n', { a: 'x: ?, y', b: '?' }],
    ['a: ?x\n', { a: '?x' }],
    ['"x: ?, y": ?\n', { 'x: ?, y': '?' }],
    ['? a\n: b\n', { a: 'b' }],
    ['a: \ue000\nb: ?\n', { a: '\ue000', b: '?' }],
  ])('%j', (text, value) => {
    expect(plain(text)).toEqual(value);
  });
  test('is at its place', () => {
    const [node] = parseAnyYaml('f.yaml', 'a: ?\nb: {c: ?}\n', 10);
    const spans: string[] = [];
    const visit = (at: typeof node): void => {
      if (at?.kind === 'scalar') spans.push(`${at.source}${at.quoted} ${at.span.start}-${at.span.end}`);
      if (at?.kind === 'map') for (const { value } of at.entries) visit(value);
    };
    visit(node);
    expect(spans).toEqual(['?false 13-14', '?false 22-23']);
  });
  test('makes a case nothing that counts', () => {
    const [entry] = buildCase('sops/demo/cases/d.yaml', parseYaml('sops/demo/cases/d.yaml', yaml('attack', '?'))[0]);
    expect(entry).toMatchObject({ isDraft: true });
    expect(entry).not.toHaveProperty('knownGap');
  });
});
