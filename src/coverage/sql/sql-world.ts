import type { Cache, SqlEngine } from '../../model/ports.ts';
import type { SqlMutator } from '../../model/sql-mutant.ts';
import type { World } from '../../replay/world.ts';

/** What mutants of SQL are run in. */
export interface SqlWorld extends World {
  readonly engine: SqlEngine & SqlMutator;
  readonly cache: Cache;
}
