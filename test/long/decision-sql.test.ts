import { expect, test } from 'vitest';
import { compareAnswers } from '../support/compare-answers.ts';
import { DuckDbDecisions } from '../support/duckdb-decisions.ts';
import { PostgresDecisions } from '../support/postgres-decisions.ts';

/** `npm run test:long`: the comparison of `test/unit/decision-sql.test.ts` on other and on many more points. */
const hour = 3_600_000;

test(
  'the SQL says in DuckDB what the evaluator says, on 1,000,000 points',
  async () => {
    const duckdb = await DuckDbDecisions.open();
    try {
      expect(await compareAnswers(duckdb, { decisions: 4000, points: 250, seed: 101 })).toBe(1_000_000);
    } finally {
      duckdb.close();
    }
  },
  hour,
);

test.skipIf(PostgresDecisions.programs() === null)(
  'and in PostgreSQL, on 100,000 (apt: postgresql)',
  async () => {
    const postgres = await PostgresDecisions.open(PostgresDecisions.programs() ?? '');
    try {
      expect(await compareAnswers(postgres, { decisions: 500, points: 200, seed: 102 })).toBe(100_000);
    } finally {
      postgres.close();
    }
  },
  hour,
);
