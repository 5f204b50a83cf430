import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.ts';
import { nameSuggestions } from '../../src/coverage/name-suggestions.ts';
import type { Obligation } from '../../src/coverage/obligation.ts';
import { proveSop } from '../../src/coverage/prove-sop.ts';
import { suggest } from '../../src/coverage/suggest.ts';
import { suggestedFile } from '../../src/emit/cases/suggested-table.ts';
import { noCache } from '../../src/host/disk-cache.ts';
import type { SqlEngine } from '../../src/model/ports.ts';
import { testLibrary } from '../../src/replay/test-library.ts';
import { testEngine } from '../engine/support.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { green, sopWith, today } from '../support/sop.ts';

let engine: SqlEngine;
beforeAll(() => {
  engine = testEngine();
});
afterAll(() => engine.close());

/** A SOP of provided signals, with parameters by segment; no rule decides who waits long in a thin market. */
const sop = sopWith('demo', 'self_ratio', 'self_ratio')
  .replace(/at: day\nsettle: 1d\nalert: .*\n/, '')
  .replace('status: approved', 'status: draft')
  .replace('[owner_id, symbol, day]', '[symbol]\nsegment_by: instruments.liquidity_tier')
  .replace(
    /## Parameters[\s\S]*## Procedure[\s\S]*?(?=## Escalation)/,
    `## Parameters

| Parameter | Type     | Value | thin | deep | Range                |
|-----------|----------|-------|------|------|----------------------|
| \`fast\`    | duration | PT10M | PT5M |      | >= duration("PT0S")  |
| \`depth\`   | integer  | 1     | 2    |      | [0..9]               |

## Signals

### All

| Signal | Type     | Range               | Missing |
|--------|----------|---------------------|---------|
| \`wait\` | duration | >= duration("PT0S") | null    |
| \`usd\`  | decimal  | >= 0                | 0       |

## Decision

| F  | wait    | usd           | depth | → disposition | → severity |
|----|---------|---------------|-------|---------------|------------|
| R1 | <= fast | [100..100.5)  | -     | escalate      | critical   |
| R2 | <= fast | -             | -     | monitor       | low        |
| R3 | -       | -             | 1     | dismiss       | info       |

## Procedure

1. **Look.** The agent MUST look.

`,
  );

async function state(cases: Readonly<Record<string, string>>, text = sop) {
  const files = new Map([
    ['sops/desk.yaml', green.desk],
    ['sops/taxonomy.yaml', green.taxonomy],
    ['sops/demo/SOP.md', text],
    ...Object.entries(cases).map(([name, one]) => [`sops/demo/cases/${name}`, one] as const),
  ]);
  const store = createMemoryStore(files);
  const { checked, diagnostics } = await compile({ store, cache: noCache, engine, today });
  const errors = diagnostics.filter(({ level }) => level === 'error');
  if (errors.length > 0) throw new Error(JSON.stringify(errors.map(({ code, args }) => [code, args])));
  const { library, sops } = checked;
  const [demo] = sops;
  if (demo === undefined) throw new Error('there is no SOP');
  const run = await testLibrary(checked, { library, store, engine, today }, [], () => undefined);
  const proof = proveSop(demo, run.results, library.desk);
  const drafts = run.drafts.flatMap(({ decided }) => decided);
  const { suggestions, inDraft, left } = suggest(demo, run.results, library.desk, proof, drafts);
  const names = nameSuggestions('demo', suggestions, [...library.cases, ...library.drafts]);
  const named = suggestions.map((suggestion, at) => ({ name: names[at] ?? '', suggestion }));
  const open = proof.obligations.filter((one) => one.state === 'open').map(({ id }) => id);
  return { run, proof, named, inDraft, left, open, drafted: suggestedFile(demo, named, undefined) };
}

/** Each `?` of a row answered with what the SOP says today; `rewrite` sees the disposition that would stand there. */
function answered({ named, drafted }: Awaited<ReturnType<typeof state>>, rewrite = (word: string) => word): string {
  return drafted.split('\n').flatMap((line) => {
    const found = named.find(({ name }) => line.startsWith(`| ${name} |`))?.suggestion.now;
    if (found === undefined) return [line];
    const [disposition, severity] = found.kind === 'decided' ? [found.disposition, found.severity] : ['escalate', 'high'];
    const kind = rewrite(disposition) === 'dismiss' ? 'benign' : 'attack';
    return [[kind, rewrite(disposition), severity].reduce((row, word) => row.replace('| ? |', `| ${word} |`), line)];
  }).join('\n'); // biome-ignore format: one thought
}

