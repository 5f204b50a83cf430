import { checkCase } from '../check/check-case.ts';
import { checkViewCase } from '../check/check-view-case.ts';
import type { CheckedLibrary, CheckedSop } from '../check/checked.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { withLevels } from '../diagnostics/levels.ts';
import type { Case } from '../model/case.ts';
import { inLanes } from './lanes.ts';
import { type CaseResult, expectedOf } from './run-case.ts';
import { type DraftResult, draftNotRun, runDraft } from './run-draft.ts';
import { askOnce, type OtherView, othersShelf, runOnce, runViewOnce, viewShelf } from './run-once.ts';
import type { ViewResult } from './run-view-case.ts';
import type { DecidedSubject } from './subjects.ts';
import type { World } from './world.ts';

export interface TestRun {
  /** The SOPs that were asked for; empty: all. */
  readonly asked: readonly string[];
  /** Cases were run again on less data and on more. */
  readonly again: boolean;
  readonly results: readonly CaseResult[];
  readonly elsewhere: readonly OtherView[];
  /** What SOPs say today of stories that wait for a person's answer. They are no results: they prove nothing. */
  readonly drafts: readonly DraftResult[];
  /** The cases of views: all, or those of the views that the chosen SOPs read. */
  readonly views: readonly ViewResult[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What a run holds of the subjects that it decided. Whoever proves something by the cases asks for all of them. For reports one is
 * enough of each way through the tables: the others would be most of what a run of a thousand cases holds.
 */
export type Keep = 'all' | 'one_a_way';

export interface HowToTest {
  readonly keep?: Keep;
  /** Whether SOPs are asked of the cases of others, where their answers do not count. */
  readonly others?: boolean;
  /** Whether cases are run again on less data and on more. What that finds are diagnostics; outcomes are the same. */
  readonly again?: boolean;
}

/** Runs the cases of the chosen SOPs (all where `ids` is empty); results stand in the library's order. */
export async function testLibrary(
  checked: CheckedLibrary,
  world: World,
  ids: readonly string[],
  onProgress: (done: number, total: number) => void,
  { keep = 'all', others = true, again = false }: HowToTest = {},
): Promise<TestRun> {
  const chosen = (id: string) => ids.length === 0 || ids.includes(id);
  const live = checked.sops.filter((entry) => entry.sop.status.value !== 'retired');
  const plans = checked.library.cases.flatMap((entry) =>
    live
      .filter((candidate) => chosen(candidate.sop.id.value))
      .flatMap((candidate) => {
        const id = candidate.sop.id.value;
        if (entry.only !== null && !entry.only.some((only) => only.value === id)) return [];
        const counts = id === entry.sop || entry.also.some((also) => also.value === id);
        return counts || others ? [{ entry, candidate, counts }] : [];
      }),
  );
  const broken = new Set(
    checked.library.cases.filter((entry) => checkCase(entry, checked.library).some((found) => found.level === 'error')),
  );
  /** Not run because of errors that have diagnostics of their own: another one a case would only repeat them. */
  const held = new Set<CaseResult>();
  const results: (CaseResult | undefined)[] = plans.map(() => undefined);
  const elsewhere: (OtherView | undefined)[] = plans.map(() => undefined);
  let done = 0;
  await inLanes(plans, world, async ({ entry, candidate, counts }, index, lane) => {
    onProgress(done++, plans.length);
    if (broken.has(entry) || !candidate.sound) {
      const why = broken.has(entry) ? 'the case has errors of its own' : whyGuess(candidate);
      const result = notRun(entry, candidate.sop.id.value, why);
      held.add(result);
      if (counts) results[index] = result;
    } else if (counts) {
      const result = await runOnce(entry, candidate, lane, again);
      results[index] = keep === 'all' ? result : { ...result, decided: oneAWay(result.decided) };
    } else elsewhere[index] = await askOnce(entry, candidate, lane);
  });
  const drafts = await runDrafts(
    checked,
    world,
    live.filter((entry) => chosen(entry.sop.id.value)),
  );
  const views = await testViews(
    checked,
    world,
    ids.length === 0 ? null : live.filter((entry) => chosen(entry.sop.id.value)),
  );
  const asked = live.map(({ sop }) => sop.id.value).filter(chosen);
  world.known?.save(new Set([...asked, ...asked.map(othersShelf), ...(ids.length === 0 ? [viewShelf] : [])]));
  const ran = results.filter((result) => result !== undefined);
  const diagnostics = oncePerPlace([
    ...ran.flatMap((result) => (held.has(result) ? [] : [...describeResult(result), ...result.diagnostics])),
    ...views.flatMap((result) => result.diagnostics),
  ]);
  const { levels } = checked.library.config;
  const weighed = <Told extends { readonly diagnostics: readonly Diagnostic[] }>(told: readonly Told[]) =>
    told.map((result) => ({ ...result, diagnostics: withLevels(result.diagnostics, levels) }));
  return {
    asked: ids,
    again,
    results: weighed(ran),
    elsewhere: elsewhere.filter((view) => view !== undefined),
    drafts,
    views: weighed(views),
    diagnostics: withLevels(diagnostics, levels),
  };
}

/** The first subject of each trail. */
function oneAWay(decided: readonly DecidedSubject[]): readonly DecidedSubject[] {
  const first = new Map<string, DecidedSubject>();
  for (const subject of decided) {
    const way = JSON.stringify(subject.decision.trail);
    if (!first.has(way)) first.set(way, subject);
  }
  return [...first.values()];
}

function whyGuess({ reads }: CheckedSop): string {
  return reads.sound
    ? 'its SOP has errors, so what it would do is a guess'
    : 'a view or list that its SOP reads has errors, so what it would do is a guess';
}

/** Asks each SOP that a draft is about. */
async function runDrafts({ library }: CheckedLibrary, world: World, asked: readonly CheckedSop[]) {
  const results: DraftResult[] = [];
  for (const entry of library.drafts) {
    const isBroken = checkCase(entry, library).some((found) => found.level === 'error');
    for (const candidate of asked) {
      const id = candidate.sop.id.value;
      if (id !== entry.sop && !entry.also.some((also) => also.value === id)) continue;
      if (isBroken) results.push(draftNotRun(entry, id, 'the draft has errors of its own'));
      else if (!candidate.sound) results.push(draftNotRun(entry, id, whyGuess(candidate)));
      else results.push(await runDraft(entry, candidate, world));
    }
  }
  return results;
}

/** `readers` null: every view. A view or a case with errors of its own is not run; it has been told. */
async function testViews(
  { library, views }: CheckedLibrary,
  world: World,
  readers: readonly CheckedSop[] | null,
): Promise<ViewResult[]> {
  const results: ViewResult[] = [];
  for (const entry of library.viewCases) {
    const checkedView = views.find(({ view }) => view.name.value === entry.view.value);
    const isRead = readers?.some(({ reads }) => reads.views.some((view) => view === checkedView?.view)) ?? true;
    if (!isRead) continue;
    const isBroken = checkViewCase(entry, library).some((found) => found.level === 'error');
    if (checkedView?.sound !== true || isBroken) {
      const why = isBroken ? 'the case has errors of its own' : 'the view has errors';
      results.push({ entry, passed: false, why, diagnostics: [] });
    } else results.push(await runViewOnce(entry, checkedView.view, views, world));
  }
  return results;
}

/** SQL that fails on the data of ten cases is one mistake: it is told with the first of them. */
function oncePerPlace(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const places = new Set<string>();
  return diagnostics.filter(({ code, span }) => {
    const place = `${code} ${span.path} ${span.start}`;
    if (/\/SOP\.md$|\.sql$/.test(span.path) && places.has(place)) return false;
    places.add(place);
    return true;
  });
}

function notRun(entry: Case, sop: string, why: string): CaseResult {
  return {
    entry, sop, counts: true, outcome: 'error', observed: 'error', subject: '',
    expected: expectedOf(entry), actual: null, decided: [], signals: {}, why, diagnostics: [],
  }; // biome-ignore format: a blank form
}

/** A failed case as a diagnostic at the case; a passed one, and a known gap, as none. `outcome`: as if it had come out so. */
export function describeResult(result: CaseResult, outcome = result.outcome): Diagnostic[] {
  const { entry } = result;
  const name = { case: entry.name.value, sop: result.sop };
  const place = entry.name.span;
  const said = {
    ...name,
    subject: result.subject === '' ? 'the subject' : result.subject,
    expected: showExpected(result),
    actual: showActual(result),
    explanation: result.why,
  };
  switch (outcome) {
    case 'caught':
    case 'left_alone':
    case 'known_gap':
      return [];
    case 'missed':
      return [diagnose('SOP701', place, said)];
    case 'false_alarm':
      return [diagnose('SOP702', place, said)];
    case 'differs':
      return [diagnose('SOP703', place, said)];
    case 'error':
      // SQL or data that failed has a diagnostic of its own, at its own place.
      return result.diagnostics.some((found) => found.level === 'error')
        ? []
        : [diagnose('SOP704', place, { ...name, explanation: result.why })];
    case 'gap_closed':
      return [diagnose('SOP705', entry.knownGap?.span ?? place, { ...name, outcome: entry.knownGap?.outcome ?? '' })];
    case 'gap_expired':
      return [
        diagnose('SOP706', entry.knownGap?.until.span ?? place, {
          ...name,
          until: entry.knownGap?.until.value ?? '',
          reason: entry.knownGap?.reason ?? '',
        }),
      ];
  }
}

/** `escalate, critical, by R1`; `at most dismiss`. */
export function showExpected({ expected }: CaseResult): string {
  if (expected.atMost) return `at most ${expected.disposition ?? '?'}`;
  const parts = [
    expected.disposition,
    expected.severity,
    expected.rules.length === 0 ? null : `by ${expected.rules.join(' or ')}`,
  ];
  return parts.filter((part) => part !== null).join(', ') || 'nothing above the lowest';
}

export function showActual({ actual }: Pick<CaseResult, 'actual'>): string {
  if (actual === null) return 'nothing';
  return actual.kind === 'decided' ? `${actual.disposition}, ${actual.severity}, by ${actual.rule}` : actual.kind;
}
