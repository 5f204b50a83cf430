import type { CheckedSop } from '../../src/check/checked.ts';
import { resolveTables } from '../../src/check/resolve-tables.ts';
import { desk, sopOf } from './sops.ts';

/** So many rules of ten columns, most of them with a cell that says something; as large as a decision table gets with 300. */
export function largeSop(many: number): CheckedSop {
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
  const rules = Array.from({ length: many }, (_, rule) => {
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
