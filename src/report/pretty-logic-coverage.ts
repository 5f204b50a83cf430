import type { SopLogic } from '../coverage/coverage.ts';
import type { ObligationKind } from '../coverage/obligation.ts';
import type { Tally } from '../coverage/tally.ts';
import { count } from '../diagnostics/words.ts';
import { marked, padEnd, padStart, printable, widthOf, wrap } from './layout.ts';
import type { Page } from './paint.ts';
import { openLines, sqlLines, suggestLines } from './pretty-open.ts';

const words: Readonly<Record<ObligationKind, string>> = {
  rule: 'rules that decide somebody',
  bound: 'bounds, with a case below, at and above',
  condition: 'conditions that matter (MC/DC)',
  null: 'signals that are lacking',
  output: 'answers that somebody gets',
  mutant: 'mutation score: slips that would be noticed',
  sql_mutant: 'SQL mutants that would be noticed',
  gap: 'inputs that no rule decides',
};

/** What the cases prove of the decision tables of each SOP, and of its SQL where that was tried: one line a kind of obligation. */
export function logicLines(entries: readonly SopLogic[], verbose: boolean, page: Page): string[] {
  const { paint, columns } = page;
  if (entries.length === 0) return [];
  const isSqlTried = entries.some(({ proof }) => proof !== null && proof.sql !== null);
  const about =
    'Of all that a slip could change, what a case that stands would notice. Percent are rounded down; what nobody can show counts nowhere.';
  return [
    '',
    paint.bold(`What the cases prove of the decision tables${isSqlTried ? ' and the SQL' : ''}`),
    ...wrap(about, columns - 2).map((line) => `  ${paint.dim(line)}`),
    ...entries.flatMap((entry) => ['', ...sopLines(entry, verbose, page)]),
  ];
}

function sopLines(entry: SopLogic, verbose: boolean, page: Page): string[] {
  const { sop, checked, proof, tallies, why } = entry;
  const { paint, columns } = page;
  const head = `  ${paint.bold(printable(sop))}`;
  if (proof === null) return [head, ...marked('    ', printable(`nothing is proved: ${why}`), columns)];
  const left = proof.leftOut.length;
  const shown = tallies.filter(({ kind, total }) => total > 0 && kind !== 'gap');
  const gaps = tallies.find(({ kind }) => kind === 'gap')?.total ?? 0;
  const wide = Math.max(0, ...shown.map(({ total }) => String(total).length));
  const width = Math.max(0, ...shown.map(({ kind }) => widthOf(words[kind])));
  return [
    `${head}${left === 0 ? '' : paint.dim(`, not counting ${count(left, 'case')} that ${left === 1 ? 'fails' : 'fail'}`)}`,
    ...shown.map((tally) => `    ${padEnd(words[tally.kind], width)}  ${figures(tally, wide, page)}`),
    ...(gaps === 0
      ? []
      : [
          `    ${padEnd(words.gap, width)}  ${paint.red(`${padStart(String(gaps), wide)}, which only a rule can close`)}`,
        ]),
    ...openLines(proof, checked, verbose, page),
    ...(proof.sql === null ? [] : sqlLines(proof.obligations, proof.sql, verbose, page)),
    ...suggestLines(proof, page),
  ];
}

/** `41 of 52,  78 %`. */
function figures({ proven, total, percent, undecided }: Tally, wide: number, { paint }: Page): string {
  const share = `${padStart(String(proven), wide)} of ${padStart(String(total), wide)}, ${padStart(String(percent ?? 0), 3)} %`;
  const aside = undecided === 0 ? '' : paint.dim(`, ${undecided} not known`);
  return `${proven === total ? paint.green(share) : paint.yellow(share)}${aside}`;
}
