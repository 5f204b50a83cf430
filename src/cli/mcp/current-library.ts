import { createHash } from 'node:crypto';
import type { CheckedLibrary, CheckedSop } from '../../check/checked.ts';
import { compile, type Ports } from '../../compile.ts';
import { type LockedSet, type LockedSkill, lockedSet, lockedSkill } from '../../emit/skill/lock.ts';
import type { StagedFolder, Store } from '../../model/ports.ts';
import { compileSkills } from '../compile-skills.ts';
import { setsOf } from '../skill-sets.ts';

/** The SOPs as they are on disk now, and the skills that they give. */
export interface CurrentLibrary {
  readonly checked: CheckedLibrary;
  /** By id. */
  readonly skills: ReadonlyMap<string, GivenSkill>;
  /** Indexes of skill sets, as the lock would name them. */
  readonly sets: readonly LockedSet[];
}

/** What a SOP gives. */
export interface GivenSkill {
  readonly checked: CheckedSop;
  /** As the lock would name it. */
  readonly locked: LockedSkill;
}

export type LibraryWorld = Ports & { readonly skills: StagedFolder; readonly dialect: string };

/** Compiles the SOPs when they are first asked for, and again after one of their files has changed. */
export function followLibrary(world: LibraryWorld, drafts: boolean): () => Promise<CurrentLibrary> {
  let last: { readonly fingerprint: string; readonly library: Promise<CurrentLibrary> } | undefined;
  return async () => {
    const fingerprint = await fingerprintOf(world.store);
    if (last?.fingerprint === fingerprint) return last.library;
    const library = compileNow(world, drafts);
    const own = { fingerprint, library };
    last = own;
    library.catch(() => {
      if (last === own) last = undefined;
    });
    return library;
  };
}

async function compileNow(world: LibraryWorld, drafts: boolean): Promise<CurrentLibrary> {
  const { checked, files } = await compile(world);
  const { built } = await compileSkills(checked, { ...world, files }, { isChosen: () => true, drafts });
  const skills = built.map(({ checked: own, skill }) => {
    const locked = lockedSkill(skill.id, skill.digest, skill.files);
    return [skill.id, { checked: own, locked }] as const;
  });
  const { made } = await setsOf(checked, built, drafts);
  const sets = made.map(({ set, skills: listed, file }) => lockedSet(set.name.value, listed, file));
  return { checked, skills: new Map(skills), sets };
}

/** Of all texts that a skill can be made of. */
async function fingerprintOf(store: Store): Promise<string> {
  const hash = createHash('sha256');
  const paths = (await store.list('sops')).filter((path) => /\.(?:md|ya?ml|sql|csv|json|hbs)$/.test(path));
  for (const path of ['sop.config.yaml', ...paths]) {
    const content = await store.read(path);
    hash.update(JSON.stringify([path, content ?? null]));
  }
  return hash.digest('hex');
}
