import type { CheckedLibrary, CheckedSop } from '../check/checked.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { withLevels } from '../diagnostics/levels.ts';
import type { Skill, SkillInput, TemplateName } from '../emit/skill/emit-skill.ts';
import type { Committed, SkillPlan, WantedSets } from '../emit/skill/plan-skills.ts';
import type { StagedFolder, Store } from '../model/ports.ts';
import { type SourceFile, spanAt } from '../text/source.ts';
import type { SkillPlace } from './places.ts';

/** What compiling skills takes beside the library. */
export interface SkillWorld {
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly store: Store;
  readonly skills: StagedFolder;
  readonly dialect: string;
  /** Skills that were compiled for another place, by id. */
  readonly compiled?: Map<string, Skill>;
}

/** What is asked for: SOPs, all where none is named; drafts too. */
interface Asked {
  readonly ids: readonly string[];
  readonly drafts: boolean;
}

type CompiledSkill = { readonly checked: CheckedSop; readonly skill: Skill };

export interface Built extends SkillPlan {
  /** The compiled skills, those asked for. */
  readonly built: readonly CompiledSkill[];
  /** An earlier build was cut short: whoever reads the skills must not take them for whole. */
  readonly interrupted: boolean;
}

/** What the skills on disk have to become. Only sound SOPs are compiled: approved ones, drafts where they are asked for. */
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
  { ids, drafts }: Asked,
): Promise<Built> {
  const [{ emitSkill }, { planSkills }, { skillFor }] = await Promise.all([
    import('../emit/skill/emit-skill.ts'),
    import('../emit/skill/plan-skills.ts'),
    import('../emit/skill/clients.ts'),
  ]);
  const { folder, command, client } = place;
  const state = await place.skills.state();
  // What was cut short is made whole: all of it, whatever was asked for.
  const wanted = state === 'settled' ? ids : [];
  const isChosen = (id: string) => wanted.length === 0 || wanted.includes(id);
  const own = await ownTemplates(world.store);
  const built = checked.sops
    .filter(({ sop, sound }) => sound && isChosen(sop.id.value) && isBuilt(sop.status.value, drafts))
    .flatMap((entry): CompiledSkill[] => {
      const input = inputOf(entry, checked, world, own);
      if (input === null) return [];
      const skill = world.compiled?.get(entry.sop.id.value) ?? emitSkill(input);
      world.compiled?.set(entry.sop.id.value, skill);
      return [{ checked: entry, skill: client === null ? skill : skillFor(client, skill, entry.sop) }];
    });
  const sets = client === null ? await setsOf(checked, built, drafts) : undefined;
  const committed = await readCommitted(place, built, sets);
  const kept = await keptIds(checked, committed, world.store, isChosen);
  const emitted = built.map(({ checked: { sop }, skill }) => ({ sop, skill }));
  const plan = planSkills(emitted, committed, kept, place, sets);
  const busy = state === 'busy';
  const found: Diagnostic[] = [
    ...(state === 'settled' ? [] : [diagnose('SOP606', spanAt(folder, 0, 0), { folder, busy, command })]),
    ...plan.diagnostics,
    ...plan.foreign.map((path) => diagnose('SOP607', spanAt(path, 0, 0), { file: path })),
  ];
  const diagnostics = withLevels(found, checked.library.config.levels);
  // What an interrupted build had placed already is in no lock yet.
  const taken = state === 'settled' ? plan.taken : [];
  return { ...plan, taken, diagnostics, built, interrupted: state === 'interrupted' };
}

/** An index for each set whose skills are all known: of a SOP that has errors, or was not asked for, nobody knows what is committed. */
async function setsOf(
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
      own.every((sop) => sop !== undefined) &&
      listed.every((sop) => built.some(({ checked }) => checked.sop.id.value === sop.id.value));
    if (!isKnown) kept.add(set.name.value);
    return isKnown && listed.length > 0 ? [emitSetIndex(set, listed, desk)] : [];
  });
  return { made, isKept: (name) => kept.has(name) };
}

function isBuilt(status: string, drafts: boolean): boolean {
  return status === 'approved' || (drafts && (status === 'draft' || status === 'in_review'));
}

function inputOf(
  entry: CheckedSop,
  { library }: CheckedLibrary,
  { files, dialect }: SkillWorld,
  own: SkillInput['own'],
): SkillInput | null {
  const source = files.get(entry.sop.path);
  if (source === undefined) return null;
  const views = entry.reads.views.flatMap((view) => {
    const file = files.get(view.path);
    return file === undefined ? [] : [{ view, source: file }];
  });
  const lists = library.lists
    .filter(({ name }) => entry.reads.tables.includes(name.value))
    .map((list) => ({ list, source: files.get(list.path) }));
  const cases = library.cases.filter(({ sop }) => sop === entry.sop.id.value);
  const caseFiles = [...new Set(cases.map(({ path }) => path))].flatMap((path) => files.get(path) ?? []);
  return { checked: entry, source, reads: { views, lists }, cases, caseFiles, desk: library.desk, dialect, own };
}

/** The desk's own templates, one by one in the place of those that are shipped. */
async function ownTemplates(store: Store): Promise<SkillInput['own']> {
  const { templates } = await import('../emit/skill/emit-skill.ts');
  const names = Object.keys(templates) as TemplateName[]; // its own keys
  const read = await Promise.all(
    names.map(async (name) => {
      const content = await store.read(`sops/templates/${name}.hbs`);
      return content?.kind === 'text' ? [[name, content.text] as const] : [];
    }),
  );
  return Object.fromEntries(read.flat());
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
