import type { CheckedLibrary, CheckedSop } from '../check/checked.ts';
import type { CaseResult } from '../replay/run-case.ts';
import type { SopProof } from './obligation.ts';
import { proveSop } from './prove-sop.ts';

/** What one run of the cases proves of each SOP: looked at when it is first asked for, and once. */
export interface Proofs {
  /** Of a sound SOP. */
  readonly of: (checked: CheckedSop) => SopProof;
}

/** `known`: of SOPs for which it is known already. */
export function proofsOf(
  { library }: CheckedLibrary,
  results: readonly CaseResult[],
  known: readonly SopProof[] = [],
): Proofs {
  const proofs = new Map(known.map((proof) => [proof.sop, proof]));
  return {
    of: (checked) => {
      const id = checked.sop.id.value;
      const proof = proofs.get(id) ?? proveSop(checked, results, library.desk);
      proofs.set(id, proof);
      return proof;
    },
  };
}
