import { type Moment, sqlParameters } from '../check/binder.ts';
import type { CheckedSop } from '../check/checked.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { DataSet, Limits } from '../model/ports.ts';
import type { SignalGroup, SqlText } from '../model/sop.ts';
import { type CaseName, describeFailure } from './describe-failure.ts';
import { missingData, runSql } from './run-sql.ts';
import { segmentRuns } from './segment-runs.ts';
import { type DecidedSubject, keyText } from './subjects.ts';

export type MembersRead =
  | { readonly kind: 'read'; readonly join: (subjects: readonly DecidedSubject[]) => DecidedSubject[] }
  /** The table or column that the data lacks. */
  | { readonly kind: 'unavailable'; readonly needs: string }
  | { readonly kind: 'failed'; readonly diagnostic: Diagnostic };

interface Lists {
  readonly segments: ReadonlySet<string> | null;
  /** By the subject's key. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
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
  const group = sop.groups.find((entry) => entry.members !== null);
  if (sop.identity === null || group === undefined || group.members === null)
    return { kind: 'read', join: (subjects) => [...subjects] };
  const lists: Lists[] = [];
  for (const { parameters, segments } of segmentRuns(checked, group.members)) {
    const read = await readOnce(checked, group, group.members, data, sqlParameters(parameters, moment), limits, name);
    if ('kind' in read) return read;
    lists.push({ segments, members: read });
  }
  return {
    kind: 'read',
    join: (subjects) => subjects.map((subject) => ({ ...subject, members: membersOf(subject, lists) })),
  };
}

/** Of a subject without a segment, whoever any segment's parameters count to it. */
function membersOf({ key, segment }: DecidedSubject, lists: readonly Lists[]): string[] {
  const own = lists.filter(({ segments }) => segments === null || segment === undefined || segments.has(segment));
  return [...new Set(own.flatMap(({ members }) => [...(members.get(keyText(key)) ?? [])]))].sort();
}

async function readOnce(
  checked: CheckedSop,
  group: SignalGroup,
  sql: SqlText,
  data: DataSet,
  parameters: ReturnType<typeof sqlParameters>,
  limits: Limits,
  name: CaseName,
): Promise<Map<string, Set<string>> | Exclude<MembersRead, { kind: 'read' }>> {
  const { sop } = checked;
  const ran = await runSql(data, sql, parameters, limits);
  if (!ran.ok) {
    const needs = missingData(ran.problem);
    return needs === null
      ? { kind: 'failed', diagnostic: describeFailure(ran.problem, group, sql, checked, name) }
      : { kind: 'unavailable', needs };
  }
  const placeOf = (column: string | undefined) => ran.columns.findIndex((entry) => entry.name === column);
  const places = sop.subject.columns.map((column) => placeOf(column.name));
  const member = placeOf(sop.identity?.members.value);
  const members = new Map<string, Set<string>>();
  for (const { length, columns } of ran.batches) {
    for (let row = 0; row < length; row++) {
      const one = columns[member]?.[row] ?? null;
      if (one === null) continue;
      const key = keyText(places.map((place) => columns[place]?.[row] ?? null));
      const known = members.get(key) ?? new Set<string>();
      members.set(key, known);
      known.add(String(one));
    }
  }
  return members;
}
