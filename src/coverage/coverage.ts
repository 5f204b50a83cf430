import type { CheckedLibrary, CheckedSop } from '../check/checked.ts';
import type { Library } from '../model/library.ts';
import type { TestRun } from '../replay/test-library.ts';
import type { SopProof } from './obligation.ts';
import type { Proofs } from './proofs.ts';
import { type Tally, tallies } from './tally.ts';
import { type CrossSops, crossSops } from './techniques/cross-sops.ts';
import { type NextStep, nextSteps } from './techniques/next-steps.ts';
import { type Cell, techniqueMatrix } from './techniques/technique-matrix.ts';

/** What the cases of a library prove: of techniques, and of the tables of its SOPs. */
export interface Coverage {
  readonly library: Library;
  /** In the order of the taxonomy and of the desk's markets; of all techniques, or of those that the chosen SOPs are about. */
  readonly cells: readonly Cell[];
  readonly steps: readonly NextStep[];
  readonly cross: CrossSops;
  /** SOPs that are not retired: all, or those chosen. */
  readonly logic: readonly SopLogic[];
  /** Drafts of cases: no figure counts them. */
  readonly drafts: number;
}

/** What the cases prove of the tables of a SOP. */
export interface SopLogic {
  readonly sop: string;
  /** Null where the SOP has errors: what it would do is a guess. */
  readonly proof: SopProof | null;
  /** One of each kind; empty without a proof. */
  readonly tallies: readonly Tally[];
  readonly checked: CheckedSop;
  /** Why there is no proof; empty where there is one. */
  readonly why: string;
}

/** `run` is of the whole library, whatever is chosen: a claim of one SOP may be proved, or refuted, by the case of another. */
export function coverageOf(checked: CheckedLibrary, run: TestRun, ids: readonly string[], proofs: Proofs): Coverage {
  const { library, sops } = checked;
  const isChosen = (id: string) => ids.length === 0 || ids.includes(id);
  const all = techniqueMatrix(library, run.results);
  const about = new Set([
    ...library.sops
      .filter(({ id }) => isChosen(id.value))
      .flatMap(({ techniques }) => techniques.map(({ value }) => value)),
    ...library.cases.filter(({ sop }) => isChosen(sop)).map(({ technique }) => technique.value),
  ]);
  const cells = ids.length === 0 ? all : all.filter(({ technique }) => about.has(technique.id.value));
  const cross = crossSops(library, run);
  return {
    library,
    cells,
    steps: nextSteps(cells),
    cross: ids.length === 0 ? cross : onlyOf(cross, isChosen),
    logic: sops
      .filter(({ sop }) => sop.status.value !== 'retired' && isChosen(sop.id.value))
      .map((entry) => logicOf(entry, proofs)),
    drafts: new Set(run.drafts.filter(({ sop }) => isChosen(sop)).map(({ entry }) => entry.name.value)).size,
  };
}

function logicOf(checked: CheckedSop, proofs: Proofs): SopLogic {
  const sop = checked.sop.id.value;
  if (!checked.sound)
    return { sop, checked, proof: null, tallies: [], why: 'it, or what it reads, has errors (`sop check`)' };
  const proof = proofs.of(checked);
  return { sop, checked, proof, tallies: tallies(proof), why: '' };
}

function onlyOf({ sightings, alone, disagreements }: CrossSops, isChosen: (id: string) => boolean): CrossSops {
  return {
    sightings: sightings.filter(({ answers }) => answers.some(({ sop }) => isChosen(sop))),
    alone: alone.filter(({ sop }) => isChosen(sop)),
    disagreements: disagreements.filter(({ further, milder }) =>
      [...further, ...milder].some(({ sop }) => isChosen(sop)),
    ),
  };
}
