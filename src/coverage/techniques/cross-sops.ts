import type { Case, CaseOutcome } from '../../model/case.ts';
import type { Desk, Library, Technique } from '../../model/library.ts';
import { highestOf, rank } from '../../replay/comparer.ts';
import type { TestRun } from '../../replay/test-library.ts';
import { claims } from './technique-matrix.ts';

/** What a SOP says of a case. */
export interface Answer {
  readonly sop: string;
  /** The highest disposition that it gives anybody; null where it decided about nobody. */
  readonly disposition: string | null;
  /** Null where the answer is shown only, and proves nothing. */
  readonly outcome: CaseOutcome | null;
}

/** A case, and every SOP that could be asked about it. */
export interface Sighting {
  readonly entry: Case;
  /** Its own SOP's first, then by id. */
  readonly answers: readonly Answer[];
}

/** A technique of which one SOP alone catches an attack. */
export interface Alone {
  readonly technique: Technique;
  readonly sop: string;
  /** SOPs that claim the technique, too, and catch no attack of it. */
  readonly claimedToo: readonly string[];
  /** SOPs that go above the lowest disposition on an attack of it, where it does not count. */
  readonly seenBy: readonly string[];
}

/**
 * Two SOPs that can't both be right. `accuses`: some go beyond what the benign case allows, others do not. `overlooks`: some find the
 * attack, and others do not that must: the case counts for them, or they claim its technique in its market.
 */
export interface Disagreement {
  readonly kind: 'accuses' | 'overlooks';
  readonly entry: Case;
  readonly further: readonly Answer[];
  readonly milder: readonly Answer[];
}

export interface CrossSops {
  readonly sightings: readonly Sighting[];
  readonly alone: readonly Alone[];
  readonly disagreements: readonly Disagreement[];
}

/** Which SOP sees which case; `run` is of the whole library. */
export function crossSops(library: Library, run: TestRun): CrossSops {
  const sightings = sightingsOf(library, run);
  return {
    sightings,
    alone: library.taxonomy.techniques.flatMap((technique) => aloneOf(technique, sightings, library)),
    disagreements: sightings.flatMap((sighting) => disagreementOf(sighting, library)),
  };
}

function sightingsOf({ cases, desk }: Library, { results, elsewhere }: TestRun): Sighting[] {
  return cases.flatMap((entry) => {
    const own = results
      .filter((result) => result.entry === entry)
      .map(({ sop, decided, outcome }) => ({ sop, disposition: highestOf(decided, desk), outcome }));
    const others = elsewhere
      .filter((view) => view.case === entry.name.value)
      .map(({ sop, disposition }) => ({ sop, disposition, outcome: null }));
    const answers = [...own, ...others].sort((a, b) => first(a.sop, b.sop, entry.sop));
    return answers.length === 0 ? [] : [{ entry, answers }];
  });
}

function first(a: string, b: string, own: string): number {
  if (a === own || b === own) return a === own ? -1 : 1;
  return a < b ? -1 : 1;
}

function aloneOf(technique: Technique, sightings: readonly Sighting[], { sops, desk }: Library): Alone[] {
  const id = technique.id.value;
  const attacks = sightings.filter(({ entry }) => entry.technique.value === id && entry.kind !== 'benign');
  const answers = attacks.flatMap((sighting) => sighting.answers);
  const catching = namesOf(answers.filter(({ outcome }) => outcome === 'caught'));
  const [sop] = catching;
  if (sop === undefined || catching.length > 1) return [];
  const claiming = sops.filter(
    ({ status, techniques }) => status.value !== 'retired' && techniques.some(({ value }) => value === id),
  );
  return [
    {
      technique,
      sop,
      claimedToo: claiming.map((one) => one.id.value).filter((name) => name !== sop),
      seenBy: namesOf(
        answers.filter((answer) => answer.outcome === null && isAbove(answer, desk.dispositions[0] ?? '', desk)),
      ),
    },
  ];
}

function namesOf(answers: readonly Answer[]): string[] {
  return [...new Set(answers.map(({ sop }) => sop))].sort();
}

function disagreementOf({ entry, answers }: Sighting, library: Library): Disagreement[] {
  const { desk } = library;
  // A SOP that could not say anything disagrees with nobody.
  const said = answers.filter(
    ({ outcome, disposition }) =>
      outcome !== 'error' && (outcome === null || disposition !== null || entry.kind !== 'benign'),
  );
  const limit = entry.kind === 'benign' ? allowed(entry, desk) : (desk.dispositions[0] ?? '');
  const further = said.filter((answer) =>
    entry.kind === 'benign' ? isAbove(answer, limit, desk) : finds(answer, limit, desk),
  );
  const rest = said.filter((answer) => !further.includes(answer));
  const milder =
    entry.kind === 'benign'
      ? rest
      : rest.filter((answer) => answer.outcome !== null || mustSee(answer, entry, library));
  if (further.length === 0 || milder.length === 0) return [];
  return [{ kind: entry.kind === 'benign' ? 'accuses' : 'overlooks', entry, further, milder }];
}

function finds(answer: Answer, lowest: string, desk: Desk): boolean {
  return answer.outcome === null
    ? isAbove(answer, lowest, desk)
    : answer.outcome === 'caught' || answer.outcome === 'differs';
}

function mustSee({ sop }: Answer, entry: Case, { sops }: Library): boolean {
  const asked = sops.find(({ id }) => id.value === sop);
  return asked !== undefined && claims(asked, entry.technique.value, entry.market.value);
}

/** The most that a benign case allows anybody. */
function allowed(entry: Case, { dispositions }: Desk): string {
  const stated = [entry.others, ...entry.expect.map(({ disposition }) => disposition)].flatMap(
    (word) => word?.value ?? [],
  );
  return stated.sort((a, b) => rank(dispositions, b) - rank(dispositions, a))[0] ?? dispositions[0] ?? '';
}

function isAbove({ disposition }: Answer, limit: string, { dispositions }: Desk): boolean {
  return disposition !== null && rank(dispositions, disposition) > rank(dispositions, limit);
}
