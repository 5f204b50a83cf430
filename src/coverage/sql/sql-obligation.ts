import type { Obligation } from '../obligation.ts';
import type { PlannedMutant } from './planned.ts';

/** A mutant of SQL. Whether one that nobody notices could be noticed at all is not known: it is `undecided`, never `open`. */
export function obligation(mutant: PlannedMutant, by: readonly string[], needs: string | null): Obligation {
  const { id, span, replacement, says } = mutant;
  const state = by.length > 0 ? 'proven' : 'undecided';
  return {
    id,
    kind: 'sql_mutant',
    table: null,
    rule: null,
    column: null,
    span,
    replacement,
    says,
    state,
    by,
    witness: null,
    needs,
  };
}
