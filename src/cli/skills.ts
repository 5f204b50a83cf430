import type { CheckedLibrary } from '../check/checked.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { withLevels } from '../diagnostics/levels.ts';
import type { Committed, SkillPlan, WantedSets } from '../emit/skill/plan-skills.ts';
import type { Store } from '../model/ports.ts';
import { spanAt } from '../text/source.ts';
import { type CompiledSkill, compileSkills, type SkillWorld } from './compile-skills.ts';
import type { SkillPlace } from './places.ts';
import { setsOf } from './skill-sets.ts';

export interface Built extends SkillPlan {
  /** The compiled skills, those asked for. */
  readonly built: readonly CompiledSkill[];
  /** An earlier build was cut short: whoever reads the skills must not take them for whole. */
  readonly interrupted: boolean;
}

/** What the skills under `skills/` have to become. Only sound SOPs are compiled: approved ones, drafts where they are asked for. */
export async function planFor(
  checked: CheckedLibrary,
  world: SkillWorld,
  ids: readonly string[],
  drafts: boolean,
): Promise<Built> {
  const { homePlace } = await import('../emit/skill/plan-skills.ts');
  const { store, skills } = world;
  return planAt({ ...homePlace, store, skills, client: null }, checked, world, { ids, drafts });
}

/** The same for any place. */
export async function planAt(
  place: SkillPlace,
  checked: CheckedLibrary,
  world: SkillWorld,
  { ids, drafts }: { readonly ids: readonly string[]; readonly drafts: boolean },
): Promise<Built> {
  const [{ planSkills }, { skillFor }] = await Promise.all([
    import('../emit/skill/plan-skills.ts'),
    import('../emit/skill/clients.ts'),
  ]);
  const { folder, command, client } = place;
  const state = await place.skills.state();
  // What was cut short is made whole: all of it, whatever was asked for.
  const wanted = state === 'settled' ? ids : [];
  const isChosen = (id: string) => wanted.length === 0 || wanted.includes(id);
  const { built: own, wrong, diagnostics: said } = await compileSkills(checked, world, { isChosen, drafts });
  const built = own.map(({ checked: entry, skill }) => ({
    checked: entry,
    skill: client === null ? skill : skillFor(client, skill, entry.sop),
  }));
  const sets = client === null ? await setsOf(checked, built, drafts) : undefined;
  const committed = await readCommitted(place, built, sets);
  // With a template that is wrong none is taken for withdrawn.
  const kept = await keptIds(checked, committed, world.store, (id) => isChosen(id) && !wrong);
  const emitted = built.map(({ checked: { sop }, skill }) => ({ sop, skill }));
  const plan = planSkills(emitted, committed, kept, place, sets);
  const busy = state === 'busy';
  const found: Diagnostic[] = [
    ...(state === 'settled' ? [] : [diagnose('SOP606', spanAt(folder, 0, 0), { folder, busy, command })]),
    ...said,
    ...plan.diagnostics,
    ...plan.foreign.map((path) => diagnose('SOP607', spanAt(path, 0, 0), { file: path })),
  ];
  const diagnostics = withLevels(found, checked.library.config.levels);
  // What an interrupted build had placed already is in no lock yet.
  const taken = state === 'settled' ? plan.taken : [];
  return { ...plan, taken, diagnostics, built, interrupted: state === 'interrupted' };
}

/** What lies in the folder; contents only of what may be ours. */
async function readCommitted(
  { folder, store }: SkillPlace,
  built: readonly CompiledSkill[],
  sets: WantedSets | undefined,
): Promise<Committed & { readonly names: ReadonlySet<string> }> {
  const { lockIn, pathOf, readLock } = await import('../emit/skill/lock.ts');
  const paths = (await store.list(folder)).filter((path) => path !== lockIn(folder));
  const textOf = async (path: string) => {
    const content = await store.read(path);
    return content?.kind === 'text' ? content.text : null;
  };
  const lockFile = await textOf(lockIn(folder));
  const lock = lockFile === null ? null : (readLock(lockFile) ?? null);
  const locked = [...(lock?.skills ?? []).flatMap(({ files }) => files), ...(lock?.sets ?? [])];
  const ours = new Set([
    ...built.flatMap(({ skill }) => skill.files.map(({ path }) => `${folder}/${skill.id}/${path}`)),
    ...(sets?.made ?? []).map(({ file }) => `${folder}/${file.path}`),
    ...locked.flatMap(({ uri }) => pathOf(uri, folder) ?? []),
  ]);
  const below = (path: string) => path.slice(folder.length + 1);
  const isRead = (path: string) => ours.has(path) || /^[^/]+\/SKILL\.md$/.test(below(path));
  const files = await Promise.all(paths.map(async (path) => [path, isRead(path) ? await textOf(path) : null] as const));
  const names = new Set([
    ...paths.flatMap((path) => below(path).split('/')[0] ?? []),
    ...(lock?.skills ?? []).map(({ name }) => name),
  ]);
  return { files: new Map(files), lock, lockFile, names };
}

/** Skills that stay as they are: not asked for, or of a SOP that has errors: it was not withdrawn. */
async function keptIds(
  checked: CheckedLibrary,
  { names }: { readonly names: ReadonlySet<string> },
  store: Store,
  isChosen: (id: string) => boolean,
): Promise<ReadonlySet<string>> {
  const sound = new Set(checked.sops.filter((entry) => entry.sound).map(({ sop }) => sop.path));
  const broken = (await store.list('sops'))
    .filter((path) => /^sops\/[^/]+\/SOP\.md$/.test(path) && !sound.has(path))
    .map((path) => path.split('/')[1] ?? '');
  return new Set([...names].filter((name) => !isChosen(name) || broken.includes(name)));
}
