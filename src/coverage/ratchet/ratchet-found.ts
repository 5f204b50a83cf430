import type { CheckedLibrary } from '../../check/checked.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Case, CaseOutcome } from '../../model/case.ts';
import type { ViewCase } from '../../model/view.ts';
import type { CaseResult } from '../../replay/run-case.ts';
import type { TestRun } from '../../replay/test-library.ts';
import type { SopProof } from '../obligation.ts';

/** What a library proves, at one state of it. */
export interface Side {
  readonly checked: CheckedLibrary;
  readonly run: TestRun;
  /** Of the SOPs that ran and are sound. */
  readonly proofs: readonly SopProof[];
}

/** Something that was proved before and is not now. Each fails. */
export interface Loss {
  readonly what: 'case' | 'view_case' | 'obligation';
  /** The SOP, or the view. */
  readonly sop: string;
  /** Name of the case, or id of the obligation. */
  readonly name: string;
  /** In a few words: `caught, now missed`. */
  readonly says: string;
  /** Null where the run itself reports it, or another loss does. */
  readonly diagnostic: Diagnostic | null;
  /** An obligation that a case held which is lost itself. */
  readonly isWithCase?: boolean;
}

/** Something that a reviewer should see, and that fails nothing. */
export interface Remark {
  readonly what: 'replaced' | 'moved' | 'given_up' | 'changed' | 'renewed' | 'removed';
  /** The SOP or the view; `sops/desk.yaml` for the desk's words. */
  readonly sop: string;
  readonly name: string;
  readonly says: string;
}

/** What a comparison has found so far. */
export class Findings {
  readonly losses: Loss[] = [];
  readonly remarks: Remark[] = [];
  /** In plain words: what of the base could not be compared, so that nothing is known of it. */
  readonly notCompared: string[] = [];
}

/** It passes, or fails as the desk has accepted. Whether a note outlived its date or its gap is judged elsewhere. */
export function isStanding({ outcome }: CaseResult): boolean {
  return isPassed(outcome) || outcome === 'known_gap' || outcome === 'gap_expired';
}

export function isPassed(outcome: CaseOutcome): boolean {
  return outcome === 'caught' || outcome === 'left_alone' || outcome === 'gap_closed';
}

/** One answer: a case may be asked of several SOPs. */
export function keyOf({ entry, sop }: Pick<CaseResult, 'entry' | 'sop'>): string {
  return `${entry.name.value} ${sop}`;
}

/** The SOP that a SOP of the base is called now: it is gone, and the cases that it had and that are there, or what replaces them, belong to one that is new. */
export function renamedTo(sop: string, before: Side, now: Side): string | null {
  const isIn = ({ checked }: Side, id: string) => checked.sops.some((entry) => entry.sop.id.value === id);
  if (isIn(now, sop)) return null;
  const names = before.checked.library.cases.filter((entry) => entry.sop === sop).map(({ name }) => name.value);
  const isOf = ({ name, replaces }: Case) => [name, ...replaces].some(({ value }) => names.includes(value));
  const homes = now.checked.library.cases.filter(isOf).map((entry) => entry.sop);
  const [home, ...others] = [...new Set(homes)];
  return home === undefined || others.length > 0 || isIn(before, home) ? null : home;
}

/** `false alarm`. */
export function inWords(outcome: CaseOutcome): string {
  return outcome.replaceAll('_', ' ');
}

/** The file of a case is there, and has errors: they are reported, and nothing can be said of what it holds. */
export function isUnread({ name, path }: Case | ViewCase, { checked }: Side): boolean {
  const { unreadCases } = checked.library;
  return unreadCases !== 'all' && (unreadCases.includes(name.value) || unreadCases.includes(path.replace(/^.*\//, '')));
}
