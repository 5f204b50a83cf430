import type { CheckedSop } from '../check/checked.ts';
import type { Obligation, SopProof, SqlReach, Witness } from '../coverage/obligation.ts';
import { showScalar } from '../decision/normalise.ts';
import { count } from '../diagnostics/words.ts';
import { signalColumns } from '../replay/evaluate.ts';
import { marked, printable } from './layout.ts';
import type { Page } from './paint.ts';

const mostMutants = 10;
const mostSqlMutants = 3;

/** What no case shows of the tables, each with an input that would. Briefly: only mutants. */
export function openLines(proof: SopProof, checked: CheckedSop, verbose: boolean, { columns }: Page): string[] {
  const all = proof.obligations.filter(({ kind, state }) => kind !== 'sql_mutant' && state !== 'proven');
  const open = all.filter(({ state }) => state === 'open');
  const mutants = open.filter(({ kind }) => kind === 'mutant');
  const told = verbose ? all.filter(({ state }) => state !== 'impossible') : mutants.slice(0, mostMutants);
  const more = verbose ? 0 : mutants.length - told.length;
  return [
    ...told.flatMap((one) => [
      ...marked('    ', printable(sayOpen(one)), columns),
      ...(one.witness === null ? [] : marked('      ', printable(sayWitness(one, one.witness, checked)), columns)),
    ]),
    ...(more === 0 ? [] : [`    … and ${more} more that nobody would notice (--verbose)`]),
  ];
}

/** What writes the cases that are missing. */
export function suggestLines({ sop, obligations }: SopProof, { columns }: Page): string[] {
  const open = obligations.filter(
    ({ kind, state }) => state === 'open' && kind !== 'gap' && kind !== 'sql_mutant',
  ).length;
  if (open === 0) return [];
  const says = `${count(open, 'point')} of the tables ${open === 1 ? 'is' : 'are'} open: \`sop suggest ${sop}\` writes the missing cases, for a person to answer`;
  return marked('    ', says, columns);
}

function sayOpen({ kind, state, says }: Obligation): string {
  if (state === 'undecided') return `not known whether any input shows it: ${says}`;
  if (kind === 'gap') return says;
  return kind === 'mutant' ? `nobody would notice if ${says}` : `not shown: ${says}`;
}

/** `for example share 0.21: investigate, medium, by R2; then it would be dismiss, info, by else`. */
function sayWitness({ kind }: Obligation, { segment, values, before, after }: Witness, checked: CheckedSop): string {
  const columns = signalColumns(checked);
  const shown = [...values].map(([signal, value]) => `${signal} ${showScalar(value, columns.get(signal) ?? null)}`);
  const where = segment === null ? '' : `in ${segment}, `;
  const then = kind === 'gap' ? '' : `; then it would be ${after}`;
  return `for example ${where}${shown.join(', ')}: ${before}${then}`;
}

/** Mutants of the SQL that no case notices, with what data would tell, and how far slips were looked for at all. */
export function sqlLines(
  obligations: readonly Obligation[],
  sql: SqlReach,
  verbose: boolean,
  { paint, columns }: Page,
): string[] {
  const untried = new Set(sql.untried);
  const survivors = obligations.filter(
    ({ id, kind, state }) => kind === 'sql_mutant' && state !== 'proven' && !untried.has(id),
  );
  const told = verbose ? survivors : survivors.slice(0, mostSqlMutants);
  const more = survivors.length - told.length;
  const say = (text: string) => marked('    ', printable(text), columns);
  return [
    ...told.flatMap(({ says, needs }) => [
      ...say(`nobody would notice if ${says}`),
      ...marked('      ', printable(`undecided: ${needs ?? ''}`), columns),
    ]),
    ...(more === 0 ? [] : [`    … and ${more} more in the SQL that nobody would notice (--verbose)`]),
    ...(untried.size === 0
      ? []
      : say(`${count(untried.size, 'SQL mutant')} not tried: there was no time left. The same call goes on there`)),
    ...sql.unread.flatMap((text) =>
      say(`${text} is too large to look for slips in: nothing is known of it`).map(paint.red),
    ),
    ...(verbose && sql.refused + sql.dropped > 0
      ? say(
          `not counted: ${count(sql.refused, 'slip')} in the SQL that \`sop check\` refuses, ${sql.dropped} that cannot be made in the text alone`,
        )
      : []),
  ];
}
