import type { CheckedSop } from '../check/checked.ts';
import type { Decision } from '../decision/decide.ts';
import { wording } from '../diagnostics/diagnostic.ts';
import type { Draft } from '../model/case.ts';
import { gravest } from './comparer.ts';
import { withoutData } from './in-window.ts';
import { decideStory } from './run-case.ts';
import { type DecidedSubject, showKey } from './subjects.ts';
import type { World } from './world.ts';

/**
 * What a SOP says today of a story whose answer nobody has decided. It has no outcome: there is nothing to compare with, so it
 * neither passes nor fails, and proves nothing.
 */
export interface DraftResult {
  readonly entry: Draft;
  readonly sop: string;
  /** Whom the gravest decision is about; empty for signal values, and where nobody was decided about. */
  readonly subject: string;
  /** The gravest decision; null where nobody was decided about. */
  readonly actual: Decision | null;
  /** Whoever was decided about, or left undecided. */
  readonly decided: readonly DecidedSubject[];
  /** Why it could not be run; empty where it ran. */
  readonly why: string;
}

/** Runs a draft. What is wrong with its data is a sentence here, no diagnostic: nothing hangs on it yet. */
export async function runDraft(entry: Draft, checked: CheckedSop, world: World): Promise<DraftResult> {
  const run = await decideStory(entry, checked, world, world.library.sources, null);
  const blank = draftNotRun(entry, checked.sop.id.value, '');
  if (!run.ok) {
    const told = run.diagnostics.map((found) => wording(found).message).slice(0, 1);
    return { ...blank, why: [run.why, ...told].join(': ') };
  }
  if (run.unavailable.size > 0) {
    const needs = [...new Set(run.unavailable.values())].map((name) => `\`${name}\``).join(', ');
    return { ...blank, why: `its data has no ${needs}` };
  }
  const found = gravest(run.decided, entry.kind ?? 'attack', world.library.desk);
  if (found === null) {
    const unmet = run.readiness({ at: null, symbol: null });
    return unmet.length === 0 ? blank : { ...blank, actual: withoutData(unmet, null) };
  }
  return {
    ...blank,
    subject: found.key.length === 0 ? '' : showKey(found.key, checked.sop),
    actual: found.decision,
    decided: run.decided,
  };
}

export function draftNotRun(entry: Draft, sop: string, why: string): DraftResult {
  return { entry, sop, subject: '', actual: null, decided: [], why };
}
