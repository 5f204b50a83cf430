import { describe, expect, test } from 'vitest';
import { compileDecision } from '../../src/decision/decide.ts';
import type { Logic } from '../../src/decision/logic.ts';
import type { RawValue } from '../../src/model/value.ts';
import { providedValues } from '../../src/replay/case-data.ts';
import { compareKeys, SubjectTable, showKeyPart } from '../../src/replay/subjects.ts';
import { column } from '../support/columns.ts';
import { caseOf, sopOf } from '../support/sops.ts';

const sop = sopOf(['subject: [owner, "symbol?"]']);
const share = { ...column('share', 'number', { step: '0.01' }), missing: null };
const tip = column('tip', 'boolean');
const columns = new Map([share, tip].map((entry) => [entry.name, entry]));

/** Rows of groups, each a list of column names and rows; the subjects that come of them as text. */
function collect(...groups: readonly [names: readonly string[], ...rows: RawValue[][]][]): string[] {
  const table = new SubjectTable(sop, columns);
  for (const [names, ...rows] of groups) {
    const take = table.group(
      names.map((name) => ({ name })),
      new Set(['share', 'tip']),
    );
    const problem = take({
      length: rows.length,
      columns: names.map((_, place) => rows.map((row) => row[place] ?? null)),
    });
    if (problem !== null)
      return [
        `${problem.kind} ${'key' in problem ? problem.key.join() : 'column' in problem ? problem.column : `${problem.signal} is not ${problem.expected}`}`,
      ];
  }
  const logic: Logic = { inputs: [], tables: [] };
  return table
    .decide(logic, compileDecision(logic), new Set())
    .map(
      ({ key, values }) =>
        `${key.map(String).join('/')}: ${[...columns.keys()].map((name) => String(values.get(name))).join(' ')}`,
    );
}

describe('rows become subjects', () => {
  test('the union of the keys, NULL equal to NULL, ordered', () => {
    expect(
      collect(
        [
          ['owner', 'symbol', 'share'],
          ['o2', null, 0.5],
          ['o1', 'B', 0.1],
        ],
        [
          ['symbol', 'owner', 'tip'],
          [null, 'o2', true],
          ['A', 'o1', false],
        ],
      ),
    ).toEqual(['o1/A: null false', 'o1/B: 10 null', 'o2/null: 50 true']);
  });
  test('a group that returns part of the key is spread over the subjects that share it, and makes none', () => {
    expect(
      collect(
        [
          ['owner', 'tip'],
          ['o1', true],
          ['o9', true],
        ],
        [
          ['owner', 'symbol', 'share'],
          ['o1', 'A', 0.1],
          ['o1', 'B', 0.2],
          ['o2', 'A', 0.3],
        ],
      ),
    ).toEqual(['o1/A: 10 true', 'o1/B: 20 true', 'o2/A: 30 null']);
  });
  test('two rows for one key, a NULL in a column that is not nullable, a value of another type', () => {
    expect(
      collect([
        ['owner', 'symbol', 'share'],
        ['o1', 'A', 1],
        ['o1', 'A', 1],
      ]),
    ).toEqual(['two_rows o1,A']);
    expect(
      collect([
        ['owner', 'symbol', 'share'],
        [null, 'A', 1],
      ]),
    ).toEqual(['null_key owner']);
    expect(
      collect([
        ['owner', 'symbol', 'share'],
        ['o1', 'A', 'x'],
      ]),
    ).toEqual(['type share is not a number']);
  });
  test('texts that only look alike are apart', () => {
    expect(
      collect([
        ['owner', 'symbol', 'share'],
        ['null', null, 0.1],
        ['null', 'null', 0.2],
        ['1', 'A', 0.3],
        [1, 'A', 0.4],
      ]),
    ).toHaveLength(4);
  });
  test('a number given by hand names the account that SQL calls by a text of digits', () => {
    const entry = caseOf(
      'kind: attack\ngiven:\n  provided:\n    - {owner: 1001, symbol: A, tip: true}\nexpect: [{owner: 1001, disposition: escalate}]',
    );
    const given = entry.input.kind === 'given' ? providedValues(entry.input.provided, sop) : [];
    const [provided] = given;
    expect(
      collect(
        [
          ['owner', 'symbol', 'share'],
          ['1001', 'A', 0.1],
        ],
        [provided?.names ?? [], ...(provided?.rows ?? []).map((row) => [...row])],
      ),
    ).toEqual(['1001/A: 10 true']);
  });
});

test('keys are ordered by size, text by code point, NULL last', () => {
  const keys: RawValue[][] = [['b'], [null], ['a'], ['B'], ['ä']];
  expect(keys.sort(compareKeys).map(([key]) => key)).toEqual(['B', 'a', 'b', 'ä', null]);
  expect(([[10], [9], [2n]] as RawValue[][]).sort(compareKeys)).toEqual([[2n], [9], [10]]);
});

test('a time is shown as one, a large account number is not', () => {
  expect(showKeyPart(1_793_579_400_000_000, true)).toBe('2026-11-02T00:30:00Z');
  expect([showKeyPart('a', false), showKeyPart(null, false), showKeyPart(7, false)]).toEqual(['"a"', 'null', '7']);
});
test('an account number of sixteen digits is no time', () => {
  expect(showKeyPart(1_234_567_890_123_456, false)).toBe('1234567890123456');
});
