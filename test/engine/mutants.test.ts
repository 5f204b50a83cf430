import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDuckDbEngine } from '../../src/engine/engine.ts';
import type { SqlMutator } from '../../src/model/sql-mutant.ts';
import { sqlChild } from '../support/sql-child.ts';
import { limits } from './support.ts';

let engine: ReturnType<typeof createDuckDbEngine>;
beforeAll(() => {
  engine = createDuckDbEngine({ command: sqlChild });
});
afterAll(() => engine.close());

async function mutantsOf(sql: string) {
  const found = await (engine as SqlMutator).mutants(sql, limits);
  if (!found.ok) throw new Error(JSON.stringify(found.problem));
  return found.value;
}

/** Each mutant as the whole text that it makes, blanks drawn together. */
async function texts(sql: string): Promise<string[]> {
  const { mutants } = await mutantsOf(sql);
  return mutants.map(({ offset, length, replacement }) =>
    `${sql.slice(0, offset)}${replacement}${sql.slice(offset + length)}`.replace(/\s+/g, ' ').trim(),
  );
}

describe('slips of SQL', () => {
  test.each([
    ['an operator', 'SELECT a FROM t WHERE a < b', ['SELECT a FROM t', 'SELECT a FROM t WHERE a <= b']],
    [
      'a number, with as many decimals as it has',
      'SELECT a >= 0.20 FROM t',
      [
        'SELECT a > 0.20 FROM t',
        'SELECT a >= 0.21 FROM t',
        'SELECT a >= 0.19 FROM t',
        'SELECT a >= 0.22 FROM t',
        'SELECT a >= 0.18 FROM t',
      ],
    ],
    [
      'a whole number stays whole, and a unit is left alone',
      'SELECT a = 15 * 60000 FROM t',
      [
        'SELECT a <> 15 * 60000 FROM t',
        'SELECT a = 16 * 60000 FROM t',
        'SELECT a = 14 * 60000 FROM t',
        'SELECT a = 17 * 60000 FROM t',
        'SELECT a = 13 * 60000 FROM t',
      ],
    ],
    [
      'intervals, as numbers and as text',
      "SELECT ts - INTERVAL 5 MINUTE, ts - INTERVAL '90 seconds' FROM t",
      [
        "SELECT ts - INTERVAL 6 MINUTE, ts - INTERVAL '90 seconds' FROM t",
        "SELECT ts - INTERVAL 4 MINUTE, ts - INTERVAL '90 seconds' FROM t",
        "SELECT ts - INTERVAL 5 MINUTE, ts - INTERVAL '91 seconds' FROM t",
        "SELECT ts - INTERVAL 5 MINUTE, ts - INTERVAL '89 seconds' FROM t",
        "SELECT ts - INTERVAL 5 MINUTE, ts - INTERVAL '99 seconds' FROM t",
        "SELECT ts - INTERVAL 5 MINUTE, ts - INTERVAL '81 seconds' FROM t",
      ],
    ],
    [
      'conditions of WHERE, each in turn; BETWEEN has an AND of its own',
      "SELECT a FROM t WHERE x AND (y OR 'a AND b' = z) AND c BETWEEN d AND e ORDER BY a",
      [
        "SELECT a FROM t WHERE (y OR 'a AND b' = z) AND c BETWEEN d AND e ORDER BY a",
        'SELECT a FROM t WHERE x AND c BETWEEN d AND e ORDER BY a',
        "SELECT a FROM t WHERE x AND (y OR 'a AND b' <> z) AND c BETWEEN d AND e ORDER BY a",
        "SELECT a FROM t WHERE x AND (y OR 'a AND b' = z) ORDER BY a",
      ],
    ],
    [
      'bounds of BETWEEN',
      'SELECT a FROM t WHERE a BETWEEN 1 AND 2 AND b',
      [
        'SELECT a FROM t WHERE b',
        'SELECT a FROM t WHERE a BETWEEN 2 AND 2 AND b',
        'SELECT a FROM t WHERE a BETWEEN 0 AND 2 AND b',
        'SELECT a FROM t WHERE a BETWEEN 1 AND 3 AND b',
        'SELECT a FROM t WHERE a BETWEEN 1 AND 1 AND b',
        'SELECT a FROM t WHERE a BETWEEN 1 AND 2',
      ],
    ],
    [
      'FILTER, HAVING and QUALIFY as a whole',
      'SELECT count(*) FILTER (WHERE p), sum(x) FILTER (q) FROM t GROUP BY g HAVING h QUALIFY r',
      [
        'SELECT count(*) , sum(x) FILTER (q) FROM t GROUP BY g HAVING h QUALIFY r',
        'SELECT count(*) FILTER (WHERE p), sum(x) FROM t GROUP BY g HAVING h QUALIFY r',
        'SELECT count(*) FILTER (WHERE p), sum(x) FILTER (q) FROM t GROUP BY g QUALIFY r',
        'SELECT count(*) FILTER (WHERE p), sum(x) FILTER (q) FROM t GROUP BY g HAVING h',
      ],
    ],
    [
      'what joins: a condition of ON, the only one, a column of USING',
      'SELECT a FROM t JOIN u ON t.a IS NOT DISTINCT FROM u.a AND t.b JOIN v ON v.c LEFT JOIN w USING (d, e)',
      [
        'SELECT a FROM t JOIN u ON t.b JOIN v ON v.c LEFT JOIN w USING (d, e)',
        'SELECT a FROM t JOIN u ON t.a IS DISTINCT FROM u.a AND t.b JOIN v ON v.c LEFT JOIN w USING (d, e)',
        'SELECT a FROM t JOIN u ON t.a IS NOT DISTINCT FROM u.a JOIN v ON v.c LEFT JOIN w USING (d, e)',
        'SELECT a FROM t JOIN u ON t.a IS NOT DISTINCT FROM u.a AND t.b JOIN v ON true LEFT JOIN w USING (d, e)',
        'SELECT a FROM t JOIN u ON t.a IS NOT DISTINCT FROM u.a AND t.b JOIN v ON v.c LEFT JOIN w USING (e)',
        'SELECT a FROM t JOIN u ON t.a IS NOT DISTINCT FROM u.a AND t.b JOIN v ON v.c LEFT JOIN w USING (d)',
      ],
    ],
    [
      'a named window that two calls use is changed once',
      'SELECT sum(a) OVER w, min(a) OVER w FROM t WINDOW w AS (ORDER BY a ROWS BETWEEN 3 PRECEDING AND CURRENT ROW)',
      [
        'SELECT sum(a) OVER w, min(a) OVER w FROM t WINDOW w AS (ORDER BY a ROWS BETWEEN 4 PRECEDING AND CURRENT ROW)',
        'SELECT sum(a) OVER w, min(a) OVER w FROM t WINDOW w AS (ORDER BY a ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)',
      ],
    ],
    [
      'comments and letters of two units stay where they are',
      "SELECT a -- '𝄞' AND b > 1\nFROM t WHERE a = '𝄞' /* AND */ AND b",
      [
        "SELECT a -- '𝄞' AND b > 1 FROM t WHERE b",
        "SELECT a -- '𝄞' AND b > 1 FROM t WHERE a <> '𝄞' /* AND */ AND b",
        "SELECT a -- '𝄞' AND b > 1 FROM t WHERE a = '𝄞' /* AND */",
      ],
    ],
    [
      'CASE, and what stands in parentheses',
      'SELECT CASE WHEN a AND (b AND NOT c) THEN 1 END FROM t',
      ['SELECT CASE WHEN (b AND NOT c) THEN 1 END FROM t', 'SELECT CASE WHEN a AND (b ) THEN 1 END FROM t'],
    ],
    ['nothing where the text says it otherwise', "SELECT CASE a WHEN 'b' THEN 1 END, NOT (a > 1.5e3) FROM t", []],
  ])('%s', async (_, sql, expected) => {
    expect(await texts(sql)).toEqual(expected);
  });

  test('says what it is about, and where the rows come from', async () => {
    const sql = `WITH w AS (SELECT a, n FROM trades WHERE n
  -- in days
  >= 30)
SELECT a FROM w JOIN orders o USING (a) WHERE o.b`;
    const { mutants, dropped } = await mutantsOf(sql);
    expect(dropped).toBe(0);
    expect(
      mutants.map(({ clause, condition, becomes, sides, tables }) => [clause, condition, becomes, sides, tables]),
    ).toEqual([
      ['WHERE', 'n >= 30', '', null, ['trades']],
      ['WHERE', 'n >= 30', 'n > 30', ['n', '30'], ['trades']],
      ['WHERE', 'n >= 30', 'n >= 31', null, ['trades']],
      ['WHERE', 'n >= 30', 'n >= 29', null, ['trades']],
      ['WHERE', 'n >= 30', 'n >= 33', null, ['trades']],
      ['WHERE', 'n >= 30', 'n >= 27', null, ['trades']],
      ['WHERE', 'o.b', '', null, ['orders', 'trades']],
    ]);
  });

  test('what is no SELECT has none', async () => {
    for (const sql of ['', 'DELETE FROM t', 'SELECT 1; SELECT 2', 'SELECT (', 'SELECT \0'])
      expect(await (engine as SqlMutator).mutants(sql, limits), sql).toMatchObject({ ok: false });
  });
});
