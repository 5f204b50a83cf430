import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { type SourceFile, spanAt } from '../text/source.ts';
import type { Block } from './markdown.ts';

/** Control and format characters (Unicode TR36 §2.10: without a shape, or turning what follows), and blank letters. */
export const invisible = /(?![\t\n\r])(?:[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164]|\u034f)/u;

/** Finds characters that no reader sees: the first of each line. */
export function findInvisible({ path, text }: SourceFile): Diagnostic[] {
  if (!invisible.test(text)) return [];
  let at = 0;
  return text.split(/(?<=\n)/).flatMap((line) => {
    const start = at;
    at += line.length;
    const found = invisible.exec(line);
    if (found === null) return [];
    const code = found[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
    const place = spanAt(path, start + found.index, start + found.index + found[0].length);
    return [diagnose('SOP114', place, { what: `an invisible character (U+${code}) stands here` })];
  });
}

/** Finds what a page shows otherwise than it is compiled: markup in prose, headings of the other style, stray rows. */
export function findHidden(block: Block): Diagnostic[] {
  if (block.kind === 'table' || block.kind === 'fence') return [];
  const { source, span } = block;
  const at = (index: number, length: number) =>
    spanAt(span.path, span.start + index, span.start + index + Math.max(1, length));
  const say = (pattern: RegExp, what: string) => {
    const found = pattern.exec(withoutCode(source));
    return found === null ? [] : [diagnose('SOP114', at(found.index, found[0].trimEnd().length), { what })];
  };
  const row = /^[ \t>*+\-\d.)]*\|.*\|[ \t]*$/m.exec(withoutCode(source));
  const nested =
    block.kind === 'list' || /^\s*>/.test(source)
      ? 'it stands in a list or a quotation'
      : 'a row is parted from its table, or has no header';
  return [
    ...say(/<(?:!--|[a-z/!?][^\n]*>)/i, 'HTML stands here'),
    ...say(/^[ \t>*+\-\d.)]*\[[^\]\n]+\]:[ \t]*\S+/m, 'the target of a link stands here, which a page hides'),
    ...say(/^[^\s|#>*+-][^\n]*\n[ ]{0,3}(?:=+|-+)[ \t]*(?:\n|$)/m, 'a line under a text makes it a heading'),
    ...(row === null ? [] : [diagnose('SOP113', at(row.index, row[0].length), { what: nested })]),
  ];
}

/** Code is shown as it is; its characters are blanked so that offsets stay. */
function withoutCode(source: string): string {
  return source.replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, (code) => code.replace(/[^\n]/g, ' '));
}
