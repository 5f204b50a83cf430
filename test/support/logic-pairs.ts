import Big from 'big.js';
import fc from 'fast-check';
import { anything, type Column, type Logic, type LogicRule, type LogicTable } from '../../src/decision/logic.ts';
import type { Scalar } from '../../src/decision/normalise.ts';
import type { HitPolicy } from '../../src/model/sop.ts';
import { cell, column, table } from './columns.ts';

export const desk = { dispositions: ['dismiss', 'monitor', 'escalate'], severities: ['info', 'high'] };

const bound = fc.constantFrom('1', '2', '3');
const numbers = fc.oneof(
  { weight: 3, arbitrary: fc.constant('-') },
  fc.tuple(fc.constantFrom('<', '<=', '>', '>=', ''), bound).map(([sign, value]) => `${sign} ${value}`.trim()),
  bound.map((value) => `not(${value})`),
  fc.constantFrom('[1..2)', '(1..3]', 'null', '>= 2, null'),
);
const words = fc.constantFrom('-', '-', '"a"', '"b"', '"a", "c"', 'not("a")', 'null');
const answers = fc.tuple(fc.constantFrom('dismiss', 'monitor', 'escalate'), fc.constantFrom('info', 'high'));

/** Columns of the same name in several versions, of which ranges and missing values differ. */
const a = fc.constantFrom<Column>(
  column('a', 'number'),
  column('a', 'number'),
  column('a', 'number', { range: '[1..3]' }),
  column('a', 'number', { range: '>= 2' }),
  { ...column('a', 'number'), missing: new Big(2) },
);
const b = fc.constantFrom<Column>(
  column('b', 'integer', { range: '[0..4]' }),
  column('b', 'integer', { range: '[0..4]' }),
  { ...column('b', 'integer', { range: '[0..4]' }), missing: new Big(0) },
  { ...column('b', 'integer', { range: '[0..4]' }), missing: new Big(2), fixed: true },
);
const w = fc.constantFrom<Column>(
  column('w', 'enum', { range: '"a", "b", "c"' }),
  column('w', 'enum', { range: '"a", "b"' }),
  column('w', 'enum'),
);
export const samples: Readonly<Record<string, readonly Scalar[]>> = {
  a: [null, 0, 1, 1.5, 2, 2.5, 3, 3.5],
  b: [null, 0, 1, 2, 3, 4],
  w: [null, 'a', 'b', 'c', 'd'],
};

const score: Column = { ...column('score', 'decimal'), missing: null };

interface Draft {
  readonly columns: readonly [Column, Column, Column];
  readonly first: readonly { id: string; cells: string[]; weight: number }[] | null;
  readonly firstPolicy: HitPolicy;
  readonly rules: readonly { id: string; cells: string[]; out: [string, string] }[];
  readonly policy: HitPolicy;
  readonly otherwise: [string, string] | null;
}

const cells = fc.tuple(numbers, numbers, words, numbers).map((all) => [...all]);
const rule = fc.record({ cells, out: answers });
const weighted = fc.record({ cells, weight: fc.integer({ min: 1, max: 2 }) });
const draft: fc.Arbitrary<Draft> = fc.record({
  columns: fc.tuple(a, b, w),
  first: fc.option(
    fc.array(weighted, { minLength: 1, maxLength: 3 }).map((all) => all.map((one, at) => ({ ...one, id: `E${at}` }))),
  ),
  firstPolicy: fc.constantFrom<HitPolicy>('C+', 'C+', 'C#', 'C<', 'C>', 'F', 'U', 'C'),
  rules: fc.array(rule, { minLength: 1, maxLength: 4 }).map((all) => all.map((one, at) => ({ ...one, id: `R${at}` }))),
  policy: fc.constantFrom<HitPolicy>('F', 'F', 'U', 'A', 'P'),
  otherwise: fc.option(answers),
});

