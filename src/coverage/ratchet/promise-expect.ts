import type { Case, Expectation, SubjectMatch } from '../../model/case.ts';
import type { Desk } from '../../model/library.ts';
import type { Span } from '../../text/source.ts';
import { formatDuration } from '../../text/time.ts';

/** In a few words, with the place that they are about. */
export interface Said {
  readonly says: string;
  readonly span: Span;
}

/** Compares what two texts of a case expect, subject by subject. Both are of one kind. */
export function compareExpectations(before: Case, now: Case, desk: Desk, less: Said[], other: string[]): void {
  const { pairs, gone, added } = pair(before.expect, now.expect);
  for (const [was, is] of pairs) {
    compareSubjects(was, is, less, other);
    compareDemands(was, is, before.kind, desk, less, other);
  }
  for (const was of gone) less.push({ says: `nothing is expected of ${nameOf(was)} any more`, span: now.name.span });
  const most = desk.dispositions.indexOf(before.others?.value ?? desk.dispositions[0] ?? '');
  for (const is of added) {
    const allows = is.disposition === null ? Number.POSITIVE_INFINITY : desk.dispositions.indexOf(is.disposition.value);
    if (allows <= most && allows >= 0) continue;
    const says = `${nameOf(is)} may get ${is.disposition?.value ?? 'anything'}`;
    if (now.kind === 'benign') less.push({ says, span: is.span });
    else other.push(says);
  }
}

/** Expectations of the same subject belong together; of those that are left, the first with the same columns, then any. */
function pair(before: readonly Expectation[], now: readonly Expectation[]) {
  const left = [...now];
  let open = [...before];
  const pairs: [Expectation, Expectation][] = [];
  for (const keyOf of [subjectText, columnsText, () => '']) {
    open = open.filter((was) => {
      const at = left.findIndex((is) => keyOf(is) === keyOf(was));
      const [is] = at < 0 ? [] : left.splice(at, 1);
      if (is !== undefined) pairs.push([was, is]);
      return is === undefined;
    });
  }
  return { pairs, gone: open, added: left };
}

function subjectText({ subject, members }: Expectation): string {
  const columns = subject.map(({ column, match }) => JSON.stringify([column.value, match])).sort();
  return JSON.stringify([columns, members.map(({ value }) => value).sort()]);
}

function columnsText({ subject, members }: Expectation): string {
  return JSON.stringify([subject.map(({ column }) => column.value).sort(), members.length > 0]);
}

function compareSubjects(was: Expectation, is: Expectation, less: Said[], other: string[]): void {
  for (const { column, match } of was.subject) {
    const found = is.subject.find((candidate) => candidate.column.value === column.value);
    if (found === undefined && was.members.length === 0 && is.members.length > 0)
      other.push('named by its `members` now');
    else if (found === undefined)
      less.push({ says: `it does not say which \`${column.value}\` any more`, span: is.span });
    else compareMatches(column.value, match, found, less, other);
  }
  const held = is.members.map(({ value }) => value);
  const missing = was.members.filter(({ value }) => !held.includes(value)).map(({ value }) => value);
  if (missing.length > 0 && held.length < was.members.length)
    less.push({ says: `the group need not hold ${missing.join(', ')} any more`, span: is.span });
  else if (missing.length > 0) other.push('other `members`');
}

function compareMatches(
  name: string,
  was: SubjectMatch['match'],
  { column, match: is }: SubjectMatch,
  less: Said[],
  other: string[],
): void {
  const reach = (match: SubjectMatch['match']) => (match.kind === 'near' ? match.seconds : 0);
  if (reach(is) > reach(was)) {
    const said = reach(was) === 0 ? 'exactly' : `within ${formatDuration(reach(was))}`;
    less.push({ says: `\`${name}\` within ${formatDuration(reach(is))}, not ${said}`, span: column.span });
  } else if (was.text !== is.text) other.push(`another \`${name}\``);
}

function compareDemands(
  was: Expectation,
  is: Expectation,
  kind: Case['kind'],
  desk: Desk,
  less: Said[],
  other: string[],
): void {
  const words = [
    ['disposition', was.disposition, is.disposition, desk.dispositions],
    ['severity', was.severity, is.severity, desk.severities],
  ] as const;
  for (const [key, before, now, order] of words) {
    if (before === null || before.value === now?.value) continue;
    if (now === null) less.push({ says: `it does not say the \`${key}\` any more (${before.value})`, span: is.span });
    else {
      const step = order.indexOf(now.value) - order.indexOf(before.value);
      const isKnown = order.includes(now.value) && order.includes(before.value);
      const isMilder = kind === 'benign' ? step > 0 : step < 0;
      const says = `${before.value} became ${now.value}`;
      if (isMilder || !isKnown) less.push({ says, span: now.span });
      else other.push(says);
    }
  }
  compareRules(was, is, less, other);
}

/** Any of the rules that are named will do: a longer list asks for less. */
function compareRules(was: Expectation, is: Expectation, less: Said[], other: string[]): void {
  const before = was.rules.map(({ value }) => value);
  const now = is.rules.map(({ value }) => value);
  if (before.length === 0) return;
  const said = `rule ${before.join(' or ')} became ${now.join(' or ')}`;
  if (now.length === 0)
    less.push({ says: `it does not say the \`rule\` any more (${before.join(' or ')})`, span: is.span });
  else if (before.every((rule) => now.includes(rule)) && now.length > before.length)
    less.push({ says: said, span: is.span });
  else if (now.some((rule) => !before.includes(rule))) other.push(said);
}

/** `account_id = a1`; `the subject`, where a case has only one. */
function nameOf({ subject, members }: Expectation): string {
  const columns = subject.map(
    ({ column, match }) => `${column.value} ${match.kind === 'near' ? 'near' : '='} ${match.text ?? 'null'}`,
  );
  const held = members.length === 0 ? [] : [`a group with ${members.map(({ value }) => value).join(', ')}`];
  return [...held, ...columns].join(', ') || 'the subject';
}
