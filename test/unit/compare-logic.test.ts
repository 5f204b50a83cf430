import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerKey, answerOf } from '../../src/decision/compare/answer.ts';
import { type Change, compareLogic, inputsOf } from '../../src/decision/compare/compare.ts';
import { compileTest } from '../../src/decision/compile-test.ts';
import { compileDecision } from '../../src/decision/decide.ts';
import type { Logic } from '../../src/decision/logic.ts';
import { normalise, type Scalar } from '../../src/decision/normalise.ts';
import { cell, column } from '../support/columns.ts';
import { desk, largePair, logicPairs, samples } from '../support/logic-pairs.ts';

const whole = ['a', 'b', 'w'].reduce<ReadonlyMap<string, Scalar>[]>(
  (all, name) => all.flatMap((input) => (samples[name] ?? []).map((value) => new Map([...input, [name, value]]))),
  [new Map()],
);
const anyColumn = { a: column('a', 'number'), b: column('b', 'integer'), w: column('w', 'text') };

function reader({ region, before, after }: Change) {
  const cells = region.cells.map(({ column: name, text }) => ({
    name,
    lets: compileTest(cell(text), anyColumn[name as keyof typeof anyColumn]), // the three there are
  }));
  return {
    holds: (input: ReadonlyMap<string, Scalar>) => cells.every(({ name, lets }) => lets(input.get(name) ?? null)),
    says: `${answerKey(before)} ${answerKey(after)}`,
  };
}

function isRefused({ inputs }: Logic, input: ReadonlyMap<string, Scalar>): boolean {
  return inputs.some((of) => {
    const value = of.fixed === true ? null : (input.get(of.name) ?? null);
    return value !== null && !compileTest(of.range, of)(value);
  });
}

/** Where both sides count a missing value as the same one, it is that one. */
function asCounted(input: ReadonlyMap<string, Scalar>, before: Logic, after: Logic): ReadonlyMap<string, Scalar> {
  return new Map(
    [...input].map(([name, value]) => {
      const sides = [before, after].map(({ inputs }) => inputs.find((of) => of.name === name && of.fixed !== true));
      const [one, other] = sides.filter((of) => of !== undefined).map((of) => normalise(of.missing, of));
      if (value !== null || one?.ok !== true) return [name, value];
      return [name, other === undefined || (other.ok && other.value === one.value) ? one.value : null];
    }),
  );
}

test('an input gets another answer just where a region says so, with these answers', () => {
  const seen = { changes: 0, same: 0, invalid: 0 };
  fc.assert(
    fc.property(logicPairs, ([before, after]) => {
      const { changes, open } = compareLogic(before, after, desk);
      expect(open).toEqual([]);
      const regions = changes.map(reader);
      const sides = [before, after].map((logic) => ({ logic, decide: compileDecision(logic) }));
      for (const input of whole) {
        const [one = '', other = ''] = sides.map(({ logic, decide }) =>
          answerKey(answerOf(decide(inputsOf(logic, input), new Set()))),
        );
        // What both refuse is no input; cells say nothing of it.
        if (sides.every(({ logic }) => isRefused(logic, input))) {
          expect([one, other]).toEqual(['invalid', 'invalid']);
          continue;
        }
        const said = regions.filter(({ holds }) => holds(asCounted(input, before, after))).map(({ says }) => says);
        expect(said, JSON.stringify([...input])).toEqual(one === other ? [] : [`${one} ${other}`]);
        if (one === other) seen.same++;
        else seen.changes++;
        if (one !== other && (one === 'invalid' || other === 'invalid')) seen.invalid++;
      }
    }),
    { numRuns: 2_000, seed: 1 },
  );
  expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(10_000);
}, 60_000);

test('500 rules over 8 columns that differ in five cells', () => {
  const [before, after] = largePair(500, 8, 5);
  const found = compareLogic(before, after, desk);
  console.log(found.work, found.changes.length, found.open.length);
});
