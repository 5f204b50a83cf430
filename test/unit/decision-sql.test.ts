import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerRows, disagreements } from '../support/decision-rows.ts';
import { DuckDbDecisions } from '../support/duckdb-decisions.ts';
import { randomLogic } from '../support/random-logic.ts';
import { randomPoints } from '../support/random-points.ts';

let engine: DuckDbDecisions;
beforeAll(async () => {
  engine = await DuckDbDecisions.open();
});
afterAll(() => engine.close());

test('the SQL says what the evaluator says, on 50,000 points', async () => {
  let points = 0;
  await fc.assert(
    fc.asyncProperty(randomLogic, fc.nat(), async (random, seed) => {
      const tried = randomPoints(random, 200, seed);
      const expected = answerRows(random.logic, tried);
      const answers = await engine.answers(random, tried);
      points += tried.length;
      expect(answers).toHaveLength(tried.length);
      expect(disagreements(tried, expected, answers), JSON.stringify(random.cells)).toEqual([]);
    }),
    { numRuns: 250, seed: 11 },
  );
  expect(points).toBe(50_000);
}, 60_000);
