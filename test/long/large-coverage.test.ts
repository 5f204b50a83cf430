import { expect, test } from 'vitest';
import type { CheckedSop } from '../../src/check/checked.ts';
import { resolveTables } from '../../src/check/resolve-tables.ts';
import { proveSop } from '../../src/coverage/prove-sop.ts';
import { suggest } from '../../src/coverage/suggest.ts';
import { desk, sopOf } from '../support/sops.ts';

/** As large as a decision table gets: 300 rules of 10 columns, most of them with a cell that says something. */
function largeSop(): CheckedSop {
  let state = 7;
  const next = (many: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % many;
  };
  const names = Array.from({ length: 10 }, (_, at) => `s${at}`);
  const cells = [
    () => `[${next(90) / 100}..0.9${next(10)}]`,
    () => `[${next(1000)}..${1000 + next(300)})`,
    () => ['"a"', '"a", "b"', 'not("c")'][next(3)],
  ];
  const kinds = ['number | [0..1] step 0.01 | 0', 'decimal | >= 0 | null', 'enum | "a", "b", "c" | null'];
  const answers = ['escalate | high', 'investigate | medium', 'monitor | low', 'dismiss | info'];
  const rules = Array.from({ length: 300 }, (_, rule) => {
    const row = names.map((_name, at) => (next(10) < 4 ? '-' : cells[at % 3]?.()));
    return `| R${rule + 1} | ${row.join(' | ')} | ${answers[next(4)]} |`;
  });
  const sop = sopOf(
    ['subject: [account_id]'],
    `## Signals

### All

| Signal | Type | Range | Missing |
|---|---|---|---|
${names.map((name, at) => `| \`${name}\` | ${kinds[at % 3]} |`).join('\n')}

## Decision

| F | ${names.join(' | ')} | → disposition | → severity |
|${'---|'.repeat(13)}
${rules.join('\n')}
| else | ${names.map(() => '-').join(' | ')} | dismiss | info |
`,
  );
  const [logic] = resolveTables(sop, desk);
  return { sop, logic, segmentation: null, groups: [], reads: { tables: [], views: [], sound: true }, lists: [], sound: true }; // biome-ignore format: a blank form
}

test('a table of 300 rules ends, and what it had no room for is said to be not known, or to be looked at later', () => {
  const checked = largeSop();
  const proof = proveSop(checked, [], desk);
  const count = (state: string) => proof.obligations.filter((one) => one.state === state).length;
  expect(proof.obligations.length).toBeGreaterThan(20_000);
  expect(count('proven')).toBe(0);
  expect(count('open')).toBeGreaterThan(10_000);
  expect(count('open') + count('impossible') + count('undecided')).toBe(proof.obligations.length);
  const { suggestions, later, left } = suggest(checked, [], desk, proof, []);
  const closed = suggestions.reduce((sum, { closes }) => sum + closes.length, 0);
  expect(closed).toBeGreaterThan(1_000);
  expect(closed + left.length + later.length).toBe(count('open'));
}, 600_000);
