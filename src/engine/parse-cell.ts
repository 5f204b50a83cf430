import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import Big from 'big.js';
import type { ColumnSql } from '../model/ports.ts';
import type { DuckDb } from './lock.ts';

const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?$/;
const time = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/** DECIMAL(p,s) in numbers; undefined for the other types. */
export function decimalOf(sql: ColumnSql): { width: number; scale: number } | undefined {
  const found = /^DECIMAL\((\d+),(\d+)\)$/.exec(sql);
  return found === null ? undefined : { width: Number(found[1]), scale: Number(found[2]) };
}

/** The engine's type of a column of ours. */
export function typeOf(duckdb: DuckDb, sql: ColumnSql): DuckDBType {
  switch (sql) {
    case 'VARCHAR':
      return duckdb.VARCHAR;
    case 'TIMESTAMP':
      return duckdb.TIMESTAMP;
    case 'DOUBLE':
      return duckdb.DOUBLE;
    case 'BIGINT':
      return duckdb.BIGINT;
    case 'BOOLEAN':
      return duckdb.BOOLEAN;
    default: {
      const decimal = decimalOf(sql);
      if (decimal === undefined) throw new Error(`no column type: ${String(sql)}`);
      return duckdb.DECIMAL(decimal.width, decimal.scale);
    }
  }
}

/**
 * Reads a text as a value of a column, or `undefined`. Stricter than the engine, which rounds '1.5' to BIGINT 2, drops
 * decimals that don't fit and ignores the zone of '2026-01-01T00:00:00+02:00'.
 */
export function parseCell(duckdb: DuckDb, sql: ColumnSql, text: string): DuckDBValue | undefined {
  switch (sql) {
    case 'VARCHAR':
      return text;
    case 'TIMESTAMP': {
      const micros = parseTime(text);
      return micros === undefined ? undefined : new duckdb.DuckDBTimestampValue(micros);
    }
    case 'DOUBLE':
      return parseNumber(text);
    case 'BIGINT':
      return parseInteger(text);
    case 'BOOLEAN':
      return /^(true|t|1)$/i.test(text) ? true : /^(false|f|0)$/i.test(text) ? false : undefined;
    default: {
      const decimal = decimalOf(sql);
      if (decimal === undefined) throw new Error(`no column type: ${String(sql)}`);
      const scaled = parseScaled(text, decimal.width, decimal.scale);
      return scaled === undefined ? undefined : new duckdb.DuckDBDecimalValue(scaled, decimal.width, decimal.scale);
    }
  }
}

/** Microseconds since 1970-01-01 UTC; a text without a zone is UTC. Digits past the sixth are cut. */
export function parseTime(text: string): bigint | undefined {
  const found = time.exec(text.trim());
  if (found === null) return undefined;
  const part = (at: number) => Number(found[at] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  date.setUTCHours(hour, minute, second);
  const micros = BigInt((found[7] ?? '').slice(0, 6).padEnd(6, '0'));
  return BigInt(date.getTime()) * 1000n + micros - zoneMicros(found[8]);
}

function zoneMicros(zone: string | undefined): bigint {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0n;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return BigInt(zone.startsWith('-') ? -minutes : minutes) * 60_000_000n;
}

export function parseNumber(text: string): number | undefined {
  if (number.test(text)) return Number(text);
  const special = /^([+-]?)(nan|inf|infinity)$/i.exec(text);
  if (special === null) return undefined;
  if (special[2]?.toLowerCase() === 'nan') return Number.NaN;
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

export function parseInteger(text: string): bigint | undefined {
  if (!/^[+-]?\d{1,30}(\.0*)?$/.test(text)) return undefined;
  const value = BigInt(text.replace(/\..*$/, '').replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

/** Whole multiples of 10^-scale; undefined where digits would be lost. */
export function parseScaled(text: string, width: number, scale: number): bigint | undefined {
  if (!number.test(text)) return undefined;
  const value = new Big(text.replace(/^\+/, ''));
  if (Math.abs(value.e) > 400) return undefined;
  const fixed = value.toFixed(scale);
  if (!new Big(fixed).eq(value)) return undefined;
  const scaled = BigInt(fixed.replace('.', ''));
  const limit = 10n ** BigInt(width);
  return scaled < limit && scaled > -limit ? scaled : undefined;
}
