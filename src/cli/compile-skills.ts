import type { CheckedLibrary, CheckedSop } from '../check/checked.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { Skill, SkillInput } from '../emit/skill/emit-skill.ts';
import type { TemplateProblem } from '../emit/skill/render.ts';
import type { StagedFolder, Store } from '../model/ports.ts';
import { lineStarts, type SourceFile, spanAt } from '../text/source.ts';

/** What compiling skills takes beside the library. */
export interface SkillWorld {
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly store: Store;
  readonly skills: StagedFolder;
  readonly dialect: string;
  /** Skills that were compiled for another place, by id. */
  readonly compiled?: Map<string, Skill>;
}

/** Which SOPs are asked for; drafts too. */
export interface Asked {
  readonly isChosen: (id: string) => boolean;
  readonly drafts: boolean;
}

export type CompiledSkill = { readonly checked: CheckedSop; readonly skill: Skill };

export interface CompiledSkills {
  readonly built: readonly CompiledSkill[];
  /** A template is wrong: no skill is what it should be. */
  readonly wrong: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** Only sound SOPs are compiled: approved ones, drafts where they are asked for. */
export async function compileSkills(
  checked: CheckedLibrary,
  world: SkillWorld,
  { isChosen, drafts }: Asked,
): Promise<CompiledSkills> {
  const [{ emitSkill }, { TemplateProblem }, { bodySize, mostLines, mostTokens }] = await Promise.all([
    import('../emit/skill/emit-skill.ts'),
    import('../emit/skill/render.ts'),
    import('../emit/skill/body-size.ts'),
  ]);
  const wrong: Diagnostic[] = [];
  const built = checked.sops
    .filter(({ sop, sound }) => sound && isChosen(sop.id.value) && isBuilt(sop.status.value, drafts))
    .flatMap((entry): CompiledSkill[] => {
      const input = inputOf(entry, checked, world);
      if (input === null) return [];
      try {
        const skill = world.compiled?.get(entry.sop.id.value) ?? emitSkill(input);
        world.compiled?.set(entry.sop.id.value, skill);
        return [{ checked: entry, skill }];
      } catch (error) {
        if (!(error instanceof TemplateProblem)) throw error;
        wrong.push(sayTemplate(error));
        return [];
      }
    });
  const long = built.flatMap(({ checked: { sop }, skill }) => {
    const { lines, tokens } = bodySize(skill.files[0]?.text ?? '');
    const isLong = lines > mostLines || tokens > mostTokens;
    return isLong ? [diagnose('SOP602', sop.id.span, { lines, tokens, mostLines, mostTokens })] : [];
  });
  // A wrong template is the same for each skill.
  return { built, wrong: wrong.length > 0, diagnostics: [...wrong.slice(0, 1), ...long] };
}

function sayTemplate({ file, line, problem }: TemplateProblem): Diagnostic {
  const starts = lineStarts(file.text);
  const start = starts[line - 1] ?? 0;
  const end = (starts[line] ?? file.text.length + 1) - 1;
  return diagnose('SOP610', spanAt(file.path, start, Math.max(start, end)), { problem });
}

export function isBuilt(status: string, drafts: boolean): boolean {
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
