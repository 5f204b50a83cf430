import { type Column, isOrdered, type Test } from '../logic.ts';
import { missingValue, type Scalar } from '../normalise.ts';
import { type Amount, type Cut, compareCuts, isInside, type Stretch, stretchesOf } from './cut.ts';

/**
 * Values of a column that no test of a table tells apart. Pieces of one axis are disjoint, cover all that the column may be, and
 * stand in order: numbers ascending, words and truth values as declared, null last.
 */
export type Piece =
  | { readonly kind: 'stretch'; readonly low: Cut | null; readonly high: Cut | null }
  /** Words or truth values. Words that nobody has named are `others`. */
  | { readonly kind: 'values'; readonly values: readonly (string | boolean)[]; readonly others: boolean }
  | { readonly kind: 'null' };

/** Everything that a column may be, cut into pieces. */
export interface Axis {
  readonly column: Column;
  readonly pieces: readonly Piece[];
}

/** Pieces of an axis by place: `[from, to, from, to …]`, both ends inside, ascending, apart by at least one place. */
export type Ranges = readonly number[];

/**
 * The axis of a column for these tests. Its range bounds it: a value outside makes the decision invalid before any table is
 * asked. Null is on it only where a subject may have none: what is missing gets the column's `missing` value. A column that is
 * `fixed` has that one value.
 */
export function axisOf(column: Column, tests: readonly Test[]): Axis {
  const known = isOrdered(column) ? numberPieces(column, tests) : valuePieces(column, tests);
  const pieces: Piece[] = column.missing === null ? [...known, { kind: 'null' }] : known;
  if (column.fixed !== true) return { column, pieces };
  const axis = { column, pieces };
  const only = pieces[placeOf(missingValue(column), axis)];
  return { column, pieces: only === undefined ? [] : [only] };
}

function numberPieces(column: Column, tests: readonly Test[]): Piece[] {
  const bounds = stretchesOf(column.range, column);
  const cuts = sortedCuts([...tests.flatMap((test) => stretchesOf(test, column)), ...bounds]);
  const pieces: Piece[] = [];
  for (let place = 0; place <= cuts.length; place++) {
    const low = cuts[place - 1] ?? null;
    const high = cuts[place] ?? null;
    if (bounds.some((bound) => contains(bound, { low, high }))) pieces.push({ kind: 'stretch', low, high });
  }
  return pieces;
}

function sortedCuts(stretches: readonly Stretch[]): Cut[] {
  const cuts = stretches.flatMap(({ low, high }) => [low, high]).filter((cut) => cut !== null);
  return cuts.sort(compareCuts).filter((cut, place) => {
    const before = cuts[place - 1];
    return before === undefined || compareCuts(before, cut) < 0;
  });
}

function contains(outer: Stretch, inner: Stretch): boolean {
  const fromBelow = outer.low === null || (inner.low !== null && compareCuts(outer.low, inner.low) <= 0);
  const toAbove = outer.high === null || (inner.high !== null && compareCuts(inner.high, outer.high) <= 0);
  return fromBelow && toAbove;
}

/** Words that the same tests let through are one piece. */
function valuePieces(column: Column, tests: readonly Test[]): Piece[] {
  const listed = literalsOf(column.range);
  const isOpen = column.type !== 'boolean' && listed.length === 0;
  const values = column.type === 'boolean' ? [true, false] : isOpen ? tests.flatMap(literalsOf) : listed;
  const named = tests.map((test) => new Set(literalsOf(test)));
  const groups = new Map<string, (string | boolean)[]>();
  for (const value of new Set(values)) {
    const signature = named.map((names) => (names.has(value) ? '1' : '0')).join('');
    const group = groups.get(signature);
    if (group === undefined) groups.set(signature, [value]);
    else group.push(value);
  }
  const pieces: Piece[] = [...groups.values()].map((group) => ({ kind: 'values', values: group, others: false }));
  return isOpen ? [...pieces, { kind: 'values', values: [], others: true }] : pieces;
}

