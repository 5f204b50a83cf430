import { diagnose } from '../../diagnostics/diagnostic.ts';
import type { ExpectedRow, ViewCase } from '../../model/view.ts';
import { type Findings, isUnread, type Side } from './ratchet-found.ts';

/** Cases of views that pass. */
export interface ViewCounts {
  readonly before: number;
  readonly now: number;
  readonly kept: number;
}

/** The same for cases of views: one that passed must be there, pass, and expect what it expected. */
export function compareViewCases(before: Side, now: Side, found: Findings): ViewCounts {
  const passed = before.run.views.filter((result) => result.passed);
  let kept = 0;
  for (const { entry: was } of passed) {
    const about = { what: 'view_case', sop: was.view.value, name: was.name.value } as const;
    const result = now.run.views.find(({ entry }) => entry.name.value === was.name.value);
    if (result === undefined) sayGone(was, now, found);
    else if (!result.passed) found.losses.push({ ...about, says: 'passed, now failed', diagnostic: null });
    else {
      kept++;
      const less = lessOf(was, result.entry);
      const args = { case: was.name.value, sop: was.view.value, less };
      const { span } = result.entry.name;
      if (less.length > 0)
        found.losses.push({ ...about, says: less.join('; '), diagnostic: diagnose('SOP761', span, args) });
    }
  }
  return { before: passed.length, now: now.run.views.filter((result) => result.passed).length, kept };
}

function sayGone(was: ViewCase, now: Side, found: Findings): void {
  const name = was.name.value;
  const about = { sop: was.view.value, name };
  const { views, viewCases } = now.checked.library;
  if (isUnread(was, now)) {
    found.losses.push({ what: 'view_case', ...about, says: 'its file can no longer be read', diagnostic: null });
    return;
  }
  if (!views.some((view) => view.name.value === was.view.value)) {
    found.remarks.push({ what: 'given_up', ...about, says: 'its view is gone' });
    return;
  }
  const successors = viewCases.filter((entry) => entry.replaces.some(({ value }) => value === name));
  const standing = now.run.views.find(({ entry, passed }) => passed && successors.includes(entry));
  if (standing !== undefined) {
    const less = lessOf(was, standing.entry);
    const says = `by \`${standing.entry.name.value}\`${less.length === 0 ? '' : `, which asks for less: ${less.join('; ')}`}`;
    found.remarks.push({ what: 'replaced', ...about, says });
    return;
  }
  const there = viewCases.find((entry) => entry.name.value === name);
  const view = views.find((candidate) => candidate.name.value === was.view.value);
  const args = {
    case: name,
    sop: was.view.value,
    before: 'passed',
    successors: successors.map((entry) => entry.name.value),
    what: 'case of a view' as const,
  };
  const span = there?.name.span ?? view?.name.span ?? was.name.span;
  found.losses.push({
    what: 'view_case',
    ...about,
    says: 'passed, now gone',
    diagnostic: diagnose('SOP760', span, args),
  });
}

/** In a few words each: rows that need not come out any more, columns that are not compared any more. */
function lessOf(was: ViewCase, is: ViewCase): string[] {
  const less: string[] = [];
  if (was.others === 'none' && is.others === 'any') less.push('`others` none became any');
  const missing = was.expect.filter((row) => !is.expect.some((other) => holds(other, row)));
  if (is.expect.length < was.expect.length)
    less.push(`${was.expect.length} rows were expected, and ${is.expect.length} are now`);
  else if (missing.some((row) => is.expect.every((other) => other.cells.length < row.cells.length)))
    less.push('fewer columns are compared');
  return less;
}

function holds(row: ExpectedRow, wanted: ExpectedRow): boolean {
  return wanted.cells.every(({ column, text }) =>
    row.cells.some((cell) => cell.column.value === column.value && cell.text === text),
  );
}
