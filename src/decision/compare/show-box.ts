import type { Area } from '../boxes/area.ts';
import type { Column } from '../logic.ts';
import { missingValue, type Scalar } from '../normalise.ts';
import { type Axis, type Piece, placeOf, type Ranges } from '../region/axis.ts';
import { places } from '../region/ranges.ts';
import type { Region } from '../region/region.ts';
import { showRanges } from '../region/show.ts';
import { witnessOf } from '../region/witness.ts';

/** What bounds an area, as cells, and one input of it. `missing` says what a subject without a value counts as. */
export function regionOf(area: Area, axes: readonly Axis[], missing: ReadonlyMap<string, Column>): Region {
  const witness = new Map<string, Scalar>();
  const cells = axes.flatMap((axis, place) => {
    const there = area[place] ?? [];
    const text = showRanges(there, boundless(axis));
    witness.set(axis.column.name, sampleOf(there, axis, text === '-' ? missing.get(axis.column.name) : undefined));
    return text === '-' ? [] : [{ column: axis.column.name, text }];
  });
  return { cells, witness };
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
function sampleOf(there: Ranges, axis: Axis, usual: Column | undefined): Scalar {
  const all = places(there);
  const missing = usual === undefined ? null : missingValue(usual);
  if (missing !== null && all.includes(placeOf(missing, axis))) return missing;
  const place = all.find((at) => axis.pieces[at]?.kind !== 'null') ?? all[0];
  const piece = place === undefined ? undefined : axis.pieces[place];
  if (piece === undefined) throw new Error('an empty region');
  return witnessOf(
    piece,
    axis.column,
    new Set(axis.pieces.flatMap((each) => (each.kind === 'values' ? each.values : [])).map(String)),
  );
}
