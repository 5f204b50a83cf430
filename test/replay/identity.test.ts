import { afterAll, describe, expect, test } from 'vitest';
import { groupsOf, keepIdentity } from '../../src/replay/keep-identity.ts';
import { testEngine } from '../engine/support.ts';
import { green } from '../support/sop.ts';
import { sopOf } from '../support/sops.ts';
import { changed, demoLibrary } from './demo.ts';

const engine = testEngine();
afterAll(() => engine.close());

const front = green.sop.slice(0, green.sop.indexOf('## Parameters'));
const rest = green.sop.slice(green.sop.indexOf('## Procedure'));

/** Accounts that one source pays for are a cluster, called by its least account. */
const sop = `${changed(front, [
  [
    'subject: [owner_id, symbol, day]\nat: day\nsettle: 1d\n',
    'subject: [cluster_id]\nidentity: {members: account_id, match: 0.5}\n',
  ],
  ['alert: {from: investigate, by: [owner_id], quiet: 30m}\n', ''],
])}## Requires

| Table    | Columns           |
|----------|-------------------|
| accounts | funding_source_id |

## Signals

### Clusters

| Signal        | Type    | Missing | Meaning             |
|---------------|---------|---------|---------------------|
| \`size\`      | integer | 0       | accounts            |
| \`self_ratio\` | number | 0       | share of young ones |

\`\`\`sql
SELECT min(account_id) AS cluster_id, count(*) AS size, avg(CASE WHEN type = 'retail' THEN 1 ELSE 0 END) AS self_ratio
FROM accounts WHERE funding_source_id IS NOT NULL GROUP BY funding_source_id
\`\`\`

\`\`\`sql members
SELECT min(a.account_id) AS cluster_id, b.account_id
FROM accounts a JOIN accounts b ON a.funding_source_id = b.funding_source_id
GROUP BY b.account_id
\`\`\`

## Decision

| F    | size | self_ratio | → disposition | → severity | Why      |
|------|------|------------|---------------|------------|----------|
| R1   | >= 3 | >= 0.5     | escalate      | high       | many     |
| else | -    | -          | dismiss       | info       | too few  |

${rest}`;

const account = (id: string, source: string, type = 'retail') =>
  `    - {account_id: ${id}, funding_source_id: ${source}, type: ${type}}`;

async function run(expectation: string, accounts: readonly string[], more = '') {
  const library = await demoLibrary(engine, sop, {
    'demo-case.yaml': `case: demo-case\ntitle: A case\ntechnique: WT-01\nmarket: spot\nkind: attack\nsource: test\ngiven:\n  accounts:\n${accounts.join('\n')}\n${more}expect:\n  - ${expectation}\n`,
  });
  expect(library.errors).toEqual([]);
  return library.runCase('demo-case');
}

const five = ['b1', 'b2', 'b3'].map((id) => account(id, 'x')).concat([account('c1', 'y'), account('c2', 'y')]);

describe('a subject is found by its members', () => {
  test('all of them, in any order, digits and words alike', async () => {
    const found = await run('{members: {includes: [b3, b1]}, disposition: escalate, rule: R1}', five);
    expect([found.outcome, found.subject]).toEqual(['caught', 'cluster_id = "b1"']);
    const digits = [account('"1001"', 'x'), account('"1002"', 'x'), account('"1003"', 'x')];
    expect((await run('{members: {includes: [1001, 1003]}, disposition: escalate}', digits)).outcome).toBe('caught');
  });
  test('members that stand apart are told with who holds them', async () => {
    const apart = await run('{members: {includes: [b1, c1, d1]}, disposition: escalate}', five);
    expect(apart.outcome).toBe('missed');
    expect(apart.subject).toBe('the subject that holds b1, c1, d1');
    expect(apart.why).toBe(
      'no subject holds b1, c1, d1 together; cluster_id = "b1" holds b1; cluster_id = "c1" holds c1; nobody holds d1',
    );
  });
  test('whoever is found by members is no other', async () => {
    expect(
      (
        await run(
          '{members: {includes: [c1]}, disposition: dismiss}\n  - {members: {includes: [b2]}, disposition: escalate}',
          five,
        )
      ).outcome,
    ).toBe('caught');
  });
  test('the members are those of the SQL, sorted', async () => {
    const { decided } = await run('{members: {includes: [b1]}, disposition: escalate}', [...five].reverse());
    expect(decided.map(({ key, members }) => [key[0], members])).toEqual([
      ['b1', ['b1', 'b2', 'b3']],
      ['c1', ['c1', 'c2']],
    ]);
  });
});

describe('after more rows nobody gets a milder answer', () => {
  const codes = async (expectation: string, more: readonly string[]) =>
    (await run(expectation, five, `monotone:\n  accounts:\n${more.join('\n')}\n`)).diagnostics.map(
      ({ code, args }) => `${code} ${String(args['subject'])}: ${String(args['before'])} -> ${String(args['after'])}`,
    );
  test('a cluster that grows and is called otherwise is the same', async () => {
    expect(await codes('{cluster_id: b1, disposition: escalate}', [account('a1', 'x'), account('a2', 'x')])).toEqual(
      [],
    );
    expect(await codes('{members: {includes: [b1, b2]}, disposition: escalate}', [account('a1', 'x')])).toEqual([]);
  });
  test('a cluster that is diluted is told', async () => {
    const fakes = ['a1', 'a2', 'a3', 'a4'].map((id) => account(id, 'x', 'mm'));
    const told = ['SOP745 cluster_id = "b1": escalate, high, by R1 -> dismiss, info, by else'];
    expect(await codes('{cluster_id: b1, disposition: escalate}', fakes)).toEqual(told);
    expect(await codes('{members: {includes: [b1]}, disposition: escalate}', fakes)).toEqual(told);
  });
  test('rows of a table that the case does not state', async () => {
    const result = await run(
      '{cluster_id: b1, disposition: escalate}',
      five,
      'monotone:\n  trades:\n    - {symbol: A, ts: 2026-11-02 10:00:00}\n',
    );
    expect(result.diagnostics).toEqual([]);
  });
});

test('groups are named by the subject without its time, and hold whoever they held at any time', () => {
  const named = sopOf(['subject: [id, day]', 'at: day']);
  const subject = (id: string, day: number, members: string[]) => ({ key: [id, day], members });
  const groups = groupsOf([subject('c2', 1, ['x']), subject('c1', 2, ['b']), subject('c1', 1, ['a', 'b'])], named);
  expect(groups).toEqual([
    { id: 'c1', members: ['a', 'b'] },
    { id: 'c2', members: ['x'] },
  ]);
  expect([...keepIdentity([{ id: 'old', members: ['a', 'b'] }], groups, 0.5)]).toEqual([
    ['c1', 'old'],
    ['c2', 'c2'],
  ]);
});
