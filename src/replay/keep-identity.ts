import type { Sop } from '../model/sop.ts';
import { continues, isGreater, type Overlap, overlapOf } from './same-subject.ts';
import { type DecidedSubject, showKeyPart } from './subjects.ts';

/** A computed group: what it is called, and who belongs to it. */
export interface Group {
  readonly id: string;
  readonly members: readonly string[];
}

/** A subject, as far as it is a group. */
type GroupSubject = Pick<DecidedSubject, 'key' | 'members'>;

/**
 * The groups among the subjects of a SOP with `identity`, ordered by id. A group is named by the subject's columns other
 * than `at`: what it is at several times is one group, with all its members.
 */
export function groupsOf(subjects: readonly GroupSubject[], sop: Sop): Group[] {
  const members = new Map<string, Set<string>>();
  for (const subject of subjects) {
    const id = groupId(subject, sop);
    const known = members.get(id) ?? new Set<string>();
    members.set(id, known);
    for (const member of subject.members ?? []) known.add(member);
  }
  return [...members].sort(([a], [b]) => compareText(a, b)).map(([id, known]) => ({ id, members: [...known].sort() }));
}

/** The id that the SQL gives a subject's group. */
export function groupId({ key }: GroupSubject, { subject, at }: Sop): string {
  const parts = subject.columns.flatMap(({ name }, index) => (name === at?.value ? [] : [key[index] ?? null]));
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'string') return only;
  return parts.map((part) => showKeyPart(part, false)).join(', ');
}

/**
 * The id that each new group keeps or gets, by the id that the SQL gave it. One to one: the pair with the most common
 * members first, then the greater share of the smaller group, then by id. A group that continues no earlier one keeps what
 * the SQL calls it; where an earlier group had that name, `~2`, `~3` … is put behind it, because the name carries the
 * history of somebody else. Groups of one id count as one.
 */
export function keepIdentity(
  earlier: readonly Group[],
  fresh: readonly Group[],
  match: number,
): ReadonlyMap<string, string> {
  const before = byId(earlier);
  const now = byId(fresh);
  const kept = new Map<string, string>();
  const taken = new Set<string>();
  for (const { from, to } of pairsOf(before, now, match)) {
    if (taken.has(from) || kept.has(to)) continue;
    taken.add(from);
    kept.set(to, from);
  }
  const open = [...now.keys()].filter((id) => !kept.has(id)).sort(compareText);
  for (const id of open) {
    if (before.has(id)) continue;
    kept.set(id, id);
    taken.add(id);
  }
  for (const id of open.filter((name) => before.has(name))) {
    let number = 2;
    const name = () => `${id}~${number}`;
    while (taken.has(name()) || before.has(name()) || now.has(name())) number++;
    kept.set(id, name());
    taken.add(name());
  }
  return new Map([...kept].sort(([a], [b]) => compareText(a, b)));
}

interface Pair {
  readonly from: string;
  readonly to: string;
  readonly overlap: Overlap;
}

type Members = ReadonlyMap<string, ReadonlySet<string>>;

/** Every pair that may be one group, best first. Only groups that share a member are compared. */
function pairsOf(before: Members, now: Members, match: number): Pair[] {
  const holders = new Map<string, string[]>();
  for (const [id, members] of before) {
    for (const member of members) {
      const known = holders.get(member);
      if (known === undefined) holders.set(member, [id]);
      else known.push(id);
    }
  }
  const pairs: Pair[] = [];
  for (const [to, members] of now) {
    const near = new Set([...members].flatMap((member) => holders.get(member) ?? []));
    for (const from of near) {
      const held = before.get(from) ?? new Set<string>();
      const overlap = overlapOf(held, members);
      if (continues(held, overlap, match)) pairs.push({ from, to, overlap });
    }
  }
  return pairs.sort((a, b) => {
    if (isGreater(a.overlap, b.overlap)) return -1;
    if (isGreater(b.overlap, a.overlap)) return 1;
    return compareText(a.from, b.from) || compareText(a.to, b.to);
  });
}

function byId(groups: readonly Group[]): Map<string, Set<string>> {
  const members = new Map<string, Set<string>>();
  for (const group of groups) {
    const known = members.get(group.id) ?? new Set<string>();
    members.set(group.id, known);
    for (const member of group.members) known.add(member);
  }
  return members;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
