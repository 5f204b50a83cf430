import { describe, expect, it } from 'vitest';
import { tableAlone } from '../../src/coverage/tables/table-alone.ts';
import { withRule, withTable } from '../../src/coverage/tables/variant.ts';
import { compareLogic } from '../../src/decision/compare/compare.ts';
import type { Column, Logic, LogicRule, Test } from '../../src/decision/logic.ts';

const desk = { dispositions: ['dismiss', 'escalate'], severities: ['info', 'high'] };
const is = (...values: (string | null)[]): Test => ({
  kind: 'tests',
  negated: false,
  atoms: values.map((value) => (value === null ? { kind: 'null' } : { kind: 'equal', value })),
  alsoNull: false,
  text: values.join(', '),
});
const column = (name: string, missing: string | null, ...words: string[]): Column => ({
  name,
  type: 'enum',
  step: null,
  range: is(...words),
  rangeText: '',
  missing,
});
const rule = (id: string, tests: Test[], ...outputs: string[]): LogicRule => ({ id, tests, outputs });
const text = (name: string) => ({ name, type: 'text', order: null }) as const;

/** A shape of a colour, then a disposition of the shape: the first table always says something. */
const colour = column('colour', null, 'red', 'green');
const logic: Logic = {
  inputs: [colour],
  tables: [
    {
      name: 'Shape',
      hitPolicy: 'F',
      inputs: [colour],
      outputs: [text('shape')],
      rules: [rule('S1', [is('red')], 'round'), rule('S2', [is('green')], 'square')],
      otherwise: rule('else', [], 'none'),
    },
    {
      name: 'Outcome',
      hitPolicy: 'F',
      inputs: [{ ...column('shape', null), type: 'text', range: { kind: 'any' } }],
      outputs: [text('disposition'), text('severity')],
      rules: [rule('R1', [is('round')], 'escalate', 'high')],
      otherwise: rule('else', [], 'dismiss', 'info'),
    },
  ],
};

function says(after: Logic): 'the same' | 'another' | null {
  const alone = tableAlone(logic, after);
  if (alone === null) return null;
  const { changes, open } = compareLogic(...alone, desk, 1000, 'answers alone');
  return changes.length === 0 && open.length === 0 ? 'the same' : 'another';
}

describe('a table alone', () => {
  it('is the same with two neighbours swapped that never match at once', () => {
    expect(says(withTable(logic, 0, (table) => ({ ...table, rules: table.rules.toReversed() })))).toBe('the same');
  });

  it('is the same where null is let through, and the table that gives it is never silent', () => {
    const place = { table: 1, rule: 0 };
    expect(says(withRule(logic, place, (given) => ({ ...given, tests: [is('round', null)] })))).toBe('the same');
    const silent = withTable(logic, 0, (table) => ({ ...table, otherwise: null }));
    const alone = tableAlone(
      silent,
      withRule(silent, place, (given) => ({ ...given, tests: [is('round', null)] })),
    );
    expect(alone === null ? [] : compareLogic(...alone, desk).changes).toHaveLength(1);
  });

  it('is another where an answer became another', () => {
    expect(says(withRule(logic, { table: 0, rule: 1 }, (given) => ({ ...given, outputs: ['round'] })))).toBe('another');
    expect(says(withRule(logic, { table: 1, rule: 0 }, (given) => ({ ...given, tests: [is('square')] })))).toBe(
      'another',
    );
  });

  it('says nothing of two tables that differ', () => {
    const both = [0, 1].reduce((made, at) => withTable(made, at, (table) => ({ ...table })), logic);
    expect(tableAlone(logic, both)).toBeNull();
  });
});
