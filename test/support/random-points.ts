import Big from 'big.js';
import { nextDouble, previousDouble } from '../../src/decision/doubles.ts';
import type { Column, Logic, Test } from '../../src/decision/logic.ts';
import type { RawType } from '../../src/decision/sql/carrier.ts';
import type { RawValue } from '../../src/model/value.ts';
import type { RandomLogic } from './random-logic.ts';
import { words } from './random-logic.ts';

/** A generator of whole numbers below `n`, the same for the same seed. */
export function generator(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}

/** Rows of raw values, in the order of the inputs: bounds hit exactly, just missed, and far away. */
export function randomPoints({ logic, types }: RandomLogic, count: number, seed: number): RawValue[][] {
  const next = generator(seed);
  const pools = logic.inputs.map((column) => pool(column, types.get(column.name) ?? 'double', boundsOf(column, logic)));
  return Array.from({ length: count }, () => pools.map((values) => values[next(values.length)] ?? null));
}

function boundsOf(column: Column, logic: Logic): Big[] {
  const tests = logic.tables.flatMap((table) => {
    const place = table.inputs.indexOf(column);
    return place < 0 ? [] : table.rules.map((rule) => rule.tests[place]);
  });
  return [...tests, column.range].flatMap((test) => (test === undefined ? [] : numbersOf(test)));
}

function numbersOf(test: Test): Big[] {
  if (test.kind === 'any') return [];
  return test.atoms.flatMap((atom) => {
    if (atom.kind === 'compare') return [atom.bound];
    if (atom.kind === 'interval') return [atom.low, atom.high];
    return atom.kind === 'equal' && atom.value instanceof Big ? [atom.value] : [];
  });
}

/** The values that a column is tried with. */
function pool(column: Column, raw: RawType, bounds: readonly Big[]): RawValue[] {
  if (raw === 'text') return [null, ...words, 'mm ', 'other', 'NULL'];
  if (raw === 'boolean') return [null, true, false];
  const step = column.step ?? new Big('0.01');
  const near = [new Big(0), ...bounds].flatMap((bound) =>
    ['0', '0.5', '-0.5', '1', '-1'].map((times) => bound.plus(step.times(times))),
  );
  const usual = column.type === 'integer' ? [...near, ...near].map((value) => value.round(0)) : [];
  if (raw === 'bigint') return [null, ...whole(near)];
  if (raw === 'double') return doubles(near, usual);
  return [null, ...decimalsOf(near, usual, raw.precision, raw.scale)];
}

/** Doubles at and beside the bounds, and those that are no numbers; `usual` ones are more frequent. */
function doubles(near: readonly Big[], usual: readonly Big[]): RawValue[] {
  const exact = near.map((value) => Number(value.toString()));
  const beside = exact.flatMap((value) => [value, nextDouble(value), previousDouble(value)]);
  const odd = [
    null,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    -0,
    1e300,
    -1e300,
    5e-324,
    0.1 + 0.2,
  ];
  const frequent = usual.map((value) => Number(value.toString()));
  return [...odd, ...beside, ...Array.from({ length: 6 }, () => frequent).flat()];
}

const int64 = 2n ** 63n;

function whole(near: readonly Big[]): RawValue[] {
  const values = near.flatMap((value) => ['-1', '0', '1'].map((by) => BigInt(value.plus(by).round(0).toFixed())));
  return [...values, -int64, int64 - 1n, 2n ** 53n, 2n ** 53n + 1n]
    .filter((value) => value >= -int64 && value < int64)
    .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));
}

function decimalsOf(near: readonly Big[], usual: readonly Big[], precision: number, scale: number): RawValue[] {
  const unit = new Big(`1e-${scale}`);
  const most = new Big(10).pow(precision).minus(1).times(unit);
  const values = near.flatMap((value) => ['-1', '0', '1'].map((by) => value.round(scale, 0).plus(unit.times(by))));
  return [...values, ...Array.from({ length: 6 }, () => usual).flat(), most, most.times(-1)].filter((value) =>
    value.abs().lte(most),
  );
}
