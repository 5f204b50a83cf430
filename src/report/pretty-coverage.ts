import type { Coverage } from '../coverage/coverage.ts';
import type { Answer, CrossSops, Disagreement } from '../coverage/techniques/cross-sops.ts';
import { type NextStep, type StepKind, sayStep } from '../coverage/techniques/next-steps.ts';
import { type Cell, countCells, isFromData } from '../coverage/techniques/technique-matrix.ts';
import { count, oneOf } from '../diagnostics/words.ts';
import type { CaseOutcome } from '../model/case.ts';
import { marked, printable, wrap } from './layout.ts';
import type { Page } from './paint.ts';
import { logicLines } from './pretty-logic-coverage.ts';
import { matrixCounts, matrixLines } from './pretty-matrix.ts';

/** The matrix, what to do next, what SOPs say of one another's cases, and what the cases prove of each SOP's tables. */
export function prettyCoverage(coverage: Coverage, today: string, verbose: boolean, page: Page): string {
  const { library, cells, steps, cross, logic, drafts } = coverage;
  const { paint, columns } = page;
  const techniques = new Set(cells.map(({ technique }) => technique)).size;
  const { total } = countCells(cells);
  const head = `${count(techniques, 'technique')} in ${count(library.desk.markets.length, 'market')}: ${count(total, 'cell')} in which they can happen`;
  const lines = [
    `${paint.bold(head)}${paint.dim(`, as of ${today}`)}`,
    '',
    ...matrixCounts(cells, page),
    ...matrixLines(cells, library, verbose, page),
    ...stepLines(steps, verbose, page),
    ...reservations(cells, page),
    ...crossLines(cross, verbose, page),
    ...logicLines(logic, verbose, page),
    ...(drafts === 0
      ? []
      : [
          '',
          ...wrap(
            `${count(drafts, 'draft')} of cases ${drafts === 1 ? 'waits' : 'wait'} for a person's answer; above they count nowhere.`,
            columns,
          ),
        ]),
  ];
  return `${lines.join('\n')}\n`;
}

const headings: Readonly<Record<StepKind, string>> = {
  open: 'Comes out wrong, and nobody has accepted it',
  blind: 'Nobody looks',
  accepted: 'Known gaps, accepted for now',
  claimed: 'Claimed, and never proved',
  half_proven: 'Half proven',
};

const mostSteps = 6;

function stepLines(steps: readonly NextStep[], verbose: boolean, page: Page): string[] {
  const { paint, columns } = page;
  const kinds = Object.keys(headings).filter((kind): kind is StepKind => steps.some((step) => step.kind === kind));
  if (kinds.length === 0) return [];
  const lines = kinds.flatMap((kind) => {
    const own = steps.filter((step) => step.kind === kind);
    const shown = verbose ? own : own.slice(0, mostSteps);
    const more = own.length - shown.length;
    return [
      '',
      `  ${paint.bold(headings[kind])}`,
      ...shown.flatMap((step) => marked('  ', printable(`${nameOf(step)}: ${sayStep(step)}`), columns)),
      ...(more === 0 ? [] : [`  … and ${more} more (--verbose)`]),
    ];
  });
  return ['', paint.bold('What to do next'), ...lines];
}

function nameOf({ cells }: NextStep): string {
  const techniques = [...new Set(cells.map(({ technique }) => technique))];
  const [first] = techniques;
  if (techniques.length > 1) return techniques.map(({ id }) => id.value).join(', ');
  return `${first?.id.value} ${first?.name} in ${cells.map(({ market }) => market).join(', ')}`;
}

