/** `npm run test:long` tries everything; where that takes seconds, the normal run tries a part of it. */
export const isLong = process.env['LONG'] !== undefined;

/** How many are tried: all of them in `npm run test:long`. */
export function upTo(all: number, normally: number): number {
  return isLong ? all : normally;
}
