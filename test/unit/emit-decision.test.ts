import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Column, Logic } from '../../src/decision/logic.ts';
import type { RawType } from '../../src/decision/sql/carrier.ts';
import { type DialectName, dialectNames, dialects } from '../../src/decision/sql/dialects.ts';
import { emitDecision } from '../../src/decision/sql/emit-decision.ts';
import { column, type TableText, table } from '../support/columns.ts';
import { compareAnswers } from '../support/compare-answers.ts';
import { DuckDbDecisions } from '../support/duckdb-decisions.ts';

const ratio = column('ratio', 'number', { step: '0.01', range: '[0..1]' });
const outputs = ['disposition', 'severity'];

function single(inputs: readonly Column[], rules: TableText['rules'], more: Partial<TableText> = {}): Logic {
  return { inputs, tables: [table({ policy: 'F', inputs, outputs, rules, ...more })] };
}

function emit(logic: Logic, dialect: DialectName = 'duckdb', types: [string, RawType][] = []) {
  return emitDecision(logic, dialects[dialect], { from: ['signals'], keep: ['id'], types: new Map(types) });
}

function sqlOf(...given: Parameters<typeof emit>): string {
  const emitted = emit(...given);
  if (!emitted.ok) throw new Error(emitted.reasons.join('; '));
  return emitted.sql;
}

function reasons(...given: Parameters<typeof emit>): string {
  const emitted = emit(...given);
  return emitted.ok ? 'emitted' : emitted.reasons.join('; ');
}

describe('a bound lies where rounding would put it', () => {
  test.each<[string, RawType, string]>([
    ['>= 0.5', 'double', '"ratio" >= 0.495E0'],
    ['> 0.5', 'double', '"ratio" >= 0.505E0'],
    ['< -0.5', 'double', '"ratio" <= -0.505E0'],
    ['>= 0', 'double', '"ratio" > -0.005E0'],
    ['[0.1..0.2)', 'double', '("ratio" >= 0.095E0 AND "ratio" < 0.195E0)'],
    ['>= 0.5', { precision: 9, scale: 2 }, '"ratio" >= CAST(\'0.5\' AS DECIMAL(9, 2))'],
    ['>= 0.5', { precision: 9, scale: 4 }, '"ratio" >= CAST(\'0.495\' AS DECIMAL(9, 4))'],
    ['>= 0.5', 'bigint', '"ratio" >= 1'],
    ['not(0.5), null', 'double', '("ratio" IS NULL OR NOT (("ratio" >= 0.495E0 AND "ratio" < 0.505E0)))'],
  ])('%s of a %j', (text, type, sql) => {
    const plain = column('ratio', 'number', { step: '0.01' });
    expect(sqlOf(single([plain], [['R1', [text], ['escalate', 'high']]]), 'duckdb', [['ratio', type]])).toContain(
      `WHEN ${sql} THEN 1`,
    );
  });
});

describe('what SQL cannot say is refused', () => {
  const words = column('word', 'enum');
  const listed = table({ name: 'all', policy: 'C', inputs: [ratio], outputs: ['list'], rules: [['R1', ['-'], ['a']]] });
  const reads = table({
    policy: 'F',
    inputs: [column('list', 'text')],
    outputs,
    rules: [['R1', ['"a"'], ['escalate', 'high']]],
  });
  const weights = (weight: string) => {
    const sum = table({ name: 'sum', policy: 'C+', inputs: [ratio], outputs: ['score'], rules: [['R1', ['-'], [1]]] });
    const heavy = { ...sum, rules: sum.rules.map((rule) => ({ ...rule, outputs: [new Big(weight)] })) };
    const last = table({
      policy: 'F',
      inputs: [column('score', 'decimal')],
      outputs,
      rules: [['R1', ['> 1'], ['escalate', 'high']]],
    });
    return { inputs: [ratio], tables: [heavy, last] };
  };
  const rule = ['R1', ['-'], ['escalate', 'high']] as const;
  test.each<[string, Logic, string]>([
    ['a list as an input', { inputs: [ratio], tables: [listed, reads] }, '`list` is a list that `all` collects'],
    ['no table', { inputs: [], tables: [] }, 'there is no table'],
    ['a last table that collects', single([ratio], [rule], { policy: 'C' }), 'must be U, A, F or P'],
    ['no disposition', single([ratio], [['R1', ['-'], ['x']]], { outputs: ['word'] }), 'has no output `disposition`'],
    ['weights beyond 64 bits', weights('1e19'), 'has too many digits'],
    ['weights finer than 17 digits', weights('1e-18'), 'more than 17 digits'],
    ['NUL in a text', single([words], [['R1\0', ['-'], ['escalate', 'high']]]), "can't be written in SQL"],
    ['half of a character', single([words], [['\ud800', ['-'], ['escalate', 'high']]]), "can't be written in SQL"],
    ['a quote in a name', single([column('a"b', 'number')], [rule]), "can't be written in every dialect"],
    [
      'names that differ in case',
      single([ratio, column('Ratio', 'number')], [['R', ['-', '-'], ['a', 'b']]]),
      'would be called',
    ],
  ])('%s', (_, logic, reason) => expect(reasons(logic)).toContain(reason));

  test('columns held as something else', () => {
    const logic = single([ratio], [rule]);
    expect(reasons(logic, 'duckdb', [['ratio', 'text']])).toContain('held as text and declared as number');
    expect(reasons(logic, 'duckdb', [['ratio', { precision: 39, scale: 2 }]])).toContain('no decimal of 39 digits');
    const unheld = { ...ratio, missing: new Big('0.555') };
    expect(reasons(single([unheld], [rule]), 'duckdb', [['ratio', { precision: 9, scale: 2 }]])).toContain(
      'missing value',
    );
  });

  test('names that a database would cut', () => {
    const logic = single([column('x'.repeat(64), 'number')], [rule]);
    expect(reasons(logic, 'postgres')).toContain('longer than the 63 bytes');
    expect(reasons(logic, 'duckdb')).toBe('emitted');
  });
});

