import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { type Located, type SourceFile, type Span, spanAt } from '../text/source.ts';
import { findHidden, findHiddenInLine } from './find-hidden.ts';
import type { Block, Cell, Fence, List, MarkdownTree, Row, Section, Table } from './markdown.ts';
import { parseYaml } from './parse-yaml.ts';
import type { RawBlock, Stretch } from './raw-block.ts';
import { remarkBlocks } from './remark-blocks.ts';
import { scanBlocks } from './scan-blocks.ts';
import { linesOf, type SourceLine } from './source-lines.ts';
import { type CellPlace, splitRow, splitTable } from './split-table.ts';

/** Reads a Markdown file. It always gives a tree: what is missing from it is for the builders to say. */
export function parseMarkdown(file: SourceFile): readonly [MarkdownTree, readonly Diagnostic[]] {
  const { path, text } = file;
  const tooDeep = findDeepLine(text);
  if (tooDeep !== undefined) return [emptyTree(path), [diagnose('SOP111', spanAt(path, tooDeep, tooDeep + 1), {})]];
  return treeOf(file, scanBlocks(text) ?? remarkBlocks(text));
}

/** The tree of a text whose blocks are known. */
export function treeOf(
  { path, text }: SourceFile,
  blocks: readonly RawBlock[],
): readonly [MarkdownTree, readonly Diagnostic[]] {
  const diagnostics: Diagnostic[] = [];
  const context: Context = { path, text, diagnostics };
  let frontMatter: MarkdownTree['frontMatter'] = null;
  let frontMatterSpan = spanAt(path, 0, 0);
  let title: Located<string> | null = null;
  const sections: OpenSection[] = [];
  const tables: Table[] = [];
  for (const raw of blocks) {
    if (raw.kind === 'frontMatter') {
      frontMatterSpan = spanOf(raw, context);
      const [inside, start] = insideOf(frontMatterSpan, context);
      const [yaml, found] = parseYaml(path, inside, start);
      frontMatter = yaml;
      diagnostics.push(...found);
    } else if (raw.kind === 'heading' && raw.depth === 1 && title === null) {
      title = headingText(raw, context);
    } else if (raw.kind === 'heading' && raw.depth === 2) {
      sections.push({ heading: headingText(raw, context), blocks: [], subsections: [] });
    } else if (raw.kind === 'heading' && raw.depth === 3) {
      sections.at(-1)?.subsections.push({ heading: headingText(raw, context), blocks: [], subsections: [] });
    } else {
      const converted = convertBlock(raw, context);
      diagnostics.push(...converted.flatMap(findHidden));
      const section = sections.at(-1);
      (section?.subsections.at(-1) ?? section)?.blocks.push(...converted);
      tables.push(...converted.filter((block) => block.kind === 'table'));
    }
  }
  return [{ path, frontMatter, frontMatterSpan, title, sections, tables }, diagnostics];
}

function emptyTree(path: string): MarkdownTree {
  return { path, frontMatter: null, frontMatterSpan: spanAt(path, 0, 1), title: null, sections: [], tables: [] };
}

const deepest = 40;

/** The parser's time grows with the square of how many lists and quotations one line opens. */
function findDeepLine(text: string): number | undefined {
  const line = /^[ \t>*+\-\d.)]{80,}/gm;
  for (const found of text.matchAll(line)) {
    const opened = found[0].match(/[>*+-]|\d[.)]/g)?.length ?? 0;
    const isRule = /^[ \t]*([*-])[ \t]*(?:\1[ \t]*)*$/.test(text.slice(found.index).split(/[\r\n]/, 1)[0] ?? '');
    if (opened > deepest && !isRule) return found.index;
  }
  return undefined;
}

interface Context {
  readonly path: string;
  readonly text: string;
  readonly diagnostics: Diagnostic[];
}

interface OpenSection extends Section {
  readonly blocks: Block[];
  readonly subsections: OpenSection[];
}

/** What stands between the lines of `---`, and where it begins. */
function insideOf(span: Span, { text }: Context): [string, number] {
  const start = span.start + (/[^\r\n]*(?:\r\n|\n|\r)?/.exec(text.slice(span.start, span.end))?.[0].length ?? 0);
  const lastBreak = Math.max(text.lastIndexOf('\n', span.end - 1), text.lastIndexOf('\r', span.end - 1));
  const end = text.startsWith('\r\n', lastBreak - 1) ? lastBreak - 1 : lastBreak;
  return [text.slice(start, Math.max(start, end)), start];
}

