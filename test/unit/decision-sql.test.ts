import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ClickHouseDecisions } from '../support/clickhouse-decisions.ts';
import { compareAnswers } from '../support/compare-answers.ts';
import { answerRows } from '../support/decision-rows.ts';
import { DuckDbDecisions } from '../support/duckdb-decisions.ts';
import { upTo } from '../support/long.ts';
import { PostgresDecisions } from '../support/postgres-decisions.ts';
import { randomLogic } from '../support/random-logic.ts';
import { randomPoints } from '../support/random-points.ts';

describe('made-up decisions are decided alike by the evaluator and by SQL in', () => {
  let duckdb: DuckDbDecisions;
  beforeAll(async () => {
    duckdb = await DuckDbDecisions.open();
  });
  afterAll(() => duckdb.close());

  const decisions = upTo(250, 60);
  test(`DuckDB, on ${decisions * 200} points`, async () => {
    const points = await compareAnswers(duckdb, { decisions, points: 200, seed: 11 });
    expect(points).toBe(decisions * 200);
  }, 60_000);

  const programs = PostgresDecisions.programs();
  test.skipIf(programs === null)(
    programs === null ? 'PostgreSQL: skipped, no initdb, postgres and psql here (apt: postgresql)' : 'PostgreSQL',
    async () => {
      const postgres = await PostgresDecisions.open(programs ?? '');
      try {
        const some = upTo(100, 30);
        expect(await compareAnswers(postgres, { decisions: some, points: 100, seed: 12 })).toBe(some * 100);
      } finally {
        postgres.close();
      }
    },
    60_000,
  );

  test('ClickHouse, where the package chdb is installed', async (context) => {
    const clickhouse = await ClickHouseDecisions.open();
    if (clickhouse === null) return context.skip('chdb is not installed (npm install --no-save chdb)');
    try {
      expect(await compareAnswers(clickhouse, { decisions: 100, points: 100, seed: 13 })).toBe(10_000);
    } finally {
      clickhouse.close();
    }
  }, 60_000);
});

test('the made-up decisions come out in every way', () => {
  const counts = new Map<string, number>();
  for (const random of fc.sample(randomLogic, { numRuns: 250, seed: 11 })) {
    for (const answer of answerRows(random.logic, randomPoints(random, 20, 1))) {
      const kind = answer.slice(0, answer.indexOf('|'));
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  }
  for (const kind of ['"decided"', '"undecided"', '"invalid"'])
    expect(counts.get(kind) ?? 0, kind).toBeGreaterThan(200);
});