test('an input without a column of its own holds its value in every row', () => {
  const limit = { ...column('limit', 'decimal'), missing: new Big('2.5') };
  const logic = single([limit], [['R1', ['> 2'], ['escalate', 'high']]]);
  const emitted = emitDecision(logic, dialects.duckdb, {
    from: ['signals'],
    keep: [],
    types: new Map(),
    constants: new Set(['limit']),
  });
  expect(emitted.ok && emitted.columns).toEqual([]);
  expect(emitted.ok && emitted.sql).toContain('CAST(CAST(\'2.5\' AS DECIMAL(38, 10)) AS DECIMAL(38, 10)) AS "limit"');
});

test('lists that no table reads are left out, and said to be', () => {
  const listed = table({ name: 'all', policy: 'C', inputs: [ratio], outputs: ['list'], rules: [['R1', ['-'], ['a']]] });
  const last = single([ratio], [['R1', ['-'], ['escalate', 'high']]]);
  const emitted = emit({ inputs: [ratio], tables: [listed, ...last.tables] });
  expect(emitted).toMatchObject({
    ok: true,
    omitted: ['all.list'],
    answer: ['kind', 'disposition', 'severity', 'rule'],
  });
});

test.each(dialectNames)('%s: texts of an SOP stay texts', (name) => {
  const nasty = `'; DROP TABLE signals; -- \\' \\`;
  const logic = single([column('word', 'enum')], [[nasty, ['-'], ['escalate', 'high']]]);
  const sql = sqlOf(logic, name);
  const quoted = dialects[name].quoteText(nasty);
  expect(sql).toContain(quoted);
  expect(sql.replaceAll(quoted, '')).not.toContain('DROP');
});

test('every text comes back from DuckDB as it was', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));
  await fc.assert(
    fc.asyncProperty(text, async (value) => {
      const read = await connection.runAndReadAll(`SELECT ${dialects.duckdb.quoteText(value)}`);
      expect(read.getRows()[0]?.[0]).toBe(value);
    }),
    { numRuns: 200, seed: 5 },
  );
  connection.closeSync();
});

test.each([
  ['a bound taken in', / < /g, ' <= '],
  ['a bound left out', / >= /g, ' > '],
  ['NULL taken for known', / IS NULL/g, ' IS NOT NULL'],
  ['a rule more', / AND /g, ' OR '],
])('the comparison notices %s', async (_, pattern, wrong) => {
  const engine = await DuckDbDecisions.open((sql) => sql.replace(pattern, wrong));
  try {
    await expect(compareAnswers(engine, { decisions: 250, points: 50, seed: 11, endOnFailure: true })).rejects.toThrow(
      'Property failed',
    );
  } finally {
    engine.close();
  }
});

test('the example of the documentation is what is emitted, but for layout', () => {
  const page = readFileSync('docs/decision-sql.md', 'utf8');
  const printed = /```sql\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const logic = single([ratio], [['R1', ['>= 0.5'], ['escalate', 'high']]], { otherwise: ['dismiss', 'info'] });
  const emitted = emitDecision(logic, dialects.duckdb, { from: ['signals'], keep: [], types: new Map() });
  const plain = (sql: string) => sql.replace(/\s+/g, ' ').replace(/\( /g, '(').replace(/ \)/g, ')').trim();
  expect(emitted.ok && plain(emitted.sql)).toBe(plain(printed));
});
