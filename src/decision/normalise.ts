import Big from 'big.js';
import type { Literal, RawValue } from '../model/value.ts';
import { formatTime, isoDuration, parseDuration, parseTime } from '../text/time.ts';
import type { Column } from './logic.ts';

/**
 * A value ready to be compared. With a step: how many steps (number, or bigint beyond 2^53). Without: the double of a
 * `number`, the exact Big of a `decimal`. Text and booleans as they are; null is a value of its own.
 */
export type Scalar = number | bigint | Big | string | boolean | null;

export type Normalised =
  | { readonly ok: true; readonly value: Scalar; readonly wasNotFinite: boolean }
  | { readonly ok: false; readonly expected: string };

/** Enough digits that dividing 38 digits by a step is never rounded before it is rounded to a whole number. */
const Exact = Big();
Exact.DP = 80;
Exact.RM = Exact.roundHalfUp; // half up in magnitude: away from zero

/** Reads a raw value as the column declares it. NaN and infinities become null (`wasNotFinite`). */
export function normalise(raw: RawValue | Literal, column: Column): Normalised {
  if (raw === null) return good(null);
  switch (column.type) {
    case 'boolean':
      return typeof raw === 'boolean' ? good(raw) : bad('true or false');
    case 'enum':
    case 'text':
      return typeof raw === 'string' ? good(raw) : bad('text');
    case 'date and time':
      return normaliseTime(raw, column, parseTime, 'a date and time');
    case 'duration':
      return normaliseTime(raw, column, parseDuration, 'a duration');
    case 'number':
    case 'integer':
    case 'decimal':
      return normaliseNumber(raw, column);
  }
}

/** SQL gives microseconds, a case gives text. */
function normaliseTime(
  raw: Exclude<RawValue | Literal, null>,
  column: Column,
  parse: (text: string) => number | undefined,
  expected: string,
): Normalised {
  const read = typeof raw === 'string' ? parse(raw) : raw;
  return read === undefined || typeof read === 'boolean' ? bad(expected) : normaliseNumber(read, column);
}

function normaliseNumber(raw: Exclude<RawValue | Literal, null>, column: Column): Normalised {
  if (typeof raw === 'string' || typeof raw === 'boolean') return bad('a number');
  if (typeof raw === 'number' && !Number.isFinite(raw)) return { ok: true, value: null, wasNotFinite: true };
  if (column.type === 'integer' && !isWhole(raw)) return bad('a whole number');
  if (column.step !== null) return good(stepsOf(raw, column.step));
  if (column.type === 'number') return good(Number(raw.toString()));
  return good(new Big(raw.toString()));
}

function isWhole(raw: number | bigint | Big): boolean {
  if (typeof raw === 'bigint') return true;
  return typeof raw === 'number' ? Number.isInteger(raw) : raw.eq(raw.round(0, Exact.roundDown));
}

/**
 * The value as a whole number of steps: the shortest decimal that reads back as the same number, divided by the step,
 * rounded half away from zero. The floating-point estimate is taken only where it is too far from a half to be wrong.
 */
export function stepsOf(raw: number | bigint | Big, step: Big): number | bigint {
  if (typeof raw === 'number') {
    const quotient = raw / stepNumber(step);
    const away = Math.abs(quotient);
    const fraction = away - Math.floor(away);
    if (away < 1e9 && Math.abs(fraction - 0.5) > 1e-4) {
      const steps = Math.floor(away + 0.5);
      return quotient < 0 ? 0 - steps : steps;
    }
  }
  return whole(new Exact(raw.toString()).div(step).round(0).toFixed());
}

/** The step as a double. Written out and read back for each value, it would take longer than all the rest. */
function stepNumber(step: Big): number {
  const found = stepNumbers.get(step) ?? Number(step.toString());
  stepNumbers.set(step, found);
  return found;
}

const stepNumbers = new WeakMap<Big, number>();

function whole(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number + 0 : BigInt(text);
}

/** A bound or a literal in the same terms as the column's values. */
export function comparable(literal: Exclude<Literal, null>, column: Column): Exclude<Scalar, null> {
  if (!(literal instanceof Big)) return literal;
  const { step } = column;
  if (step === null) return column.type === 'number' ? Number(literal.toString()) : literal;
  const known = inSteps.get(literal);
  if (known?.step === step) return known.value;
  const exact = new Exact(literal).div(step);
  const steps = exact.round(0);
  // A bound between two steps is an error at check time; here it keeps its place between them.
  const value = steps.eq(exact) ? whole(steps.toFixed()) : Number(exact.toString());
  inSteps.set(literal, { step, value });
  return value;
}

/** A literal of a cell is asked for many times, each time of one column. */
const inSteps = new WeakMap<Big, { readonly step: Big; readonly value: number | bigint }>();

/** The value as a person reads it: rounded to the step, all digits otherwise, text in quotes. */
export function showScalar(value: Scalar | readonly unknown[], column: Column | null): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `"${value}"`;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'object' && 'length' in value) return `[${value.join(', ')}]`;
  if (column?.type === 'date and time') return formatTime(Number(value));
  if (column?.type === 'duration') return isoDuration(Number(value));
  const step = column?.step ?? null;
  if (step === null)
    return value instanceof Big
      ? value.toFixed()
      : typeof value === 'number'
        ? new Big(value).toFixed()
        : value.toString();
  return new Big(value.toString()).times(step).toFixed();
}

/** What a subject without a value has: every subject of a parameter that heads a column. */
export function missingValue(column: Column): Scalar {
  const read = normalise(column.missing, column);
  return read.ok ? read.value : null;
}

function good(value: Scalar): Normalised {
  return { ok: true, value, wasNotFinite: false };
}

function bad(expected: string): Normalised {
  return { ok: false, expected };
}
