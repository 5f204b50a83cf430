import type { CheckedLibrary, CheckedSop } from '../check/checked.ts';
import { isBuilt } from './compile-skills.ts';

/** The SOPs whose cases an agent is asked about: those that skills are compiled from. Without ids all. */
export function evalSops({ sops }: CheckedLibrary, ids: readonly string[], drafts: boolean): readonly CheckedSop[] {
  return sops.filter(
    ({ sop }) => (ids.length === 0 || ids.includes(sop.id.value)) && isBuilt(sop.status.value, drafts),
  );
}
