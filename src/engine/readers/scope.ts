import { cellError } from './errors.ts';

/** A piece of SQL that this folder built. Nothing of a mapping is in it but quoted texts and whole numbers. */
export interface Value {
  readonly sql: string;
  readonly type: 'text' | 'number' | 'time';
}

export interface Scope {
  /** The raw column as SQL. */
  readonly column: (name: string) => Value;
  readonly path: string;
  readonly table: string;
  /** Column of the market table that is being made: it stands in messages. */
  readonly target: string;
  /** Symbol of the row, by which contract sizes are found; null where the mapping has none. */
  readonly symbol: string | null;
}

/** What is empty has no value, and is no mistake; what is not empty must be readable. */
export function guarded(cast: string, text: string, scope: Pick<Scope, 'table' | 'target'>): string {
  return `coalesce(${cast}, CASE WHEN ${text} IS NOT NULL THEN ${cellError(scope.table, scope.target, text)} END)`;
}
