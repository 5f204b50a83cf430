import { count } from '../diagnostics/words.ts';
import { outcomes } from '../model/case.ts';
import { notAsked } from '../replay/eval-cases.ts';
import type { EvalReport, NotScored } from '../review/eval-report.ts';
import { type CaseScore, criteria, criterionNames } from '../review/score.ts';
import { isAllRight, type Matrix, type Share } from '../review/sum-up.ts';
import { aligned, clip, marked, printable, wrap } from './layout.ts';
import type { Page } from './paint.ts';

/** The cases that are listed without `--verbose`. */
const mostListed = 10;
const mostProblems = 6;

/** The figures first, then the worst cases. */
export function prettyEval(report: EvalReport, verbose: boolean, page: Page): string {
  const { scores, summary } = report;
  const lines = [
    ...headLines(report, page),
    ...(scores.length === 0 ? [] : criterionLines(report, page)),
    ...recallLines(report, page),
    ...matrixLines(summary.matrix, page),
    ...worstLines(scores, verbose, page),
  ];
  return `${lines.join('\n')}\n`;
}

function headLines(
  { agent, skills, scores, summary, left, drafts, kept }: EvalReport,
  { paint, columns }: Page,
): string[] {
  const by = skills.map(({ id, version }) => `${id} ${version}`).join(', ');
  const head = `${agent}: scored on ${count(scores.length, 'case')} of ${by === '' ? 'no skill' : by}`;
  const whys = [...new Set(left.map(({ why }) => why))];
  const out = whys.map((why) => `${count(left.filter((one) => one.why === why).length, 'case')} (${whyWords(why)})`);
  const aside = [
    ...(out.length === 0 ? [] : [`Left out: ${out.join(', ')}.`]),
    ...(drafts === 0 ? [] : [`${count(drafts, 'draft')} not asked: nobody has decided what is right.`]),
    ...(kept === 0 ? [] : [`${count(kept, 'answer')} of an earlier run.`]),
    ...(summary.answered === scores.length
      ? []
      : [`${count(scores.length - summary.answered, 'case')} without an answer, right in nothing.`]),
  ];
  return [
    ...wrap(printable(head), columns).map(paint.bold),
    ...aside.flatMap((text) => wrap(text, columns)).map(paint.dim),
  ];
}

function whyWords(why: NotScored): string {
  return why === 'sop_differs' ? 'the SOP itself answers otherwise than asked' : notAsked[why];
}

function criterionLines({ summary }: EvalReport, { paint }: Page): string[] {
  const row = (name: string, share: Share, what: string) => [
    name,
    `${share.right} of ${share.of}`,
    percent(share),
    what,
  ];
  const rows = [
    row('all of it', summary.all, 'right in everything that was scored'),
    ...criterionNames
      .filter((name) => summary.criteria[name].of > 0)
      .map((name) => row(name, summary.criteria[name], criteria[name])),
  ];
  return ['', paint.bold('Cases right in'), ...columned(rows, 2)];
}

function recallLines({ summary: { recall } }: EvalReport, { paint }: Page): string[] {
  if (recall.length === 0) return [];
  const rows = recall.map(({ technique, ...share }) => [technique, `${share.right} of ${share.of}`, percent(share)]);
  return ['', paint.bold('Attacks and incidents found, by technique'), ...columned(rows, 3)];
}

/** The first column and what stands behind the figures are words; the others are aligned to the right. */
function columned(rows: readonly (readonly string[])[], figures: number): string[] {
  const told = aligned(
    rows.map((row) => row.slice(0, figures + 1)),
    1,
  );
  return told.map((line, at) => `${line}  ${rows[at]?.[figures + 1] ?? ''}`.trimEnd());
}

/** Whole percent, never more than was reached. */
function percent({ right, of }: Share): string {
  return of === 0 ? '–' : `${Math.floor((right * 100) / of)} %`;
}

function matrixLines({ rows, columns, counts }: Matrix, { paint, columns: width }: Page): string[] {
  if (rows.length === 0) return [];
  const cells = aligned(
    [['', ...columns], ...rows.map((row, at) => [row, ...(counts[at] ?? []).map((n) => (n === 0 ? '·' : String(n)))])],
    1,
  );
  return [
    '',
    paint.bold('Subjects: what the SOP says (down), what the agent said (across)'),
    ...cells.map((line, at) => (at === 0 ? paint.dim(clip(line, width)) : clip(line, width))),
  ];
}

function worstLines(scores: readonly CaseScore[], verbose: boolean, page: Page): string[] {
  const wrong = scores.filter((score) => !isAllRight(score)).sort(byWeight);
  if (wrong.length === 0) return [];
  const shown = verbose ? wrong : wrong.slice(0, mostListed);
  const more = wrong.length - shown.length;
  return [
    '',
    page.paint.bold('Not right, worst first'),
    ...shown.flatMap((score) => caseLines(score, verbose, page)),
    ...(more === 0 ? [] : [page.paint.dim(`  and ${count(more, 'other case')}; \`--verbose\` lists all`)]),
  ];
}

/** By outcome, as cases are told; then by how much is wrong. Cases alike stay in the library's order. */
function byWeight(a: CaseScore, b: CaseScore): number {
  const faults = ({ right }: CaseScore) => criterionNames.filter((name) => right[name] === false).length;
  return outcomes.indexOf(a.outcome) - outcomes.indexOf(b.outcome) || faults(b) - faults(a);
}

function caseLines({ case: { entry }, outcome, failure, problems }: CaseScore, verbose: boolean, page: Page): string[] {
  const { paint, columns } = page;
  const said = failure === null ? outcome.replaceAll('_', ' ') : 'no answer';
  const head = `${entry.name.value} (${entry.kind}, ${entry.technique.value}): ${said}`;
  const mark = outcome === 'caught' || outcome === 'left_alone' ? '!' : '✗';
  const told = failure === null ? problems.filter(({ text }) => text !== '') : [];
  const shown = verbose ? told : told.slice(0, mostProblems);
  const more = told.length - shown.length;
  const subjects = [...new Set(shown.map(({ subject }) => subject))];
  return [
    ...marked(`  ${mark} `, printable(head), columns).map(paint.red),
    ...(failure === null ? [] : indented(`it ${failure}`, 6, columns)),
    ...subjects.flatMap((subject) => [
      ...(subject === '' ? [] : indented(subject, 6, columns).map(paint.dim)),
      ...shown
        .filter((one) => one.subject === subject)
        .flatMap(({ criterion, text }) => indented(`${criterion}: ${text}`, subject === '' ? 6 : 8, columns)),
    ]),
    ...(more === 0 ? [] : [paint.dim(`      and ${count(more, 'other problem')}`)]),
  ];
}

function indented(text: string, by: number, columns: number): string[] {
  return wrap(printable(short(text)), columns - by).map((line) => `${' '.repeat(by)}${line}`);
}

/** What an agent wrote may be as long as it likes. */
function short(text: string): string {
  return text.length > 240 ? `${text.slice(0, 239)}…` : text;
}
