import type { Library } from '../model/library.ts';
import type { SqlEngine, Store } from '../model/ports.ts';
import type { KnownCases } from './known-cases.ts';

/** What cases are run in. */
export interface World {
  readonly library: Library;
  readonly store: Store;
  readonly engine: SqlEngine;
  /** More of them, for cases that run beside each other: what a case gives does not depend on how many there are. */
  readonly lanes?: readonly SqlEngine[];
  /** What cases gave in earlier runs; absent: all are run. */
  readonly known?: KnownCases;
  /** The day on which known gaps are judged. */
  readonly today: string;
}