/** "Proven" must not be read as more than it is: signal values try a decision and no SQL, and a draft of a SOP watches nothing. */
function reservations(cells: readonly Cell[], { columns }: Page): string[] {
  const proven = cells.filter(({ state }) => state === 'proven' || state === 'half_proven');
  const say = (what: string, own: readonly Cell[]) => {
    const names = own.map(({ technique, market }) => `${technique.id.value} in ${market}`).join(', ');
    return own.length === 0 ? [] : ['', ...wrap(printable(`${what}: ${names}.`), columns)];
  };
  return [
    ...say(
      'Proven on signal values alone, so the SQL is not tried',
      proven.filter(({ attacks, innocents }) => !isFromData([...attacks, ...innocents])),
    ),
    ...say(
      'Proven of SOPs that nobody has approved yet',
      proven.filter(({ claimedBy }) => claimedBy.every(({ status }) => status.value !== 'approved')),
    ),
  ];
}

function crossLines({ sightings, alone, disagreements }: CrossSops, verbose: boolean, page: Page): string[] {
  const { paint, columns } = page;
  const asked = sightings.filter(({ answers }) => answers.length > 1);
  const others = asked.reduce((sum, { answers }) => sum + answers.length - 1, 0);
  if (sightings.length === 0) return [];
  const head =
    asked.length === 0
      ? `Of ${count(sightings.length, 'case')} none states all that another SOP needs, so each was asked of its own alone`
      : `Of ${count(sightings.length, 'case')}, ${asked.length} could be asked of other SOPs, too: ${count(others, 'answer')}`;
  const only = [...new Set(alone.map(({ sop }) => sop))].sort().map((sop) => {
    const own = alone.filter((entry) => entry.sop === sop);
    const seen = [...new Set(own.flatMap(({ seenBy }) => seenBy))];
    const aside = seen.length === 0 ? '' : `; uncounted, ${oneOf(seen)} would see some of it`;
    return `No SOP but ${sop} catches ${own.map(({ technique }) => technique.id.value).join(', ')}${aside}`;
  });
  const shown = verbose ? disagreements : disagreements.slice(0, mostSteps);
  const more = disagreements.length - shown.length;
  return [
    '',
    paint.bold('Across SOPs'),
    ...wrap(head, columns - 2).map((line) => `  ${line}`),
    ...only.flatMap((text) => marked('  ', printable(text), columns)),
    ...shown.flatMap((entry) => marked('  ', printable(tellDisagreement(entry)), columns)),
    ...(more === 0 ? [] : [`  … and ${count(more, 'disagreement')} more (--verbose)`]),
    ...(disagreements.length > 0 || asked.length === 0 ? [] : ['  No two SOPs disagree on a case']),
    ...(verbose
      ? asked.flatMap((sighting) =>
          marked(
            '    ',
            printable(`${sighting.entry.name.value}: ${sighting.answers.map(tellAnswer).join('; ')}`),
            columns,
          ),
        )
      : []),
  ];
}

/** One goes beyond what the other must not, or the other way round. */
export function tellDisagreement({ kind, entry, further, milder }: Disagreement): string {
  const name = entry.name.value;
  const [more, less] = [further.map(tellAnswer).join('; '), milder.map(tellAnswer).join('; ')];
  return kind === 'accuses'
    ? `Disagree on ${name}, in which nobody is to blame: ${more}, and ${less}`
    : `Disagree on ${name}, which must be found: ${more}, and ${less}`;
}

/** The highest disposition may be about another subject than the one to find: where the answer counts, its outcome says that. */
function tellAnswer({ sop, disposition, outcome }: Answer): string {
  if (outcome === null)
    return `${sop} says ${disposition ?? 'nothing'}${disposition === null ? '' : ' of somebody'} (shown only)`;
  return `${sop} ${outcomeVerbs[outcome]}`;
}

const outcomeVerbs: Readonly<Record<CaseOutcome, string>> = {
  caught: 'finds it', left_alone: 'leaves it alone', missed: 'misses it', false_alarm: 'accuses somebody', differs: 'decides otherwise than expected',
  error: 'does not decide', known_gap: 'fails, as is known', gap_expired: 'fails, accepted too long ago', gap_closed: 'passes, though noted as a gap',
}; // biome-ignore format: a small dictionary
