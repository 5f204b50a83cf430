import { describe, expect, test } from 'vitest';
import { compileDecision } from '../../src/decision/decide.ts';
import { nearestRule } from '../../src/decision/explain.ts';
import type { Logic } from '../../src/decision/logic.ts';
import type { Scalar } from '../../src/decision/normalise.ts';
import { column, table } from '../support/columns.ts';

const ratio = column('ratio', 'number', { range: '[0..1]' });
const kind = column('kind', 'enum', { range: '"mm", "retail"' });
const score = column('score', 'decimal');

/** Indicators add up to a score; the last table tests it. */
const scored: Logic = {
  inputs: [ratio, kind],
  tables: [
    table({
      name: 'indicators',
      policy: 'C+',
      inputs: [ratio, kind],
      outputs: ['score'],
      rules: [
        ['I1', ['>= 0.5', '-'], [2]],
        ['I2', ['-', 'not("mm")'], [1]],
        ['I3', ['> 0.9', '"retail"'], [0.5]],
      ],
    }),
    table({
      name: 'outcome',
      policy: 'U',
      inputs: [score],
      outputs: ['disposition', 'severity'],
      rules: [
        ['R1', ['>= 3'], ['escalate', 'high']],
        ['R2', ['[1..3.5)'], ['investigate', 'low']],
        ['R3', ['0'], ['dismiss', 'info']],
      ],
    }),
  ],
};

function decide(logic: Logic, values: Record<string, Scalar>, unavailable: string[] = []) {
  return compileDecision(logic)(new Map(Object.entries(values)), new Set(unavailable));
}

describe('tables feed one another', () => {
  test.each([
    [0.5, 'mm', 'investigate', 'R2', '2'],
    [0.1, 'retail', 'investigate', 'R2', '1'],
    [0.95, 'retail', 'escalate', 'R1', '3.5'],
    [0.1, 'mm', 'dismiss', 'R3', '0'],
    [0.1, null, 'dismiss', 'R3', '0'],
  ])('%s, %s → %s', (value, type, disposition, rule, sum) => {
    const decision = decide(scored, { ratio: value, kind: type });
    expect(decision).toMatchObject({ kind: 'decided', disposition, rule });
    expect(String(decision.trail[0]?.outputs['score'])).toBe(sum);
    expect(decision.trail.map((step) => step.table)).toEqual(['indicators', 'outcome']);
  });
  test('two rules of a U table at once are invalid, and named', () => {
    const decision = decide(scored, { ratio: 0.5, kind: 'retail' });
    expect(decision).toMatchObject({
      kind: 'invalid',
      detail: expect.stringMatching(/R1 and R2.*`outcome`.*policy U/),
    });
    expect(decision.trail).toHaveLength(1);
  });
});

