import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { problems } from '../support/output-schemas.ts';
import { expectPlain, sop } from '../support/sop.ts';
import { makeMoves } from './moves.ts';

const cases = `---
technique: WT-01
market: spot
source: desk reasoning
---

# Bounds

| Case | Kind | buys | disposition | severity |
|---|---|---|---|---|
| mo-hundred | attack | 100 | escalate | critical |
| mo-three | attack | 3 | investigate | medium |
| mo-two | benign | 2 | dismiss | info |
`;

let root: string;
beforeAll(async () => {
  root = await makeMoves({ 'sops/moves/cases/bounds.md': cases });
  // One trade an hour before all, then minutes with so many buys each.
  const rows = ['symbol,ts,trade_id,taker_side,price,qty,notional_usd'];
  const add = (minute: number, buys: number) => {
    for (let one = 0; one < buys; one++) {
      const at = new Date(Date.UTC(2026, 9, 1, 10, minute, one % 60)).toISOString();
      rows.push(`A,${at},t${minute}-${one},buy,1,1,1`);
    }
  };
  add(0, 1);
  for (const [place, buys] of [2, 2, 3, 4, 5, 99, 100, 101, 101, 150].entries()) add(61 + place, buys);
  add(75, 1);
  writeFileSync(join(root, 'trades.csv'), `${rows.join('\n')}\n`);
});

test('real subjects beside bounds, and where no case guards', async () => {
  const ran = await sop(root, ['traffic', 'moves', '--table', 'trades=trades.csv', '--format', 'json']);
  expectPlain(ran);
  expect([ran.status, problems('traffic', ran.stdout)], ran.stderr).toEqual([0, []]);
  const found = JSON.parse(ran.stdout) as {
    subjects: number;
    by_tables: number;
    bounds: { rule: string; bound: string; within_a_step: number; hang_on_it: number }[];
    open: { id: string; subjects: number }[];
  };
  expect(found.bounds.map((one) => [one.rule, one.bound, one.within_a_step, one.hang_on_it])).toEqual([
    ['R1', '100', 4, 4],
    ['R2', '3', 4, 4],
  ]);
  const open = new Map(found.open.map(({ id, subjects }) => [id, subjects]));
  // No case has 99 or 101 buys: with a bound of 99 one real subject would be accused, and nothing would tell.
  expect(open.get('mutant/decision/R1/buys/>= 100/100>99')).toBe(1);
  expect(open.get('bound/decision/R1/buys/>= 100/100/above')).toBe(2);
  expect([...open.keys()].some((id) => id.includes('100>101'))).toBe(false);
  expect(found.subjects - found.by_tables).toBe(2); // the first minute, and the last one, which has not settled
});

test('in words, at 80 columns; without data it says what to name', async () => {
  const told = await sop(root, ['traffic', 'moves', '--table', 'trades=trades.csv'], { COLUMNS: '80' });
  expectPlain(told);
  expect(told.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(told.stdout).toContain("within one step of R1's `buys` 100");
  writeFileSync(join(root, 'empty.csv'), 'symbol,ts,trade_id,taker_side,price,qty,notional_usd\n');
  const nobody = await sop(root, ['traffic', 'moves', '--table', 'trades=empty.csv']);
  expect(nobody.stdout).toContain('The tables decide about nobody here, so nothing can be counted.');
  expect(nobody.stdout).not.toContain('Nothing that is open');
  const none = await sop(root, ['traffic', 'moves']);
  expect([none.status, none.stderr]).toEqual([2, expect.stringContaining('--table')]);
});
