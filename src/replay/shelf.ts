import type { Cache } from '../model/ports.ts';

/** Results of one kind and name, kept between calls of the command as one entry of the cache. */
export interface Shelf<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  /** Writes what this run asked for or made, if any of it is new. While it is not the whole, what an earlier one made stays. */
  save(isWhole: boolean): void;
}

/** Values are kept as JSON, so they must be plain data. */
export function openShelf<T>(cache: Cache, kind: string, name: string): Shelf<T> {
  const earlier = new Map((cache.get(kind, name) ?? []) as [string, T][]); // written below, under a digest that the cache checks
  const used = new Map<string, T>();
  let isNew = false;
  return {
    get: (key) => {
      const value = used.get(key) ?? earlier.get(key);
      if (value !== undefined) used.set(key, value);
      return value;
    },
    set: (key, value) => {
      used.set(key, value);
      isNew = true;
    },
    save: (isWhole) => {
      if (isNew) cache.set(kind, name, isWhole ? [...used] : [...new Map([...earlier, ...used])]);
      isNew = false;
    },
  };
}
