import type { TableFacts } from '../../model/survey.ts';
import type { Finding } from './finding.ts';

/** The files of one table, looked through. */
export interface CheckedTable {
  readonly facts: TableFacts;
  readonly findings: readonly Finding[];
  /** What could not be looked at, and why. */
  readonly notChecked: readonly string[];
}
