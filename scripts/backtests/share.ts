/** Rounded down, so that 1.000 is all of them. */
export function share(value: number): string {
  return (Math.floor(value * 1000 + 1e-9) / 1000).toFixed(3).replace(/^0/, '');
}
