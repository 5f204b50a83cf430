import type { Case, CaseKind } from '../../src/model/case.ts';
import type { Library } from '../../src/model/library.ts';
import type { Sop } from '../../src/model/sop.ts';
import { alsoWatched, type EdgeCase, edgeCases, edgeCasesOf, placeOnList } from './edge-cases.ts';

/** How a case came out on its own SOP, by the words of `sop test`; of an unknown case nothing is known. */
export type OutcomeOf = (entry: Case) => string | undefined;

const isAdversary = ({ source }: Case) => source.startsWith('adversary: ');

/** `docs/library.md`. Only `outcomeOf` needs a run; all else stands in `sops/`. */
export function libraryPage({ sops, cases, views, viewCases }: Library, outcomeOf: OutcomeOf): string {
  const live = sops.filter(({ status }) => status.value !== 'retired');
  const told = cases.filter((entry) => live.some(({ id }) => id.value === entry.sop));
  const ofSop = ({ id }: Sop) => told.filter(({ sop }) => sop === id.value);
  const attacked = live.filter((sop) => ofSop(sop).some(isAdversary));
  return [
    '# The library at a glance',
    '`npm run library` writes this page from `sops/`: it reads every SOP and every case, and runs the cases as `sop test` does. Nobody edits it by hand. What the outcomes mean: [Cases](cases.md#how-a-case-comes-out).',
    '## The SOPs',
    `${live.length} SOPs with ${told.length} cases, and ${views.length} views with ${viewCases.length} of their own. *Raw* cases start from rows of market tables and so try the SQL; the others give the values of signals and try the decision alone. *Gaps* are known gaps: attacks that are missed, or innocents who are accused, that somebody accepts until a date. *Adversary* cases were written by somebody who knew the text and wanted to slip through.`,
    table(
      ['SOP', 'Techniques', 'Markets', 'Attack', 'Benign', 'Incident', 'Raw', 'Values', 'Gaps', 'Adversary'],
      [...live.map((sop) => sopRow(sop, ofSop(sop))), ['**All**', '', '', ...counts(told)]],
      3,
    ),
    '## Adversaries',
    `What became of the ${told.filter(isAdversary).length} cases of somebody who has read the SOP. One that is caught was either always caught or made the SOP better; one that is not is a known gap, with its date.`,
    ...attacked.flatMap((sop) => [`### ${sop.title.value}`, adversaries(ofSop(sop).filter(isAdversary), outcomeOf)]),
    '## Forty edge cases',
    'Each defeats a rule that looks reasonable: it overlooks an attack (*miss*), accuses an innocent (*false*), or both. A case counts here if its `source` says so.',
    table(
      ['No.', 'Family', 'Danger', 'What happens', 'Cases, and how they come out'],
      edgeCases.map((edge, at) => edgeRow(edge, at + 1, told, outcomeOf)),
      0,
    ),
    missing(edgeCases.flatMap((_, at) => (numbered(told, at + 1).length === 0 ? [String(at + 1)] : []))),
    '## And beside them',
    table(
      ['What', 'Cases, and how they come out'],
      alsoWatched.map((name, at) => [name, listed(watched(told, at), outcomeOf)]),
      0,
    ),
    missing(alsoWatched.filter((_, at) => watched(told, at).length === 0)),
    ...strangers(told),
  ]
    .join('\n\n')
    .concat('\n');
}

function sopRow({ id, title, techniques, markets }: Sop, own: readonly Case[]): string[] {
  return [
    `[${title.value}](../sops/${id.value}/SOP.md)`,
    techniques.map(({ value }) => value).join(', '),
    markets.map(({ value }) => value).join(', '),
    ...counts(own),
  ];
}

function counts(cases: readonly Case[]): string[] {
  const of = (kind: CaseKind) => cases.filter((entry) => entry.kind === kind).length;
  const raw = cases.filter(({ input }) => input.kind === 'given').length;
  return [
    of('attack'),
    of('benign'),
    of('incident'),
    raw,
    cases.length - raw,
    cases.filter(({ knownGap }) => knownGap !== null).length,
    cases.filter(isAdversary).length,
  ].map(String);
}

function adversaries(cases: readonly Case[], outcomeOf: OutcomeOf): string {
  return table(
    ['Case', 'What is tried', 'What became of it'],
    cases.map((entry) => [link(entry), entry.title, ended(entry, outcomeOf)]),
    0,
  );
}

function edgeRow(
  { vector, danger, what }: EdgeCase,
  no: number,
  cases: readonly Case[],
  outcomeOf: OutcomeOf,
): string[] {
  return [String(no), vector, danger, what, listed(numbered(cases, no), outcomeOf)];
}

const numbered = (cases: readonly Case[], no: number) =>
  cases.filter(({ source }) => edgeCasesOf(source).numbers.includes(no));

const watched = (cases: readonly Case[], at: number) =>
  cases.filter(({ source }) => edgeCasesOf(source).words.some((word) => placeOnList(word) === at));

function listed(cases: readonly Case[], outcomeOf: OutcomeOf): string {
  return cases.length === 0 ? 'none' : cases.map((entry) => `${link(entry)}: ${ended(entry, outcomeOf)}`).join(', ');
}

/** The outcome in a reader's words. Whatever is neither right nor accepted is bold. */
function ended(entry: Case, outcomeOf: OutcomeOf): string {
  const outcome = outcomeOf(entry);
  switch (outcome) {
    case 'caught':
      return entry.kind === 'incident' ? 'incident found' : 'caught';
    case 'left_alone':
      return 'left alone';
    case 'known_gap':
      return `known gap until ${entry.knownGap?.until.value}`;
    case undefined:
      return '**not run**';
    default:
      return `**${outcome.replaceAll('_', ' ')}**`;
  }
}

/** The outcome of `sop test` that these words stand for. */
export function outcomeIn(words: string): string | undefined {
  if (words === 'caught' || words === 'incident found') return 'caught';
  if (words === 'left alone') return 'left_alone';
  if (words.startsWith('known gap until ')) return 'known_gap';
  const bold = /^\*\*(.+)\*\*$/.exec(words)?.[1];
  return bold === 'not run' ? undefined : bold?.replaceAll(' ', '_');
}

function missing(names: readonly string[]): string {
  return names.length === 0 ? 'Each has a case.' : `Without a case: ${names.join(', ')}.`;
}

/** Edge cases that are not there, and words that the list does not have: slips of a source. */
function strangers(cases: readonly Case[]): string[] {
  const slips = cases.flatMap((entry) => {
    const { numbers, words } = edgeCasesOf(entry.source);
    const wrong = [
      ...numbers.filter((no) => no < 1 || no > edgeCases.length).map(String),
      ...words.filter((word) => placeOnList(word) < 0),
    ];
    return wrong.map((said) => `${link(entry)} says "${said}"`);
  });
  return slips.length === 0 ? [] : [`Sources that name something else: ${slips.join(', ')}.`];
}

export function link({ name, path }: Case): string {
  return `[${name.value}](../${path})`;
}

/** `numbersFrom`: columns from this one on stand at the right; 0: none. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], numbersFrom: number): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = head.map((_, at) => (numbersFrom > 0 && at >= numbersFrom ? '---:' : '---'));
  return [line(head), `|${rule.join('|')}|`, ...rows.map(line)].join('\n');
}
