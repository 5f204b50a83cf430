import { type Diagnostic, diagnose } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/words.ts';
import type { Sop } from '../../model/sop.ts';
import { spanAt } from '../../text/source.ts';
import type { EmittedFile } from './emit-skill.ts';

/** A skill that is on disk; `text` is null where it can't be read. */
export interface CommittedFile {
  readonly path: string;
  readonly text: string | null;
}

export interface SkillPlan {
  readonly write: readonly EmittedFile[];
  readonly remove: readonly string[];
  /** The same as diagnostics, for `sop build --check`. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What has to change on disk so that the skills are what the SOPs give. Skills that we did not compile are left alone. */
export function planSkills(
  emitted: readonly { readonly sop: Sop; readonly file: EmittedFile }[],
  committed: readonly CommittedFile[],
): SkillPlan {
  const diagnostics: Diagnostic[] = [];
  const write: EmittedFile[] = [];
  for (const { sop, file } of emitted) {
    const present = committed.find((entry) => entry.path === file.path);
    if (present === undefined) diagnostics.push(diagnose('SOP604', sop.id.span, { skill: file.path }));
    else if (present.text !== file.text) diagnostics.push(difference(file, present.text ?? '', sop));
    if (present?.text !== file.text) write.push(file);
  }
  const wanted = new Set(emitted.map(({ file }) => file.path));
  const remove = committed
    .filter((entry) => !wanted.has(entry.path) && isOurs(entry.text ?? ''))
    .map((entry) => entry.path);
  for (const path of remove) diagnostics.push(diagnose('SOP605', spanAt(path, 0, 0), { skill: path }));
  return { write, remove, diagnostics };
}

function difference(file: EmittedFile, committed: string, sop: Sop): Diagnostic {
  const ours = file.text.split('\n');
  const theirs = committed.split('\n');
  // The digest differs whenever anything does: it is shown only where nothing else differs.
  const differs = ours.map((line, at) => line !== theirs[at]);
  const telling = differs.findIndex((isOther, at) => isOther && !ours[at]?.startsWith('  source_sha256: '));
  const index = telling < 0 ? differs.indexOf(true) : telling;
  const at = index < 0 ? ours.length : index;
  return diagnose('SOP603', sop.id.span, {
    skill: file.path,
    line: at + 1,
    committed: quote(theirs[at] ?? '', 80),
    compiled: quote(ours[at] ?? '', 80),
  });
}

function isOurs(text: string): boolean {
  return /^---\n(?:.*\n)*?metadata:\n {2}compiler: "sopwright"\n/.test(text.slice(0, 4000));
}
