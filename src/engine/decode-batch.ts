import Big from 'big.js';
import type { RowBatch } from '../model/ports.ts';
import type { RawValue } from '../model/value.ts';
import type { WireBatch, WireColumn } from './protocol.ts';

/** Turns a batch from the wire into values: only decimals differ. */
export function decodeBatch(batch: WireBatch): RowBatch {
  return { length: batch.length, columns: batch.columns.map(decodeColumn) };
}

function decodeColumn(column: WireColumn): ArrayLike<RawValue> {
  if (column.kind === 'plain') return column.values;
  // Prices and sizes repeat; a Big never changes, so one may stand for many.
  const known = new Map<number | bigint, Big>();
  return column.values.map((scaled) => {
    if (scaled === null) return null;
    let value = known.get(scaled);
    if (value === undefined) {
      value = unscale(scaled, column.scale);
      known.set(scaled, value);
    }
    return value;
  });
}

/** 123456 with scale 2 is 1234.56. */
export function unscale(scaled: number | bigint, scale: number): Big {
  const text = String(scaled);
  if (scale === 0) return new Big(text);
  const negative = text.startsWith('-');
  const digits = (negative ? text.slice(1) : text).padStart(scale + 1, '0');
  return new Big(`${negative ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`);
}
