import type { CheckedLibrary, CheckedSop } from '../check/checked.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { withLevels } from '../diagnostics/levels.ts';
import type { Skill, SkillInput } from '../emit/skill/emit-skill.ts';
import type { Committed, SkillPlan } from '../emit/skill/plan-skills.ts';
import type { TemplateProblem } from '../emit/skill/render.ts';
import type { StagedFolder, Store } from '../model/ports.ts';
import { lineStarts, type SourceFile, spanAt } from '../text/source.ts';

/** What compiling skills takes beside the library. */
export interface SkillWorld {
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly store: Store;
  readonly skills: StagedFolder;
  readonly dialect: string;
}

export interface Built extends SkillPlan {
  /** The compiled skills, those asked for. */
  readonly built: readonly { readonly checked: CheckedSop; readonly skill: Skill }[];
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
  const { store } = world;
  const [{ emitSkill }, { planSkills }, { TemplateProblem }, { bodySize, mostLines, mostTokens }] = await Promise.all([
    import('../emit/skill/emit-skill.ts'),
    import('../emit/skill/plan-skills.ts'),
    import('../emit/skill/render.ts'),
    import('../emit/skill/body-size.ts'),
  ]);
  const state = await world.skills.state();
  // What was cut short is made whole: all of it, whatever was asked for.
  const wanted = state === 'settled' ? ids : [];
  const isChosen = (id: string) => wanted.length === 0 || wanted.includes(id);
  const wrong: Diagnostic[] = [];
  const built = checked.sops
    .filter(({ sop, sound }) => sound && isChosen(sop.id.value) && isBuilt(sop.status.value, drafts))
    .flatMap((entry) => {
      const input = inputOf(entry, checked, world);
      if (input === null) return [];
      try {
        return [{ checked: entry, skill: emitSkill(input) }];
      } catch (error) {
        if (!(error instanceof TemplateProblem)) throw error;
        wrong.push(sayTemplate(error));
        return [];
      }
    });
  const committed = await readCommitted(store, built);
  // With a template that is wrong no skill is what it should be: none is taken for withdrawn.
  const kept = await keptIds(checked, committed, store, (id) => isChosen(id) && wrong.length === 0);
  const plan = planSkills(
    built.map(({ checked: { sop }, skill }) => ({ sop, skill })),
    committed,
    kept,
  );
  const found: Diagnostic[] = [
    ...(state === 'settled' ? [] : [diagnose('SOP606', spanAt('skills', 0, 0), { busy: state === 'busy' })]),
    ...wrong.slice(0, 1), // the same for each skill
    ...plan.diagnostics,
    ...built.flatMap(({ checked: { sop }, skill }) => {
      const { lines, tokens } = bodySize(skill.files[0]?.text ?? '');
      const isLong = lines > mostLines || tokens > mostTokens;
      return isLong ? [diagnose('SOP602', sop.id.span, { lines, tokens, mostLines, mostTokens })] : [];
    }),
    ...plan.foreign.map((path) => diagnose('SOP607', spanAt(path, 0, 0), { file: path })),
  ];
  const diagnostics = withLevels(found, checked.library.config.levels);
  return { ...plan, diagnostics, built, interrupted: state === 'interrupted' };
}

function sayTemplate({ file, line, problem }: TemplateProblem): Diagnostic {
  const starts = lineStarts(file.text);
  const start = starts[line - 1] ?? 0;
  const end = (starts[line] ?? file.text.length + 1) - 1;
  return diagnose('SOP610', spanAt(file.path, start, Math.max(start, end)), { problem });
}

function isBuilt(status: string, drafts: boolean): boolean {
  return status === 'approved' || (drafts && (status === 'draft' || status === 'in_review'));
}

function inputOf(entry: CheckedSop, { library }: CheckedLibrary, { files, dialect }: SkillWorld): SkillInput | null {
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
  const { desk, templates, config } = library;
  return {
    checked: entry,
    source,
    reads: { views, lists },
    cases,
    caseFiles,
    desk,
    dialect,
    templates,
    keys: config.skills,
  };
}

/** What lies under `skills/`; contents only of what may be ours. */
async function readCommitted(
  store: Store,
  built: readonly { readonly skill: Skill }[],
): Promise<Committed & { readonly names: ReadonlySet<string> }> {
  const { lockPath, pathOf, readLock } = await import('../emit/skill/lock.ts');
  const paths = (await store.list('skills')).filter((path) => path !== lockPath);
  const textOf = async (path: string) => {
    const content = await store.read(path);
    return content?.kind === 'text' ? content.text : null;
  };
  const lockFile = await textOf(lockPath);
  const lock = lockFile === null ? null : (readLock(lockFile) ?? null);
  const ours = new Set([
    ...built.flatMap(({ skill }) => skill.files.map(({ path }) => `skills/${skill.id}/${path}`)),
    ...(lock?.skills ?? []).flatMap(({ files }) => files.flatMap(({ uri }) => pathOf(uri) ?? [])),
  ]);
  const isRead = (path: string) => ours.has(path) || /^skills\/[^/]+\/SKILL\.md$/.test(path);
  const files = await Promise.all(paths.map(async (path) => [path, isRead(path) ? await textOf(path) : null] as const));
  const names = new Set([
    ...paths.flatMap((path) => path.split('/')[1] ?? []),
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
