import type { Places, SideRule } from './side.ts';

/** A box of inputs: of each axis the places that it holds. */
export type Box = readonly Places[];

/** A rule that some input of a box may meet. */
export interface Live {
  readonly rule: SideRule;
  /** Axes on which a part of the box fails it. */
  readonly open: readonly number[];
  /** Some of what an earlier table may give fails it. */
  readonly isOpenGiven: boolean;
}

export function isMet({ open, isOpenGiven }: Live): boolean {
  return open.length === 0 && !isOpenGiven;
}
