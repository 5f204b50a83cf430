import Big from 'big.js';
import { readGiven } from '../decision/decide-signals.ts';
import type { Column } from '../decision/logic.ts';
import { missingValue, type Scalar, showScalar } from '../decision/normalise.ts';
import type { DecidedSubject } from '../replay/subjects.ts';
import { show } from './finding-problem.ts';
import { at } from './plain-json.ts';

/** Sums of floating-point numbers differ in their last digits by the order in which they are added. */
const nearly = 1e-9;

/** Each signal that is not as the SOP computes it, in words: both are rounded to the signal's step; without one they may differ by a billionth. */
export function compareNumbers(
  finding: unknown,
  own: DecidedSubject,
  columns: ReadonlyMap<string, Column>,
): readonly string[] {
  return [...columns].flatMap(([name, column]) => {
    const expected = own.values.get(name) ?? null;
    const given = at(finding, 'signals', name, 'value');
    if (given === undefined) return [`\`${name}\` is not reported`];
    const read = readGiven(given, column);
    // What was looked for and is not there has the value that stands in for it; a case may leave it empty.
    if (read.ok && [read.value, read.value ?? missingValue(column)].some((value) => isSame(expected, value, column)))
      return [];
    return [`\`${name}\` is ${show(given)}, not ${showScalar(expected, column)}`];
  });
}

function isSame(a: Scalar, b: Scalar, { step }: Column): boolean {
  if (a === b) return true;
  if (!isNumber(a) || !isNumber(b)) return false;
  const [left, right] = [new Big(a.toString()), new Big(b.toString())];
  if (left.eq(right)) return true;
  if (step !== null) return false;
  const larger = left.abs().gt(right.abs()) ? left.abs() : right.abs();
  return left.minus(right).abs().lte(larger.times(nearly));
}

function isNumber(value: Scalar): value is number | bigint | Big {
  return typeof value === 'number' || typeof value === 'bigint' || (typeof value === 'object' && value !== null);
}
