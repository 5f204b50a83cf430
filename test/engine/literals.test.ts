import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { withLiterals } from '../../src/engine/literals.ts';
import { placesIn } from '../../src/engine/places.ts';
import type { SqlParameter } from '../../src/model/ports.ts';
import { limits, openRows, testEngine } from './support.ts';

const engine = testEngine();
afterAll(() => engine.close());

/** What a run gives, in which the values are literals, beside what binding says of the same SQL, in which they are bound. */
async function asked(sql: string, parameters: readonly SqlParameter[]) {
  const data = await openRows(engine);
  const rows: unknown[][] = [];
  const ran = await data.run({ sql, parameters }, limits, ({ length, columns }) => {
    for (let row = 0; row < length; row++) rows.push(columns.map((column) => column[row]));
  });
  await data.close();
  const bound = await engine.bind([], { sql, parameters }, limits);
  return { rows, ran, bound };
}

describe('a literal is what the bound value would be', () => {
  test.each([
    ['integer', '60', 60],
    ['integer', '-9223372036854775808', -9223372036854775808n],
    ['number', '0.1', 0.1],
    ['number', '-1e-300', -1e-300],
    ['number', '12345678901234567890', 12345678901234567000],
    ['number', '0.30000000000000004', 0.30000000000000004],
    ['boolean', 'true', true],
    ['enum', 'binance', 'binance'],
    ['enum', '', ''],
    ['enum', "it's $$ \"a\" -- \n 'b'", "it's $$ \"a\" -- \n 'b'"],
    ['enum', 'ü€😀', 'ü€😀'],
    ['enum', 'x'.repeat(100), 'x'.repeat(100)],
  ] as const)('%s %s', async (type, value, given) => {
    const { rows, ran, bound } = await asked('SELECT $p AS p, $p IN ($p) AS same', [{ name: 'p', type, value }]);
    expect(rows).toEqual([[given, true]]);
    expect(ran.ok && bound.ok && [ran.value]).toEqual([bound.ok && bound.value.columns]);
  });

  test.each([
    ['decimal', '250000.50', 'DECIMAL(7,1)', '250000.5'],
    ['decimal', '-0.00000001', 'DECIMAL(8,8)', '-.00000001'],
    ['decimal', '0', 'DECIMAL(1,0)', '0'],
    ['decimal', '99999999999999999999999999999999999999', 'DECIMAL(38,0)', '99999999999999999999999999999999999999'],
    ['duration', '90m', 'INTERVAL', '01:30:00'],
    ['timestamp', '2026-11-02 00:30:00.000001', 'TIMESTAMP', '2026-11-02 00:30:00.000001'],
    ['date and time', '1969-12-31T23:59:59Z', 'TIMESTAMP', '1969-12-31 23:59:59'],
  ] as const)('%s %s', async (type, value, sql, text) => {
    const { rows, bound } = await asked('SELECT CAST($p AS VARCHAR) AS t, typeof($p) AS of', [
      { name: 'p', type, value },
    ]);
    expect(rows).toEqual([[text, sql]]);
    expect(bound.ok).toBe(true);
  });

  test('in the places where only a value may stand', async () => {
    const parameters: SqlParameter[] = [
      { name: 'n', type: 'integer', value: '2' },
      { name: 'x', type: 'number', value: '0.5' },
    ];
    const sql =
      'SELECT i, lag(i, $n) OVER (ORDER BY i) AS l, quantile_cont(i, $x) OVER () AS q, ' +
      "CAST(TIMESTAMP '2026-01-01' + INTERVAL ($n) HOUR AS VARCHAR) AS t, -$n AS m FROM range($n+2) AS r(i) ORDER BY i LIMIT $n";
    const { rows } = await asked(sql, parameters);
    expect(rows).toEqual([
      [0, null, 1.5, '2026-01-01 02:00:00', -2],
      [1, null, 1.5, '2026-01-01 02:00:00', -2],
    ]);
  });
});

test('texts, names and comments that look like a parameter stay as they are', async () => {
  const sql = `SELECT '$p' AS a, $$ $p $$ AS b, 1 AS "$p", /* $p /* $p */ */ $p AS c -- $p`;
  const { rows } = await asked(sql, [{ name: 'p', type: 'integer', value: '7' }]);
  expect(rows).toEqual([['$p', ' $p ', 1, 7]]);
});

test('what is no value of its type is refused as it is where values are bound', async () => {
  const { ran, bound } = await asked('SELECT 1 AS a, $p AS p', [{ name: 'p', type: 'integer', value: '1.5' }]);
  expect(ran).toEqual(bound);
  expect(ran).toMatchObject({ ok: false, problem: { reason: 'type', name: 'p', offset: 15, length: 2 } });
});

test('an error is told at its place in the SQL as it was written', async () => {
  for (const before of ['$p', '$p + $p', "$p AS a, 'ü€😀'", '1']) {
    const sql = `SELECT ${before} AS b, CAST('word' || $p AS INTEGER) AS c`;
    const { ran } = await asked(sql, [{ name: 'p', type: 'decimal', value: '250000.50' }]);
    expect(ran, sql).toMatchObject({ ok: false, problem: { reason: 'runtime', offset: sql.indexOf('CAST') } });
  }
});

test('each byte outside a literal is the one that was written', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 8 }).map((some) => some.replace(/[$'"\-/eE]/g, '.'));
  fc.assert(
    fc.property(fc.array(fc.tuple(text, fc.boolean()), { maxLength: 6 }), text, (parts, end) => {
      const sql = [...parts.map(([some, is]) => `${some} ${is ? '$p' : '$q'} `), end].join('');
      const { sql: made, written } = withLiterals(sql, placesIn(sql), [{ name: 'p', type: 'integer', value: '123' }]);
      const literal = '(CAST(123 AS BIGINT))';
      let at = 0;
      for (const piece of made.split(literal)) {
        for (let byte = 0; byte < Buffer.byteLength(piece); byte++) {
          const there = Buffer.from(sql)[written(at + byte)];
          expect(there).toBe(Buffer.from(made)[at + byte]);
        }
        at += Buffer.byteLength(piece) + literal.length;
      }
    }),
  );
});
