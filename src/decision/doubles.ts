import Big from 'big.js';

const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

/** The least double above a finite one; infinity above the greatest. */
export function nextDouble(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  float[0] = value;
  bits[0] = (bits[0] ?? 0n) + (value > 0 ? 1n : -1n);
  return float[0] ?? Number.NaN;
}

/** The greatest double below a finite one. */
export function previousDouble(value: number): number {
  return -nextDouble(-value);
}

/** A finite double with all its digits, up to some 1,070 of them. */
export function exactDecimal(value: number): Big {
  float[0] = value;
  const raw = BigInt.asUintN(64, bits[0] ?? 0n);
  const exponent = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & 0xfffffffffffffn;
  const mantissa = exponent === 0 ? fraction : fraction | 0x10000000000000n;
  const power = Math.max(exponent, 1) - 1075;
  const sign = value < 0 ? '-' : '';
  if (power >= 0) return new Big(`${sign}${mantissa << BigInt(power)}`);
  return new Big(`${sign}${mantissa * 5n ** BigInt(-power)}e${power}`);
}
