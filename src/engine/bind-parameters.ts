import type { DuckDBPreparedStatement } from '@duckdb/node-api';
import type { SqlParameter, SqlProblem } from '../model/ports.ts';
import { parseDuration } from '../text/time.ts';
import type { DuckDb } from './lock.ts';
import { parseCell, parseScaled } from './parse-cell.ts';

/** Binds the parameters that the statement uses, each with its declared type. */
export function bindParameters(
  duckdb: DuckDb,
  statement: DuckDBPreparedStatement,
  parameters: readonly SqlParameter[],
): SqlProblem | undefined {
  for (let at = 1; at <= statement.parameterCount; at++) {
    const name = statement.parameterName(at);
    const parameter = parameters.find((known) => known.name === name);
    if (parameter === undefined) return { reason: 'unknown_parameter', name };
    if (!bindOne(duckdb, statement, at, parameter)) {
      return { reason: 'type', name, detail: `the value ${parameter.value} is no ${parameter.type}` };
    }
  }
  return undefined;
}

function bindOne(duckdb: DuckDb, statement: DuckDBPreparedStatement, at: number, parameter: SqlParameter): boolean {
  const { type, value } = parameter;
  switch (type) {
    case 'enum':
      statement.bindVarchar(at, value);
      return true;
    case 'boolean': {
      const read = parseCell(duckdb, 'BOOLEAN', value);
      if (typeof read !== 'boolean') return false;
      statement.bindBoolean(at, read);
      return true;
    }
    case 'duration': {
      const microseconds = parseDuration(value);
      if (microseconds === undefined) return false;
      statement.bindInterval(at, new duckdb.DuckDBIntervalValue(0, 0, BigInt(microseconds)));
      return true;
    }
    case 'date and time':
    case 'timestamp': {
      const read = parseCell(duckdb, 'TIMESTAMP', value);
      if (!(read instanceof duckdb.DuckDBTimestampValue)) return false;
      statement.bindTimestamp(at, read);
      return true;
    }
    case 'integer': {
      const read = parseCell(duckdb, 'BIGINT', value);
      if (typeof read !== 'bigint') return false;
      statement.bindBigInt(at, read);
      return true;
    }
    case 'number': {
      const read = parseCell(duckdb, 'DOUBLE', value);
      if (typeof read !== 'number') return false;
      statement.bindDouble(at, read);
      return true;
    }
    case 'decimal': {
      const size = decimalSize(value);
      const scaled = size && parseScaled(value, size.width, size.scale);
      if (size === undefined || scaled === undefined) return false;
      statement.bindDecimal(at, new duckdb.DuckDBDecimalValue(scaled, size.width, size.scale));
      return true;
    }
  }
}

/** The smallest DECIMAL that holds a number exactly: 250000.50 is a DECIMAL(7,1). */
export function decimalSize(text: string): { width: number; scale: number } | undefined {
  const found = /^[+-]?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (found === null || `${found[1]}${found[2] ?? ''}` === '') return undefined;
  const digits = `${found[1]}${found[2] ?? ''}`;
  const significant = digits.replace(/0+$/, '');
  const scale = (found[2] ?? '').length - Number(found[3] ?? 0) - (digits.length - significant.length);
  const whole = significant.replace(/^0+/, '').length + Math.max(0, -scale);
  const width = Math.max(1, whole, scale);
  if (significant.replace(/^0+/, '') === '') return { width: 1, scale: 0 };
  return width > 38 ? undefined : { width, scale: Math.max(0, scale) };
}
