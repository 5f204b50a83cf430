import type { Area } from '../boxes/area.ts';
import type { Frame } from '../boxes/frame.ts';
import { anything, type Logic } from '../logic.ts';
import type { Scalar } from '../normalise.ts';
import { type Axis, axisOf, literalsOf, type Piece, placeOf, type Ranges } from '../region/axis.ts';
import { touches } from '../region/cut.ts';
import type { Region } from '../region/region.ts';
import { showRanges } from '../region/show.ts';
import { witnessOf } from '../region/witness.ts';

export type TellRegion = (frame: Frame, area: Area) => Region;

/** Areas of frames as regions of a logic. */
export function regionTeller(logic: Logic): TellRegion {
  const words = wordsOf(logic);
  // Most tables have nothing to tell.
  let known: ReadonlyMap<string, Scalar> | undefined;
  const usual = () => {
    known ??= new Map(
      logic.inputs.map((column) => {
        const axis = axisOf(column, []);
        return [column.name, valueIn(axis.pieces.length === 0 ? [] : [0, 0], axis, words)];
      }),
    );
    return known;
  };
  return ({ dims }, area) => {
    const witness = new Map(usual());
    const cells: { column: string; text: string }[] = [];
    dims.forEach(({ name, axis }, dim) => {
      const ranges = area[dim] ?? [];
      witness.set(name, valueIn(ranges, axis, words));
      const text = showRanges(ranges, axis);
      if (text !== '-') cells.push({ column: name, text });
    });
    return { cells, witness };
  };
}

type Words = ReadonlyMap<string, ReadonlySet<string>>;

/** A value of the first run of these places, near an end of it; an end that is not that of the column's range, where there is one. */
function valueIn(ranges: Ranges, axis: Axis, words: Words): Scalar {
  const { column, pieces } = axis;
  const [from = -1, to = -1] = ranges;
  const first = pieces[from];
  if (first === undefined) return null;
  const known = words.get(column.name) ?? new Set<string>();
  if (first.kind !== 'stretch') return witnessOf(first, column, known);
  const whole = stretched(first, pieces.slice(from, to + 1));
  if (from === 0 && pieces[to + 1]?.kind === 'stretch' && whole.kind === 'stretch' && whole.high !== null) {
    const below = witnessOf({ ...whole, low: null }, column, known);
    const place = placeOf(below, axis);
    if (place >= from && place <= to) return below;
  }
  return witnessOf(whole, column, known);
}

/** All stretches of a run as one, where they touch; else the first. */
function stretched(first: Extract<Piece, { kind: 'stretch' }>, run: readonly Piece[]): Piece {
  const all = run.filter((piece) => piece.kind === 'stretch');
  const isWhole = all.every((piece, at) => at === 0 || touches(all[at - 1] ?? first, piece));
  return isWhole ? { ...first, high: all.at(-1)?.high ?? null } : first;
}

/** All words that cells of a column name: a word that nobody has named must be none of them. */
function wordsOf({ tables }: Logic): Words {
  const words = new Map<string, Set<string>>();
  for (const { inputs, rules } of tables)
    inputs.forEach((column, at) => {
      if (column.type !== 'text' && column.type !== 'enum') return;
      const known = words.get(column.name) ?? new Set<string>();
      words.set(column.name, known);
      for (const { tests } of rules) for (const word of literalsOf(tests[at] ?? anything)) known.add(String(word));
    });
  return words;
}
