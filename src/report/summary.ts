import type { CheckedLibrary } from '../check/checked.ts';
import { countCells, techniqueMatrix } from '../coverage/techniques/technique-matrix.ts';
import { type Diagnostic, wording } from '../diagnostics/diagnostic.ts';
import { count } from '../diagnostics/words.ts';
import type { CaseKind, CaseOutcome } from '../model/case.ts';
import type { CaseResult } from '../replay/run-case.ts';
import { showActual, showExpected, type TestRun } from '../replay/test-library.ts';
import type { SourceFile } from '../text/source.ts';
import { placeOf } from './code-frame.ts';
import { padEnd, padStart, printable, widthOf, wrap } from './layout.ts';
import type { Page } from './paint.ts';

/** What the three parts of `sop` found. */
export interface SummaryInput {
  readonly checked: CheckedLibrary;
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly found: readonly Diagnostic[];
  /** Differences between the committed skills and what the SOPs give. */
  readonly skills: readonly Diagnostic[];
  readonly builtSkills: number;
  /** What is proved less than `sop.config.yaml` demands. */
  readonly floors: readonly Diagnostic[];
  readonly run: TestRun;
  readonly today: string;
}

const mostLines = 8;

/** What a risk manager reads in ten seconds: what is wrong, which attacks are missed, who is accused, what is undecided. */
export function prettySummary(input: SummaryInput, page: Page): string {
  const { run, found, skills, files } = input;
  const of = (...outcomes: CaseResult['outcome'][]) =>
    run.results.filter((result) => outcomes.includes(result.outcome));
  const errors = found.filter((diagnostic) => diagnostic.level === 'error');
  const warnings = found.filter((diagnostic) => diagnostic.level === 'warning');
  const lines = [
    ...header(input, page),
    ...block(
      errors.length,
      'bad',
      `${count(errors.length, 'error')} in the SOPs and cases`,
      'No errors in the SOPs and cases',
      errors.map((entry) => said(entry, files)),
      page,
      'sop check',
    ),
    ...block(
      warnings.length,
      'mind',
      count(warnings.length, 'warning'),
      '',
      warnings.map((entry) => said(entry, files)),
      page,
      'sop check',
    ),
    ...block(
      skills.length,
      'bad',
      `Skills are not what the SOPs give: ${count(skills.length, 'difference')}`,
      skillsAreRight(input),
      skills.map((entry) => said(entry, files)),
      page,
      'sop build',
    ),
    ...cases(of('missed'), 'bad', (n) => `${count(n, 'attack')} missed`, noneMissed(run), page),
    ...cases(
      of('false_alarm'),
      'bad',
      (n) => `${count(n, 'case')} in which an innocent is accused`,
      noneAccused(run),
      page,
    ),
    ...cases(
      of('error'),
      'bad',
      (n) => `${count(n, 'case')} undecided or not run`,
      run.results.length === 0 ? '' : 'No case undecided',
      page,
    ),
    ...cases(
      of('differs', 'gap_closed'),
      'bad',
      (n) => `${count(n, 'case')} decided otherwise than expected`,
      '',
      page,
    ),
    ...beside(run, 'error', page),
    ...beside(run, 'warning', page),
    ...viewCases(run, page),
    ...block(
      input.floors.length,
      'bad',
      `${count(input.floors.length, 'floor')} not reached`,
      '',
      input.floors.map((entry) => said(entry, files)),
      page,
      'sop test',
    ),
    ...expired(of('gap_expired'), page),
    ...gaps(of('known_gap'), page),
    ...drafts(run, page),
    ...(run.again ? techniques(input.checked, run, page) : notAgain(page)),
  ];
  return `${lines.join('\n')}\n`;
}

