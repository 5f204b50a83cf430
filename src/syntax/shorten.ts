import { splitRow } from './split-row.ts';

/** A text that has the same blocks as a longer one, and the way back to places in the longer one. */
export interface Shortened {
  readonly text: string;
  /** The offset in the longer text of a place in the shorter one. `line` and `column` start at 1. */
  readonly offsetAt: (place: { readonly line: number; readonly column: number }) => number;
}

interface Line {
  readonly text: string;
  readonly ending: string;
  readonly start: number;
}

/**
 * Leaves out what cannot change which blocks a Markdown text has: inline Markdown is switched off, so the parser would
 * only walk over it, twice, a character at a time (that was three quarters of the time of a check). What goes: the
 * inside of front-matter and fences, the middle of a run of prose or of table rows, and the ends of lines: `The agent MUST
 * list every order.` becomes `T`, `| R1 | >= 12 | escalate |` becomes `| R`. What is left of a line is its beginning; so
 * a place in it is either the same place in the longer line or that line's end.
 */
export function shortenMarkdown(text: string): Shortened {
  const lines = linesOf(text);
  // What ends an HTML block may stand anywhere in a line.
  const hidden = maybeHtml.test(text) ? undefined : hiddenLines(lines, text);
  const kept: { readonly line: Line; readonly length: number }[] = [];
  let short = '';
  for (const [index, line] of lines.entries()) {
    if (hidden?.has(index)) continue;
    const length = hidden === undefined ? line.text.length : lengthThatCounts(lines, index);
    kept.push({ line, length });
    short += line.text.slice(0, length) + line.ending;
  }
  const offsetAt: Shortened['offsetAt'] = ({ line: number, column }) => {
    const found = kept[number - 1];
    if (found === undefined) return number < 1 ? 0 : text.length;
    return found.line.start + (column > found.length ? found.line.text.length : column - 1);
  };
  return { text: short, offsetAt };
}

/** A line whose first character, after the marks of lists and quotations, is `<`. */
const maybeHtml = /^[\s>*+\-\d.)]*</m;

/** A fence inside a list or a quotation, or indented: only the parser knows where it ends. */
const indentedFence = /^[ \t>*+\-\d.)]+(?:```|~~~)/m;

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const found of text.matchAll(/\r\n|\n|\r/g)) {
    lines.push({ text: text.slice(start, found.index), ending: found[0], start });
    start = found.index + found[0].length;
  }
  return [...lines, { text: text.slice(start), ending: '', start }];
}

function hiddenLines(lines: readonly Line[], text: string): Set<number> {
  const hidden = new Set<number>();
  const hide = (open: number, close: number) => {
    for (let index = open + 1; index < close; index++) hidden.add(index);
    return Math.max(open, close);
  };
  const knowsFences = !indentedFence.test(text);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]?.text ?? '';
    const fence = knowsFences ? /^(?:`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[0] : undefined;
    if (index === 0 && isFrontMatterFence(line)) index = hide(index, indexAfter(lines, index, isFrontMatterFence));
    else if (fence !== undefined) {
      const close = indexAfter(lines, index, (later) => closes(later, fence));
      if (close < 0) return hidden;
      index = hide(index, close);
    } else if (isInsideRun(lines, index)) hidden.add(index);
  }
  return hidden;
}

function isFrontMatterFence(line: string): boolean {
  return /^---[ \t]*$/.test(line);
}

function closes(line: string, fence: string): boolean {
  const mark = line.trimEnd();
  return mark.startsWith(fence) && mark === fence.charAt(0).repeat(mark.length);
}

function indexAfter(lines: readonly Line[], from: number, test: (line: string) => boolean): number {
  return lines.findIndex((line, index) => index > from && test(line.text));
}

/** Between two lines of its own kind. The first of a table is no such neighbour, because what is before it ends there. */
function isInsideRun(lines: readonly Line[], index: number): boolean {
  const kind = kindOf(lines[index]?.text);
  if (kind === undefined || kind !== kindOf(lines[index - 1]?.text) || kind !== kindOf(lines[index + 1]?.text))
    return false;
  return !maybeDelimiters.test(lines[index + 2]?.text ?? '');
}

function kindOf(line: string | undefined): 'prose' | 'row' | undefined {
  if (line === undefined || /[ \t]$/.test(line)) return undefined;
  if (/^[A-Za-z]/.test(line)) return 'prose';
  return /^\|[ \t]*[^\s|\\:-]/.test(line) ? 'row' : undefined;
}

/** The second line of a table, perhaps. */
const maybeDelimiters = /^[ \t>*+\d.)|:-]*-[ \t|:-]*$/;

/** Two lines with the same number of cells are a table, so with one cell each they still are. */
const delimiters = /^\|[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*(?<![ \t])\|?$/;

/**
 * After the first letter nothing can start or end a block, if what comes before it is no mark of a heading or fence. A
 * pipe at the start is a row of a table or prose; how many cells the row has does not matter to the blocks. (`| -` could
 * become the delimiters of a table.)
 */
const beginning = /^[ \t>*+\-\d.)(,_"']*(?:\|[ \t]*[^\s|\\:-]|[A-Za-z])/;

function lengthThatCounts(lines: readonly Line[], index: number): number {
  const line = lines[index]?.text ?? '';
  const next = lines[index + 1]?.text ?? '';
  if (/[ \t]$/.test(line)) return line.length;
  if (maybeDelimiters.test(line)) {
    const isSecond = isTableStart(lines[index - 1]?.text ?? '', line);
    return isSecond ? line.indexOf('-') + 1 : line.length;
  }
  if (maybeDelimiters.test(next) && !isTableStart(line, next)) return line.length;
  return beginning.exec(line)?.[0].length ?? line.length;
}

function isTableStart(first: string, second: string): boolean {
  return kindOf(first) === 'row' && delimiters.test(second) && splitRow(first).length === splitRow(second).length;
}
