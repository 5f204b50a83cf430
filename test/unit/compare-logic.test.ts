import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Answer, answerKey, answerOf, directionOf } from '../../src/decision/compare/answer.ts';
import { type Change, compareLogic, inputsOf } from '../../src/decision/compare/compare.ts';
import { compileTest } from '../../src/decision/compile-test.ts';
import { compileDecision } from '../../src/decision/decide.ts';
import type { Logic } from '../../src/decision/logic.ts';
import { normalise, type Scalar } from '../../src/decision/normalise.ts';
import { cell, column, type RuleText, type TableText, table } from '../support/columns.ts';
import { desk, largePair, logicPairs, samples } from '../support/logic-pairs.ts';
import { upTo } from '../support/long.ts';

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
      const { changes, open, sameAnswer } = compareLogic(before, after, desk);
      const otherRules = new Set<string>();
      expect(open).toEqual([]);
      const regions = changes.map(reader);
      const sides = [before, after].map((logic) => ({ logic, decide: compileDecision(logic) }));
      for (const input of whole) {
        const decisions = sides.map(({ logic, decide }) => decide(inputsOf(logic, input), new Set()));
        const [one = '', other = ''] = decisions.map((decision) => answerKey(answerOf(decision)));
        const rules = decisions.map((decision) => (decision.kind === 'decided' ? decision.rule : ''));
        // What both refuse is no input; cells say nothing of it.
        if (sides.every(({ logic }) => isRefused(logic, input))) {
          expect([one, other]).toEqual(['invalid', 'invalid']);
          continue;
        }
        const said = regions.filter(({ holds }) => holds(asCounted(input, before, after))).map(({ says }) => says);
        expect([...new Set(said)], JSON.stringify([...input])).toEqual(one === other ? [] : [`${one} ${other}`]);
        if (one === other && rules[0] !== rules[1]) otherRules.add(JSON.stringify(rules));
        if (one === other) seen.same++;
        else seen.changes++;
        if (one !== other && (one === 'invalid' || other === 'invalid')) seen.invalid++;
      }
      expect(sameAnswer.areAll).toBe(true);
      expect(sameAnswer.rules.map((rules) => JSON.stringify(rules)).sort()).toEqual([...otherRules].sort());
    }),
    { numRuns: upTo(500, 60), seed: 1 },
  );
  expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(upTo(4_000, 400));
}, 120_000);

test('500 rules over 8 columns that differ in five cells: little work, and as a sample of inputs says', () => {
  const [before, after] = largePair(500, 8, 5);
  const { changes, open, work } = compareLogic(before, after, desk);
  expect([open, work < 10_000_000]).toEqual([[], true]);
  const lets = changes.map(({ region, before: one, after: other }) => ({
    cells: region.cells.map(({ column: name, text }) => ({ name, lets: compileTest(cell(text), largeColumn(name)) })),
    says: [answerKey(one), answerKey(other)],
  }));
  const sides = [before, after].map(compileDecision);
  let differing = 0;
  for (const input of sampleOf(before, changes, 3_000)) {
    const now = sides.map((decide) => answerKey(answerOf(decide(input, new Set()))));
    const said = lets.filter(({ cells }) => cells.every((one) => one.lets(input.get(one.name) ?? null)));
    const told = new Set(said.map(({ says }) => says.join(' ')));
    expect([...told]).toEqual(now[0] === now[1] ? [] : [now.join(' ')]);
    if (now[0] !== now[1]) differing++;
  }
  expect(differing).toBeGreaterThan(100);
}, 60_000);

const largeColumn = (name: string) => column(name, name.startsWith('w') ? 'text' : 'number');

/** Witnesses, and inputs that differ from one in a single value. */
function sampleOf({ inputs }: Logic, changes: readonly Change[], count: number): ReadonlyMap<string, Scalar>[] {
  return Array.from({ length: count }, (_, at) => {
    const witness = changes[(at * 7) % changes.length]?.region.witness ?? new Map<string, Scalar>();
    const of = inputs[at % inputs.length];
    if (of === undefined || at % 3 === 0) return witness;
    return new Map([...witness, [of.name, of.type === 'enum' ? ('abcd'[at % 4] ?? null) : (at * 13) % 110]]);
  });
}

