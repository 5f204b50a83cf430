import { placeOf } from '../check/sql-problem.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { SqlProblem } from '../model/ports.ts';
import type { View } from '../model/view.ts';

/** What failed while a view was computed, at its place in the view's file. `label` names the case or the data. */
export function describeViewProblem(problem: SqlProblem, view: View, label: string): Diagnostic {
  const args = { view: view.name.value, case: label };
  const place = placeOf(problem, view.sql);
  if (problem.reason === 'two_rows') return diagnose('SOP740', place, { ...args, key: problem.name ?? '' });
  return diagnose('SOP744', place, { ...args, what: failureWords(problem) });
}

/** Why SQL that was bound did not run through. */
export function failureWords({ reason, detail }: SqlProblem): string {
  switch (reason) {
    case 'deadline':
      return 'it ran longer than allowed and was stopped';
    case 'memory':
      return 'it used more memory than allowed and was stopped';
    case 'rows':
      return 'it returns more rows than allowed';
    default:
      return detail ?? 'the engine refuses it';
  }
}
