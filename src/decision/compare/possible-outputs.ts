import Big from 'big.js';
import { outputValue } from '../compile-table.ts';
import type { LogicRule, OutputColumn } from '../logic.ts';
import type { Scalar } from '../normalise.ts';
import { isMet, type Live } from './live.ts';
import type { SideTable } from './side.ts';

/** More distinct values than these are not listed. */
const mostValues = 200;

/**
 * What each output of a table may be in a box where these rules are left: all that it can be, and maybe more. Exact where all
 * of them are met. Null: too many to list.
 */
export function outputsOf(side: SideTable, live: readonly Live[]): (readonly Scalar[] | null)[] {
  const { table } = side;
  if (live.every(isMet)) return exactly(side, live);
  const isSure = live.some(isMet);
  const instead = isSure ? [] : exactly(side, []).map((values) => values[0] ?? null);
  return table.outputs.map((output, place) => {
    const none = isSure ? [] : [instead[place] ?? null];
    const given = live.map(({ rule }) => outputValue(rule.rule.outputs[place] ?? null, output));
    switch (side.policy) {
      case 'F':
      case 'U':
      case 'A':
        return distinct([...given, ...none]);
      case 'R':
      case 'O':
      case 'C':
        return distinct([null, ...none]); // a list is never an input
      case 'C#':
        return sums(live, (rule) => (rule.outputs[0] === null ? new Big(0) : new Big(1)), none, null);
      case 'C+':
        return sums(live, (rule) => amountOf(rule), none, output);
      default: // C< and C>
        return distinct([...given, null, ...none]);
    }
  });
}

function exactly(side: SideTable, met: readonly Live[]): (readonly Scalar[])[] {
  const answer = side.hits(met.map(({ rule }) => rule.rule));
  return side.table.outputs.map((_, place) => [asInput(answer.kind === 'answer' ? answer.outputs[place] : null)]);
}

/** Lists and records can't be inputs: a later table that reads one finds null. */
function asInput(value: unknown): Scalar {
  if (value instanceof Big) return value;
  return typeof value === 'object' || value === undefined ? null : (value as Scalar); // what is left is no object
}

function amountOf(rule: LogicRule): Big {
  const value = rule.outputs[0];
  return value instanceof Big ? value : new Big(0);
}

/** Every sum of the rules that are met and some of the others. */
function sums(
  live: readonly Live[],
  amount: (rule: LogicRule) => Big,
  none: readonly Scalar[],
  output: OutputColumn | null,
): readonly Scalar[] | null {
  let found = new Map([['0', new Big(0)]]);
  for (const entry of live) {
    const more = amount(entry.rule.rule);
    const added = [...found.values()].map((sum) => sum.plus(more));
    const kept = isMet(entry) ? added : [...found.values(), ...added];
    found = new Map(kept.map((sum) => [sum.toFixed(), sum]));
    if (found.size > mostValues) return null;
  }
  const values = [...found.values()].map((sum) => (output === null ? Number(sum.toFixed()) : outputValue(sum, output)));
  return distinct([...values, ...none]);
}

function distinct(values: readonly Scalar[]): readonly Scalar[] | null {
  const found = new Map(
    values.map((value) => [
      typeof value === 'object' ? (value?.toFixed() ?? 'null') : `${typeof value} ${value}`,
      value,
    ]),
  );
  return found.size > mostValues ? null : [...found.values()];
}
