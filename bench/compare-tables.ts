import { answerKey, answerOf } from '../src/decision/compare/answer.ts';
import { compareLogic } from '../src/decision/compare/compare.ts';
import { jointAxes } from '../src/decision/compare/joint-axes.ts';
import { compileDecision } from '../src/decision/decide.ts';
import type { Scalar } from '../src/decision/normalise.ts';
import { witnessOf } from '../src/decision/region/witness.ts';
import { desk, largePair } from '../test/support/logic-pairs.ts';

/** One side of a pair of `run.ts`: prints the pairs of answers that differ, so that both can be seen to say the same. */
const [before, after] = largePair(500, 3, 5);
process.stdout.write(`${[...(process.argv[2] === 'parting' ? parting() : combinations())].sort().join('\n')}\n`);

function parting(): Set<string> {
  const { changes, open } = compareLogic(before, after, desk);
  if (open.length > 0) throw new Error('the comparison did not end');
  return new Set(changes.map((change) => `${answerKey(change.before)} ${answerKey(change.after)}`));
}

function combinations(): Set<string> {
  const { axes } = jointAxes(before, after);
  const values = axes.map(({ column, pieces }) => pieces.map((piece) => witnessOf(piece, column, new Set())));
  const sides = [compileDecision(before), compileDecision(after)] as const;
  const found = new Set<string>();
  const input = new Map<string, Scalar>();
  const walk = (axis: number): void => {
    const name = axes[axis]?.column.name;
    if (name === undefined) {
      const [one, other] = sides.map((decide) => answerKey(answerOf(decide(input, new Set()))));
      if (one !== other) found.add(`${one} ${other}`);
      return;
    }
    for (const value of values[axis] ?? []) {
      input.set(name, value);
      walk(axis + 1);
    }
  };
  walk(0);
  return found;
}
