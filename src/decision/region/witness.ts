import Big from 'big.js';
import { previousDouble } from '../doubles.ts';
import type { Column } from '../logic.ts';
import type { Scalar } from '../normalise.ts';
import type { Piece } from './axis.ts';
import { type Amount, type Cut, isInside } from './cut.ts';

/**
 * A value of a piece, the same each time: where it has a bound the value nearest to it that a person would write, so that the
 * example stands where the mistake is.
 */
export function witnessOf(piece: Piece, column: Column, known: ReadonlySet<string>): Scalar {
  if (piece.kind === 'null') return null;
  if (piece.kind === 'stretch') return amountIn(piece.low, piece.high, column);
  return piece.values[0] ?? unnamed(known);
}

/** A word that no test names. */
function unnamed(known: ReadonlySet<string>): string {
  let word = 'other';
  for (let number = 2; known.has(word); number++) word = `other ${number}`;
  return word;
}

function amountIn(low: Cut | null, high: Cut | null, column: Column): Amount {
  if (low === null && high === null) return column.type === 'decimal' && column.step === null ? new Big(0) : 0;
  const inside = (value: Amount) => isInside(value, { low, high });
  const near = low ?? high;
  if (near === null) throw new Error('unreachable: one of them is a cut');
  if (near.at instanceof Big) return decimalNear(near.at, inside, low !== null);
  if (column.step !== null) return low === null ? before(near.at) : near.at;
  return doubleNear(Number(near.at), inside, low !== null);
}

function before(steps: number | bigint): number | bigint {
  return typeof steps === 'bigint' ? steps - 1n : steps - 1;
}

/** The bound itself, or the nearest neighbour with as few further digits as the piece has room for. */
function decimalNear(bound: Big, inside: (value: Amount) => boolean, upwards: boolean): Big {
  if (inside(bound)) return bound;
  const start = Math.max(0, decimals(bound));
  for (let digits = start; ; digits++) {
    const step = new Big(`${upwards ? '' : '-'}1e-${digits}`);
    const value = bound.plus(step);
    if (inside(value)) return value;
  }
}

function decimals(value: Big): number {
  return value.c.length - 1 - value.e;
}

function doubleNear(bound: number, inside: (value: Amount) => boolean, upwards: boolean): number {
  if (inside(bound) && new Big(bound).toFixed().length <= 12) return bound;
  // The cut behind a bound is the next double: the bound is what a person wrote.
  const written = upwards && inside(bound) ? previousDouble(bound) : bound;
  const exact = new Big(written);
  for (let digits = Math.max(0, decimals(exact)); digits <= 320; digits++) {
    const value = Number(exact.plus(new Big(`${upwards ? '' : '-'}1e-${digits}`)).toString());
    if (inside(value)) return value;
  }
  return upwards ? bound : previousDouble(bound);
}
