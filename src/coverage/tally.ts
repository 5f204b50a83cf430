import { type ObligationKind, obligationKinds, type SopProof } from './obligation.ts';

/** How many obligations of a kind the cases prove. `impossible` ones count nowhere else. */
export interface Tally {
  readonly kind: ObligationKind;
  readonly proven: number;
  readonly open: number;
  /** It could not be told whether they are open or impossible. They are no proof, so they are among `total`. */
  readonly undecided: number;
  readonly impossible: number;
  /** All that could be proven, as far as is known. */
  readonly total: number;
  /** Whole percent of `total`, rounded down: 100 only if all are proven. Null where there is nothing to prove. */
  readonly percent: number | null;
}

/** One of each kind, in their order. */
export function tallies({ obligations }: SopProof): Tally[] {
  return obligationKinds.map((kind) => {
    const own = obligations.filter((obligation) => obligation.kind === kind);
    const of = (state: string) => own.filter((obligation) => obligation.state === state).length;
    const impossible = of('impossible');
    const total = own.length - impossible;
    const proven = of('proven');
    return {
      kind,
      proven,
      open: of('open'),
      undecided: of('undecided'),
      impossible,
      total,
      percent: percentOf(proven, total),
    };
  });
}

/** Whole percent, rounded down; null of nothing. */
export function percentOf(part: number, total: number): number | null {
  return total === 0 ? null : Math.floor((100 * part) / total);
}
