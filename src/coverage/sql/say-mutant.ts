import type { SqlMutant } from '../../model/sql-mutant.ts';

/** Where SQL stands, as a person calls it: `the SQL of Crowd at the ask`, `the view episodes`. */
export interface Owner {
  /** Part of ids: `Crowd at the ask`, `view episodes`. */
  readonly id: string;
  readonly words: string;
}

/** Reads on from "nobody would notice if". `nth` counts the places where the same stands. */
export function sayMutant(mutant: SqlMutant, { words }: Owner, nth: number): string {
  const { what, clause, becomes } = mutant;
  const condition = conditionOf(mutant);
  const which = nth === 1 ? '' : ` (the ${ordinal(nth)} time it stands there)`;
  switch (what) {
    case 'condition':
      return `the ${clause} condition ${code(condition)}${which} was left out of ${words}`;
    case 'join':
      return `the join condition ${code(condition)}${which} was left out of ${words}`;
    default:
      return `${code(condition)}${which} became ${code(becomes)} in ${words}`;
  }
}

/** What rows would tell a mutant from the original; reads on from "it takes". */
export function sayNeeds(mutant: SqlMutant): string {
  const { what, becomes, replacement, sides, tables } = mutant;
  const condition = conditionOf(mutant);
  const data = tables.length === 0 ? 'data' : `data in ${tables.slice(0, 4).map(code).join(', ')}`;
  const [left, right] = sides ?? ['', ''];
  switch (what) {
    case 'condition':
      return `${data} with a row for which ${code(condition)} does not hold, and all else does`;
    case 'join':
      return `${data} with two rows that belong together but for ${code(condition)}`;
    case 'comparison':
      return /^[<>]=?$/.test(replacement)
        ? `${data} for which ${code(left)} is exactly ${code(right)}`
        : `${data} that gets as far as ${code(condition)}`;
    default:
      return `${data} that ${code(condition)} and ${code(becomes)} tell apart`;
  }
}

function conditionOf({ clause, condition }: SqlMutant): string {
  return clause === 'USING' ? `USING (${condition})` : condition;
}

export const code = (text: string): string => `\`${text}\``;

function ordinal(number: number): string {
  const last = number % 10;
  const isTeen = Math.floor(number / 10) % 10 === 1;
  return `${number}${isTeen ? 'th' : last === 1 ? 'st' : last === 2 ? 'nd' : last === 3 ? 'rd' : 'th'}`;
}
