import { type Diagnostic, diagnose } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/words.ts';
import type { Sop } from '../../model/sop.ts';
import { spanAt } from '../../text/source.ts';
import type { Skill } from './emit-skill.ts';
import type { EmittedFile } from './emitted-file.ts';
import { home, isSetPath, type Lock, lockedSet, lockedSkill, lockIn, lockText, pathOf } from './lock.ts';
import type { SetIndex } from './set-index.ts';

/** What lies in the folder of the skills now. */
export interface Committed {
  /** By path; null where it can't be read. Only what may be ours has to be in it. */
  readonly files: ReadonlyMap<string, string | null>;
  /** Null: none, or none of ours. */
  readonly lock: Lock | null;
  readonly lockFile: string | null;
}

/** Where skills are placed, and the command that does it. */
export interface Place {
  readonly folder: string;
  readonly command: string;
}

export const homePlace: Place = { folder: home, command: 'sop build' };

/** Indexes of sets, and the names of those that stay as they are. */
export interface WantedSets {
  readonly made: readonly SetIndex[];
  readonly isKept: (name: string) => boolean;
}

export const noSets: WantedSets = { made: [], isKept: () => false };

export interface SkillPlan {
  readonly write: readonly EmittedFile[];
  readonly remove: readonly string[];
  /** In the folder of a skill of ours, and made by no SOP: a person put it there. */
  readonly foreign: readonly string[];
  /** Files that would be written over, in the folder of a skill that we did not make: a person put them there. */
  readonly taken: readonly string[];
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
  { folder, command }: Place = homePlace,
  sets: WantedSets = noSets,
): SkillPlan {
  const made = [planOwn(emitted, files, { folder, command }), planSets(sets, files, { folder, command })];
  const write = made.flatMap((part) => part.write);
  const diagnostics = made.flatMap((part) => part.diagnostics);
  const wanted = new Set(made.flatMap((part) => part.wanted));
  const idOf = (path: string) => path.slice(folder.length + 1).split('/')[0] ?? '';
  const isSet = (path: string) => isSetPath(path.slice(folder.length + 1));
  const isKept = (path: string) => (isSet(path) ? sets.isKept(path.replace(/^.*\/|\.md$/g, '')) : kept.has(idOf(path)));
  const locked = [...(lock?.skills ?? []).flatMap((skill) => skill.files), ...(lock?.sets ?? [])].flatMap(
    ({ uri }) => pathOf(uri, folder) ?? [],
  );
  const ours = new Set([
    ...locked,
    ...[...files].flatMap(([path, text]) => (isSkill(path, folder, text) ? [path] : [])),
  ]);
  const remove = [...ours].filter((path) => files.has(path) && !wanted.has(path) && !isKept(path)).sort();
  for (const path of remove.filter(isSet))
    diagnostics.push(diagnose('SOP609', spanAt(path, 0, 0), { file: path, state: 'left', command }));
  const withdrawn = remove.filter((path) => !isSet(path));
  diagnostics.push(...sayWithdrawn(withdrawn, { folder, command }));
  const folders = new Set([...wanted, ...ours].map(idOf));
  const foreign = [...files.keys()].filter(
    (path) => folders.has(idOf(path)) && !wanted.has(path) && !ours.has(path) && !isKept(path),
  );
  const isOurs = (path: string) => ours.has(path) || ours.has(`${folder}/${idOf(path)}/SKILL.md`);
  const taken = write.map(({ path }) => path).filter((path) => files.has(path) && !isOurs(path));
  const next = lockText(nextLock(emitted, lock, kept, sets));
  const isAny = emitted.length > 0 || sets.made.length > 0;
  const path = lockIn(folder);
  if (lockFile !== next && diagnostics.length === 0 && (isAny || lockFile !== null))
    diagnostics.push(diagnose('SOP608', spanAt(path, 0, 0), { lock: path, command }));
  return { write, remove, foreign, taken, lock: { path, text: next }, diagnostics };
}

/** What is to be there of one kind, and what of it has to be written. */
interface Part {
  readonly wanted: readonly string[];
  readonly write: readonly EmittedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

function planOwn(
  emitted: readonly { readonly sop: Sop; readonly skill: Skill }[],
  files: Committed['files'],
  { folder, command }: Place,
): Part {
  const [wanted, write, diagnostics]: [string[], EmittedFile[], Diagnostic[]] = [[], [], []];
  for (const { sop, skill } of emitted) {
    const own = skill.files.map(({ path, text }) => ({ path: `${folder}/${skill.id}/${path}`, text }));
    const changed = own.filter(({ path, text }) => files.get(path) !== text);
    wanted.push(...own.map(({ path }) => path));
    write.push(...changed);
    const missing = changed.filter(({ path }) => !files.has(path)).map(({ path }) => path);
    const first = missing.length === own.length ? `${folder}/${skill.id}` : missing[0];
    const more = missing.length === own.length ? 0 : missing.length - 1;
    if (first !== undefined) diagnostics.push(diagnose('SOP604', sop.id.span, { skill: first, more, command }));
    const differing = changed.filter(({ path }) => files.has(path));
    diagnostics.push(...differing.map((file) => difference(file, files.get(file.path) ?? null, sop, command)));
  }
  return { wanted, write, diagnostics };
}

function planSets(sets: WantedSets, files: Committed['files'], { folder, command }: Place): Part {
  const [wanted, write, diagnostics]: [string[], EmittedFile[], Diagnostic[]] = [[], [], []];
  for (const { set, file } of sets.made) {
    const path = `${folder}/${file.path}`;
    wanted.push(path);
    if (files.get(path) === file.text) continue;
    write.push({ path, text: file.text });
    const state = files.has(path) ? 'differs' : 'missing';
    diagnostics.push(diagnose('SOP609', set.name.span, { file: path, state, command }));
  }
  return { wanted, write, diagnostics };
}

function sayWithdrawn(paths: readonly string[], { folder, command }: Place): Diagnostic[] {
  const firsts = new Map<string, string>();
  for (const path of paths) {
    const skill = `${folder}/${path.slice(folder.length + 1).split('/')[0]}`;
    if (!firsts.has(skill)) firsts.set(skill, path);
  }
  return [...firsts].map(([skill, path]) => diagnose('SOP605', spanAt(path, 0, 0), { skill, command }));
}

function nextLock(
  emitted: readonly { readonly skill: Skill }[],
  lock: Lock | null,
  kept: ReadonlySet<string>,
  sets: WantedSets,
): Lock {
  const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);
  const skills = [
    ...(lock?.skills ?? []).filter(({ name }) => kept.has(name)),
    ...emitted.map(({ skill }) => lockedSkill(skill.id, skill.digest, skill.files)),
  ];
  const indexes = [
    ...(lock?.sets ?? []).filter(({ name }) => sets.isKept(name)),
    ...sets.made.map(({ set, skills: listed, file }) => lockedSet(set.name.value, listed, file)),
  ];
  return { skills: skills.sort(byName), sets: indexes.sort(byName) };
}

function difference(file: EmittedFile, committed: string | null, sop: Sop, command: string): Diagnostic {
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
    command,
  });
}

/** A skill that we compiled before there was a lock. */
function isSkill(path: string, folder: string, text: string | null): boolean {
  return (
    /^[^/]+\/SKILL\.md$/.test(path.slice(folder.length + 1)) &&
    /^---\n(?:.*\n)*?metadata:\n {2}compiler: "sopwright"\n/.test((text ?? '').slice(0, 4000))
  );
}
