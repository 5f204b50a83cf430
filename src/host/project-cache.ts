import type { Cache } from '../model/ports.ts';

/** What takes long to make: an entry of its own, written at once, and kept by commands that never ask for it. */
const apart: ReadonlySet<string> = new Set(['sql_mutants', 'cases']);

export interface ProjectCache extends Cache {
  /** Writes what this run looked up or made, if any of it is new. What it never asked for is forgotten. */
  save(): void;
}

/**
 * A project's results as one entry of `cache`, read at the first look and written once: a library of five hundred SOPs has a
 * thousand results, and a file for each takes a third as long as making them. Of two runs at once the later one is kept;
 * what only the other made is made again.
 */
export function createProjectCache(cache: Cache, root: string): ProjectCache {
  let earlier: ReadonlyMap<string, unknown> | undefined;
  const used = new Map<string, unknown>();
  let isNew = false;
  return {
    get(kind, key) {
      if (apart.has(kind)) return cache.get(kind, `${root} ${key}`);
      earlier ??= new Map((cache.get('project', root) ?? []) as [string, unknown][]); // written below, under a digest that the cache checks
      const name = `${kind} ${key}`;
      const value = used.get(name) ?? earlier.get(name);
      if (value !== undefined) used.set(name, value);
      return value;
    },
    set(kind, key, value) {
      if (apart.has(kind)) return cache.set(kind, `${root} ${key}`, value);
      used.set(`${kind} ${key}`, value);
      isNew = true;
    },
    save() {
      if (isNew) cache.set('project', root, [...used]);
      isNew = false;
    },
  };
}
