import type { CheckedSop } from '../check/checked.ts';
import { firstLine, placeOf } from '../check/sql-problem.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { SqlProblem } from '../model/ports.ts';
import type { SignalGroup, SqlText } from '../model/sop.ts';
import { type RowProblem, showKey } from './subjects.ts';
import { describeViewProblem, failureWords } from './view-problem.ts';

/** The case or the data, and the SOP that ran on it. */
export type CaseName = { readonly case: string; readonly sop: string };

export function describeFailure(
  problem: SqlProblem,
  group: SignalGroup,
  sql: SqlText,
  checked: CheckedSop,
  name: CaseName,
): Diagnostic {
  const view = checked.reads.views.find((entry) => entry.name.value === problem.view);
  if (view !== undefined) return describeViewProblem(problem, view, name.case);
  return diagnose('SOP707', placeOf(problem, sql), { ...name, group: group.name.value, what: failureWords(problem) });
}

export function describeRows(
  problem: RowProblem,
  group: SignalGroup,
  sql: SqlText,
  { sop }: CheckedSop,
  name: CaseName,
): Diagnostic {
  const place = firstLine(sql);
  switch (problem.kind) {
    case 'two_rows':
      return diagnose('SOP709', place, { ...name, group: group.name.value, subject: showKey(problem.key, sop) });
    case 'null_key':
      return diagnose('SOP710', place, { ...name, group: group.name.value, column: problem.column });
    case 'type':
      return diagnose('SOP707', place, {
        ...name,
        group: group.name.value,
        what: `\`${problem.signal}\` is not ${problem.expected}`,
      });
  }
}

export function describeProvided(problem: RowProblem, { sop }: CheckedSop, name: CaseName): Diagnostic {
  const group = sop.groups.find((entry) => entry.sql === null);
  const place = group?.name.span ?? sop.id.span;
  const what =
    problem.kind === 'two_rows'
      ? 'two provided rows name one subject'
      : problem.kind === 'null_key'
        ? `a provided row has no \`${problem.column}\``
        : `the provided \`${problem.signal}\` is not ${problem.expected}`;
  return diagnose('SOP707', place, { ...name, group: group?.name.value ?? 'provided', what });
}

/** Data that could be opened and not read to its end. */
export function describeUnread(what: string, { sop }: CheckedSop, label: string): Diagnostic {
  const [group] = sop.groups;
  const name = { case: label, sop: sop.id.value, group: group?.name.value ?? '' };
  return diagnose('SOP707', group?.name.span ?? sop.id.span, { ...name, what });
}
