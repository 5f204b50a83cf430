import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { invisible, unseenIn } from '../text/invisible.ts';
import { type SourceFile, type Span, spanAt } from '../text/source.ts';
import { characterName } from './character-names.ts';

/** Finds characters that no reader sees, in any file: one diagnostic a line, for the first of them. */
export function findUnseen({ path, text }: SourceFile): Diagnostic[] {
  if (!invisible.test(text)) return [];
  let at = 0;
  return text.split(/(?<=\n)/).flatMap((line) => {
    const start = at;
    at += line.length;
    return invisible.test(line) ? unseenOfLine(line, (from, to) => spanAt(path, start + from, start + to)) : [];
  });
}

/** Says what a text holds that a file writes as an escape, such as `"\u202e"` in YAML. */
export function sayEscaped(value: string, span: Span): Diagnostic[] {
  const [first] = unseenIn(value);
  if (first === undefined) return [];
  const { character } = first;
  const args = { name: characterName(character), does: doing(value, character), meant: 'an escape' } as const;
  return [diagnose('SOP115', span, args)];
}

function unseenOfLine(line: string, place: (from: number, to: number) => Span): Diagnostic[] {
  const found = unseenIn(line);
  const [first] = found;
  if (first === undefined) return [];
  const { index, character } = first;
  const edits = found
    .filter((each) => isDeletable(each.character))
    .map((each) => ({ span: place(each.index, each.index + each.character.length), text: '' }));
  const meant = isDeletable(character) ? 'nothing' : 'a sign';
  const args = { name: characterName(character), does: doing(line, character), meant } as const;
  return [diagnose('SOP115', place(index, index + character.length), args, { edits })];
}

const direction = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const tag = /[\u{e0020}-\u{e007e}]/gu;

/** Without it the text is what readers saw all along. What somebody meant by the others is not known. */
function isDeletable(character: string): boolean {
  return (
    /[\p{Default_Ignorable_Code_Point}\p{Cf}]/u.test(character) &&
    !/[\u115f\u1160\u3164\uffa0\ufff9-\ufffb]/.test(character)
  );
}

function doing(text: string, character: string): string {
  if (direction.test(character)) return 'it turns the order in which the text around it is shown';
  if (/[\u{e0000}-\u{e007f}]/u.test(character)) return `nobody sees it, and a machine reads “${spelled(text)}”`;
  if (/\p{Co}/u.test(character)) return 'it has no meaning but to whoever put it there, and fonts differ';
  return 'nobody sees it';
}

/** What tag characters spell: each stands for the ASCII character of the same last two digits. */
function spelled(text: string): string {
  const letters = [...text.matchAll(tag)].map(([found]) => String.fromCharCode((found.codePointAt(0) ?? 0) - 0xe0000));
  return letters.length > 40 ? `${letters.slice(0, 40).join('')}…` : letters.join('');
}
