import Big from 'big.js';

/**
 * Numbers that somebody might have typed instead: a step and a tenth, up and down. Without a stated step it is one of the last
 * digit. A whole number stays one, so a tenth of a small one is a step. Nothing for what is no plain decimal number.
 */
export function otherNumbers(text: string, step: string | null = null): string[] {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return [];
  const value = Big(text);
  const decimals = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
  const one = step === null ? Big(10).pow(-decimals) : Big(step);
  const isWhole = decimals === 0 && one.eq(one.round(0));
  const tenth = isWhole ? value.abs().div(10).round(0, Big.roundUp) : value.abs().div(10);
  const others = [value.plus(one), value.minus(one), value.plus(tenth), value.minus(tenth)];
  const written = others.filter((other) => !other.eq(value)).map((other) => withDecimals(other, decimals));
  return [...new Set(written)];
}

/** 0.40 minus a step is 0.39, and plus a tenth 0.44; never fewer decimals than were written. */
function withDecimals(value: Big, least: number): string {
  const plain = value.toFixed();
  const has = plain.includes('.') ? plain.length - plain.indexOf('.') - 1 : 0;
  return has < least ? value.toFixed(least) : plain;
}
