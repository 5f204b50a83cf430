import type { CheckedLibrary } from '../check/checked.ts';
import { withLevels } from '../diagnostics/levels.ts';
import type { SkillPlan } from '../emit/skill/compare-skills.ts';
import type { Store } from '../model/ports.ts';
import type { SourceFile } from '../text/source.ts';

/** What the skills on disk have to become. Only sound SOPs are compiled: approved ones, drafts where they are asked for. */
export async function planFor(
  checked: CheckedLibrary,
  files: ReadonlyMap<string, SourceFile>,
  store: Store,
  ids: readonly string[],
  drafts: boolean,
): Promise<SkillPlan & { readonly built: number }> {
  const [{ emitSkill }, { planSkills }] = await Promise.all([
    import('../emit/skill/emit-skill.ts'),
    import('../emit/skill/compare-skills.ts'),
  ]);
  const wanted = checked.sops.filter(({ sop }) => {
    const status = sop.status.value;
    return status === 'approved' || (drafts && (status === 'draft' || status === 'in_review'));
  });
  const emitted = wanted.flatMap(({ sop, sound, reads }) => {
    const source = files.get(sop.path);
    if (!sound || source === undefined) return [];
    const views = reads.views.flatMap((view) => {
      const file = files.get(view.path);
      return file === undefined ? [] : [{ view, source: file }];
    });
    const lists = checked.library.lists.filter(({ name }) => reads.tables.includes(name.value));
    return [{ sop, file: emitSkill(sop, source, { views, lists }) }];
  });
  const chosen = (path: string) => ids.length === 0 || ids.some((id) => path.startsWith(`skills/${id}/`));
  // A SOP that cannot be read, or has errors, was not withdrawn: its skill stays until the SOP is mended.
  const sound = new Set(checked.sops.filter((entry) => entry.sound).map(({ sop }) => sop.path));
  const broken = (await store.list('sops')).filter((path) => /^sops\/[^/]+\/SOP\.md$/.test(path) && !sound.has(path));
  const kept = new Set(broken.map((path) => path.replace(/^sops\/(.+)\/SOP\.md$/, 'skills/$1/SKILL.md')));
  const paths = (await store.list('skills')).filter(
    (path) => /^skills\/[^/]+\/SKILL\.md$/.test(path) && chosen(path) && !kept.has(path),
  );
  const committed = await Promise.all(
    paths.map(async (path) => {
      const content = await store.read(path);
      return { path, text: content?.kind === 'text' ? content.text : null };
    }),
  );
  const own = emitted.filter(({ file }) => chosen(file.path));
  const plan = planSkills(own, committed);
  return { ...plan, diagnostics: withLevels(plan.diagnostics, checked.library.config.levels), built: own.length };
}
