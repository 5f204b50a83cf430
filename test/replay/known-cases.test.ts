import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Compiled, compile, type Ports } from '../../src/compile.ts';
import { createDiskStore } from '../../src/host/disk-store.ts';
import type { Cache, SqlEngine } from '../../src/model/ports.ts';
import { knownCases } from '../../src/replay/known-cases.ts';
import { testLibrary } from '../../src/replay/test-library.ts';
import { openEngine } from '../diagnostics/run.ts';
import { makeFolder } from '../support/folder.ts';

const story = 'sops/quiet/cases/q-seen.yaml';
const data = 'sops/quiet/cases/data/seen.csv';
const sop = 'sops/quiet/SOP.md';

/** A SOP that reads a view and a list, with a case of a data file, a known gap, and the case of the view. */
async function library(): Promise<Record<string, string>> {
  return {
    'sops/desk.yaml': await readFile('sops/desk.yaml', 'utf8'),
    'sops/taxonomy.yaml': await readFile('sops/taxonomy.yaml', 'utf8'),
    'sops/lists/exempt.csv': 'key,reason,approver,valid_from,valid_to\nz9,house,risk-committee,2025-01-01,2028-01-01\n',
    'sops/views/large.sql':
      '/*\ntitle: Large trades\ncolumns:\n  symbol: text\n  price: number\nkey: [symbol, price]\n*/\nSELECT DISTINCT symbol, price FROM trades WHERE qty > 1\n',
    'sops/views/cases/large-only.yaml':
      'case: large-only\nview: large\ntitle: Small ones are left out\nsource: desk reasoning\ngiven:\n  trades:\n    - {symbol: A, ts: 2026-01-01 00:00:00, price: 5, qty: 2}\n    - {symbol: B, ts: 2026-01-01 00:00:00, price: 5, qty: 1}\nexpect:\n  - {symbol: A, price: 5}\n',
    [sop]: [
      '---', 'id: quiet', 'title: Quiet', 'version: 1.0.0', 'status: draft', 'owner: trading-risk', 'review_by: 2030-01-01',
      'summary: Decide whether a price is high. Use in tests.', 'kind: patrol', 'techniques: [PD-01]', 'markets: [spot]', 'subject: [symbol]', '---',
      '', '# Quiet', '', '## Purpose', 'Prose.', '', '## Signals', '', '### Price',
      '| Signal | Type | Unit | Range | Missing | Meaning |', '|---|---|---|---|---|---|', '| `high` | number | USD | >= 0 | null | the highest |', '',
      '```sql', 'SELECT symbol, max(price) AS high FROM large ANTI JOIN exempt ON exempt.key = large.symbol GROUP BY symbol', '```',
      '', '## Decision', '| F | high | → disposition | → severity |', '|---|---|---|---|', '| R1 | >= 10 | escalate | high |', '| R2 | null | monitor | low |', '| else | - | dismiss | info |', '',
      '## Procedure', '1. **Decide.** (human) A risk manager MUST decide.', '', '## Escalation', '| Severity | Team | Within | Report |', '|---|---|---|---|', '| high | trading-risk | 1h | trading-risk |', '| low | trading-risk | 7d | trading-risk |', '', '## Benign explanations', '| Explanation | Evidence that confirms it | Then |', '|---|---|---|', '| News | an event before | dismiss |', '',
    ].join('\n'), // biome-ignore format: reads as the file
    [story]: caseOf('q-seen', `data/${data.split('/').at(-1)}`, 'escalate', ''),
    [data]: 'symbol,ts,price,qty\nX,2026-01-01T00:00:00Z,12,2\n',
    'sops/quiet/cases/q-gap.yaml': caseOf(
      'q-gap',
      null,
      'escalate',
      'known_gap: {outcome: missed, owner: trading-risk, reason: too low, until: 2027-01-31}\n',
    ),
  };
}

function caseOf(name: string, file: string | null, disposition: string, more: string): string {
  const rows = file ?? '\n    - {symbol: X, ts: 2026-01-01 00:00:00, price: 9, qty: 2}';
  return `case: ${name}\ntitle: Seen\ntechnique: PD-01\nmarket: spot\nkind: attack\nsource: desk reasoning\ngiven:\n  trades: ${rows}\nexpect:\n  - {symbol: X, disposition: ${disposition}}\n${more}`;
}

function memoryCache(): Cache {
  const held = new Map<string, string>();
  return {
    get: (kind, key) => {
      const text = held.get(`${kind} ${key}`);
      return text === undefined ? undefined : JSON.parse(text);
    },
    set: (kind, key, value) => void held.set(`${kind} ${key}`, JSON.stringify(value)),
  };
}

