import type { Cache } from '../../model/ports.ts';
import type { Told } from './case-runs.ts';

/** What runs gave, kept between calls of the command: an interrupted one goes on where it was. */
export interface KeptResults {
  get(key: string): Told | undefined;
  set(key: string, told: Told): void;
  /** Writes what this run asked for or found. While it is not complete, what an earlier one found stays. */
  save(isComplete: boolean): void;
}

/** The results of one SOP are one entry of the cache. */
export function keptResults(cache: Cache, sop: string): KeptResults {
  const earlier = new Map((cache.get('sql_mutants', sop) ?? []) as [string, Told][]); // written below, under a digest that the cache checks
  const used = new Map<string, Told>();
  let isNew = false;
  return {
    get: (key) => {
      const told = used.get(key) ?? earlier.get(key);
      if (told !== undefined) used.set(key, told);
      return told;
    },
    set: (key, told) => {
      used.set(key, told);
      isNew = true;
    },
    save: (isComplete) => {
      if (!isNew) return;
      cache.set('sql_mutants', sop, isComplete ? [...used] : [...new Map([...earlier, ...used])]);
      isNew = false;
    },
  };
}
