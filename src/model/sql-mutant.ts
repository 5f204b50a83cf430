import type { Limits, SqlResult } from './ports.ts';

/**
 * What a slip of the pen changes in SQL. `comparison`: an operator. `number`: one that something is compared with, or a bound of a
 * window frame. `interval`: a stretch of time. `condition`: one that is left out. `join`: the same of what joins two tables.
 */
export type SqlSlip = 'comparison' | 'number' | 'interval' | 'condition' | 'join';

/** Where the condition stands; `SELECT` is everything that no clause of its own holds, such as CASE. */
export type SqlClause = 'WHERE' | 'HAVING' | 'QUALIFY' | 'FILTER' | 'ON' | 'USING' | 'CASE' | 'SELECT';

/** One change of one SQL text: what a person would have typed by mistake. The text still parses, and nothing else has changed. */
export interface SqlMutant {
  readonly what: SqlSlip;
  /** UTF-16 units into the SQL text. */
  readonly offset: number;
  readonly length: number;
  /** What stands there then; empty where a condition is left out. */
  readonly replacement: string;
  readonly clause: SqlClause;
  /** The condition, or what is compared, on one line: `fills >= 2`. */
  readonly condition: string;
  /** The same after the change; empty where it is left out. */
  readonly becomes: string;
  /** Both sides of a comparison, on one line each; null where there is none. */
  readonly sides: readonly [string, string] | null;
  /** Market tables and views that its SELECT reads, through WITH, sorted. */
  readonly tables: readonly string[];
}

export interface SqlMutants {
  /** By place, then in the order in which they were thought of. */
  readonly mutants: readonly SqlMutant[];
  /** Slips that could not be written as a change of the text alone, or would not parse. */
  readonly dropped: number;
}

/** Finds the slips of a SQL text. It runs nothing; whether a mutant binds is for the caller to ask. */
export interface SqlMutator {
  mutants(sql: string, limits: Limits): Promise<SqlResult<SqlMutants>>;
}
