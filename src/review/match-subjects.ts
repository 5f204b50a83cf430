import type { EvalCase } from '../replay/eval-cases.ts';
import { type GivenFinding, subjectIn } from '../replay/judge-findings.ts';
import { type DecidedSubject, matchesText } from '../replay/subjects.ts';
import { at } from './plain-json.ts';

/** A finding with what it says of whom. */
export interface ReadFinding {
  readonly finding: GivenFinding;
  readonly said: DecidedSubject;
}

/** Who is who: each subject of the SOP with the finding about it, and what is left over. */
export interface Matched {
  readonly pairs: readonly { readonly own: DecidedSubject; readonly found: ReadFinding | null }[];
  /** Findings about nobody whom the SOP knows, and second ones about the same subject. */
  readonly strangers: readonly ReadFinding[];
}

/** Pairs findings with the subjects that they are about: by their columns, and a computed group by its members. */
export function matchSubjects(
  { asked, checked }: EvalCase,
  own: readonly DecidedSubject[],
  findings: readonly GivenFinding[],
): Matched {
  const read = findings.map((finding) => ({ finding, said: subjectIn(finding, checked.sop, asked.dispositions) }));
  // One subject whose signals were given has no name: the first finding is about it.
  const isNameless = asked.subject.length === 0;
  const left = new Set(read);
  const pairs = own.map((subject) => {
    const found = [...left].find((one) => isNameless || isAbout(one, subject, asked.subject)) ?? null;
    if (found !== null) left.delete(found);
    return { own: subject, found };
  });
  return { pairs, strangers: [...left] };
}

function isAbout({ finding, said }: ReadFinding, own: DecidedSubject, columns: readonly string[]): boolean {
  if (own.members !== undefined && said.members !== undefined && sameMembers(own.members, said.members)) return true;
  return columns.every((name, place) => {
    const given = at(finding, 'subject', name) ?? null;
    return typeof given !== 'object' || given === null
      ? matchesText(own.key[place] ?? null, given === null ? null : String(given))
      : false;
  });
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  const own = new Set(a);
  return own.size === new Set(b).size && b.every((member) => own.has(member));
}
