import type { CheckedLibrary } from '../check/checked.ts';
import type { WantedSets } from '../emit/skill/plan-skills.ts';
import { type CompiledSkill, isBuilt } from './compile-skills.ts';

/**
 * An index for each set whose skills are all known: of a SOP that has errors, or was not asked for, nobody knows what is committed.
 * A set that names an unknown SOP or team keeps the index that it has.
 */
export async function setsOf(
  { library }: CheckedLibrary,
  built: readonly CompiledSkill[],
  drafts: boolean,
): Promise<WantedSets> {
  const { emitSetIndex } = await import('../emit/skill/set-index.ts');
  const { sets, sops, desk } = library;
  if (sets === null) return { made: [], isKept: () => true };
  const kept = new Set<string>();
  const made = sets.flatMap((set) => {
    const own = set.skills.map((id) => sops.find((sop) => sop.id.value === id.value));
    const listed = own.filter((sop) => sop !== undefined).filter((sop) => isBuilt(sop.status.value, drafts));
    const isKnown =
      desk.teams.some(({ id }) => id === set.owner.value) &&
      own.every((sop) => sop !== undefined) &&
      listed.every((sop) => built.some(({ checked }) => checked.sop.id.value === sop.id.value));
    if (!isKnown) kept.add(set.name.value);
    return isKnown && listed.length > 0 ? [emitSetIndex(set, listed, desk)] : [];
  });
  return { made, isKept: (name) => kept.has(name) };
}
