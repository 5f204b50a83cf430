import { diagnose } from '../../diagnostics/diagnostic.ts';
import type { Case, CaseOutcome, Draft } from '../../model/case.ts';
import type { CaseResult } from '../../replay/run-case.ts';
import type { Span } from '../../text/source.ts';
import { comparePromise } from './promise.ts';
import type { Said } from './promise-expect.ts';
import { type Findings, inWords, isPassed, isStanding, isUnread, keyOf, type Side } from './ratchet-found.ts';

/** Compares the answers to cases, one after another. */
export class CaseRatchet {
  private readonly byName: ReadonlyMap<string, Case>;
  private readonly drafts: ReadonlyMap<string, Draft>;
  private readonly byKey: ReadonlyMap<string, CaseResult>;
  private readonly successors = new Map<string, Case[]>();
  private readonly standing: ReadonlySet<Case>;
  /** Cases of which all has been said that does not depend on the SOP that was asked. */
  private readonly told = new Set<string>();

  constructor(
    private readonly before: Side,
    private readonly now: Side,
    private readonly touched: ReadonlySet<string>,
    private readonly found: Findings,
  ) {
    const { cases, drafts } = now.checked.library;
    this.byName = new Map(cases.map((entry) => [entry.name.value, entry]));
    this.drafts = new Map(drafts.map((entry) => [entry.name.value, entry]));
    this.byKey = new Map(now.run.results.map((result) => [keyOf(result), result]));
    this.standing = new Set(now.run.results.filter(isStanding).map(({ entry }) => entry));
    for (const entry of cases)
      for (const { value } of entry.replaces)
        this.successors.set(value, [...(this.successors.get(value) ?? []), entry]);
  }

  compare(was: CaseResult): void {
    const name = was.entry.name.value;
    const entry = this.byName.get(name);
    const result = this.byKey.get(keyOf(was));
    if (!isStanding(was)) {
      if (entry === undefined) this.sayRemoved(was);
    } else if (entry === undefined) {
      if (!this.told.has(name)) this.sayGone(was);
      this.told.add(name);
    } else if (result === undefined) this.sayUncounted(was, entry);
    else this.compareResults(was, result);
  }

  private compareResults(was: CaseResult, is: CaseResult): void {
    if (isStanding(is)) this.compareStanding(was, is);
    else {
      const says = `${inWords(was.outcome)}, now ${inWords(is.outcome)}`;
      this.found.losses.push({ what: 'case', sop: was.sop, name: was.entry.name.value, says, diagnostic: null });
    }
  }

  private compareStanding(was: CaseResult, is: CaseResult): void {
    const name = was.entry.name.value;
    const about = { sop: was.sop, name };
    const isTold = this.told.has(name);
    this.told.add(name);
    const change = isTold
      ? { less: [], other: [] }
      : comparePromise(was.entry, is.entry, this.before.checked.library.desk, this.touched);
    const less = [...lessByGap(was, is), ...change.less];
    const [first] = less;
    if (first !== undefined) {
      const args = { case: name, sop: was.sop, less: less.map(({ says }) => says) };
      const diagnostic = diagnose('SOP761', first.span, args);
      this.found.losses.push({ what: 'case', ...about, says: args.less.join('; '), diagnostic });
    }
    const until = is.entry.knownGap?.until.value;
    const earlier = was.entry.knownGap?.until.value;
    if (!isTold && until !== undefined && earlier !== undefined && until !== earlier)
      this.remark('renewed', was, `accepted until ${until}, before until ${earlier}`);
    if (change.other.length > 0) this.remark('changed', was, change.other.join('; '));
  }

