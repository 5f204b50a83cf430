import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.ts';
import { proofsOf } from '../../src/coverage/proofs.ts';
import { compareSides, type Ratchet } from '../../src/coverage/ratchet/ratchet.ts';
import type { Side } from '../../src/coverage/ratchet/ratchet-found.ts';
import { noCache } from '../../src/host/disk-cache.ts';
import type { SqlEngine } from '../../src/model/ports.ts';
import { testLibrary } from '../../src/replay/test-library.ts';
import { testEngine } from '../engine/support.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { greenFiles, today } from '../support/sop.ts';

let engine: SqlEngine;
beforeAll(() => {
  engine = testEngine();
});
afterAll(() => engine.close());

type Files = Readonly<Record<string, string>>;

async function side(files: Files): Promise<Side> {
  const store = createMemoryStore(new Map(Object.entries(files)));
  const { checked } = await compile({ store, cache: noCache, engine, today });
  const run = await testLibrary(checked, { library: checked.library, store, engine, today }, [], () => undefined);
  const proofs = proofsOf(checked, run.results);
  return { checked, run, proofs: checked.sops.filter(({ sound }) => sound).map(proofs.of) };
}

async function compared(before: Files, now: Files): Promise<Ratchet> {
  const touched = new Set(Object.keys({ ...before, ...now }).filter((path) => before[path] !== now[path]));
  return compareSides(await side(before), await side(now), touched);
}

const files: Files = { ...greenFiles(), 'sops/demo/cases/bounds.md': `---
technique: WT-01
market: spot
source: desk reasoning
---

# Bounds of R1

| Case            | Kind   | self_ratio | self_notional | account_type | disposition | rule |
|-----------------|--------|------------|---------------|--------------|-------------|------|
| demo-at-half    | attack | 0.5        | 100000        | "retail"     | escalate    | R1   |
| demo-below-half | benign | 0.499      | 100000        | "retail"     | dismiss     | else |
` }; // biome-ignore format: a table

/** The same SOP under another id, with what `rewrite` makes of each file. */
function renamed(rewrite: (text: string, path: string) => string = (text) => text): Files {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => {
      const moved = path.replace('sops/demo/', 'sops/other/');
      const own = path.endsWith('/SOP.md') ? text.replace('id: demo\n', 'id: other\n') : text;
      return [moved, rewrite(own, moved)];
    }),
  );
}

const says = (ratchet: Ratchet) => ratchet.remarks.map(({ what, name, says }) => `${what} ${name}: ${says}`);

describe('a SOP that gets another id is the same one', () => {
  test('nothing is lost, and nothing is left uncompared', async () => {
    const found = await compared(files, renamed());
    expect([found.losses, found.notCompared]).toEqual([[], []]);
    expect(found.obligations?.gone).toBe(0);
    expect(says(found)).toContain('moved demo-at-half: it belongs to `other` now, and `demo` is gone');
  });
  test('what its cases no longer ask for, and what they held, is lost', async () => {
    const milder = renamed((text) =>
      text.replace(/(demo-at-half .*)escalate /, '$1monitor  ').replace('| R1   |', '| R1 |'),
    );
    const { losses } = await compared(files, milder);
    expect(losses.filter(({ what }) => what === 'case').map(({ name }) => name)).toContain('demo-at-half');
  });
  test('also where each case is called otherwise at once', async () => {
    const called = renamed((text, path) =>
      path.endsWith('bounds.md')
        ? text.replace('| Case ', '| replaces | Case ').replace('|-----', '|---|-----').replace(/\| (demo-\w+-half) /g, '| $1 | new-$1 ')
        : text.replace(/^case: (.*)$/m, 'case: new-$1\nreplaces: [$1]'),
    ); // biome-ignore format: one thought
    const moved = called['sops/other/SOP.md']?.replaceAll('`demo-', '`new-demo-') ?? '';
    const whole = await compared(files, { ...called, 'sops/other/SOP.md': moved });
    expect([whole.losses, whole.notCompared]).toEqual([[], []]);
    const without = Object.fromEntries(
      Object.entries(called).map(([path, text]) => [path, text.replace(/.*new-demo-below-half.*\n/, '')]),
    );
    const { losses } = await compared(files, { ...without, 'sops/other/SOP.md': moved });
    expect(losses.map(({ what }) => what)).toContain('obligation');
  });
});

test('a technique that was proven, and that nobody claims any more, is said', async () => {
  const { 'sops/demo/cases/demo-two-owners.yaml': _, ...proven } = files;
  const text = (proven['sops/demo/SOP.md'] ?? '').replace(/## Blind spots[\s\S]*?(?=## References)/, '');
  const found = await compared(
    { ...proven, 'sops/demo/SOP.md': text },
    { ...proven, 'sops/demo/SOP.md': text.replace(/^markets: .*$/m, 'markets: [perp]') },
  );
  expect(found.losses).toEqual([]);
  expect(says(found)).toEqual(['changed WT-01 in spot: proven before, now blind']);
});

test('a case of a view with other data, or other rows, under its name is said', async () => {
  const path = 'sops/views/cases/owners.yaml';
  const entry = `case: owners
view: owners
title: An owner is counted
source: desk reasoning
given:
  accounts:
    - {account_id: a1, owner_id: o1}
    - {account_id: a2, owner_id: o1}
expect:
  - {owner_id: o1, accounts: 2}
`;
  const sql = `/*
title: How many accounts an owner has
columns:
  owner_id: text
  accounts: integer
key: [owner_id]
*/
SELECT owner_id, count(*) AS accounts FROM accounts GROUP BY ALL
`;
  const before = { ...files, 'sops/views/owners.sql': sql, [path]: entry };
  const other = entry.replace('    - {account_id: a2, owner_id: o1}\n', '').replace('accounts: 2', 'accounts: 1');
  const found = await compared(before, { ...before, [path]: other });
  expect(found.losses.map(({ what }) => what)).toEqual([]);
  expect(says(found)).toEqual(['changed owners: other data; other rows are expected']);
});