function header({ checked, run, today }: SummaryInput, { paint }: Page): string[] {
  const live = checked.sops.filter(({ sop }) => sop.status.value !== 'retired').map(({ sop }) => sop.id.value);
  const incidents = run.results.some((result) => result.entry.kind === 'incident');
  const rows = live.map((sop) => {
    const own = run.results.filter((result) => result.sop === sop);
    const passed = (kind: CaseKind) => {
      const cases = own.filter((result) => result.entry.kind === kind);
      const good = cases.filter((result) => result.outcome === 'caught' || result.outcome === 'left_alone');
      return `${good.length} of ${cases.length}`;
    };
    const known = String(own.filter((result) => result.outcome === 'known_gap').length);
    return [printable(sop), passed('attack'), passed('benign'), ...(incidents ? [passed('incident')] : []), known];
  });
  const titles = ['', 'attacks caught', 'left alone', ...(incidents ? ['incidents found'] : []), 'known gaps'];
  const widths = titles.map((title, index) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[index] ?? ''))),
  );
  const draw = (cells: readonly string[]) =>
    `  ${cells.map((cell, index) => (index === 0 ? padEnd(cell, widths[index] ?? 0) : padStart(cell, widths[index] ?? 0))).join('   ')}`.trimEnd();
  return [
    `${paint.bold(`${count(live.length, 'SOP')}, ${count(run.results.length, 'case')}`)}${paint.dim(`, as of ${today}`)}`,
    '',
    paint.dim(draw(titles)),
    ...rows.map(draw),
    '',
  ];
}

/** Where no SOP could be compiled, there is nothing to be right about. */
function skillsAreRight({ builtSkills, checked }: SummaryInput): string {
  const approved = checked.sops.filter(({ sop }) => sop.status.value === 'approved').length;
  if (builtSkills === approved) return approved === 0 ? '' : `Skills are what the SOPs give (${builtSkills})`;
  return builtSkills === 0
    ? ''
    : `Skills are what ${builtSkills} of ${count(approved, 'approved SOP')} give; the others have errors`;
}

type Weight = 'bad' | 'mind';

function block(
  n: number,
  weight: Weight,
  some: string,
  none: string,
  details: readonly string[],
  page: Page,
  more: string,
): string[] {
  const { paint } = page;
  if (n === 0) return none === '' ? [] : [`${paint.green('✓')} ${none}`];
  const head = weight === 'bad' ? `${paint.red('✗')} ${paint.bold(some)}` : `${paint.yellow('!')} ${paint.bold(some)}`;
  const shown = details.slice(0, mostLines).flatMap((detail) => indent(detail, page));
  const rest = details.length > mostLines ? [`    … and ${details.length - mostLines} more: \`${more}\``] : [];
  return [head, ...shown, ...rest];
}

function indent(text: string, { columns }: Page): string[] {
  return wrap(printable(text), columns - 6).map((line, index) => `${index === 0 ? '    ' : '      '}${line}`);
}

function said(diagnostic: Diagnostic, files: ReadonlyMap<string, SourceFile>): string {
  return `${placeOf(diagnostic.span, files)} ${diagnostic.code}: ${wording(diagnostic).message}`;
}

function cases(
  results: readonly CaseResult[],
  weight: Weight,
  some: (n: number) => string,
  none: string,
  page: Page,
): string[] {
  const details = results.map((result) => {
    const why = result.why === '' ? '' : `. Why: ${result.why}`;
    return `${result.entry.name.value} (${result.sop}, ${result.entry.technique.value}): expected ${showExpected(result)}; got ${showActual(result)}${why}`;
  });
  return block(results.length, weight, some(results.length), none, details, page, 'sop test');
}

/** What running the cases found beside how they come out, such as a signal that looks ahead. It counts, and ticks alone would hide it. */
function beside({ results }: TestRun, level: 'error' | 'warning', page: Page): string[] {
  const told = results
    .filter(({ outcome }) => outcome !== 'error')
    .flatMap(({ entry, sop, diagnostics }) =>
      diagnostics
        .filter((found) => found.level === level)
        .map((found) => `${entry.name.value} (${sop}): ${found.code}: ${wording(found).message}`),
    );
  const some = `${count(told.length, level)} that running the cases brought up`;
  return block(told.length, level === 'error' ? 'bad' : 'mind', some, '', told, page, 'sop test');
}

function viewCases({ views }: TestRun, page: Page): string[] {
  const failed = views.filter((view) => !view.passed);
  const details = failed.map(({ entry, why, diagnostics }) => {
    const [first] = diagnostics;
    const told = first === undefined ? why : `${first.code}: ${wording(first).message}`;
    return `${entry.name.value} (view ${entry.view.value}): ${told}`;
  });
  const none =
    views.length === 0
      ? ''
      : `Views return what their ${count(views.length, 'case')} ${views.length === 1 ? 'expects' : 'expect'}`;
  return block(
    failed.length,
    'bad',
    `${count(failed.length, 'case')} of views failed`,
    none,
    details,
    page,
    'sop test',
  );
}

