import { allOf, count } from '../../diagnostics/words.ts';
import type { Technique } from '../../model/library.ts';
import type { CaseResult } from '../../replay/run-case.ts';
import type { Cell } from './technique-matrix.ts';

/** `open`: a case comes out wrong and nobody has accepted it, or no longer. `accepted`: a known gap within its date. */
export type StepKind = 'open' | 'blind' | 'accepted' | 'claimed' | 'half_proven';

/** What a person can do about cells: of one technique, or of techniques of a family that nobody looks at. In a sentence each. */
export interface NextStep {
  readonly kind: StepKind;
  readonly cells: readonly Cell[];
  /** What is wrong, without a full stop. */
  readonly says: string;
  /** What to do, without a full stop. */
  readonly fix: string;
}

/** Both as sentences. */
export function sayStep({ says, fix }: Pick<NextStep, 'says' | 'fix'>): string {
  return `${says}. ${fix.charAt(0).toUpperCase()}${fix.slice(1)}.`;
}

const order: readonly StepKind[] = ['open', 'blind', 'accepted', 'claimed', 'half_proven'];

/** The most urgent first, then by the taxonomy. Cells of which the same is to be said are one step. */
export function nextSteps(cells: readonly Cell[]): NextStep[] {
  const steps = new Map<string, NextStep>();
  for (const [technique, same] of byTechnique(cells)) {
    for (const cell of same) {
      const found = stepOf(cell, same);
      if (found === null) continue;
      // A family that nobody looks at is one line, and not one a technique.
      const key = isUntouched(same) ? [technique.family] : [technique.id.value, found];
      const earlier = steps.get(JSON.stringify(key));
      steps.set(JSON.stringify(key), { ...(earlier ?? found), cells: [...(earlier?.cells ?? []), cell] });
    }
  }
  return [...steps.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

/** The cells of each technique, in their order. */
export function byTechnique(cells: readonly Cell[]): Map<Technique, Cell[]> {
  const found = new Map<Technique, Cell[]>();
  for (const cell of cells) {
    const same = found.get(cell.technique) ?? [];
    same.push(cell);
    found.set(cell.technique, same);
  }
  return found;
}

/** No SOP claims the technique anywhere, and no case is about it. */
function isUntouched(same: readonly Cell[]): boolean {
  return same.every(({ claimedBy, results }) => claimedBy.length === 0 && results.length === 0);
}

/** What to do about one of the cells of a technique; null where nothing is, or where it cannot happen. */
export function stepOf(cell: Cell, same: readonly Cell[]): Omit<NextStep, 'cells'> | null {
  switch (cell.state) {
    case 'blind':
      return blind(cell, same);
    case 'gap':
      return gap(cell);
    case 'claimed':
      return claimed(cell);
    case 'half_proven':
      return halfProven(cell);
    case 'proven':
    case 'not_applicable':
      return null;
  }
}

function blind({ technique }: Cell, same: readonly Cell[]): Omit<NextStep, 'cells'> {
  const id = technique.id.value;
  const near = same.flatMap(({ claimedBy }) => claimedBy)[0];
  const results = same.flatMap((other) => other.results);
  const [held] = results;
  const kind = 'blind';
  if (near !== undefined) {
    const fix = `add the market to \`markets\` of ${near.id.value}, with an attack and an innocent there, or write a SOP for it`;
    return { kind, says: `${near.id.value} claims it, though not there`, fix };
  }
  if (held === undefined)
    return { kind, says: 'no SOP claims it', fix: `\`sop new sop NAME --technique ${id}\` starts a SOP` };
  const about = `${count(results.length, 'case')} of ${held.sop} ${results.length === 1 ? 'is' : 'are'} about it`;
  const fix = `add ${id} to \`techniques\` of ${held.sop} once it catches an attack, or write a SOP for it`;
  return { kind, says: `no SOP claims it, though ${about}`, fix };
}

function gap({ wrong }: Cell): Omit<NextStep, 'cells'> {
  const open = wrong.filter(({ outcome }) => outcome !== 'known_gap' && outcome !== 'gap_expired');
  const expired = wrong.filter(({ outcome }) => outcome === 'gap_expired');
  const known = wrong.filter(({ outcome }) => outcome === 'known_gap');
  const says = [tell(open), tell(expired, 'past its date'), tell(known, 'accepted for now')]
    .filter((part) => part !== '')
    .join('; ');
  if (open.length > 0) return { kind: 'open', says, fix: `\`sop test ${sopsOf(open).join(' ')}\` says why` };
  const owners = allNames(
    (expired.length > 0 ? expired : known).map(({ entry }) => entry.knownGap?.owner.value ?? '?'),
  );
  if (expired.length > 0)
    return { kind: 'open', says, fix: `up to ${owners}: close it, or accept it anew with a later date` };
  const first = known.map(({ entry }) => entry.knownGap?.until.value ?? '').sort()[0];
  return { kind: 'accepted', says, fix: `up to ${owners}: close it, or look at it again by ${first}` };
}

/** `misses a, b; accuses in c`. */
function tell(results: readonly CaseResult[], aside = ''): string {
  const of = (verb: string, outcome: CaseResult['observed']) => {
    const names = results.filter(({ observed }) => observed === outcome).map(({ entry }) => entry.name.value);
    return names.length === 0 ? [] : [`${verb} ${allOf(names, 3)}`];
  };
  const parts = [
    ...of('missed:', 'missed'),
    ...of('an innocent accused:', 'false_alarm'),
    ...of('decided otherwise than expected:', 'differs'),
    ...of('undecided or not run:', 'error'),
    ...of('caught in the case, with an error that shows why not on a desk:', 'caught'),
    ...of('left alone in the case, with an error that shows why not on a desk:', 'left_alone'),
  ];
  return parts.length === 0 ? '' : `${parts.join('; ')}${aside === '' ? '' : ` (${aside})`}`;
}

function claimed({ technique, market, claimedBy, results }: Cell): Omit<NextStep, 'cells'> {
  const names = allNames(claimedBy.map(({ id }) => id.value));
  const says = `${names} ${claimedBy.length === 1 ? 'claims' : 'claim'} it, and ${results.length === 0 ? 'no case tries it' : 'no case of theirs proves it'}`;
  const closed = results.find(({ outcome }) => outcome === 'gap_closed');
  if (closed !== undefined)
    return { kind: 'claimed', says, fix: `take \`known_gap\` out of ${closed.entry.name.value}, which passes now` };
  return { kind: 'claimed', says, fix: newCase(claimedBy[0]?.id.value ?? '', technique.id.value, market, 'attack') };
}

function halfProven({ technique, market, claimedBy, attacks, innocents }: Cell): Omit<NextStep, 'cells'> {
  const id = technique.id.value;
  const kind = 'half_proven';
  if (innocents.length === 0)
    return {
      kind,
      says: 'no innocent who resembles it is left alone',
      fix: newCase(attacks[0]?.sop ?? '', id, market, 'benign'),
    };
  if (attacks.length === 0)
    return { kind, says: 'no attack is caught', fix: newCase(innocents[0]?.sop ?? '', id, market, 'attack') };
  const names = allNames(claimedBy.map((sop) => sop.id.value));
  return {
    kind,
    says: `of ${names}, none both catches an attack and leaves an innocent alone`,
    fix: newCase(attacks[0]?.sop ?? '', id, market, 'benign'),
  };
}

function newCase(sop: string, technique: string, market: string, kind: string): string {
  return `\`sop new case ${sop} NAME --technique ${technique} --kind ${kind}\` starts a case, with \`market: ${market}\``;
}

function sopsOf(results: readonly CaseResult[]): string[] {
  return [...new Set(results.map(({ sop }) => sop))];
}

function allNames(names: readonly string[]): string {
  const all = [...new Set(names)];
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}
