import { type Diagnostic, diagnose } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/words.ts';
import type { Sop } from '../../model/sop.ts';
import { spanAt } from '../../text/source.ts';
import type { Skill } from './emit-skill.ts';
import type { EmittedFile } from './emitted-file.ts';
import { type Lock, type LockedSkill, lockedSkill, lockPath, lockText, pathOf } from './lock.ts';

/** What lies under `skills/` now. */
export interface Committed {
  /** By path; null where it can't be read. Only what may be ours has to be in it. */
  readonly files: ReadonlyMap<string, string | null>;
  /** Null: none, or none of ours. */
  readonly lock: Lock | null;
  readonly lockFile: string | null;
}

export interface SkillPlan {
  readonly write: readonly EmittedFile[];
  readonly remove: readonly string[];
  /** In the folder of a skill of ours, and made by no SOP: a person put it there. */
  readonly foreign: readonly string[];
  readonly lock: EmittedFile;
  /** The same as diagnostics, for `sop build --check`. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What has to change on disk so that the skills are what the SOPs give. `kept` are ids whose skill stays as it is: it was not asked for, or
 * its SOP has errors.
 */
export function planSkills(
  emitted: readonly { readonly sop: Sop; readonly skill: Skill }[],
  { files, lock, lockFile }: Committed,
  kept: ReadonlySet<string>,
): SkillPlan {
  const diagnostics: Diagnostic[] = [];
  const write: EmittedFile[] = [];
  const wanted = new Set<string>();
  for (const { sop, skill } of emitted) {
    const own = skill.files.map(({ path, text }) => ({ path: `skills/${skill.id}/${path}`, text }));
    const changed = own.filter(({ path, text }) => files.get(path) !== text);
    for (const { path } of own) wanted.add(path);
    write.push(...changed);
    const missing = changed.filter(({ path }) => !files.has(path));
    const [first] = missing;
    if (missing.length === own.length)
      diagnostics.push(diagnose('SOP604', sop.id.span, { skill: `skills/${skill.id}`, more: 0 }));
    else if (first !== undefined)
      diagnostics.push(diagnose('SOP604', sop.id.span, { skill: first.path, more: missing.length - 1 }));
    for (const file of changed)
      if (files.has(file.path)) diagnostics.push(difference(file, files.get(file.path) ?? null, sop));
  }
  const isKept = (path: string) => kept.has(path.split('/')[1] ?? '');
  const locked = (lock?.skills ?? []).flatMap((skill) => skill.files.flatMap(({ uri }) => pathOf(uri) ?? []));
  const ours = [...new Set([...locked, ...[...files].flatMap(([path, text]) => (isSkill(path, text) ? [path] : []))])];
  const remove = ours.filter((path) => files.has(path) && !wanted.has(path) && !isKept(path)).sort();
  for (const folder of new Set(remove.map((path) => path.split('/').slice(0, 2).join('/'))))
    diagnostics.push(
      diagnose('SOP605', spanAt(remove.find((path) => path.startsWith(`${folder}/`)) ?? folder, 0, 0), {
        skill: folder,
      }),
    );
  const folders = new Set([...wanted, ...ours].map((path) => path.split('/')[1]));
  const foreign = [...files.keys()].filter(
    (path) => folders.has(path.split('/')[1]) && !wanted.has(path) && !ours.includes(path) && !isKept(path),
  );
  const next = lockText({ skills: lockedSkills(emitted, lock, kept) });
  if (lockFile !== next && diagnostics.length === 0 && (emitted.length > 0 || lockFile !== null))
    diagnostics.push(diagnose('SOP608', spanAt(lockPath, 0, 0), {}));
  return { write, remove, foreign, lock: { path: lockPath, text: next }, diagnostics };
}

function lockedSkills(
  emitted: readonly { readonly skill: Skill }[],
  lock: Lock | null,
  kept: ReadonlySet<string>,
): LockedSkill[] {
  const before = (lock?.skills ?? []).filter(({ name }) => kept.has(name));
  const now = emitted.map(({ skill }) => lockedSkill(skill.id, skill.digest, skill.files));
  return [...before, ...now].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function difference(file: EmittedFile, committed: string | null, sop: Sop): Diagnostic {
  const ours = file.text.split('\n');
  const theirs = (committed ?? '').split('\n');
  // Digests differ whenever anything does: they are shown only where nothing else differs.
  const differs = ours.map((line, at) => line !== theirs[at]);
  const telling = differs.findIndex(
    (isOther, at) => isOther && !/(_sha256|skill_digest"?|"const"): "/.test(ours[at] ?? ''),
  );
  const index = telling < 0 ? differs.indexOf(true) : telling;
  const at = index < 0 ? ours.length : index;
  return diagnose('SOP603', sop.id.span, {
    skill: file.path,
    line: at + 1,
    committed: quote(theirs[at] ?? '', 80),
    compiled: quote(ours[at] ?? '', 80),
  });
}

/** A skill that we compiled before there was a lock. */
function isSkill(path: string, text: string | null): boolean {
  return (
    /^skills\/[^/]+\/SKILL\.md$/.test(path) &&
    /^---\n(?:.*\n)*?metadata:\n {2}compiler: "sopwright"\n/.test((text ?? '').slice(0, 4000))
  );
}
