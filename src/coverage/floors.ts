import type { CheckedLibrary } from '../check/checked.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { type Config, type Figure, type Floor, figures, floorOf } from '../model/config.ts';
import type { ObligationKind, SopProof } from './obligation.ts';
import type { Proofs } from './proofs.ts';

/** How much of something is proved. */
export interface Share {
  readonly proven: number;
  /** All that an input could show: what is impossible counts nowhere, what could not be told counts as unproved. */
  readonly total: number;
  /** Whole percent, rounded down; null where there is nothing to prove. */
  readonly percent: number | null;
}

const kindOf: Readonly<Record<Figure, ObligationKind>> = {
  rules: 'rule',
  bounds: 'bound',
  conditions: 'condition',
  nulls: 'null',
  outputs: 'output',
  mutation: 'mutant',
  sql_mutation: 'sql_mutant',
};

/** What is measured without running changed SQL. */
export const tableFigures: readonly Figure[] = figures.filter((figure) => figure !== 'sql_mutation');

export function shareOf({ obligations }: SopProof, figure: Figure): Share {
  const own = obligations.filter(({ kind, state }) => kind === kindOf[figure] && state !== 'impossible');
  const proven = own.filter(({ state }) => state === 'proven').length;
  return { proven, total: own.length, percent: own.length === 0 ? null : Math.floor((proven * 100) / own.length) };
}

/**
 * What falls below its floor, at the line of the floor: SOP by SOP, so that no SOP hides behind another. Where there is nothing to
 * prove, any floor holds. `measured`: the figures that the proofs speak of; floors of others are left alone.
 */
export function checkFloors(
  proofs: readonly SopProof[],
  config: Config,
  measured: readonly Figure[] = tableFigures,
): Diagnostic[] {
  return proofs.flatMap((proof) =>
    measured.flatMap((figure) => {
      const floor = floorOf(config, figure, proof.sop);
      const { proven, total, percent } = shareOf(proof, figure);
      if (floor === undefined || percent === null || percent >= floor.percent) return [];
      const untried = figure === 'sql_mutation' ? (proof.sql?.untried ?? []) : [];
      const own = proof.obligations.filter(({ kind, id }) => kind === kindOf[figure] && !untried.includes(id));
      const open = own.find(({ state }) => state === 'open');
      const says = (open ?? own.find(({ state }) => state === 'undecided'))?.says ?? '';
      const share = { percent, floor: floor.percent, proven, total };
      const told = { open: says, isShown: open !== undefined, untried: untried.length };
      return [diagnose('SOP770', floor.span, { sop: proof.sop, figure, ...share, ...told })];
    }),
  );
}

/** The same of SOPs whose cases ran. A SOP without floors costs nothing; one with errors has been told. */
export function proveFloors({ library, sops }: CheckedLibrary, proofs: Proofs, ids: readonly string[]): Diagnostic[] {
  const floors = (id: string) =>
    tableFigures.map((figure) => floorOf(library.config, figure, id)).filter((floor): floor is Floor => floor !== undefined); // biome-ignore format: one thought
  const asked = sops.filter(({ sop, sound }) => {
    const id = sop.id.value;
    const isChosen = ids.length === 0 || ids.includes(id);
    return isChosen && sound && sop.status.value !== 'retired' && floors(id).length > 0;
  });
  return checkFloors(asked.map(proofs.of), library.config);
}
