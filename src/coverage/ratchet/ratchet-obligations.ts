import { diagnose } from '../../diagnostics/diagnostic.ts';
import { count } from '../../diagnostics/words.ts';
import type { Obligation, SopProof } from '../obligation.ts';
import { type Findings, renamedTo, type Side } from './ratchet-found.ts';

/** How many obligations are proven. What is not compared counts nowhere. */
export interface ObligationCounts {
  readonly before: number;
  readonly now: number;
  /** Proven in both. */
  readonly kept: number;
  /** Proven before, and not there any more, or no input could show it: what was written changed. */
  readonly gone: number;
}

/**
 * An obligation has the same id as long as what it is about stands as written. So one that was proven before, is there now and
 * is not proven has lost its case; one that is not there any more has lost nothing.
 */
export function compareObligations(before: Side, now: Side, found: Findings): ObligationCounts | null {
  sayUncompared(before, now, found);
  if (before.proofs.length === 0 && now.proofs.length === 0) return null;
  const counts = { before: 0, now: 0, kept: 0, gone: 0 };
  for (const proof of now.proofs) counts.now += proven(proof).length;
  for (const proof of before.proofs) {
    const is = proofNow(proof, before, now);
    if (is === undefined) continue;
    const states = new Map(is.obligations.map((obligation) => [obligation.id, obligation]));
    const lost: Pair[] = [];
    for (const was of proven(proof)) {
      counts.before++;
      const same = states.get(was.id);
      if (same === undefined || same.state === 'impossible') counts.gone++;
      else if (same.state === 'proven') counts.kept++;
      else lost.push({ was, is: same });
    }
    sayLost(is.sop, lost, found);
  }
  return counts;
}

/** Of the SOP of that name, or of the one that it is called now. */
function proofNow({ sop }: SopProof, before: Side, now: Side): SopProof | undefined {
  const id = renamedTo(sop, before, now) ?? sop;
  return now.proofs.find((proof) => proof.sop === id);
}

/** An obligation that was proven, and as it is now. */
interface Pair {
  readonly was: Obligation;
  readonly is: Obligation;
}

function proven({ obligations }: SopProof): readonly Obligation[] {
  return obligations.filter(({ state }) => state === 'proven');
}

/** Where a case is lost, what it held is lost with it: the case is the thing to mend. The others are told place by place. */
function sayLost(sop: string, pairs: readonly Pair[], found: Findings): void {
  const cases = new Set(found.losses.flatMap(({ what, name }) => (what === 'case' ? [name] : [])));
  const places = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const { start, end } = pair.is.span;
    const place = pair.was.by.some((name) => cases.has(name)) ? '' : `${start} ${end}`;
    places.set(place, [...(places.get(place) ?? []), pair]);
  }
  for (const [place, lost] of places) {
    const by = [...new Set(lost.flatMap(({ was }) => was.by))].slice(0, 3);
    const args = { sop, lost: lost.map(({ is }) => inWords(is)), cases: by };
    const [first] = lost;
    const diagnostic = place === '' || first === undefined ? null : diagnose('SOP762', first.is.span, args);
    for (const { is } of lost) {
      const reported = is === first?.is ? diagnostic : null;
      found.losses.push({
        what: 'obligation',
        sop,
        name: is.id,
        says: inWords(is),
        diagnostic: reported,
        isWithCase: place === '',
      });
    }
  }
}

function inWords({ kind, says }: Obligation): string {
  return kind === 'mutant' || kind === 'sql_mutant' ? `nobody would notice if ${says}` : `no case shows: ${says}`;
}

/** What one side cannot say anything of, because it could not run, or is not there. */
function sayUncompared(before: Side, now: Side, found: Findings): void {
  for (const { sop, sound } of before.checked.sops) {
    const id = sop.id.value;
    const cases = before.run.results.filter((result) => result.sop === id);
    if (!sound && cases.length > 0)
      found.notCompared.push(
        `\`${id}\` had errors in the base: its ${count(cases.length, 'case')} could not run there, and proved nothing`,
      );
    const failed = cases.filter(({ outcome }) => sound && outcome === 'error').map(({ entry }) => entry.name.value);
    if (failed.length > 0)
      found.notCompared.push(
        `${count(failed.length, 'case')} of \`${id}\` could not be decided in the base: ${some(failed)}`,
      );
    const proof = before.proofs.find((candidate) => candidate.sop === id);
    if (proof !== undefined) sayAlone(proof, before, now, found);
  }
  const { unreadCases } = before.checked.library;
  if (unreadCases !== 'all' && unreadCases.length > 0)
    found.notCompared.push(
      `${count(unreadCases.length, 'file')} of cases could not be read in the base: ${some(unreadCases)}`,
    );
}

function sayAlone(proof: SopProof, before: Side, now: Side, found: Findings): void {
  if (proofNow(proof, before, now) !== undefined) return;
  const is = now.checked.sops.find((candidate) => candidate.sop.id.value === proof.sop);
  const why = is === undefined ? 'is gone' : is.sop.status.value === 'retired' ? 'is retired' : 'has errors';
  const what = count(proven(proof).length, 'obligation');
  found.notCompared.push(`\`${proof.sop}\` ${why}: ${what} that its cases proved have nothing to be compared with`);
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `\`${name}\``);
  return `${shown.join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
}
