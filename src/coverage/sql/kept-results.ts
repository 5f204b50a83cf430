import type { Cache } from '../../model/ports.ts';
import { openShelf, type Shelf } from '../../replay/shelf.ts';
import type { Told } from './case-runs.ts';

/** What runs gave, kept between calls of the command: an interrupted one goes on where it was. */
export type KeptResults = Shelf<Told>;

/** The results of one SOP are one entry of the cache. */
export function keptResults(cache: Cache, sop: string): KeptResults {
  return openShelf(cache, 'sql_mutants', sop);
}