/** "None missed" would claim too much where gaps are known, where cases did not run, or where there is nothing to miss. */
function noneMissed(run: TestRun): string {
  const attacks = run.results.filter((result) => result.entry.kind !== 'benign');
  const ran = attacks.filter((result) => result.outcome !== 'error').length;
  if (ran === 0) return '';
  const known = attacks.some((result) => result.outcome === 'known_gap');
  return `No attack missed in the ${count(ran, 'attack case')} that ran${known ? ', but for the known gaps below' : ''}`;
}

function noneAccused(run: TestRun): string {
  const ran = run.results.filter((result) => result.outcome !== 'error').length;
  if (ran === 0) return '';
  const known = run.results.some((result) => result.outcome === 'known_gap' && result.observed === 'false_alarm');
  return `No innocent accused in the ${count(ran, 'case')} that ran${known ? ', but for the known gaps below' : ''}`;
}

/** A gap that was accepted for a while is a gap again once that while is over. */
function expired(results: readonly CaseResult[], page: Page): string[] {
  const details = results.map(({ entry, sop, observed }) => {
    const gap = entry.knownGap;
    return `${entry.name.value} (${sop}, ${gapWords[observed] ?? observed}): accepted by ${gap?.owner.value ?? '?'} until ${gap?.until.value ?? '?'}`;
  });
  return block(
    results.length,
    'bad',
    `${count(results.length, 'known gap')} past the date`,
    '',
    details,
    page,
    'sop test',
  );
}

/** Known gaps by SOP and by how they fail: the names are enough here, `sop test` gives owner and reason. */
function gaps(results: readonly CaseResult[], page: Page): string[] {
  const sops = [...new Set(results.map((result) => result.sop))];
  const details = sops.map((sop) => {
    const own = results.filter((result) => result.sop === sop);
    const parts = [...new Set(own.map((result) => result.observed))].sort().map((outcome) => {
      const cases = own.filter((result) => result.observed === outcome);
      return `${cases.length} ${gapWords[outcome] ?? outcome} (${cases.map((result) => result.entry.name.value).join(', ')})`;
    });
    const first = own.map((result) => result.entry.knownGap?.until.value ?? '').sort()[0];
    return `${sop}: ${parts.join('; ')}; the first lapses after ${first}`;
  });
  return block(
    results.length,
    'mind',
    `${count(results.length, 'known gap')}, accepted for now`,
    '',
    details,
    page,
    'sop test',
  );
}

/** That every case passes says nothing of the attacks that nobody wrote down. */
function techniques({ library }: CheckedLibrary, { results }: TestRun, { columns, paint }: Page): string[] {
  const { total, proven, blind } = countCells(techniqueMatrix(library, results));
  if (total === 0) return [];
  const text = `Techniques by market: ${proven} of ${total} proven; of ${blind} no SOP claims anything (\`sop coverage\`)`;
  return ['', ...wrap(text, columns).map(paint.dim)];
}

/** What a run of each case on all its rows does not show: so nothing is said to be proven. */
function notAgain({ columns, paint }: Page): string[] {
  const text =
    'In a library of this size each case ran once, on all its rows. `sop test` also tries it with late feeds, missing tables and other windows; `sop coverage` says what is proven of techniques.';
  return ['', ...wrap(text, columns).map(paint.dim)];
}

/** Stories without an answer, by file: nobody reads a name that is not in front of him. */
function drafts({ drafts }: TestRun, page: Page): string[] {
  const names = new Set(drafts.map(({ entry }) => entry.name.value));
  const paths = [...new Set(drafts.map(({ entry }) => entry.path))];
  const details = paths.map((path) => {
    const own = new Set(drafts.filter(({ entry }) => entry.path === path).map(({ entry }) => entry.name.value));
    return `${path}: ${[...own].join(', ')}`;
  });
  const waits = names.size === 1 ? 'waits' : 'wait';
  const some = `${count(names.size, 'draft')} of cases ${waits} for a person's answer, and ${names.size === 1 ? 'proves' : 'prove'} nothing until then`;
  return block(names.size, 'mind', some, '', details, page, 'sop test');
}

const gapWords: Partial<Record<CaseOutcome, string>> = {
  missed: 'missed',
  false_alarm: 'falsely accused',
  differs: 'differ',
};
