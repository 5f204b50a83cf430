import type { SourceFile, Span } from '../text/source.ts';
import { lineStarts, positionAt } from '../text/source.ts';
import { printable, widthOf } from './layout.ts';
import type { Page } from './paint.ts';

/** A place to underline, with a word beside it. */
export interface Mark {
  readonly span: Span;
  readonly label: string;
  readonly main: boolean;
}

interface Line {
  readonly path: string;
  readonly number: number;
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly mark: Mark;
}

/** The lines of source around the marks, with underlines. Marks in other files come last, under their own heading. */
export function codeFrame(marks: readonly Mark[], files: ReadonlyMap<string, SourceFile>, page: Page): string[] {
  const main = marks.find((mark) => mark.main);
  if (main === undefined) return [];
  const lines = marks.map((mark) => locate(mark, files)).filter((line) => line !== null);
  const gutter = Math.max(2, ...lines.map((line) => String(line.number).length));
  const output: string[] = [];
  const paths = [main.span.path, ...new Set(lines.map((line) => line.path).filter((path) => path !== main.span.path))];
  for (const path of paths) {
    const here = lines.filter((line) => line.path === path).sort((a, b) => a.number - b.number || a.from - b.from);
    output.push(...frameOf(path, here, main, files, gutter, page));
  }
  return output;
}

function frameOf(
  path: string,
  lines: readonly Line[],
  main: Mark,
  files: ReadonlyMap<string, SourceFile>,
  gutter: number,
  { paint, columns }: Page,
): string[] {
  const blank = ' '.repeat(gutter);
  const first = path === main.span.path ? placeOf(main.span, files) : `${path}:${lines[0]?.number ?? 1}`;
  const output = [`${blank} ${paint.cyan('┌─')} ${printable(first)}`];
  if (lines.length === 0) return output;
  output.push(`${blank} ${paint.cyan('│')}`);
  let previous: Line | undefined;
  for (const line of lines) {
    if (previous !== undefined && line.number > previous.number + 1) output.push(`${blank} ${paint.cyan('·')}`);
    const shown = fitLine(line, columns - gutter - 3);
    if (line.number !== previous?.number)
      output.push(`${paint.cyan(`${String(line.number).padStart(gutter)} │`)} ${shown.text}`);
    const under = (line.mark.main ? '^' : '-').repeat(Math.max(1, shown.width));
    const paintMark = line.mark.main ? paint.red : paint.cyan;
    output.push(
      ...labelled(
        `${blank} ${paint.cyan('│')} `,
        ' '.repeat(shown.indent),
        under,
        line.mark.label,
        columns - gutter - 3,
        paintMark,
      ),
    );
    previous = line;
  }
  output.push(`${blank} ${paint.cyan('│')}`);
  return output;
}

/** The label goes beside the underline, or below it where the page is too narrow. */
function labelled(
  prefix: string,
  indent: string,
  under: string,
  label: string,
  columns: number,
  paint: (text: string) => string,
): string[] {
  if (label === '') return [`${prefix}${indent}${paint(under)}`];
  if (widthOf(`${indent}${under} ${label}`) <= columns) return [`${prefix}${indent}${paint(`${under} ${label}`)}`];
  const start = Math.max(0, Math.min(indent.length, columns - widthOf(label)));
  return [`${prefix}${indent}${paint(under)}`, `${prefix}${' '.repeat(start)}${paint(label)}`];
}

/** `path:line:column`. */
export function placeOf(span: Span, files: ReadonlyMap<string, SourceFile>): string {
  const text = files.get(span.path)?.text;
  if (text === undefined || text === '') return span.path;
  const { line, column } = positionAt(lineStarts(text), span.start);
  return `${span.path}:${line}:${column}`;
}

function locate(mark: Mark, files: ReadonlyMap<string, SourceFile>): Line | null {
  const text = files.get(mark.span.path)?.text;
  if (text === undefined || text === '') return null;
  const starts = lineStarts(text);
  const { line, column } = positionAt(starts, mark.span.start);
  const from = starts[line - 1] ?? 0;
  const content = text.slice(from, starts[line] ?? text.length).replace(/[\r\n]+$/, '');
  const start = Math.min(column - 1, content.length);
  return {
    path: mark.span.path,
    number: line,
    text: content,
    from: start,
    to: Math.max(start, Math.min(content.length, start + mark.span.end - mark.span.start)),
    mark,
  };
}

/** The part of a long line that holds the mark, with `…` where it is cut. */
function fitLine(line: Line, columns: number): { text: string; indent: number; width: number } {
  const before = printable(line.text.slice(0, line.from));
  const marked = printable(line.text.slice(line.from, line.to));
  const after = printable(line.text.slice(line.to));
  const whole = `${before}${marked}${after}`;
  if (widthOf(whole) <= columns) return { text: whole, indent: widthOf(before), width: widthOf(marked) };
  const room = Math.max(20, columns);
  const shownMark = takeStart(marked, room - 2);
  const lead = takeEnd(before, Math.max(0, Math.min(widthOf(before), Math.floor((room - widthOf(shownMark)) / 2))));
  const leadText = lead.length < before.length ? `…${lead.slice(1)}` : lead;
  const tailRoom = room - widthOf(leadText) - widthOf(shownMark);
  const tail =
    shownMark.length < marked.length
      ? '…'
      : widthOf(after) <= tailRoom
        ? after
        : `${takeStart(after, Math.max(0, tailRoom - 1))}…`;
  return { text: `${leadText}${shownMark}${tail}`, indent: widthOf(leadText), width: widthOf(shownMark) };
}

function takeStart(text: string, columns: number): string {
  let taken = '';
  let width = 0;
  for (const character of text) {
    width += widthOf(character);
    if (width > columns) break;
    taken += character;
  }
  return taken;
}

function takeEnd(text: string, columns: number): string {
  return [...takeStart([...text].reverse().join(''), columns)].reverse().join('');
}
