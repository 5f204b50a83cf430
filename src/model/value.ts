import type Big from 'big.js';

/** The types that a signal or a parameter may declare. */
export type ValueType = 'number' | 'integer' | 'decimal' | 'boolean' | 'enum' | TimeType;

/** DMN's types of time. Their values are compared as whole microseconds: since 1970-01-01 UTC, or how long it lasts. */
export type TimeType = 'date and time' | 'duration';

export const valueTypes: readonly ValueType[] = [
  'number', 'integer', 'decimal', 'boolean', 'enum', 'date and time', 'duration',
]; // biome-ignore format: a row

export function isTimeType(type: string): type is TimeType {
  return type === 'date and time' || type === 'duration';
}

/** A literal as written in a table or a case: numbers keep every digit. Times and durations are their microseconds. */
export type Literal = string | boolean | Big | null;

/**
 * A signal's value as SQL, a case or an agent gives it, before it is normalised. DOUBLE comes as number, BIGINT and
 * HUGEINT as number where it is a safe integer and as bigint beyond, DECIMAL as Big, TIMESTAMP as whole microseconds
 * since 1970-01-01 UTC, INTERVAL as whole microseconds (number; NaN where it counts months). NaN and infinities are kept as they are.
 */
export type RawValue = number | bigint | Big | string | boolean | null;
