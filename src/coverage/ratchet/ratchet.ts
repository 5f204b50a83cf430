import { configPath } from '../../model/config.ts';
import { techniqueMatrix } from '../techniques/technique-matrix.ts';
import { CaseRatchet } from './ratchet-cases.ts';
import { Findings, isStanding, keyOf, type Loss, type Remark, renamedTo, type Side } from './ratchet-found.ts';
import { compareObligations, type ObligationCounts } from './ratchet-obligations.ts';
import { compareViewCases } from './ratchet-views.ts';

export interface Ratchet {
  readonly losses: readonly Loss[];
  readonly remarks: readonly Remark[];
  /** In plain words: what of the base could not be compared, so that nothing is known of it. */
  readonly notCompared: readonly string[];
  /** Answers of cases that count, and cases of views, which stand: they pass, or are known gaps. */
  readonly cases: { readonly before: number; readonly now: number; readonly kept: number };
  /** Null where neither side says what is proven. */
  readonly obligations: ObligationCounts | null;
}

/**
 * Compares what was proved with what is, as sets: whatever stands in both must still be proved, and what stands in neither does
 * not matter. So nothing is lost by adding a rule, and nothing is won by adding cases elsewhere. `touched`: paths of files that
 * changed.
 */
export function compareSides(before: Side, now: Side, touched: ReadonlySet<string>): Ratchet {
  const found = new Findings();
  const cases = new CaseRatchet(before, now, touched, found);
  for (const result of before.run.results) cases.compare(result);
  const views = compareViewCases(before, now, touched, found);
  const obligations = compareObligations(before, now, found);
  sayWords(before, now, found);
  sayTechniques(before, now, found);
  if (touched.has(configPath)) {
    const says = 'levels or floors are set otherwise';
    found.remarks.push({ what: 'changed', sop: configPath, name: 'configuration', says });
  }
  const stood = before.run.results.filter(isStanding);
  const was = new Set(stood.map(({ entry, sop }) => keyOf({ entry, sop: renamedTo(sop, before, now) ?? sop })));
  const is = now.run.results.filter(isStanding).map(keyOf);
  return {
    losses: found.losses,
    remarks: found.remarks,
    notCompared: found.notCompared,
    cases: {
      before: was.size + views.before,
      now: is.length + views.now,
      kept: is.filter((key) => was.has(key)).length + views.kept,
    },
    obligations,
  };
}

/** Techniques that were proven in a market and are not, though no case of theirs comes out wrong: a claim, or where a case belongs, was changed. */
function sayTechniques(before: Side, now: Side, found: Findings): void {
  if (now.run.asked.length > 0) return;
  const cells = techniqueMatrix(now.checked.library, now.run.results);
  for (const { technique, market, state, attacks } of techniqueMatrix(before.checked.library, before.run.results)) {
    if (state !== 'proven') continue;
    const id = technique.id.value;
    const is =
      cells.find((cell) => cell.technique.id.value === id && cell.market === market)?.state ?? 'not_applicable';
    if (is === 'proven' || is === 'gap') continue;
    const says = `proven before, now ${is.replaceAll('_', ' ')}`;
    found.remarks.push({ what: 'changed', sop: attacks[0]?.sop ?? '', name: `${id} in ${market}`, says });
  }
}

/** The words by which cases are compared: if their order changed, "less" means something else. */
function sayWords(before: Side, now: Side, found: Findings): void {
  for (const key of ['dispositions', 'severities'] as const) {
    const was = before.checked.library.desk[key].join(' < ');
    const is = now.checked.library.desk[key].join(' < ');
    if (was !== is)
      found.remarks.push({ what: 'changed', sop: 'sops/desk.yaml', name: key, says: `${was} became ${is}` });
  }
}
