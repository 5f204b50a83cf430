/** `npm run test:long` tries everything; where that takes seconds, the normal run tries a part of it. */
export const isLong = process.env['LONG'] !== undefined;

/** How many are tried: all of them in `npm run test:long`. */
export function upTo(all: number, normally: number): number {
  return isLong ? all : normally;
}

/** So many of them in the normal run, evenly spread from the first on: always the same. All of them in `npm run test:long`. */
export function spread<Item>(all: readonly Item[], normally: number): readonly Item[] {
  const apart = upTo(1, Math.max(1, Math.floor(all.length / normally)));
  return all.filter((_, at) => at % apart === 0).slice(0, upTo(all.length, normally));
}