  /** No case has this name any more. */
  private sayGone(was: CaseResult): void {
    const name = was.entry.name.value;
    const about = { what: 'case', sop: was.sop, name } as const;
    const successors = this.successors.get(name) ?? [];
    const successor = successors.find((entry) => this.standing.has(entry));
    const draft = this.drafts.get(name);
    if (draft !== undefined) {
      const args = { case: name, sop: was.sop, how: 'it is a draft now' };
      const diagnostic = diagnose('SOP763', draft.name.span, args);
      this.found.losses.push({ ...about, says: args.how, diagnostic });
    } else if (isUnread(was.entry, this.now)) {
      this.found.losses.push({ ...about, says: 'its file can no longer be read', diagnostic: null });
    } else if (successor !== undefined) {
      const gap = successor.knownGap !== null && was.entry.knownGap === null ? ['it is a known gap'] : [];
      const change = comparePromise(was.entry, successor, this.before.checked.library.desk);
      const away = successor.sop === was.sop ? [] : [`it belongs to \`${successor.sop}\``];
      const less = [...away, ...gap, ...change.less.map(({ says }) => says)];
      const how = less.length === 0 ? '' : `, which asks for less: ${less.join('; ')}`;
      this.remark('replaced', was, `by \`${successor.name.value}\`${how}`);
    } else if (this.isRetired(was.sop)) this.remark('given_up', was, 'its SOP is retired');
    else {
      const before = inWords(was.outcome);
      const names = successors.map((entry) => entry.name.value);
      const args = { case: name, sop: was.sop, before, successors: names, what: 'case' } as const;
      const diagnostic = diagnose('SOP760', this.placeOf(was.entry), args);
      this.found.losses.push({ ...about, says: `${before}, now gone`, diagnostic });
    }
  }

  /** The case is there, but says nothing about the SOP any more. */
  private sayUncounted(was: CaseResult, entry: Case): void {
    const name = entry.name.value;
    const isThere = this.sopOf(was.sop) !== undefined;
    const moved = isThere || entry.sop === was.sop ? undefined : this.byKey.get(keyOf({ entry, sop: entry.sop }));
    if (moved !== undefined) {
      this.remark('moved', was, `it belongs to \`${entry.sop}\` now, and \`${was.sop}\` is gone`);
      this.compareResults(was, moved);
    } else if (this.isRetired(was.sop)) this.remark('given_up', was, 'its SOP is retired');
    else {
      const how = howUncounted(was, entry, isThere);
      const diagnostic = diagnose('SOP763', (entry.only?.[0] ?? entry.name).span, { case: name, sop: was.sop, how });
      this.found.losses.push({ what: 'case', sop: was.sop, name, says: how, diagnostic });
    }
  }

  /** A case that failed before is owed nothing; but whoever takes it out takes out the sight of a fault. */
  private sayRemoved(was: CaseResult): void {
    if (this.drafts.has(was.entry.name.value) || isUnread(was.entry, this.now)) return;
    this.remark('removed', was, `it came out as ${inWords(was.outcome)}; nobody sees that any more`);
  }

  private remark(what: Findings['remarks'][number]['what'], { entry, sop }: CaseResult, says: string): void {
    this.found.remarks.push({ what, sop, name: entry.name.value, says });
  }

  private sopOf(id: string) {
    return this.now.checked.sops.find(({ sop }) => sop.id.value === id)?.sop;
  }

  private isRetired(id: string): boolean {
    return this.sopOf(id)?.status.value === 'retired';
  }

  /** Where a case was that is gone: its file, if others of it are still there, else its SOP. */
  private placeOf({ path, name, sop }: Case): Span {
    const others = this.now.checked.library.cases.some((entry) => entry.path === path);
    if (others) return { path, start: 0, end: 0 };
    return this.sopOf(sop)?.id.span ?? { path, start: name.span.start, end: name.span.start };
  }
}

function howUncounted(was: CaseResult, entry: Case, isThere: boolean): string {
  if (!isThere) return `there is no SOP \`${was.sop}\` any more`;
  if (entry.sop !== was.sop && was.entry.sop === was.sop) return `it belongs to \`${entry.sop}\` now`;
  if (entry.only?.some(({ value }) => value === was.sop) === false) return `\`only\` leaves out \`${was.sop}\``;
  return was.entry.sop === was.sop ? 'it is not run any more' : `\`also\` does not name \`${was.sop}\` any more`;
}

/** A case that passed may not become a gap under its name, and a gap may not become a graver one. */
function lessByGap(was: CaseResult, is: CaseResult): Said[] {
  const span = is.entry.knownGap?.span ?? is.entry.name.span;
  if (isPassed(is.outcome)) return [];
  if (isPassed(was.outcome)) return [{ says: `it passed, and is a known gap now (${inWords(is.observed)})`, span }];
  const gravest: readonly CaseOutcome[] = ['missed', 'false_alarm', 'differs'];
  if (gravest.indexOf(is.observed) >= gravest.indexOf(was.observed)) return [];
  return [{ says: `the known gap was \`${was.observed}\` and is \`${is.observed}\` now`, span }];
}
