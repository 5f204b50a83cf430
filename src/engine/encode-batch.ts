import type { DuckDBDataChunk, DuckDBType, DuckDBVector } from '@duckdb/node-api';
import type { DuckDb } from './lock.ts';
import type { WireBatch, WireColumn, WireValue } from './protocol.ts';

/** Collects chunks of the engine (2,048 rows) into batches worth a message. */
export interface BatchBuilder {
  readonly length: number;
  add(chunk: DuckDBDataChunk): void;
  /** Hands over what was collected and starts anew. */
  take(): WireBatch;
}

interface ColumnBuilder {
  add(vector: DuckDBVector): void;
  take(): WireColumn;
}

/** Turns one value of a vector into what travels. */
type Read = (vector: DuckDBVector, row: number) => WireValue;

const largest = BigInt(Number.MAX_SAFE_INTEGER);

export function batchBuilder(duckdb: DuckDb, types: readonly DuckDBType[]): BatchBuilder {
  const columns = types.map((type) => columnBuilder(duckdb, type));
  let length = 0;
  return {
    get length() {
      return length;
    },
    add(chunk) {
      for (const [at, column] of columns.entries()) column.add(chunk.getColumnVector(at));
      length += chunk.rowCount;
    },
    take() {
      const batch = { length, columns: columns.map((column) => column.take()) };
      length = 0;
      return batch;
    },
  };
}

function columnBuilder(duckdb: DuckDb, type: DuckDBType): ColumnBuilder {
  const { DuckDBTypeId } = duckdb;
  switch (type.typeId) {
    case DuckDBTypeId.DECIMAL:
      return decimals(duckdb, 'scale' in type && typeof type.scale === 'number' ? type.scale : 0);
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.UINTEGER:
      return numbers(numberAt);
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
      return numbers(integerAt);
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_TZ:
      return numbers(microsAt);
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_NS:
      return numbers(otherTimeAt);
    case DuckDBTypeId.INTERVAL:
      return numbers(intervalAt);
    default:
      return plain();
  }
}

/** Float64Array while every value is a number, a plain list from the first NULL or large integer on. */
function numbers(read: Read): ColumnBuilder {
  let exact = new Float64Array(4096);
  let mixed: WireValue[] | undefined;
  let length = 0;
  return {
    add(vector) {
      const count = vector.itemCount;
      if (mixed === undefined && length + count > exact.length) {
        const larger = new Float64Array(Math.max(exact.length * 2, length + count));
        larger.set(exact);
        exact = larger;
      }
      for (let row = 0; row < count; row++) {
        const value = read(vector, row);
        if (mixed === undefined && typeof value !== 'number') mixed = Array.from(exact.subarray(0, length));
        if (mixed !== undefined) mixed.push(value);
        else exact[length] = Number(value);
        length++;
      }
    },
    take() {
      const values = mixed ?? exact.slice(0, length);
      mixed = undefined;
      length = 0;
      return { kind: 'plain', values };
    },
  };
}

function plain(): ColumnBuilder {
  let values: WireValue[] = [];
  return {
    add(vector) {
      for (let row = 0; row < vector.itemCount; row++) {
        const value = vector.getItem(row);
        values.push(typeof value === 'boolean' || value === null ? value : String(value));
      }
    },
    take() {
      const taken = values;
      values = [];
      return { kind: 'plain', values: taken };
    },
  };
}

function decimals(duckdb: DuckDb, scale: number): ColumnBuilder {
  let values: (number | bigint | null)[] = [];
  return {
    add(vector) {
      for (let row = 0; row < vector.itemCount; row++) {
        const value = vector.getItem(row);
        values.push(value instanceof duckdb.DuckDBDecimalValue ? narrow(value.value) : null);
      }
    },
    take() {
      const taken = values;
      values = [];
      return { kind: 'decimal', scale, values: taken };
    },
  };
}

const numberAt: Read = (vector, row) => {
  const value = vector.getItem(row);
  return typeof value === 'number' ? value : null;
};

const integerAt: Read = (vector, row) => {
  const value = vector.getItem(row);
  return typeof value === 'bigint' ? narrow(value) : null;
};

/** 'infinity' and '-infinity' are times too; the engine stores them as the ends of int64. */
const microsAt: Read = (vector, row) => {
  const value = vector.getItem(row);
  if (value === null || typeof value !== 'object' || !('micros' in value)) return null;
  const { micros } = value;
  return typeof micros === 'bigint' ? finite(micros, Number(micros)) : null;
};

/** Seconds, milliseconds and nanoseconds as microseconds; nanoseconds are rounded down. */
const otherTimeAt: Read = (vector, row) => {
  const value = vector.getItem(row);
  if (value === null || typeof value !== 'object') return null;
  if ('seconds' in value && typeof value.seconds === 'bigint')
    return finite(value.seconds, Number(value.seconds) * 1e6);
  if ('millis' in value && typeof value.millis === 'bigint') return finite(value.millis, Number(value.millis) * 1e3);
  if ('nanos' in value && typeof value.nanos === 'bigint') {
    const { nanos } = value;
    return finite(nanos, Number((nanos - (((nanos % 1000n) + 1000n) % 1000n)) / 1000n));
  }
  return null;
};

/** A month has no fixed length: an interval that counts months is no number. */
const intervalAt: Read = (vector, row) => {
  const value = vector.getItem(row);
  if (value === null || typeof value !== 'object' || !('months' in value) || !('days' in value) || !('micros' in value))
    return null;
  if (value.months !== 0) return Number.NaN;
  return typeof value.micros === 'bigint' ? Number(value.days) * 86_400e6 + Number(value.micros) : null;
};

function finite(raw: bigint, micros: number): number {
  if (raw === 9223372036854775807n) return Number.POSITIVE_INFINITY;
  return raw === -9223372036854775807n ? Number.NEGATIVE_INFINITY : micros;
}

function narrow(value: bigint): number | bigint {
  return value <= largest && value >= -largest ? Number(value) : value;
}
