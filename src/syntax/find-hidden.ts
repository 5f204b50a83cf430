import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { type Span, spanAt } from '../text/source.ts';
import { findMarkup } from './find-markup.ts';
import type { Block, Cell, Fence, Table } from './markdown.ts';

/** Finds what a page shows otherwise than it is compiled: markup in prose, headings of the other style, stray rows. */
export function findHidden(block: Block): Diagnostic[] {
  if (block.kind === 'table') return hiddenInTable(block);
  if (block.kind === 'fence') return hiddenInFence(block);
  const { source, span } = block;
  const at = (index: number, length: number) =>
    spanAt(span.path, span.start + index, span.start + index + Math.max(1, length));
  const shown = withoutCode(source);
  const say = (pattern: RegExp, what: string) => {
    const found = pattern.exec(shown);
    return found === null ? [] : [diagnose('SOP114', at(found.index, found[0].trimEnd().length), { what })];
  };
  const row = /^[ \t>*+\-\d.)]*\|.*\|[ \t]*$/m.exec(shown);
  const nested =
    block.kind === 'list' || /^\s*>/.test(source)
      ? 'it stands in a list or a quotation'
      : 'a row is parted from its table, or has no header';
  return [
    ...findMarkup(source, span, 'block'),
    ...say(/^[ \t>*+\-\d.)]*\[[^\]\n]+\]:[ \t]*\S+/m, 'the target of a link stands here, which a page hides'),
    ...say(/^[^\s|#>*+-][^\n]*\n[ ]{0,3}(?:=+|-+)[ \t]*(?:\n|$)/m, 'a line under a text makes it a heading'),
    ...formulaIn(source, shown, span),
    ...(row === null ? [] : [diagnose('SOP113', at(row.index, row[0].length), { what: nested })]),
  ];
}

/** Finds the same in a heading or a cell. */
export function findHiddenInLine(source: string, span: Span): Diagnostic[] {
  return [...findMarkup(source, span, 'line'), ...formulaIn(source, withoutCode(source), span)];
}

/** A formula can draw its words in white, or not at all (`\\phantom`). `shown` is the source without code. */
function formulaIn(source: string, shown: string, { path, start }: Span): Diagnostic[] {
  if (!source.includes('$') || !source.includes('\\')) return [];
  const found = displayed.exec(shown) ?? quotedFormula.exec(source);
  if (found === null) return [];
  const from = start + found.index;
  const what = 'a formula stands here, which a page draws';
  return [diagnose('SOP114', spanAt(path, from, from + found[0].length), { what })];
}

/** Between dollars, with a command; `$a` and `$5` are none. */
const displayed = /\$\$[^$\\]*\\[^$]*\$\$|\$(?![\s$])[^$\n\\]*\\[^$\n]*(?<!\s)\$(?!\w)/;
const quotedFormula = /\$`[^`\n\\]*\\[^`\n]*`\$/;

function hiddenInTable({ header, rows, source, span }: Table): Diagnostic[] {
  if (!/<[a-z/!?]|\]\(|&[#a-z]|\$/i.test(source)) return [];
  const isCode = ({ span: { start } }: Cell) => source.charAt(start - span.start - 1) === '`';
  return [...header, ...rows.flatMap(({ cells }) => cells)]
    .filter((cell) => !isCode(cell))
    .flatMap((cell) => findHiddenInLine(cell.text, cell.span));
}

/** Of the words on a block's first line a page shows none; some languages it draws. */
function hiddenInFence({ language, meta, text, contentStart, source, span }: Fence): Diagnostic[] {
  const firstLine = /^[^\r\n]*/.exec(source)?.[0] ?? '';
  const head = spanAt(span.path, span.start, span.start + Math.max(1, firstLine.length));
  const words = meta.trim();
  const isMark = language === 'sql' ? /^\S*$/.test(words) : words === '';
  const far = /[ \t]{100,}\S/.exec(text);
  const found: Diagnostic[] = [];
  if (!isMark || !/^[\w+#.-]{0,20}$/.test(language))
    found.push(diagnose('SOP114', head, { what: 'words stand behind the mark of a block, which a page hides' }));
  if (/^(?:math|mermaid|geojson|topojson|stl)$/i.test(language))
    found.push(diagnose('SOP114', head, { what: `a page draws a block of \`${language}\` as a picture` }));
  if (far !== null) {
    const from = contentStart + far.index + far[0].length - 1;
    const what = 'text stands so far to the right in a block that a page must be scrolled to see it';
    found.push(diagnose('SOP114', spanAt(span.path, from, from + 1), { what }));
  }
  return found;
}

/** Code is shown as it is; its characters are blanked so that offsets stay. */
function withoutCode(source: string): string {
  if (!source.includes('`')) return source;
  return source.replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, (code) => code.replace(/[^\n]/g, ' '));
}
