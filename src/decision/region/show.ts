import Big from 'big.js';
import { isTimeType } from '../../model/value.ts';
import { previousDouble } from '../doubles.ts';
import type { Column } from '../logic.ts';
import { showScalar } from '../normalise.ts';
import type { Axis, Piece, Ranges } from './axis.ts';
import { type Cut, type Stretch, touches } from './cut.ts';
import { places } from './ranges.ts';

/** Pieces of an axis as a person reads them: `[0.2..0.5), null`, `< P1D`; `-` for all of them. */
export function showRanges(ranges: Ranges, axis: Axis): string {
  const { pieces, column } = axis;
  if (ranges.length === 2 && ranges[0] === 0 && ranges[1] === pieces.length - 1) return '-';
  const shown: string[] = [];
  const values: string[] = [];
  let others = false;
  for (let at = 0; at < ranges.length; at += 2) {
    const run = pieces.slice(ranges[at], (ranges[at + 1] ?? -1) + 1);
    shown.push(...showRuns(run, column));
    for (const piece of run) {
      if (piece.kind !== 'values') continue;
      values.push(...piece.values.map((value) => showScalar(value, column)));
      others ||= piece.others;
    }
  }
  const hasNull = places(ranges).some((place) => pieces[place]?.kind === 'null');
  return [...shown, ...(others ? [exceptFor(ranges, axis)] : values), ...(hasNull ? ['null'] : [])]
    .filter((text) => text !== '')
    .join(', ');
}

/** The same as a cell of a table: a time is a literal there, `< duration("P1D")`. */
export function showCell(ranges: Ranges, axis: Axis): string {
  const shown = showRanges(ranges, axis);
  return isTimeType(axis.column.type)
    ? shown.replace(/-?P[\dDTHMS.]*[DHMS]|-?\d+-[\dTZ:.-]*Z/g, (time) => `${axis.column.type}("${time}")`)
    : shown;
}

/** `ratio >= 0.5`, `type = "mm" or "house"`, `share in [0.2..0.5) or null`: what `showRanges` shows, as a sentence has it. */
export function cellWords(column: string, text: string): string {
  if (text === 'not(null)') return `${column} is known`;
  if (text.startsWith('not(')) return `${column} ${text.replace(/, null$/, ' or null')}`;
  const ways = text.replace(/("[^"]*")|, /g, (_, quoted?: string) => quoted ?? ' or ');
  if (/^[<>]/.test(text)) return `${column} ${ways}`;
  return /^[[(]/.test(text) ? `${column} in ${ways}` : `${column} = ${ways}`;
}

/** Words that nobody has named can only be told by those that are not meant. */
function exceptFor(ranges: Ranges, { pieces, column }: Axis): string {
  const taken = new Set(places(ranges));
  const rest = pieces.flatMap((piece, place) => (piece.kind === 'values' && !taken.has(place) ? piece.values : []));
  return rest.length === 0 ? 'not(null)' : `not(${rest.map((value) => showScalar(value, column)).join(', ')})`;
}

/** Stretches that touch are told as one. */
function showRuns(run: readonly Piece[], column: Column): string[] {
  const joined: { low: Cut | null; high: Cut | null }[] = [];
  for (const piece of run) {
    if (piece.kind !== 'stretch') continue;
    const last = joined.at(-1);
    if (last !== undefined && touches(last, piece)) last.high = piece.high;
    else joined.push({ low: piece.low, high: piece.high });
  }
  return joined.map((stretch) => showStretch(stretch, column));
}

/** One stretch as a unary test; empty where it has no bound. */
export function showStretch({ low, high }: Stretch, column: Column): string {
  const from = low === null ? null : boundOf(low, column, false);
  const to = high === null ? null : boundOf(high, column, true);
  if (from === null && to === null) return 'not(null)';
  if (to === null) return `${from?.after ? '>' : '>='} ${from?.text}`;
  if (from === null) return `${to.after ? '<=' : '<'} ${to.text}`;
  if (!from.after && to.after && from.text === to.text) return from.text;
  return `${from.after ? '(' : '['}${from.text}..${to.text}${to.after ? ']' : ')'}`;
}

/** A cut as the bound that a person would write: `after` where the bound itself lies below. */
function boundOf(
  { at, after }: Cut,
  column: Column,
  isEnd: boolean,
): { readonly text: string; readonly after: boolean } {
  if (at instanceof Big) return { text: at.toFixed(), after };
  const last = column.step === null ? previousDouble(Number(at)) : BigInt(at) - 1n;
  const text = showScalar(at, column);
  const below = showScalar(last, column);
  // Whole numbers end with the last one that is meant; of the others, and of times, the bound is the one with fewer digits.
  const isWhole = column.step?.eq(1) === true && !isTimeType(column.type);
  const isBelow = isWhole ? isEnd : below.length < text.length;
  return isBelow ? { text: below, after: true } : { text, after: false };
}
