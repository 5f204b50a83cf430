import { Buffer } from 'node:buffer';
import type { SqlParameter } from '../model/ports.ts';
import { parseDuration } from '../text/time.ts';
import { decimalSize } from './bind-parameters.ts';
import { parseInteger, parseNumber, parseScaled, parseTime } from './parse-cell.ts';
import type { Places } from './places.ts';

/** SQL in which values stand for parameters. */
export interface WithLiterals {
  readonly sql: string;
  /** No parameter is left to be bound. */
  readonly isWhole: boolean;
  /** The byte of the SQL as it was written that became this one. */
  readonly written: (byte: number) => number;
}

/**
 * Writes the values of parameters into SQL, with the types that binding would give them: a statement with parameters is planned
 * when it is prepared, and again when it runs. No literal holds a quote, a line end or a comment, so wherever one stands it ends
 * nothing. Long texts, and what is no value of its type, stay parameters.
 */
export function withLiterals(sql: string, { tokens }: Places, parameters: readonly SqlParameter[]): WithLiterals {
  const literals = new Map(parameters.map((parameter) => [parameter.name, literalOf(parameter)]));
  const parts: string[] = [];
  /** Where each literal begins, and how much longer the text is from its end on, in bytes. */
  const shifts: { readonly from: number; readonly to: number; readonly by: number }[] = [];
  let at = 0;
  let bytes = 0;
  let longer = 0;
  let isWhole = true;
  for (const token of tokens) {
    if (token.kind !== 'parameter' || token.end > sql.length) continue;
    const literal = literals.get(token.text);
    isWhole &&= literal !== undefined;
    if (literal === undefined) continue;
    const before = sql.slice(at, token.start);
    bytes += Buffer.byteLength(before);
    longer += literal.length - Buffer.byteLength(sql.slice(token.start, token.end));
    shifts.push({ from: bytes, to: bytes + literal.length, by: longer });
    parts.push(before, literal);
    bytes += literal.length;
    at = token.end;
  }
  return {
    sql: [...parts, sql.slice(at)].join(''),
    isWhole,
    written: (byte) => {
      let by = 0;
      for (const shift of shifts) {
        if (byte < shift.from) break;
        // Within a literal: its beginning.
        if (byte < shift.to) return shift.from - by;
        by = shift.by;
      }
      return byte - by;
    },
  };
}

function literalOf({ type, value }: SqlParameter): string | undefined {
  switch (type) {
    case 'enum':
      return value.length > longestText ? undefined : `(${textOf(value)})`;
    case 'boolean':
      return /^(true|false)$/.test(value) ? `(${value})` : undefined;
    case 'duration': {
      const microseconds = parseDuration(value);
      return microseconds === undefined ? undefined : `(to_microseconds(${microseconds}))`;
    }
    case 'date and time':
    case 'timestamp': {
      const microseconds = parseTime(value);
      return microseconds === undefined ? undefined : `(make_timestamp(${microseconds}))`;
    }
    case 'integer': {
      const read = parseInteger(value);
      return read === undefined ? undefined : `(CAST(${read} AS BIGINT))`;
    }
    case 'number': {
      const read = parseNumber(value);
      // With an exponent the engine reads a double, and not a decimal.
      return read === undefined || !Number.isFinite(read) ? undefined : `(CAST(${read.toExponential()} AS DOUBLE))`;
    }
    case 'decimal': {
      const size = decimalSize(value);
      const scaled = size && parseScaled(value, size.width, size.scale);
      if (size === undefined || scaled === undefined) return undefined;
      return `(CAST(${pointed(scaled, size.scale)} AS DECIMAL(${size.width},${size.scale})))`;
    }
  }
}

/** Longer ones would be slower to plan than to bind. */
const longestText = 64;

/** A text without a quote: character by character. */
function textOf(value: string): string {
  const characters = [...value].map((character) => `chr(${character.codePointAt(0) ?? 0})`);
  return characters.length === 0 ? 'repeat(chr(32), 0)' : `concat(${characters.join(', ')})`;
}

/** Whole multiples of 10^-scale as a decimal. */
function pointed(scaled: bigint, scale: number): string {
  const sign = scaled < 0n ? '-' : '';
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(scale + 1, '0');
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
