import type { Output } from '../compile-table.ts';
import { scalarOf } from '../decide.ts';
import type { Column, Test } from '../logic.ts';
import { type Axis, axisOf, placeOf, rangesOf } from '../region/axis.ts';
import { places } from '../region/ranges.ts';

/** A column that an earlier table fills, cut into pieces as its own cells tell values apart. */
export interface Feed {
  readonly column: Column;
  /** Which layer of the frame fills it, and with which of its outputs. */
  readonly layer: number;
  readonly output: number;
  readonly axis: Axis;
  /** What each rule asks of it. */
  readonly tests: readonly Test[];
  /** Whether a rule lets a piece through, at `rule * pieces + piece`. */
  readonly lets: Uint8Array;
  /** The piece of a value; nothing lies outside. */
  readonly placeOf: (value: Output) => number;
}

/** `told` are all cells that are asked of the column, wherever it heads one; `tests` those of one such place, a rule each. */
export function feedOf(
  column: Column,
  told: readonly Test[],
  tests: readonly Test[],
  { layer, output }: Pick<Feed, 'layer' | 'output'>,
): Feed {
  const axis = axisOf(column, [...new Set(told)]);
  const width = axis.pieces.length;
  const lets = new Uint8Array(tests.length * width);
  tests.forEach((test, rule) => {
    for (const place of places(rangesOf(test, axis))) lets[rule * width + place] = 1;
  });
  const known = new Map<string, number>();
  return {
    column,
    layer,
    output,
    axis,
    tests,
    lets,
    placeOf: (value) => {
      const scalar = scalarOf(value);
      const key = `${typeof scalar} ${scalar}`;
      const place = known.get(key) ?? placeOf(scalar, axis);
      if (place < 0) throw new Error(`\`${column.name}\` is filled with ${key}, which its type does not have`);
      known.set(key, place);
      return place;
    },
  };
}
