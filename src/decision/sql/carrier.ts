import Big from 'big.js';
import { type Column, isOrdered } from '../logic.ts';
import type { Dialect } from './dialects.ts';

/** What a column of SQL is made of. */
export type Carrier =
  | { readonly kind: 'double' }
  | ({ readonly kind: 'exact' } & Exact)
  | { readonly kind: 'text' }
  | { readonly kind: 'boolean' };

/** Numbers with a fixed count of digits behind the point. */
export interface Exact {
  readonly precision: number;
  readonly scale: number;
  /**
   * `decimal` and `integer` as the database stores them; `scaled`: an integer that counts units of 10^-scale, as tables
   * hand numbers on to later tables.
   */
  readonly held: 'decimal' | 'integer' | 'scaled';
}

/** How the relation holds a signal; times and durations as whole microseconds. Decimals of up to 38 digits; `double` is IEEE 754 with 64 bits. */
export type RawType = 'double' | 'bigint' | 'text' | 'boolean' | { readonly precision: number; readonly scale: number };

/** What a column is taken for where nobody says how it is held. */
export function usualType(column: Column): RawType {
  switch (column.type) {
    case 'number':
      return 'double';
    case 'integer':
    case 'date and time':
    case 'duration':
      return 'bigint';
    case 'decimal':
      return { precision: 38, scale: 10 };
    case 'boolean':
      return 'boolean';
    case 'enum':
    case 'text':
      return 'text';
  }
}

/** The carrier of a raw type, or why a column can't have it. */
export function carrierFor(column: Column, raw: RawType): Carrier | string {
  const isNumber = isOrdered(column);
  const wanted = isNumber ? 'a number' : column.type === 'boolean' ? 'true or false' : 'text';
  if (raw === 'text') return wanted === 'text' ? { kind: 'text' } : `it is held as text and declared as ${column.type}`;
  if (raw === 'boolean')
    return wanted === 'true or false' ? { kind: 'boolean' } : `it is held as boolean and declared as ${column.type}`;
  if (!isNumber) return `it is held as a number and declared as ${column.type}`;
  if (raw === 'double') return { kind: 'double' };
  if (raw === 'bigint') return { kind: 'exact', precision: 19, scale: 0, held: 'integer' };
  const { precision, scale } = raw;
  const sound = [precision, scale].every(Number.isInteger) && precision >= 1 && precision <= 38 && scale >= 0;
  if (!sound || scale > precision) return `there is no decimal of ${precision} digits, ${scale} behind the point`;
  return { kind: 'exact', precision, scale, held: 'decimal' };
}

/** The least and the greatest number that a column can hold. */
export function limits({ precision, scale, held }: Exact): { readonly least: Big; readonly most: Big } {
  if (held === 'decimal') {
    const most = new Big(10).pow(precision).minus(1).times(unit(scale));
    return { least: most.times(-1), most };
  }
  const most = new Big('9223372036854775807').times(unit(scale));
  return { least: new Big('-9223372036854775808').times(unit(scale)), most };
}

/** 10^-scale, exactly. */
export function unit(scale: number): Big {
  return new Big(`1e-${scale}`);
}

/** A number as a literal of the carrier; it must be one that the carrier holds. */
export function numberLiteral(value: Big, carrier: Extract<Carrier, { kind: 'double' | 'exact' }>, dialect: Dialect) {
  if (carrier.kind === 'double') return dialect.double(value.toString());
  const { precision, scale, held } = carrier;
  if (held === 'decimal') return `CAST('${value.toFixed()}' AS ${dialect.decimalType(precision, scale)})`;
  return value.div(unit(scale)).toFixed(0);
}

export function typeName(carrier: Carrier, dialect: Dialect): string {
  if (carrier.kind === 'double') return dialect.doubleType;
  if (carrier.kind === 'text') return dialect.textType;
  if (carrier.kind === 'boolean') return 'BOOLEAN';
  return carrier.held === 'decimal' ? dialect.decimalType(carrier.precision, carrier.scale) : 'BIGINT';
}
