import { type Moment, sqlParameters } from '../check/binder.ts';
import type { CheckedSop } from '../check/checked.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { BoundQuery, DataSet, Limits, SqlProblem } from '../model/ports.ts';
import type { Parameter, Sop, SqlText } from '../model/sop.ts';
import { type CaseName, describeFailure } from './describe-failure.ts';
import { missingData } from './run-sql.ts';
import { segmentRuns } from './segment-runs.ts';
import { type DecidedSubject, keyText } from './subjects.ts';

export type MembersRead =
  | { readonly kind: 'read'; readonly join: (subjects: readonly DecidedSubject[]) => DecidedSubject[] }
  /** The table or column that the data lacks. */
  | { readonly kind: 'unavailable'; readonly needs: string }
  | { readonly kind: 'failed'; readonly diagnostic: Diagnostic };

interface Lists {
  readonly segments: ReadonlySet<string> | null;
  /** By the subject's key; a member may stand there twice. */
  readonly members: ReadonlyMap<string, readonly string[]>;
}

/** Reads who belongs to each subject, where the SOP has an `identity`. A member that is NULL is nobody. */
export async function readMembers(
  checked: CheckedSop,
  data: DataSet,
  moment: Moment,
  limits: Limits,
  name: CaseName,
): Promise<MembersRead> {
  const { sop } = checked;
  const entry = checked.groups.find(({ group }) => group.members !== null);
  const sql = entry?.group.members ?? null;
  const bound = entry?.members ?? null;
  if (sop.identity === null || entry === undefined || sql === null || bound === null)
    return { kind: 'read', join: (subjects) => [...subjects] };
  const lists: Lists[] = [];
  for (const { parameters, segments } of segmentRuns(checked, sql)) {
    const read = await readOnce(sop, sql, bound, parameters, data, moment, limits);
    if ('problem' in read) {
      const needs = missingData(read.problem);
      return needs === null
        ? { kind: 'failed', diagnostic: describeFailure(read.problem, entry.group, sql, checked, name) }
        : { kind: 'unavailable', needs };
    }
    lists.push({ segments, members: read.members });
  }
  return {
    kind: 'read',
    join: (subjects) => subjects.map((subject) => ({ ...subject, members: membersOf(subject, lists) })),
  };
}

/** Of a subject without a segment, whoever any segment's parameters count to it. */
function membersOf({ key, segment }: DecidedSubject, lists: readonly Lists[]): string[] {
  const own = lists.filter(({ segments }) => segments === null || segment === undefined || segments.has(segment));
  return [...new Set(own.flatMap(({ members }) => members.get(keyText(key)) ?? []))].sort();
}

async function readOnce(
  { subject, identity }: Sop,
  sql: SqlText,
  bound: BoundQuery,
  parameters: readonly Parameter[],
  data: DataSet,
  moment: Moment,
  limits: Limits,
): Promise<{ readonly members: Map<string, string[]> } | { readonly problem: SqlProblem }> {
  const placeOf = (column: string | undefined) => bound.columns.findIndex((entry) => entry.name === column);
  const places = subject.columns.map((column) => placeOf(column.name));
  const member = placeOf(identity?.members.value);
  const members = new Map<string, string[]>();
  const query = { sql: sql.text, parameters: sqlParameters(parameters, moment) };
  const result = await data.run(query, limits, ({ length, columns }) => {
    for (let row = 0; row < length; row++) {
      const one = columns[member]?.[row] ?? null;
      if (one === null) continue;
      const key = keyText(places.map((place) => columns[place]?.[row] ?? null));
      const known = members.get(key);
      if (known === undefined) members.set(key, [String(one)]);
      else known.push(String(one));
    }
  });
  return result.ok ? { members } : { problem: result.problem };
}