describe('a table and the same one changed', () => {
  const share = column('share', 'number', { range: '[0..1]' });
  const role = column('role', 'enum', { range: '"mm", "client"' });
  const outputs = ['disposition', 'severity'];
  const rules: RuleText[] = [
    ['R1', ['>= 0.5', '"client"'], ['escalate', 'high']],
    ['R2', ['>= 0.2', '-'], ['monitor', 'info']],
  ];
  const logic = (of: readonly RuleText[], policy: TableText['policy'] = 'F', more: Partial<TableText> = {}): Logic => ({
    inputs: [share, role],
    tables: [table({ policy, inputs: [share, role], outputs, rules: of, otherwise: ['dismiss', 'info'], ...more })],
  });
  const told = (before: Logic, after: Logic, budget?: number) => {
    const { changes, ...rest } = compareLogic(before, after, desk, budget);
    const words = changes.map(({ direction, region, before: one, after: other, rules: ids }) => [
      direction,
      region.cells.map(({ column: name, text }) => `${name} ${text}`).join('; '),
      answerKey(one),
      answerKey(other),
      ids.join(' → '),
    ]);
    return { words, ...rest };
  };

  test('a bound moved up is looser between its two places', () => {
    const after: RuleText[] = [['R1', ['>= 0.6', '"client"'], ['escalate', 'high']], ...rules.slice(1)];
    expect(told(logic(rules), logic(after)).words).toEqual([
      ['looser', 'share [0.5..0.6); role "client"', '["escalate","high"]', '["monitor","info"]', 'R1 → R2'],
    ]);
  });
  test('the same rules in another order: F changes, U and P do not', () => {
    const turned = [...rules].reverse();
    expect(told(logic(rules), logic(turned)).words.map(([direction]) => direction)).toEqual(['looser']);
    const order = ['escalate', 'monitor', 'dismiss', 'high', 'info'];
    for (const [policy, more] of [
      ['U', {}],
      ['P', { order }],
    ] as const) {
      const same = told(logic(rules, policy, more), logic(turned, policy, more));
      expect([same.words, same.open, same.sameAnswer]).toEqual([[], [], { rules: [], areAll: true }]);
    }
  });
  test('U: a second rule for the same input makes it invalid, which is no disposition', () => {
    const apart: RuleText[] = [rules[0] ?? ['', [], []], ['R2', ['[0.2..0.5)', '-'], ['monitor', 'info']]];
    expect(told(logic(apart, 'U'), logic(rules, 'U')).words).toEqual([
      ['incomparable', 'share >= 0.5; role "client"', '["escalate","high"]', 'invalid', 'R1 → '],
      ['stricter', 'share >= 0.5; role "mm", null', '["dismiss","info"]', '["monitor","info"]', 'else → R2'],
    ]);
  });
  test('no `else`: decided becomes undecided, which is no disposition either', () => {
    const { otherwise: _, ...none } = { ...table({ policy: 'F', inputs: [share, role], outputs, rules }) };
    const after: Logic = { inputs: [share, role], tables: [{ ...none, otherwise: null }] };
    expect(told(logic(rules), after).words).toEqual([
      ['incomparable', 'share < 0.2, null', '["dismiss","info"]', 'undecided', 'else → '],
    ]);
  });
  test('another rule with the same answer is told apart, and is no change', () => {
    const after: RuleText[] = [['R0', ['>= 0.9', '"client"'], ['escalate', 'high']], ...rules];
    const found = told(logic(rules), logic(after));
    expect([found.words, found.sameAnswer]).toEqual([[], { rules: [['R1', 'R0']], areAll: true }]);
    const [first, ...rest] = rules;
    const renamed = told(logic(rules), logic([['R9', first?.[1] ?? [], first?.[2] ?? []], ...rest]));
    expect([renamed.words, renamed.sameAnswer.rules]).toEqual([[], [['R1', 'R9']]]);
  });
  test('a score that feeds a later table', () => {
    const score = { ...column('score', 'decimal'), missing: null };
    const scored = (weight: number): Logic => ({
      inputs: [share, role],
      tables: [
        table({ name: 'evidence', policy: 'C+', inputs: [share, role], outputs: ['score'], rules: [['E1', ['>= 0.5', '-'], [2]], ['E2', ['-', '"client"'], [weight]]] }),
        table({ policy: 'F', inputs: [score], outputs, rules: [['R1', ['>= 3'], ['escalate', 'high']]], otherwise: ['dismiss', 'info'] }),
      ],
    }); // biome-ignore format: two tables
    expect(told(scored(0), scored(1)).words).toEqual([
      ['stricter', 'share >= 0.5; role "client"', '["dismiss","info"]', '["escalate","high"]', 'else → R1'],
    ]);
  });
  test('another step or type: nothing is compared, and it is said', () => {
    const stepped = column('share', 'number', { range: '[0..1]', step: '0.01' });
    const after: Logic = {
      inputs: [stepped, role],
      tables: logic(rules).tables.map((one) => ({ ...one, inputs: [stepped, role] })),
    };
    const found = told(logic(rules), after);
    expect([found.comparable, found.words, found.columns]).toEqual([
      false,
      [],
      [{ column: 'share', what: 'step', before: 'none', after: '0.01' }],
    ]);
  });
  test('past its budget it says what it does not know, never that nothing changed', () => {
    const after: RuleText[] = [['R1', ['>= 0.6', '"client"'], ['escalate', 'high']], ...rules.slice(1)];
    for (let budget = 0; budget < 30; budget += 3) {
      const found = told(logic(rules), logic(after), budget);
      expect(found.words.length + found.open.length, String(budget)).toBeGreaterThan(0);
    }
    expect(told(logic(rules), logic(after), 0).open).toMatchObject([{ cells: [] }]);
  });
});

test('answers are looser or stricter by disposition first, then by severity', () => {
  const decided = (disposition: string, severity: string): Answer => ({ kind: 'decided', disposition, severity });
  const high = decided('monitor', 'high');
  expect(directionOf(high, decided('monitor', 'info'), desk)).toBe('looser');
  expect(directionOf(high, decided('escalate', 'info'), desk)).toBe('stricter');
  expect(directionOf(high, { kind: 'undecided' }, desk)).toBe('incomparable');
  expect(directionOf({ kind: 'invalid' }, high, desk)).toBe('incomparable');
  expect(directionOf(high, decided('unheard-of', 'info'), desk)).toBe('incomparable');
});