/** The words and truth values that a test names. */
export function literalsOf(test: Test): (string | boolean)[] {
  if (test.kind === 'any') return [];
  return test.atoms.flatMap((atom) =>
    atom.kind === 'equal' && (typeof atom.value === 'string' || typeof atom.value === 'boolean') ? [atom.value] : [],
  );
}

/** The pieces that a test lets through. The axis must have been made for it. */
export function rangesOf(test: Test, axis: Axis): Ranges {
  const { column, pieces } = axis;
  if (test.kind === 'any') return pieces.length === 0 ? [] : [0, pieces.length - 1];
  const onNull = test.negated ? test.alsoNull : test.atoms.some((atom) => atom.kind === 'null');
  if (pieces[0]?.kind === 'stretch') return numberRanges(stretchesOf(test, column), test.negated, onNull, pieces);
  const values = new Set(literalsOf(test));
  return gather(pieces, (piece) => {
    if (piece.kind !== 'values') return onNull;
    return piece.values.some((value) => values.has(value)) !== test.negated;
  });
}

/** The places between the cuts of each stretch, found by halving: an axis may have thousands of pieces. */
function numberRanges(
  stretches: readonly Stretch[],
  negated: boolean,
  onNull: boolean,
  pieces: readonly Piece[],
): Ranges {
  const known = pieces.length - (pieces.at(-1)?.kind === 'null' ? 1 : 0);
  const runs = stretches
    .map(({ low, high }): [number, number] => [
      low === null ? 0 : firstFrom(pieces, known, low),
      high === null ? known - 1 : lastUpTo(pieces, known, high),
    ])
    .sort((a, b) => a[0] - b[0]);
  const ranges: number[] = [];
  const add = (from: number, to: number) => {
    if (from > to) return;
    if (ranges.length > 0 && from <= (ranges.at(-1) ?? 0) + 1) ranges.push(Math.max(ranges.pop() ?? 0, to));
    else ranges.push(from, to);
  };
  let next = 0;
  for (const [from, to] of runs) {
    if (!negated) add(from, to);
    else if (from <= to) {
      add(next, from - 1);
      next = Math.max(next, to + 1);
    }
  }
  if (negated) add(next, known - 1);
  if (onNull && known < pieces.length) add(known, known);
  return ranges;
}

/** The first of the stretches that lies above a cut. */
function firstFrom(pieces: readonly Piece[], known: number, cut: Cut): number {
  return firstPlace(known, (place) => {
    const piece = pieces[place];
    return piece?.kind === 'stretch' && piece.low !== null && compareCuts(piece.low, cut) >= 0;
  });
}

/** The last of the stretches that lies below a cut. */
function lastUpTo(pieces: readonly Piece[], known: number, cut: Cut): number {
  const above = firstPlace(known, (place) => {
    const piece = pieces[place];
    return piece?.kind === 'stretch' && (piece.high === null || compareCuts(piece.high, cut) > 0);
  });
  return above - 1;
}

/** The first place from which on something holds; `count` where it never does. */
function firstPlace(count: number, holds: (place: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function gather(pieces: readonly Piece[], isIn: (piece: Piece) => boolean): Ranges {
  const ranges: number[] = [];
  pieces.forEach((piece, place) => {
    if (!isIn(piece)) return;
    if (ranges.at(-1) === place - 1) ranges[ranges.length - 1] = place;
    else ranges.push(place, place);
  });
  return ranges;
}

/** The piece in which a value lies; -1 where the column can't have it. */
export function placeOf(value: Scalar, { pieces }: Axis): number {
  return pieces.findIndex((piece) => {
    if (value === null || piece.kind === 'null') return value === null && piece.kind === 'null';
    if (piece.kind === 'stretch') return isNumber(value) && isInside(value, piece);
    if (isNumber(value)) return false;
    return piece.values.includes(value) || (piece.others && !pieces.some((other) => namesValue(other, value)));
  });
}

function namesValue(piece: Piece, value: string | boolean): boolean {
  return piece.kind === 'values' && piece.values.includes(value);
}

function isNumber(value: Exclude<Scalar, null>): value is Amount {
  return typeof value !== 'string' && typeof value !== 'boolean';
}