/** What an analyst does to a table, a few times. */
type Edit = (draft: Draft) => Draft;
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(fc.nat(3), fc.nat(2), numbers).map(
    ([at, place, text]): Edit =>
      (of) => ({
        ...of,
        rules: of.rules.map((one, index) =>
          index === at && place < 2 ? { ...one, cells: put(one.cells, place, text) } : one,
        ),
      }),
  ),
  fc.tuple(fc.nat(3), answers).map(
    ([at, out]): Edit =>
      (of) => ({ ...of, rules: of.rules.map((one, index) => (index === at ? { ...one, out } : one)) }),
  ),
  fc.nat(3).map(
    (at): Edit =>
      (of) => ({ ...of, rules: of.rules.filter((_, index) => index !== at) }),
  ),
  fc.tuple(fc.nat(3), rule).map(
    ([at, added]): Edit =>
      (of) => ({ ...of, rules: [...of.rules.slice(0, at), { ...added, id: 'N' }, ...of.rules.slice(at)] }),
  ),
  fc.constant<Edit>((of) => ({ ...of, rules: [...of.rules].reverse() })),
  fc.option(answers).map(
    (otherwise): Edit =>
      (of) => ({ ...of, otherwise }),
  ),
  fc.tuple(fc.nat(2), numbers).map(
    ([at, text]): Edit =>
      (of) => ({
        ...of,
        first: of.first?.map((one, index) => (index === at ? { ...one, cells: put(one.cells, 0, text) } : one)) ?? null,
      }),
  ),
  fc.tuple(fc.nat(2), fc.constantFrom(1, 2)).map(
    ([at, weight]): Edit =>
      (of) => ({ ...of, first: of.first?.map((one, index) => (index === at ? { ...one, weight } : one)) ?? null }),
  ),
  fc.tuple(a, b, w).map(
    (columns): Edit =>
      (of) => ({ ...of, columns }),
  ),
  fc.constantFrom<HitPolicy>('F', 'U', 'A', 'P').map(
    (policy): Edit =>
      (of) => ({ ...of, policy }),
  ),
);

function put(cells: readonly string[], place: number, text: string): string[] {
  return cells.map((cell, at) => (at === place ? text : cell));
}

function logicOf({ columns, first, firstPolicy, rules, policy, otherwise }: Draft): Logic {
  const inputs = [...columns];
  const evidence: LogicTable[] =
    first === null
      ? []
      : [
          table({
            name: 'evidence', policy: firstPolicy, inputs, outputs: ['score'],
            rules: first.map(({ id, cells: of, weight }) => [id, of.slice(0, 3), [weight]]),
          }),
        ]; // biome-ignore format: a table
  const last = table({
    policy, inputs: first === null ? inputs : [...inputs, score], outputs: ['disposition', 'severity'],
    rules: rules.map(({ id, cells: of, out }) => [id, first === null ? of.slice(0, 3) : of, out]),
    ...(otherwise !== null && { otherwise }),
  }); // biome-ignore format: a table
  const order = { disposition: [...desk.dispositions].reverse(), severity: [...desk.severities].reverse() };
  const outputs = last.outputs.map((output) => ({
    ...output,
    order: output.name === 'severity' ? order.severity : order.disposition,
  }));
  return { inputs, tables: [...evidence, { ...last, outputs }] };
}

export const logicPairs: fc.Arbitrary<readonly [Logic, Logic]> = fc
  .tuple(draft, fc.array(edit, { maxLength: 3 }))
  .map(([one, edits]) => [logicOf(one), logicOf(edits.reduce((of, change) => change(of), one))]);

/** Two tables of many rules that differ in a few cells, the same each time. */
export function largePair(rules: number, columns: number, changes: number): readonly [Logic, Logic] {
  const inputs = Array.from({ length: columns }, (_, at) =>
    at % 4 === 3 ? column(`w${at}`, 'enum', { range: '"a", "b", "c", "d"' }) : column(`n${at}`, 'number'),
  );
  const random = sequence(7);
  const test = (of: Column) => {
    if (random(10) < 4) return anything;
    if (of.type === 'enum') return cell(`"${'abcd'[random(4)]}"`);
    const low = random(90);
    return random(3) === 0 ? cell(`>= ${low}`) : cell(`[${low}..${low + 5 + random(20)})`);
  };
  const answer = () => ({ outputs: [desk.dispositions[random(3)] ?? '', desk.severities[random(2)] ?? ''] });
  const of: LogicRule[] = Array.from({ length: rules }, (_, at) => ({
    id: `R${at + 1}`,
    tests: inputs.map(test),
    ...answer(),
  }));
  const changed = [...of];
  for (let change = 0; change < changes; change++) {
    const at = random(rules);
    const place = random(columns);
    const one = changed[at];
    const of = inputs[place];
    if (one === undefined || of === undefined) continue;
    changed[at] = { ...one, tests: one.tests.map((each, index) => (index === place ? test(of) : each)) };
  }
  const built = (list: readonly LogicRule[]): Logic => ({
    inputs,
    tables: [
      {
        ...table({
          policy: 'F',
          inputs,
          outputs: ['disposition', 'severity'],
          rules: [],
          otherwise: ['dismiss', 'info'],
        }),
        rules: list,
      },
    ],
  });
  return [built(of), built(changed)];
}

function sequence(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}
