import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { type SourceFile, spanAt } from '../text/source.ts';

/** What Claude Code runs where it stands in a skill: a command in backquotes behind `!`, and a block whose fence ends with `!`. */
const command = /!`[^`\n]*`|^[ \t]*(?:`{3,}|~{3,})[ \t]*!.*$/gm;

/** Finds what a client would run in a text that becomes part of a skill. */
export function findCommands({ path, text }: SourceFile): Diagnostic[] {
  if (!text.includes('!')) return [];
  return [...text.matchAll(command)].map(({ index, 0: said }) =>
    diagnose('SOP117', spanAt(path, index, index + said.length), { said }),
  );
}
