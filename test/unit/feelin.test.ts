import { unaryTest } from '@bpmn-io/feelin';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileTable } from '../../src/decision/compile-table.ts';
import type { Test } from '../../src/decision/logic.ts';
import type { Scalar } from '../../src/decision/normalise.ts';
import { cell, column, table } from '../support/columns.ts';
import { upTo } from '../support/long.ts';

/**
 * A second opinion on what cells match, by an interpreter of FEEL that others wrote. It is not asked where it is known to go another way
 * than the language of SOPs:
 *
 * - a negated test of null: FEEL's `not` is two-valued there, ours never matches null unless the cell names it;
 * - an interval whose bounds are the wrong way round: it turns them, ours matches nothing;
 * - values of another type than the column: it compares "0.5" with 0.3, ours are read as the column's type or refused;
 * - columns with a step, and decimals of more digits than a double has: it knows no steps and computes in doubles.
 */
function asks(test: Test, value: Scalar): boolean {
  if (test.kind === 'any') return true;
  if (test.negated && value === null) return false;
  return test.atoms.every((atom) => atom.kind !== 'interval' || atom.low.lte(atom.high));
}

const number = column('x', 'number');
const word = column('x', 'enum');
const boolean = column('x', 'boolean');

const bounds = ['-2', '-0.5', '0', '0.1', '0.25', '0.3', '1', '5', '1000000'] as const;
const bound = fc.constantFrom(...bounds);
const numberAtom = fc.oneof(
  bound,
  fc.tuple(fc.constantFrom('<', '<=', '>', '>='), bound).map(([sign, at]) => `${sign} ${at}`),
  fc
    .tuple(fc.constantFrom('[', '(', ']'), bound, bound, fc.constantFrom(']', ')', '['))
    .map(([open, low, high, close]) => `${open}${low}..${high}${close}`),
);
const wordAtom = fc.constantFrom('"mm"', '"retail"', '""', '"null"');
const numbers = bounds.flatMap((text) => [Number(text), Number(text) + 1e-9, Number(text) - 1e-9, -Number(text)]);

const kinds = [
  { of: number, atom: numberAtom, value: fc.constantFrom<Scalar>(null, ...numbers, 0.1 + 0.2) },
  { of: word, atom: wordAtom, value: fc.constantFrom<Scalar>(null, 'mm', 'retail', '', 'null', 'MM') },
  { of: boolean, atom: fc.constantFrom('true', 'false'), value: fc.constantFrom<Scalar>(null, true, false) },
] as const;

const cellText = (atom: fc.Arbitrary<string>) => {
  const list = fc.array(atom, { minLength: 1, maxLength: 3 }).map((atoms) => atoms.join(', '));
  return fc.oneof(
    fc.constantFrom('-', 'null', 'not(null)'),
    atom,
    list,
    list.map((text) => `${text}, null`),
    list.map((text) => `not(${text})`),
    list.map((text) => `not(${text}, null)`),
  );
};

const columns = fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 3 });
const tables = columns.chain((chosen) =>
  fc.record({
    inputs: fc.constant(chosen.map(({ of }, index) => ({ ...of, name: `x${index}` }))),
    rules: fc.array(fc.tuple(...chosen.map(({ atom }) => cellText(atom))), { minLength: 1, maxLength: 4 }),
    rows: fc.array(fc.tuple(...chosen.map(({ value }) => value)), { minLength: 20, maxLength: 20 }),
  }),
);

test('feelin matches the same rules', () => {
  let compared = 0;
  let matched = 0;
  fc.assert(
    fc.property(tables, ({ inputs, rules, rows }) => {
      const rule = rules.map((cells, index) => [`R${index}`, cells, ['hit']] as const);
      const all = compileTable(table({ policy: 'C', inputs, outputs: ['y'], rules: rule }));
      for (const row of rows) {
        const answer = all(row);
        rules.forEach((cells, index) => {
          if (!cells.every((text, place) => asks(cell(text), row[place] ?? null))) return;
          const theirs = cells.every((text, place) => unaryTest(text, { '?': row[place] ?? null }).value === true);
          const ours = answer.kind === 'answer' && answer.rules.includes(`R${index}`);
          compared++;
          if (ours) matched++;
          expect(ours, `${cells.join(' | ')} of ${row.join(' | ')}`).toBe(theirs);
        });
      }
    }),
    { numRuns: upTo(250, 80), seed: 17 },
  );
  expect(compared).toBeGreaterThan(upTo(5_000, 1_500));
  expect(matched).toBeGreaterThan(500);
});

test.each<[string, Scalar, boolean]>([
  ['not("mm")', null, false],
  ['[5..1]', 3, false],
])('%s of %s is left out for a reason: feelin still says otherwise', (text, value, ours) => {
  const all = table({
    policy: 'C',
    inputs: [typeof value === 'number' ? number : word],
    outputs: ['y'],
    rules: [['R', [text], ['hit']]],
  });
  const answer = compileTable(all)([value]);
  expect(answer.kind === 'answer' && answer.rules.length > 0).toBe(ours);
  expect(unaryTest(text, { '?': value }).value).toBe(!ours);
});