const says = (obligations: readonly Obligation[]) => obligations.map(({ says: one }) => one);

describe('suggested cases', () => {
  test('nothing is suggested twice: not what a draft waits for, in a gap either, where a parameter heads a column', async () => {
    const first = await state({});
    expect(first.named.some(({ suggestion }) => suggestion.closes.some(({ kind }) => kind === 'gap'))).toBe(true);
    const again = await state({ 'suggested.md': first.drafted });
    expect(again.named).toEqual([]);
    expect(again.run.drafts).toHaveLength(first.named.length);
  });

  test('answered with what the SOP says today, they close all that they were said to close, severities too', async () => {
    const first = await state({});
    const then = await state({ 'suggested.md': answered(first) });
    const promised = first.named.flatMap(({ suggestion }) => suggestion.closes).filter(({ kind }) => kind !== 'gap');
    expect(promised.some(({ id }) => id.startsWith('output/decision/severity/'))).toBe(true);
    expect(promised.filter(({ id }) => then.open.includes(id)).map(({ id }) => id)).toEqual([]);
    expect(then.named).toEqual([]);
    expect(then.open.filter((id) => !id.startsWith('gap/'))).toEqual(first.left.map(({ id }) => id));
  });

  test('answered otherwise, they fail, and are not suggested a second time', async () => {
    const first = await state({});
    const then = await state({ 'suggested.md': answered(first, (word) => (word === 'dismiss' ? 'monitor' : word)) });
    expect(then.run.results.some(({ outcome }) => outcome === 'missed')).toBe(true);
    expect(then.named).toEqual([]);
    expect(then.inDraft.length).toBeGreaterThan(0);
  });
});

describe('what is just beside a bound', () => {
  test('of a time or a duration: up to a second; the slip is written as a duration', async () => {
    const near = `case: near\ntitle: T\ntechnique: WT-01\nmarket: spot\nkind: attack\nsource: s\nsegment: thin\nsignals: {wait: PT4M59.5S, usd: 1}\nexpect:\n  - {disposition: monitor, severity: low}\n`;
    const { proof } = await state({ 'near.yaml': near });
    const below = proof.obligations.find(({ id }) => id === 'bound/decision/R2/wait/<= fast/duration("PT5M")/below');
    expect(below?.by ?? proof.obligations.map(({ id }) => id)).toEqual(['near']);
    const slips = says(proof.obligations).filter((one) => one.includes('`fast` of thin'));
    expect(slips).toEqual([
      'the parameter `fast` of thin became PT4M59S instead of PT5M',
      'the parameter `fast` of thin became PT5M1S instead of PT5M',
      'the parameter `fast` of thin became PT4M30S instead of PT5M',
      'the parameter `fast` of thin became PT5M30S instead of PT5M',
    ]);
  });

  test('no further than the next number of the cell', async () => {
    const story = (name: string, usd: number, disposition: string, severity: string) =>
      `case: ${name}\ntitle: T\ntechnique: WT-01\nmarket: spot\nkind: attack\nsource: s\nsegment: deep\nsignals: {wait: PT1S, usd: ${usd}}\nexpect:\n  - {disposition: ${disposition}, severity: ${severity}}\n`;
    const cases = {
      'within.yaml': story('within', 100.2, 'escalate', 'critical'),
      'beyond.yaml': story('beyond', 100.7, 'monitor', 'low'),
    };
    const { proof } = await state(cases);
    const by = (value: string, side: string) =>
      proof.obligations.find(({ id }) => id.startsWith('bound/decision/R1/usd/') && id.endsWith(`/${value}/${side}`))
        ?.by;
    expect([by('100', 'above'), by('100.5', 'below'), by('100.5', 'above')]).toEqual([
      ['within'],
      ['within'],
      ['beyond'],
    ]);
  });
});
