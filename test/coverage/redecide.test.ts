import { expect, test } from 'vitest';
import { proveSop, variantsOf } from '../../src/coverage/prove-sop.ts';
import { suggest } from '../../src/coverage/suggest.ts';
import { redecide } from '../../src/coverage/tables/redecide.ts';
import { Tries } from '../../src/coverage/tables/tries.ts';
import { answerKey, answerOf } from '../../src/decision/compare/answer.ts';
import { inputsOf } from '../../src/decision/compare/compare.ts';
import { compileDecision } from '../../src/decision/decide.ts';
import { largeSop } from '../support/large-sop.ts';
import { desk } from '../support/sops.ts';

const small = largeSop(6);

test('a variant is decided in a few cells as by all of its rules', () => {
  const { logic } = small;
  const tries = new Tries(logic);
  const before = compileDecision(logic);
  const points = logic.tables[0]?.rules.flatMap((_, rule) => [...tries.in(0, rule, 8)]) ?? [];
  const decided = points.map((point) => ({
    values: inputsOf(logic, point),
    decision: before(inputsOf(logic, point), new Set()),
  }));
  let told = 0;
  for (const variant of variantsOf(small, desk)) {
    const [after, again] = [compileDecision(variant.of(logic)), redecide(logic, variant)];
    for (const subject of decided) {
      const [is, wanted] = [again(subject) ?? subject.decision, after(subject.values, new Set())];
      if (answerKey(answerOf(is)) !== answerKey(answerOf(wanted)))
        throw new Error(`${variant.id}: ${JSON.stringify([...subject.values])}`);
      if (is !== subject.decision) told++;
    }
  }
  expect(told).toBeGreaterThan(300);
});

test('each open obligation is closed, waits in a draft, or is told to be left, and once', () => {
  const checked = largeSop(2);
  const proof = proveSop(checked, [], desk);
  const open = proof.obligations.filter(({ state }) => state === 'open').map(({ id }) => id);
  const { suggestions, inDraft, left, later } = suggest(checked, [], desk, proof, []);
  const told = [...suggestions.flatMap(({ closes }) => closes), ...inDraft, ...left, ...later].map(({ id }) => id);
  expect(told.sort()).toEqual(open.sort());
});
