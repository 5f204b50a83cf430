import type { LogicRule, LogicTable } from '../logic.ts';
import type { Axis, Ranges } from '../region/axis.ts';
import type { Feed } from './feed.ts';

/**
 * What tables are asked over: inputs, each an axis of pieces, and the tables in an order in which each comes behind those that feed
 * it. The analysis asks about the last one; a comparison has the tables of two logics.
 */
export interface Frame {
  readonly dims: readonly Dim[];
  readonly layers: readonly [...Layer[], Layer];
}

export interface Dim {
  readonly name: string;
  readonly axis: Axis;
}

/** Meets no run of places. */
export const noPlace = { low: 2 ** 31 - 1, high: -1 } as const;

/** The rules of a table over the axes of a frame. Rules are told by place in the order in which they are asked (P: by priority). */
export interface Layer {
  readonly table: LogicTable;
  /** Whether the first rule that matches decides. */
  readonly ordered: boolean;
  /** Whether two rules that match at once may end the decision. */
  readonly stops: boolean;
  readonly rules: readonly LogicRule[];
  /** A number for each rule, the same for equal outputs; of `else`, or of no rule, at the end. */
  readonly says: Int32Array;
  /** First and last place of each rule on each axis, at `rule * dims + dim`; where it has none, those of `noPlace`. */
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** All places, of cells that are several runs. */
  readonly runs: ReadonlyMap<number, Ranges>;
  /** For each rule those that it meets, in their order, where that is known. */
  readonly near?: readonly (readonly number[])[];
  /** Its columns that earlier tables of the frame fill. */
  readonly feeds: readonly Feed[];
}

/** Whether a table in which no rule matches leaves its subject undecided. */
export function decidesAlone({ table: { hitPolicy } }: Layer): boolean {
  return hitPolicy === 'F' || hitPolicy === 'P' || hitPolicy === 'U' || hitPolicy === 'A';
}
