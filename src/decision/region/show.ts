import Big from 'big.js';
import { isTimeType } from '../../model/value.ts';
import { previousDouble } from '../doubles.ts';
import type { Column } from '../logic.ts';
import { showScalar } from '../normalise.ts';
import type { Axis, Piece, Ranges } from './axis.ts';
import { type Cut, compareAmounts, type Stretch } from './cut.ts';

/** Pieces of an axis as the cell that lets them through: `[0.2..0.5), null`; `-` for all of them. */
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

/** A cell in a sentence that goes on with commas: `< 1 or > 9`. */
export function inSentence(cell: string): string {
  return cell.startsWith('not(') ? cell : cell.replace(/("[^"]*")|, /g, (_, text?: string) => text ?? ' or ');
}

/** Words that nobody has named can only be told by those that are not meant. */
function exceptFor(ranges: Ranges, { pieces, column }: Axis): string {
  const taken = new Set(places(ranges));
  const rest = pieces.flatMap((piece, place) => (piece.kind === 'values' && !taken.has(place) ? piece.values : []));
  return rest.length === 0 ? 'not(null)' : `not(${rest.map((value) => showScalar(value, column)).join(', ')})`;
}

export function places(ranges: Ranges): number[] {
  const all: number[] = [];
  for (let at = 0; at < ranges.length; at += 2)
    for (let place = ranges[at] ?? 0; place <= (ranges[at + 1] ?? -1); place++) all.push(place);
  return all;
}

/** Stretches that touch are told as one. */
function showRuns(run: readonly Piece[], column: Column): string[] {
  const joined: { low: Cut | null; high: Cut | null }[] = [];
  for (const piece of run) {
    if (piece.kind !== 'stretch') continue;
    const last = joined.at(-1);
    if (last !== undefined && last.high !== null && piece.low !== null && sameCut(last.high, piece.low))
      last.high = piece.high;
    else joined.push({ low: piece.low, high: piece.high });
  }
  return joined.map((stretch) => showStretch(stretch, column));
}

function sameCut(a: Cut, b: Cut): boolean {
  return a.after === b.after && compareAmounts(a.at, b.at) === 0;
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
  // Whole numbers end with the last one that is meant; of the others the bound is the one with fewer digits.
  const isWhole = column.step?.eq(1) === true && !isTimeType(column.type);
  const isBelow = isWhole ? isEnd : below.length < text.length;
  return isBelow ? { text: below, after: true } : { text, after: false };
}
