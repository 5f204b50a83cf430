import type { Sop } from '../model/sop.ts';
import { type DecidedSubject, keyText } from './subjects.ts';

/** How alike two groups are: members in both, and their share of the smaller group. */
export interface Overlap {
  readonly common: number;
  readonly share: number;
}

export function overlapOf(a: ReadonlySet<string>, b: ReadonlySet<string>): Overlap {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let common = 0;
  for (const member of small) if (large.has(member)) common++;
  return { common, share: small.size === 0 ? 0 : common / small.size };
}

/**
 * True where a later group may take the id of an earlier one: they share `match` of the smaller group, and two members at
 * least, unless the earlier one had a single member. One account that moves on does not carry a whole group's name with it.
 */
export function continues(earlier: ReadonlySet<string>, { common, share }: Overlap, match: number): boolean {
  return common >= Math.min(2, earlier.size) && common > 0 && share >= match;
}

/**
 * The same subject on other data: by its key; a computed group, whose key may pass to others, by the greatest overlap with
 * those of the same time. Among equals the one of the same key, then the first.
 */
export function sameSubject(
  subject: DecidedSubject,
  others: readonly DecidedSubject[],
  sop: Sop,
): DecidedSubject | undefined {
  const name = keyText(subject.key);
  const exact = others.find((other) => keyText(other.key) === name);
  const { identity } = sop;
  const members = new Set(subject.members);
  if (identity === null || members.size === 0) return exact;
  const at = sop.subject.columns.findIndex((column) => column.name === sop.at?.value);
  const timed = others.filter((other) => other !== exact && (at < 0 || other.key[at] === subject.key[at]));
  let best: { readonly other: DecidedSubject; readonly overlap: Overlap } | undefined;
  for (const other of exact === undefined ? timed : [exact, ...timed]) {
    const overlap = overlapOf(members, new Set(other.members));
    if (!continues(members, overlap, identity.match)) continue;
    if (best === undefined || isGreater(overlap, best.overlap)) best = { other, overlap };
  }
  return best?.other;
}

/** More common members; among as many, the greater share. */
export function isGreater(a: Overlap, b: Overlap): boolean {
  return a.common > b.common || (a.common === b.common && a.share > b.share);
}
