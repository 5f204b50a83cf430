import { describe, expect, test } from 'vitest';
import { compileTable, type Output } from '../../src/decision/compile-table.ts';
import type { HitPolicy } from '../../src/model/sop.ts';
import { column, table } from '../support/columns.ts';

const x = column('x', 'number');
const order = ['escalate', 'investigate', 'dismiss'];

/** Three rules over x: R1 from 1, R2 from 2, R3 from 3. */
function answer(
  policy: HitPolicy,
  value: number | null,
  outputs: readonly (string | number | null)[],
  otherwise?: string | number | null,
) {
  const rules = outputs.map((output, index) => [`R${index + 1}`, [`>= ${index + 1}`], [output]] as const);
  const built = table({
    policy,
    inputs: [x],
    outputs: ['y'],
    rules,
    order,
    ...(otherwise === undefined ? {} : { otherwise: [otherwise] }),
  });
  const result = compileTable(built)([value]);
  if (result.kind !== 'answer') return result.kind === 'conflict' ? `conflict ${result.rules}` : 'no rule';
  return `${show(result.outputs[0] ?? null)} by ${result.rules.join() || 'nobody'}`;
}

function show(output: Output): string {
  return Array.isArray(output) ? `[${output.map((entry) => show(entry)).join()}]` : String(output);
}

const words = ['dismiss', 'escalate', 'investigate'];

describe('what a table answers', () => {
  test.each<[HitPolicy, number | null, (string | number | null)[], string]>([
    ['F', 3, words, 'dismiss by R1'],
    ['F', 0, words, 'no rule'],
    ['U', 1, words, 'dismiss by R1'],
    ['U', 2, words, 'conflict R1,R2'],
    ['U', 0, words, 'no rule'],
    ['A', 3, ['dismiss', 'dismiss', 'dismiss'], 'dismiss by R1,R2,R3'],
    ['A', 3, ['dismiss', 'dismiss', 'escalate'], 'conflict R1,R2,R3'],
    ['A', 3, [1, 1.0, 1], '1 by R1,R2,R3'],
    ['A', 2, [null, 'dismiss', 'dismiss'], 'conflict R1,R2'],
    ['A', 0, words, 'no rule'],
    ['P', 3, words, 'escalate by R2'],
    ['P', 2, ['dismiss', 'dismiss'], 'dismiss by R1'],
    ['P', 2, [null, 'dismiss'], 'dismiss by R2'],
    ['P', 0, words, 'no rule'],
    ['C', 3, words, '[dismiss,escalate,investigate] by R1,R2,R3'],
    ['C', 0, words, '[] by nobody'],
    ['C', 3, ['dismiss', null, 'escalate'], '[dismiss,escalate] by R1,R2,R3'],
    ['R', 3, words, '[dismiss,escalate,investigate] by R1,R2,R3'],
    ['O', 3, words, '[escalate,investigate,dismiss] by R2,R3,R1'],
    ['C+', 3, [1, 2, 4], '7 by R1,R2,R3'],
    ['C+', 0, [1, 2, 4], '0 by nobody'],
    ['C+', 3, [0.1, 0.2, null], '0.3 by R1,R2,R3'],
    ['C+', 3, [1, -1, 0], '0 by R1,R2,R3'],
    ['C<', 3, [3, 1, 2], '1 by R1,R2,R3'],
    ['C<', 0, [3, 1, 2], 'null by nobody'],
    ['C<', 2, [null, 5], '5 by R1,R2'],
    ['C<', 1, [null, 5], 'null by R1'],
    ['C>', 3, [3, 10, 2], '10 by R1,R2,R3'],
    ['C>', 3, [-3, -10, -2], '-2 by R1,R2,R3'],
    ['C>', 0, [3, 1, 2], 'null by nobody'],
    ['C#', 3, ['a', 'b', 'a'], '3 by R1,R2,R3'],
    ['C#', 3, ['a', null, 'a'], '2 by R1,R2,R3'],
    ['C#', 0, ['a', 'b', 'c'], '0 by nobody'],
    ['F', null, words, 'no rule'],
    ['C+', null, [1, 2, 4], '0 by nobody'],
  ])('%s of %s over %j', (policy, value, outputs, expected) => {
    expect(answer(policy, value, outputs)).toBe(expected);
  });
});

describe('else stands alone, under any hit policy', () => {
  test.each<[HitPolicy, string | number, string]>([
    ['F', 'dismiss', 'dismiss by else'],
    ['U', 'dismiss', 'dismiss by else'],
    ['A', 'dismiss', 'dismiss by else'],
    ['P', 'dismiss', 'dismiss by else'],
    ['C', 'dismiss', 'dismiss by else'],
    ['R', 'dismiss', 'dismiss by else'],
    ['C+', 9, '9 by else'],
    ['C#', 9, '9 by else'],
    ['C<', 9, '9 by else'],
  ])('%s', (policy, otherwise, expected) => {
    const outputs = typeof otherwise === 'number' ? [1, 2, 4] : words;
    expect(answer(policy, 0, outputs, otherwise)).toBe(expected);
    expect(answer(policy, 1, outputs, otherwise)).not.toContain('else');
  });
});

test('P orders by the first output, then by the next; rules that tie keep their place', () => {
  const rules = [
    ['R1', ['-'], ['dismiss', 'escalate']],
    ['R2', ['-'], ['investigate', 'dismiss']],
    ['R3', ['-'], ['investigate', 'investigate']],
    ['R4', ['-'], ['investigate', 'investigate']],
  ] as const;
  const priority = compileTable(table({ policy: 'P', inputs: [x], outputs: ['a', 'b'], rules, order }));
  expect(priority([null])).toEqual({ kind: 'answer', outputs: ['investigate', 'investigate'], rules: ['R3'] });
  const ordered = compileTable(table({ policy: 'O', inputs: [x], outputs: ['a', 'b'], rules, order }))([null]);
  expect(ordered.kind === 'answer' && ordered.rules).toEqual(['R3', 'R4', 'R2', 'R1']);
});

test('C may have several outputs: one list each', () => {
  const rules = [
    ['R1', ['> 0'], ['a', 1]],
    ['R2', ['> 1'], [null, null]],
    ['R3', ['> 2'], ['c', 3]],
  ] as const;
  const all = compileTable(table({ policy: 'C', inputs: [x], outputs: ['word', 'weight'], rules }))([5]);
  expect(all.kind === 'answer' && all.outputs.map((output) => show(output))).toEqual(['[a,c]', '[1,3]']);
  const none = compileTable(table({ policy: 'C', inputs: [x], outputs: ['word', 'weight'], rules }))([0]);
  expect(none).toEqual({ kind: 'answer', outputs: [[], []], rules: [] });
});