describe('no answer is no disposition', () => {
  test('a value outside its range is invalid, its ends are inside', () => {
    expect(decide(scored, { ratio: 1.0000001, kind: 'mm' })).toMatchObject({
      kind: 'invalid',
      detail: expect.stringContaining('`ratio` = 1.0000001'),
    });
    expect(decide(scored, { ratio: 1, kind: 'whale' })).toMatchObject({
      kind: 'invalid',
      detail: expect.stringContaining('"whale"'),
    });
    expect(decide(scored, { ratio: 1, kind: 'mm' }).kind).toBe('decided');
    expect(decide(scored, { ratio: 0, kind: 'mm' }).kind).toBe('decided');
  });
  test('null lies in every range', () => {
    expect(decide(scored, { ratio: null, kind: null }).kind).toBe('decided');
  });
  test('unavailable inputs leave it undecided, all named, whatever the other values are', () => {
    const decision = decide(scored, { ratio: 0.95, kind: 'retail' }, ['kind', 'ratio', 'something_else']);
    expect(decision).toMatchObject({ kind: 'undecided', reason: 'unavailable' });
    expect(decision).toMatchObject({ detail: 'the data for `ratio`, `kind` is not there' });
  });
  test('an unavailable signal that no table reads does not matter', () => {
    expect(decide(scored, { ratio: 0.1, kind: 'mm' }, ['something_else']).kind).toBe('decided');
  });
  test('no rule matches: undecided, never the lowest', () => {
    const open: Logic = {
      inputs: [ratio],
      tables: [
        table({
          policy: 'F',
          inputs: [ratio],
          outputs: ['disposition', 'severity'],
          rules: [['R1', ['> 0.5'], ['escalate', 'high']]],
        }),
      ],
    };
    expect(decide(open, { ratio: 0.5 })).toMatchObject({
      kind: 'undecided',
      reason: 'no_rule',
      detail: expect.stringContaining('`decision`'),
    });
    expect(decide(open, {})).toMatchObject({ kind: 'undecided', reason: 'no_rule' });
  });
  test('an earlier table without an answer gives null to the next', () => {
    const tier = table({
      name: 'tier',
      policy: 'U',
      inputs: [ratio],
      outputs: ['tier'],
      rules: [['T1', ['> 0.5'], ['big']]],
    });
    const last = table({
      name: 'last',
      policy: 'F',
      inputs: [column('tier', 'text')],
      outputs: ['disposition', 'severity'],
      rules: [
        ['R1', ['"big"'], ['escalate', 'high']],
        ['R2', ['null'], ['monitor', 'low']],
      ],
    });
    expect(decide({ inputs: [ratio], tables: [tier, last] }, { ratio: 0.1 })).toMatchObject({
      kind: 'decided',
      disposition: 'monitor',
      rule: 'R2',
    });
    expect(decide({ inputs: [ratio], tables: [tier, last] }, { ratio: 0.9 })).toMatchObject({
      kind: 'decided',
      rule: 'R1',
    });
  });
});

describe('the rule that came nearest', () => {
  const wanted = (name: string) => (output: (of: string) => string) => output('disposition') === name;
  const logic: Logic = {
    inputs: [ratio, kind],
    tables: [
      table({
        policy: 'F',
        inputs: [ratio, kind],
        outputs: ['disposition', 'severity'],
        rules: [
          ['R1', ['>= 0.5', 'not("mm")'], ['escalate', 'high']],
          ['R2', ['>= 0.4', '-'], ['escalate', 'low']],
          ['R3', ['>= 0.1', '-'], ['escalate', 'low']],
        ],
        otherwise: ['dismiss', 'info'],
      }),
    ],
  };
  const near = (values: Record<string, Scalar>, decidedBy: string | null, name: string) =>
    nearestRule(logic, new Map(Object.entries(values)), [], decidedBy, wanted(name));
  test('fails in the fewest cells; the first of equals', () => {
    expect(near({ ratio: 0.05, kind: 'mm' }, 'else', 'escalate')).toEqual({
      rule: 'R2',
      hiddenBy: null,
      failed: [{ column: 'ratio', value: '0.05', condition: '>= 0.4' }],
    });
  });
  test('of equals, the one that the case names; one that fails in more cells is not nearer for its name', () => {
    const values = new Map<string, Scalar>(Object.entries({ ratio: 0.05, kind: 'mm' }));
    const named = (...rules: string[]) => nearestRule(logic, values, [], 'else', wanted('escalate'), rules)?.rule;
    expect([named(), named('R3'), named('R1'), named('R2', 'R3')]).toEqual(['R2', 'R3', 'R2', 'R2']);
  });
  test('a rule that matches but comes later is hidden', () => {
    expect(near({ ratio: 0.6, kind: 'retail' }, 'R1', 'dismiss')).toMatchObject({ rule: 'else', hiddenBy: 'R1' });
  });
  test('no rule gives it', () => {
    expect(near({ ratio: 0.6, kind: 'mm' }, 'R2', 'monitor')).toBeNull();
  });
});
