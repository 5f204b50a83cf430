import type { Column } from '../logic.ts';
import { normalise, type Scalar } from '../normalise.ts';
import type { Axis, Piece } from '../region/axis.ts';
import { placeOf } from '../region/axis.ts';
import type { Region } from '../region/region.ts';
import { showRanges } from '../region/show.ts';
import { witnessOf } from '../region/witness.ts';
import type { Box } from './live.ts';
import type { Places } from './side.ts';

/** What bounds a box, as cells, and one input of it. `missing` says what a subject without a value counts as. */
export function regionOf(box: Box, axes: readonly Axis[], missing: ReadonlyMap<string, Column>): Region {
  const witness = new Map<string, Scalar>();
  const cells = axes.flatMap((axis, place) => {
    const there = box[place] ?? 0n;
    const text = showRanges(rangesIn(there, axis), boundless(axis));
    witness.set(axis.column.name, sampleOf(there, axis, text === '-' ? missing.get(axis.column.name) : undefined));
    return text === '-' ? [] : [{ column: axis.column.name, text }];
  });
  return { cells, witness };
}

function rangesIn(there: Places, { pieces }: Axis): readonly number[] {
  const ranges: number[] = [];
  pieces.forEach((_, place) => {
    if (((there >> BigInt(place)) & 1n) === 0n) return;
    if (ranges.at(-1) === place - 1) ranges[ranges.length - 1] = place;
    else ranges.push(place, place);
  });
  return ranges;
}

/** The ends of what a column may be are no bounds that anybody has to read: `>= 0.5`, not `[0.5..1]`. */
function boundless({ column, pieces }: Axis): Axis {
  const numbers = pieces.filter((piece) => piece.kind === 'stretch');
  const [first, last] = [numbers[0], numbers.at(-1)];
  const widened = pieces.map((piece): Piece => {
    if (piece.kind !== 'stretch') return piece;
    return { kind: 'stretch', low: piece === first ? null : piece.low, high: piece === last ? null : piece.high };
  });
  return { column, pieces: widened };
}

/** Where a column does not matter, what a subject without data counts as; else the value nearest to a bound. */
function sampleOf(there: Places, axis: Axis, usual: Column | undefined): Scalar {
  const holds = (place: number) => ((there >> BigInt(place)) & 1n) === 1n;
  const read = usual === undefined ? null : normalise(usual.missing, usual);
  if (read?.ok === true && read.value !== null && holds(placeOf(read.value, axis))) return read.value;
  const places = axis.pieces.map((_, place) => place).filter(holds);
  const place = places.find((at) => axis.pieces[at]?.kind !== 'null') ?? places[0];
  const piece = place === undefined ? undefined : axis.pieces[place];
  if (piece === undefined) throw new Error('an empty region');
  return witnessOf(
    piece,
    axis.column,
    new Set(axis.pieces.flatMap((each) => (each.kind === 'values' ? each.values : [])).map(String)),
  );
}
