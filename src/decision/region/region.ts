import type { Scalar } from '../normalise.ts';

/** A part of what the inputs of a logic may be, as a person reads it, and one point of it. */
export interface Region {
  /** What bounds it: columns that do not appear may be anything. In the order of the inputs. */
  readonly cells: readonly { readonly column: string; readonly text: string }[];
  /** A value for each input of the logic, near a bound of the region. */
  readonly witness: ReadonlyMap<string, Scalar>;
}
