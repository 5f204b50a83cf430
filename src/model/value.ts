import type Big from 'big.js';

/** The types that a signal or a parameter may declare. */
export type ValueType = 'number' | 'integer' | 'decimal' | 'boolean' | 'enum';

export const valueTypes: readonly ValueType[] = ['number', 'integer', 'decimal', 'boolean', 'enum'];

/** A literal as written in a table or a case: numbers keep every digit. */
export type Literal = string | boolean | Big | null;

/**
 * A signal's value as SQL, a case or an agent gives it, before it is normalised. DOUBLE comes as number, BIGINT and
 * HUGEINT as number where it is a safe integer and as bigint beyond, DECIMAL as Big, TIMESTAMP as whole microseconds
 * since 1970-01-01 UTC (number). NaN and infinities are kept as they are.
 */
export type RawValue = number | bigint | Big | string | boolean | null;