function convertBlock(raw: RawBlock, context: Context): Block[] {
  if (raw.kind === 'fence') return [convertFence(raw, context)];
  if (raw.kind === 'list') return [convertList(raw, context)];
  const span = spanOf(raw, context);
  return raw.kind === 'paragraph' ? convertParagraph(span, context) : [proseOf(span, context)];
}

function proseOf(span: Span, context: Context): Block {
  return { kind: 'prose', source: sourceOf(span, context), span };
}

/** A paragraph may be a table, with or without prose right above it. */
function convertParagraph(span: Span, context: Context): Block[] {
  const source = sourceOf(span, context);
  const found = source.includes('|') ? splitTable(linesOf(source, span.start)) : null;
  if (found === null) return [proseOf(span, context)];
  const last = found.prose.at(-1);
  const prose =
    last === undefined ? [] : [proseOf(spanAt(context.path, span.start, last.start + last.text.length), context)];
  const header = cellsOf(found.header, context);
  const rows: Row[] = [];
  for (const line of found.rows) {
    const rowSpan = spanAt(context.path, line.start, line.start + line.text.length);
    const cells = cellsOf(line, context);
    if (cells.length === header.length) rows.push({ cells, span: rowSpan });
    else context.diagnostics.push(diagnose('SOP108', rowSpan, { cells: cells.length, columns: header.length }));
  }
  const tableSpan = spanAt(context.path, found.header.start, span.end);
  const table: Table = { kind: 'table', header, rows, source: sourceOf(tableSpan, context), span: tableSpan };
  return [...prose, table];
}

function cellsOf(line: SourceLine, { path }: Context): Cell[] {
  return splitRow(line.text).map((place) => convertCell(line, place, path));
}

/** The text of a cell, without the backquotes where they enclose all of it. */
function convertCell(line: SourceLine, place: CellPlace, path: string): Cell {
  const written = line.text.slice(place.start, place.end);
  const code = /^`([^`]+)`$/.exec(written);
  const from = line.start + place.start + (code === null ? 0 : 1);
  const text = code?.[1] ?? written;
  return { text: text.replaceAll('\\|', '|').trim(), span: spanAt(path, from, from + text.length) };
}

function convertFence(raw: Extract<RawBlock, { kind: 'fence' }>, context: Context): Fence {
  const { language, meta } = raw;
  const span = spanOf(raw, context);
  const source = sourceOf(span, context);
  const lines = source.split(/\r\n|\n|\r/);
  const opened = /^\s*(`{3,}|~{3,})/.exec(source)?.[1];
  if (opened !== undefined && (lines.length < 2 || !(lines.at(-1) ?? '').trim().startsWith(opened))) {
    context.diagnostics.push(
      diagnose('SOP109', spanAt(context.path, span.start, span.start + (lines[0]?.length ?? 0)), { language }),
    );
  }
  const firstBreak = source.search(/[\r\n]/);
  const contentStart =
    firstBreak < 0 ? span.end : span.start + firstBreak + (source.startsWith('\r\n', firstBreak) ? 2 : 1);
  const text = context.text.slice(
    contentStart,
    contentStart + contentLength(context.text, contentStart, span.end, opened),
  );
  return { kind: 'fence', language, meta, text, contentStart, source, span };
}

/** The content ends before the closing fence's line; the text is taken from the file so that offsets stay true. */
function contentLength(text: string, start: number, end: number, fence: string | undefined): number {
  const body = text.slice(start, end);
  const lastBreak = Math.max(body.lastIndexOf('\n'), body.lastIndexOf('\r'));
  const lastLine = body.slice(lastBreak + 1).trim();
  if (fence === undefined || !lastLine.startsWith(fence)) return body.length;
  const withoutFence = body.slice(0, Math.max(0, lastBreak));
  return withoutFence.endsWith('\r') ? withoutFence.length - 1 : withoutFence.length;
}

function convertList(raw: Extract<RawBlock, { kind: 'list' }>, context: Context): List {
  const span = spanOf(raw, context);
  const items = raw.items.map((item) => located(item, context));
  return { kind: 'list', ordered: raw.ordered, items, source: sourceOf(span, context), span };
}

function headingText(raw: Extract<RawBlock, { kind: 'heading' }>, context: Context): Located<string> {
  if (raw.content === null) return { value: '', span: spanOf(raw, context) };
  const { value, span } = located(raw.content, context);
  context.diagnostics.push(...findHiddenInLine(value, span));
  return { value: value.trim(), span };
}

function located(stretch: Stretch, context: Context): Located<string> {
  const span = spanOf(stretch, context);
  return { value: sourceOf(span, context), span };
}

function sourceOf({ start, end }: Span, { text }: Context): string {
  return text.slice(start, end);
}

function spanOf({ start, end }: Stretch, { path }: Context): Span {
  return spanAt(path, start, end);
}
