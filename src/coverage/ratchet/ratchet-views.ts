import { diagnose } from '../../diagnostics/diagnostic.ts';
import type { ExpectedRow, ViewCase } from '../../model/view.ts';
import { tablesText } from './promise.ts';
import { type Findings, isUnread, type Side } from './ratchet-found.ts';

/** Cases of views that pass. */
export interface ViewCounts {
  readonly before: number;
  readonly now: number;
  readonly kept: number;
}

/** The same for cases of views: one that passed must be there, pass, and expect what it expected. */
export function compareViewCases(before: Side, now: Side, touched: ReadonlySet<string>, found: Findings): ViewCounts {
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
      const other = otherOf(was, result.entry, touched);
      if (other.length > 0)
        found.remarks.push({ what: 'changed', sop: about.sop, name: about.name, says: other.join('; ') });
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

/** What tells another story under the same name, which may prove as much. */
function otherOf(was: ViewCase, is: ViewCase, touched: ReadonlySet<string>): string[] {
  const folder = is.path.replace(/[^/]*$/, '');
  const isOther = is.given.some(({ data }) => data.kind === 'file' && touched.has(`${folder}${data.path.value}`));
  const rows = (entry: ViewCase) => JSON.stringify(entry.expect.map(textOfRow).sort());
  return [
    ...(isOther || tablesText(was.given) !== tablesText(is.given) ? ['other data'] : []),
    ...(rows(was) === rows(is) ? [] : ['other rows are expected']),
    ...(was.asOf?.value === is.asOf?.value ? [] : [`\`as_of\` is ${is.asOf?.value ?? 'gone'} now`]),
    ...(was.view.value === is.view.value ? [] : [`it is of \`${is.view.value}\` now`]),
  ];
}

function textOfRow({ cells }: ExpectedRow): string {
  return JSON.stringify(cells.map(({ column, text }) => [column.value, text]).sort());
}

function holds(row: ExpectedRow, wanted: ExpectedRow): boolean {
  return wanted.cells.every(({ column, text }) =>
    row.cells.some((cell) => cell.column.value === column.value && cell.text === text),
  );
}
