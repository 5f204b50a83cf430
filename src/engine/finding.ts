import type { SqlProblem } from '../model/ports.ts';
import type { Places } from './places.ts';

/** A problem found in a query's tree, before its place is known in UTF-16 units. */
export interface Finding extends Omit<SqlProblem, 'offset' | 'length'> {
  /** Byte offset that the tree gives. */
  readonly byte?: number | undefined;
  /** A word of the SQL that stands at the place, where the tree gives none. */
  readonly word?: string;
  /** A parameter that stands at the place. */
  readonly parameter?: string;
  /** A function in FROM: what may stand there is another list. */
  readonly inFrom?: boolean;
  /** The function is known to exist. */
  readonly known?: boolean;
}

export function problemOf(finding: Finding, places: Places): SqlProblem {
  const { byte, word, parameter, inFrom: _inFrom, known: _known, candidates, ...rest } = finding;
  const place =
    places.atByte(byte) ??
    (parameter === undefined ? undefined : (places.ofParameter(parameter) ?? places.ofParameter('?'))) ??
    (word === undefined ? undefined : places.ofName(word));
  const near = candidates !== undefined && candidates.length > 0 ? { candidates } : {};
  return { ...rest, ...near, ...place };
}

/** By place; what has none comes last. */
export function byPlace(a: SqlProblem, b: SqlProblem): number {
  return (a.offset ?? Number.MAX_SAFE_INTEGER) - (b.offset ?? Number.MAX_SAFE_INTEGER);
}
