import type { Library } from '../model/library.ts';
import type { SqlEngine, Store } from '../model/ports.ts';

/** What cases are run in. */
export interface World {
  readonly library: Library;
  readonly store: Store;
  readonly engine: SqlEngine;
  /** The day on which known gaps are judged. */
  readonly today: string;
}
