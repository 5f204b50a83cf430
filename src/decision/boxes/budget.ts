/**
 * How much an analysis may do for one table, in visits of a rule in a box. Work is counted, not timed: the same tables give the
 * same findings on every machine.
 */
export interface Budget {
  readonly visits: number;
}

/** About two seconds a table on a common machine (`npm run bench` prints what hard tables take). */
export function defaultBudget(): Budget {
  return { visits: 40_000_000 };
}

/** Counts visits down. */
export interface Meter {
  /** Whether there is anything left, after taking so many. */
  readonly spend: (visits: number) => boolean;
  readonly left: () => number;
}

export function meterOf(visits: number): Meter {
  let left = visits;
  return {
    spend: (taken) => {
      left -= taken;
      return left > 0;
    },
    left: () => left,
  };
}

/** A meter that ends when this share of what its parent has left is gone: no question takes all from the later ones. */
export function shareOf(parent: Meter, share: number): Meter {
  let left = Math.max(0, parent.left()) * share;
  return {
    spend: (taken) => {
      left -= taken;
      return parent.spend(taken) && left > 0;
    },
    left: () => Math.min(left, parent.left()),
  };
}