let engine: SqlEngine;
beforeAll(() => {
  engine = openEngine();
});
afterAll(() => engine.close());

/** A run of the whole library: how its cases came out, and how many data sets it opened. */
async function run(
  files: Record<string, string>,
  cache: Cache,
  options: { ids?: string[]; today?: string; lanes?: SqlEngine[]; again?: boolean } = {},
) {
  let opened = 0;
  const counting: SqlEngine = {
    ...engine,
    open: (...asked) => {
      opened += 1;
      return engine.open(...asked);
    },
  };
  const store = createDiskStore(await makeFolder(files));
  const ports: Ports = {
    store,
    cache: { get: () => undefined, set: () => undefined },
    engine,
    today: options.today ?? '2026-11-01',
  };
  const compiled: Compiled = await compile(ports);
  const known = knownCases(cache, store, engine.version, compiled.files);
  const world = { ...ports, library: compiled.checked.library, engine: counting, lanes: options.lanes ?? [], known };
  const tested = await testLibrary(compiled.checked, world, options.ids ?? [], () => undefined, {
    again: options.again ?? true,
  });
  return { opened, outcomes: tested.results.map(({ outcome }) => outcome), tested };
}

describe('what earlier runs found', () => {
  test('is taken where nothing changed, to the last digit', async () => {
    const [files, cache] = [await library(), memoryCache()];
    const first = await run(files, cache);
    expect(first.outcomes).toEqual(['known_gap', 'caught']);
    expect(first.opened).toBeGreaterThan(0);
    const second = await run(files, cache);
    expect(second.opened).toBe(0);
    expect(second.tested).toEqual(first.tested);
  });

  test('of a case that ran once, where it need not be run again; of one that was, for both', async () => {
    const [files, cache] = [await library(), memoryCache()];
    const once = await run(files, cache, { again: false });
    expect((await run(files, cache, { again: false })).opened).toBe(0);
    const again = await run(files, cache);
    // The case of the view has nothing to be run again.
    expect(again.opened).toBe(once.opened - 1);
    expect((await run(files, cache)).opened).toBe(0);
    const after = await run(files, cache, { again: false });
    expect([after.opened, after.tested]).toEqual([0, once.tested]);
  });

  test.each([
    ['the text of the SOP', sop, '>= 10', '>= 13'],
    ['a data file', data, 'Z,12,', 'Z,9,'],
    ['a view that it reads', 'sops/views/large.sql', 'qty > 1', 'qty > 3'],
    ['a list that it reads', 'sops/lists/exempt.csv', 'z9', 'X'],
    ['the case', story, 'escalate', 'investigate'],
  ])('is not taken where something else is said in %s', async (_what, path, before, after) => {
    const [files, cache] = [await library(), memoryCache()];
    await run(files, cache);
    const changed = { ...files, [path]: files[path]?.replace(before, after) ?? '' };
    expect(changed[path]).not.toBe(files[path]);
    const again = await run(changed, cache);
    const anew = await run(changed, memoryCache());
    expect(again.opened).toBeGreaterThan(0);
    expect(again.tested).toEqual(anew.tested);
    expect(again.outcomes).not.toEqual((await run(files, memoryCache())).outcomes);
  });

  test('says nothing of the day: a known gap lapses though no case is run', async () => {
    const [files, cache] = [await library(), memoryCache()];
    await run(files, cache);
    const later = await run(files, cache, { today: '2027-02-01' });
    expect(later.opened).toBe(0);
    expect(later.outcomes).toEqual(['gap_expired', 'caught']);
  });

  test('is kept by a run of other SOPs, and forgotten where its case is gone', async () => {
    const [files, cache] = [await library(), memoryCache()];
    await run(files, cache);
    const { [story]: _gone, ...fewer } = files;
    const without = await run(fewer, cache);
    expect(without.opened).toBe(0);
    expect((await run(files, cache, { ids: ['quiet'] })).opened).toBe(0);
  });

  test('is not kept of a case that could not be run', async () => {
    const [files, cache] = [await library(), memoryCache()];
    const broken = { ...files, [data]: 'symbol,ts,price\nX,2026-01-01T00:00:00Z,12\n' };
    const first = await run(broken, cache);
    expect(first.outcomes).toEqual(['known_gap', 'error']);
    expect((await run(broken, cache)).tested).toEqual(first.tested);
  });
});

test('in several lanes cases come out as in one, in the same order', async () => {
  const files = await library();
  const lanes = [openEngine(), openEngine()];
  try {
    const alone = await run(files, memoryCache());
    const beside = await run(files, memoryCache(), { lanes });
    expect(beside.tested).toEqual(alone.tested);
    expect(beside.opened).toBeLessThan(alone.opened);
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
  }
});
