import type { CheckedSop } from '../check/checked.ts';
import { count } from '../diagnostics/words.ts';
import type { CaseOutcome } from '../model/case.ts';
import { rulesReached } from '../replay/rules-reached.ts';
import type { CaseResult } from '../replay/run-case.ts';
import { showActual, showExpected, type TestRun } from '../replay/test-library.ts';
import { clip, padEnd, printable, widthOf, wrap } from './layout.ts';
import type { Page } from './paint.ts';

export const outcomeWords: Record<CaseOutcome, string> = {
  error: 'error',
  missed: 'missed',
  false_alarm: 'false alarm',
  differs: 'differs',
  gap_expired: 'gap expired',
  gap_closed: 'gap closed',
  known_gap: 'known gap',
  caught: 'caught',
  left_alone: 'left alone',
};

/** One line a case, SOP by SOP: how it came out, and for what did not pass, why. */
export function prettyCases(run: TestRun, verbose: boolean, page: Page): string {
  const { paint } = page;
  const lines: string[] = [];
  const width = Math.max(0, ...run.results.map((result) => widthOf(result.entry.name.value)));
  for (const sop of [...new Set(run.results.map((result) => result.sop))]) {
    lines.push('', paint.bold(printable(sop)));
    for (const result of run.results.filter((entry) => entry.sop === sop)) {
      const { entry, outcome } = result;
      const head = `  ${paintOutcome(outcome, page)(padEnd(outcomeWords[outcome], 11))} ${padEnd(entry.name.value, width)}`;
      const room = page.columns - 15 - width;
      lines.push((room > 30 ? `${head} ${paint.dim(clip(printable(titleOf(result)), room - 1))}` : head).trimEnd());
      const told = detailsOf(result, verbose);
      if (told !== '') {
        const wrapped = wrap(printable(told), page.columns - 14);
        lines.push(...wrapped.map((line) => `${' '.repeat(14)}${paint.dim(line)}`));
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Why a case did not pass; with `verbose` also what was measured where it did. */
function detailsOf(result: CaseResult, verbose: boolean): string {
  const signals = Object.entries(result.signals).map(([name, value]) => `${name} ${value}`);
  const measured =
    verbose && signals.length > 0 ? `${result.subject === '' ? '' : `${result.subject}: `}${signals.join(', ')}` : '';
  if (result.outcome === 'caught' || result.outcome === 'left_alone') {
    return measured === '' ? '' : `${showActual(result)}; ${measured}`;
  }
  const why = result.why === '' ? '' : `: ${result.why}`;
  const gap = result.outcome === 'known_gap' ? result.entry.knownGap : null;
  const accepted = gap === null ? '' : `. Accepted by ${gap.owner.value} until ${gap.until.value}: ${gap.reason}`;
  return `expected ${showExpected(result)}; got ${showActual(result)}${why}${measured === '' ? '' : `. ${measured}`}${accepted}`;
}

/** A row of a table of cases has no title but its name; that stands beside it already. */
function titleOf({ entry }: CaseResult): string {
  return entry.title === entry.name.value ? '' : entry.title;
}

function paintOutcome(outcome: CaseOutcome, { paint }: Page): (text: string) => string {
  if (outcome === 'caught' || outcome === 'left_alone') return paint.green;
  return outcome === 'known_gap' ? paint.yellow : paint.red;
}

/** The cases of views, one line each; why one failed stands in its diagnostics. */
export function prettyViewCases({ views }: TestRun, page: Page): string {
  if (views.length === 0) return '';
  const { paint } = page;
  const width = Math.max(0, ...views.map(({ entry }) => widthOf(entry.name.value)));
  const lines = views.flatMap(({ entry, passed, why }) => {
    const word = passed ? paint.green(padEnd('passed', 11)) : paint.red(padEnd('failed', 11));
    const head = `  ${word} ${padEnd(entry.name.value, width)}`;
    const room = page.columns - 15 - width;
    const title = room > 30 ? ` ${paint.dim(clip(printable(entry.title), room - 1))}` : '';
    return [`${head}${title}`.trimEnd(), ...(why === '' ? [] : [`${' '.repeat(14)}${paint.dim(printable(why))}`])];
  });
  return `\n${paint.bold('views')}\n${lines.join('\n')}\n`;
}

/** What the SOPs say today of stories that wait for a person's answer: no outcome, because there is none. */
export function prettyDrafts({ drafts }: TestRun, page: Page): string {
  if (drafts.length === 0) return '';
  const { paint } = page;
  const lines = drafts.flatMap((draft) => {
    const { entry, sop, subject, decided, why } = draft;
    const others = decided.length > 1 ? `, the gravest of ${decided.length}` : '';
    const whom = subject === '' ? '' : `; ${subject}${others}`;
    const said = why === '' ? `today ${sop} says ${showActual(draft)}${whom}` : `not run: ${why}`;
    const title = entry.title === entry.name.value ? [] : [entry.title];
    const told = [...title, said].flatMap((text) => wrap(printable(text), page.columns - 14));
    const head = `  ${paint.yellow(padEnd('draft', 11))} ${printable(entry.name.value)}`;
    return [head, ...told.map((line) => `${' '.repeat(14)}${paint.dim(line)}`)];
  });
  const about = 'a person decides what is right; until then they prove nothing, and fail nothing';
  return `\n${paint.bold('drafts')}\n${wrap(about, page.columns).join('\n')}\n${lines.join('\n')}\n`;
}

/** `; 3 drafts wait for an answer`; nothing where there is none. */
export function draftCounts({ drafts }: TestRun): string {
  const names = new Set(drafts.map(({ entry }) => entry.name.value)).size;
  if (names === 0) return '';
  return `; ${count(names, 'draft')} ${names === 1 ? 'waits' : 'wait'} for a person's answer`;
}

/** `; 3 view cases: 2 passed, 1 failed`; nothing where there is none. */
export function viewCounts({ views }: TestRun): string {
  if (views.length === 0) return '';
  const passed = views.filter((view) => view.passed).length;
  const failed = views.length - passed;
  return `; ${count(views.length, 'view case')}: ${passed} passed${failed === 0 ? '' : `, ${failed} failed`}`;
}

/** `8 caught, 6 left alone, 1 known gap`. */
export function outcomeCounts(results: readonly CaseResult[]): string {
  const order: readonly CaseOutcome[] = [
    'caught',
    'left_alone',
    'missed',
    'false_alarm',
    'differs',
    'error',
    'gap_expired',
    'gap_closed',
    'known_gap',
  ];
  const parts = order.flatMap((outcome) => {
    const n = results.filter((result) => result.outcome === outcome).length;
    return n === 0 ? [] : [`${n} ${outcomeWords[outcome]}`];
  });
  return `${count(results.length, 'case')}: ${parts.join(', ') || 'none'}`;
}

/** What other SOPs said above the lowest disposition: worth a look, proof of nothing. */
export function prettyElsewhere(run: TestRun, lowest: string, page: Page): string {
  const told = run.elsewhere.filter((view) => view.disposition !== null && view.disposition !== lowest);
  if (run.elsewhere.length === 0) return '';
  const lines = told.map((view) => `  ${view.case}: ${view.sop} says ${view.disposition}`);
  const head = `On other SOPs' cases (shown only; it counts where a case names the SOP under \`also\`): ${count(run.elsewhere.length, 'answer')}, ${told.length} above ${lowest}`;
  return `\n${wrap(head, page.columns).join('\n')}\n${lines.length === 0 ? '' : `${lines.join('\n')}\n`}`;
}

/** Rules by which no passing case was decided: nothing is known about them. */
export function prettyRules(run: TestRun, sops: readonly CheckedSop[], { columns }: Page): string {
  const lines = sops.flatMap(({ sop, logic }) => {
    const id = sop.id.value;
    if (!run.results.some((result) => result.sop === id)) return [];
    const idle = rulesReached(id, logic, run.results).filter(({ by }) => by.length === 0);
    const names = idle.map(({ table, rule }) => (logic.tables.length > 1 ? `${rule} of ${table}` : rule));
    return idle.length === 0
      ? []
      : wrap(printable(`No passing case reaches these rules of ${id}: ${names.join(', ')}`), columns);
  });
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`;
}
