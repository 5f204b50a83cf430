import type { CheckedSop, CheckedView } from '../check/checked.ts';
import type { Case, GivenTable } from '../model/case.ts';
import type { View, ViewCase } from '../model/view.ts';
import { highestOf } from './comparer.ts';
import type { KnownCases } from './known-cases.ts';
import { askOther, type CaseResult, runCase, withKnownGap } from './run-case.ts';
import { runViewCase, type ViewResult } from './run-view-case.ts';
import type { World } from './world.ts';

/** What another SOP says of a case. */
export interface OtherView {
  readonly case: string;
  readonly sop: string;
  /** Its highest disposition; null where it decided nothing about anybody. */
  readonly disposition: string | null;
}

/** What a run of a case gave, but for what a date decides. */
interface KnownResult
  extends Pick<CaseResult, 'observed' | 'subject' | 'expected' | 'actual' | 'decided' | 'signals' | 'why'> {
  /** It was run again on less data and on more, and nothing was found. */
  readonly again: boolean;
}

/** The case on its own SOP, or on one that counts for it: as an earlier run found it, or run now. `again`: see `runCase`. */
export async function runOnce(entry: Case, checked: CheckedSop, world: World, again: boolean): Promise<CaseResult> {
  const sop = checked.sop.id.value;
  const place = await placeOf(entry, tablesOf(entry), checked.sop.path, sop, world);
  const known = place?.get<KnownResult>();
  if (known !== undefined && (known.again || !again)) {
    const { again: _, ...result } = known;
    return {
      ...result,
      entry,
      sop,
      counts: true,
      outcome: withKnownGap(known.observed, entry, world.today),
      diagnostics: [],
    };
  }
  const result = await runCase(entry, checked, world, again);
  const { observed, subject, expected, actual, decided, signals, why } = result;
  if (observed !== 'error' && result.diagnostics.length === 0)
    place?.set({ observed, subject, expected, actual, decided, signals, why, again } satisfies KnownResult);
  return result;
}

/** What a SOP says of a case that is not its own; undefined where the case does not state all that it needs. */
export async function askOnce(entry: Case, checked: CheckedSop, world: World): Promise<OtherView | undefined> {
  const sop = checked.sop.id.value;
  const place = await placeOf(entry, tablesOf(entry), checked.sop.path, othersShelf(sop), world);
  const known = place?.get<{ readonly said: string | null; readonly applies: boolean }>();
  const decided = known === undefined ? await askOther(entry, checked, world) : null;
  const answer = known ?? {
    said: decided === null ? null : highestOf(decided, world.library.desk),
    applies: decided !== null,
  };
  if (known === undefined) place?.set(answer);
  return answer.applies ? { case: entry.name.value, sop, disposition: answer.said } : undefined;
}

/** The case of a view: as it passed in an earlier run, or run now. */
export async function runViewOnce(
  entry: ViewCase,
  view: View,
  views: readonly CheckedView[],
  world: World,
): Promise<ViewResult> {
  const place = await placeOf(entry, entry.given, view.path, viewShelf, world);
  if (place?.get<true>() !== undefined) return { entry, passed: true, why: '', diagnostics: [] };
  const result = await runViewCase(entry, view, views, world);
  if (result.passed && result.diagnostics.length === 0) place?.set(true);
  return result;
}

/** Where the answers of a SOP to cases of others are kept: they are not asked for each time. */
export const othersShelf = (sop: string): string => `${sop} others`;
export const viewShelf = ' views';

interface Place {
  get<T>(): T | undefined;
  set(result: unknown): void;
}

async function placeOf(
  entry: Parameters<KnownCases['keyOf']>[0],
  tables: readonly GivenTable[] | null,
  path: string,
  shelf: string,
  { known }: World,
): Promise<Place | undefined> {
  if (known === undefined || tables === null) return undefined;
  const key = await known.keyOf(entry, tables, path);
  if (key === undefined) return undefined;
  return { get: <T>() => known.get<T>(shelf, key), set: (result) => known.set(shelf, key, result) };
}

/** Null where the tables alone decide: that is done sooner than it is looked up. */
function tablesOf({ input, monotone }: Case): readonly GivenTable[] | null {
  return input.kind === 'signals' ? null : [...input.tables, ...(monotone?.tables ?? [])];
}
