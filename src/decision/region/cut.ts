import Big from 'big.js';
import { nextDouble } from '../doubles.ts';
import type { Column, Test, TestAtom } from '../logic.ts';
import { comparable } from '../normalise.ts';

/** A number as a column compares it: whole steps, a double, or an exact decimal. */
export type Amount = number | bigint | Big;

/**
 * A place between two values of a column: what is below it and what is not. `at` is the first value above, or, of exact
 * decimals where `after`, the last one below; whole steps and doubles have a next value, so there `after` is never needed.
 */
export interface Cut {
  readonly at: Amount;
  readonly after: boolean;
}

/** The cut that leaves `bound` above it, or below it where `after`. */
export function cutAt(bound: Amount, after: boolean, column: Column): Cut {
  if (bound instanceof Big) return { at: bound, after };
  if (column.step !== null) return { at: firstStep(bound, after), after: false };
  const value = Number(bound);
  return { at: after && Number.isFinite(value) ? nextDouble(value) : value, after: false };
}

/** Bounds that lie between two steps are an error at check time; here they have their place. */
function firstStep(bound: number | bigint, after: boolean): number | bigint {
  if (typeof bound === 'bigint') return after ? bound + 1n : bound;
  const whole = Math.ceil(bound);
  if (!after || whole !== bound) return whole;
  return Number.isSafeInteger(whole + 1) ? whole + 1 : BigInt(whole) + 1n;
}

export function compareAmounts(a: Amount, b: Amount): number {
  if (a instanceof Big && b instanceof Big) return a.cmp(b);
  if (a instanceof Big || b instanceof Big) return new Big(a.toString()).cmp(b.toString());
  return a < b ? -1 : a > b ? 1 : 0;
}

export function compareCuts(a: Cut, b: Cut): number {
  return compareAmounts(a.at, b.at) || Number(a.after) - Number(b.after);
}

/** Whether a value lies above a cut. */
export function isAbove(value: Amount, cut: Cut): boolean {
  const order = compareAmounts(value, cut.at);
  return cut.after ? order > 0 : order >= 0;
}

/** From a cut to a cut; null is no bound. */
export interface Stretch {
  readonly low: Cut | null;
  readonly high: Cut | null;
}

/** Whether one stretch begins where the other ends. */
export function touches({ high }: Stretch, { low }: Stretch): boolean {
  return high !== null && low !== null && compareCuts(high, low) === 0;
}

/** Whether some value lies in both. */
export function overlap(a: Stretch, b: Stretch): boolean {
  return endsAfter(a, b) && endsAfter(b, a);
}

function endsAfter({ high }: Stretch, { low }: Stretch): boolean {
  return high === null || low === null || compareCuts(low, high) < 0;
}

export function isInside(value: Amount, { low, high }: Stretch): boolean {
  return (low === null || isAbove(value, low)) && (high === null || !isAbove(value, high));
}

interface KnownStretches {
  readonly type: Column['type'];
  readonly step: Column['step'];
  readonly stretches: readonly Stretch[];
}

/** Tables that differ in one cell share the others, and are looked at by the hundred. */
const known = new WeakMap<Test, KnownStretches>();

/** What a test on a column of numbers lets through, as stretches; null among its atoms is another matter. */
export function stretchesOf(test: Test, column: Column): readonly Stretch[] {
  if (test.kind === 'any') return everything;
  const { type, step } = column;
  const before = known.get(test);
  if (before !== undefined && before.type === type && before.step === step) return before.stretches;
  const stretches = readStretches(test, column);
  known.set(test, { type, step, stretches });
  return stretches;
}

const everything: readonly Stretch[] = [{ low: null, high: null }];

function readStretches(test: Exclude<Test, { kind: 'any' }>, column: Column): Stretch[] {
  const stretches = test.atoms.flatMap((atom) => stretchOf(atom, column) ?? []);
  return (column.type === 'number' && column.step === null ? stretches.flatMap(finite) : stretches).filter(
    holdsSomething,
  );
}

/** Doubles end: a bound beyond the last of them is none, and nothing lies behind it. */
function finite({ low, high }: Stretch): Stretch[] {
  const isBelowAll = (cut: Cut) => Number(cut.at) <= -Number.MAX_VALUE;
  const isAboveAll = (cut: Cut) => !(Number(cut.at) <= Number.MAX_VALUE);
  if ((low !== null && isAboveAll(low)) || (high !== null && isBelowAll(high))) return [];
  return [{ low: low && !isBelowAll(low) ? low : null, high: high && !isAboveAll(high) ? high : null }];
}

function holdsSomething({ low, high }: Stretch): boolean {
  return low === null || high === null || compareCuts(low, high) < 0;
}

function stretchOf(atom: TestAtom, column: Column): Stretch | undefined {
  const cut = (bound: Big, after: boolean) => cutAt(amountOf(bound, column), after, column);
  switch (atom.kind) {
    case 'null':
      return undefined;
    case 'equal':
      return atom.value instanceof Big ? { low: cut(atom.value, false), high: cut(atom.value, true) } : undefined;
    case 'compare':
      if (atom.operator === '<') return { low: null, high: cut(atom.bound, false) };
      if (atom.operator === '<=') return { low: null, high: cut(atom.bound, true) };
      return { low: cut(atom.bound, atom.operator === '>'), high: null };
    case 'interval':
      return { low: cut(atom.low, !atom.lowClosed), high: cut(atom.high, atom.highClosed) };
  }
}

export function amountOf(literal: Big, column: Column): Amount {
  // Steps of one are whole numbers: nothing to divide.
  if (column.step?.eq(1) === true && literal.e < 15 && literal.c.length <= literal.e + 1) return Number(literal) + 0;
  const value = comparable(literal, column);
  if (typeof value === 'string' || typeof value === 'boolean') throw new Error('a number became no number');
  return value;
}
