import fc from 'fast-check';
import { expect } from 'vitest';
import type { RawValue } from '../../src/model/value.ts';
import { answerRows, disagreements } from './decision-rows.ts';
import { type RandomLogic, randomLogic } from './random-logic.ts';
import { randomPoints } from './random-points.ts';

/** Something that answers a decision on points, in the words of `answerRows`. */
export interface Answering {
  answers(random: RandomLogic, points: readonly (readonly RawValue[])[]): Promise<string[]> | string[];
}

interface Attempt {
  readonly decisions: number;
  readonly points: number;
  readonly seed: number;
  /** Where it must fail, nobody reads the smallest decision for which it does. */
  readonly endOnFailure?: boolean;
}

/** Compares an engine with the evaluator; returns how many points were compared. */
export async function compareAnswers(
  engine: Answering,
  { decisions, points, seed, endOnFailure }: Attempt,
): Promise<number> {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(randomLogic, fc.nat(), async (random, start) => {
      const tried = randomPoints(random, points, start);
      const answers = await engine.answers(random, tried);
      expect(answers).toHaveLength(tried.length);
      const wrong = disagreements(tried, answerRows(random.logic, tried), answers);
      expect(wrong, JSON.stringify(random.cells)).toEqual([]);
      compared += tried.length;
    }),
    { numRuns: decisions, seed, ...(endOnFailure === true && { endOnFailure }) },
  );
  return compared;
}
