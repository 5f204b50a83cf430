import type { CheckedLibrary, CheckedSop } from '../check/checked.ts';

/** The SOPs whose cases an agent is asked about: those that skills are compiled from. Without ids all. */
export function evalSops({ sops }: CheckedLibrary, ids: readonly string[], drafts: boolean): readonly CheckedSop[] {
  const isBuilt = (status: string) => status === 'approved' || (drafts && status !== 'retired');
  return sops.filter(({ sop }) => (ids.length === 0 || ids.includes(sop.id.value)) && isBuilt(sop.status.value));
}
