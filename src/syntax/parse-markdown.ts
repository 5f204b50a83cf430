import type { Code, Heading, List as MdastList, Table as MdastTable, Node, Root, RootContent } from 'mdast';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfmTable } from 'micromark-extension-gfm-table';
import remarkParse from 'remark-parse';
import { type Processor, unified } from 'unified';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { type Located, type SourceFile, type Span, spanAt } from '../text/source.ts';
import type { Block, Cell, Fence, List, MarkdownTree, Row, Section, Table } from './markdown.ts';
import { parseYaml } from './parse-yaml.ts';
import { type Shortened, shortenMarkdown } from './shorten.ts';
import { type CellPlace, splitRow } from './split-row.ts';

/**
 * Inline constructs are switched off: cells, steps and prose are taken as they are written, so emphasis or a link can
 * never change what is compiled (and half of the parsing time goes with them).
 */
const switchedOff = [
  'attention', 'autolink', 'characterEscape', 'characterReference', 'codeText', 'definition', 'hardBreakEscape',
  'htmlText', 'labelEnd', 'labelStartImage', 'labelStartLink', 'setextUnderline',
]; // biome-ignore format: a list of words

const processor = unified()
  .use(remarkParse)
  .use(function languageSubset(this: Processor) {
    const data = this.data();
    data.micromarkExtensions = [frontmatter(), gfmTable(), { disable: { null: switchedOff } }];
    data.fromMarkdownExtensions = [frontmatterFromMarkdown(), gfmTableFromMarkdown()];
  });

/** Reads a Markdown file. It always gives a tree: what is missing from it is for the builders to say. */
export function parseMarkdown(file: SourceFile): readonly [MarkdownTree, readonly Diagnostic[]] {
  const { path, text } = file;
  const short = shortenMarkdown(text);
  const root: Root = processor.parse(short.text);
  const diagnostics: Diagnostic[] = [];
  const context: Context = { path, text, offsetAt: short.offsetAt, diagnostics };
  let frontMatter: MarkdownTree['frontMatter'] = null;
  let frontMatterSpan = spanAt(path, 0, 0);
  let title: Located<string> | null = null;
  const sections: OpenSection[] = [];
  const tables: Table[] = [];
  for (const node of root.children) {
    if (node.type === 'yaml') {
      frontMatterSpan = spanOf(node, context);
      const [inside, start] = insideOf(frontMatterSpan, context);
      const [yaml, found] = parseYaml(path, inside, start);
      frontMatter = yaml;
      diagnostics.push(...found);
    } else if (node.type === 'heading' && node.depth === 1 && title === null) {
      title = headingText(node, context);
    } else if (node.type === 'heading' && node.depth === 2) {
      sections.push({ heading: headingText(node, context), blocks: [], subsections: [] });
    } else if (node.type === 'heading' && node.depth === 3) {
      sections.at(-1)?.subsections.push({ heading: headingText(node, context), blocks: [], subsections: [] });
    } else {
      const block = convertBlock(node, context);
      const section = sections.at(-1);
      (section?.subsections.at(-1) ?? section)?.blocks.push(block);
      if (block.kind === 'table') tables.push(block);
    }
  }
  return [{ path, frontMatter, frontMatterSpan, title, sections, tables }, diagnostics];
}

interface Context {
  readonly path: string;
  readonly text: string;
  readonly offsetAt: Shortened['offsetAt'];
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

function convertBlock(node: RootContent, context: Context): Block {
  if (node.type === 'table') return convertTable(node, context);
  if (node.type === 'code') return convertFence(node, context);
  if (node.type === 'list') return convertList(node, context);
  const span = spanOf(node, context);
  return { kind: 'prose', source: sourceOf(span, context), span };
}

/** A table's lines are its rows: header, delimiters, body. */
function convertTable(node: MdastTable, context: Context): Table {
  const span = spanOf(node, context);
  const source = sourceOf(span, context);
  const [head, , ...body] = rowsOf(source, span.start);
  const header = head === undefined ? [] : cellsOf(head, context.path);
  const rows: Row[] = [];
  for (const row of body) {
    const cells = cellsOf(row, context.path);
    const rowSpan = spanAt(context.path, row.start, row.start + row.text.length);
    if (cells.length === header.length) rows.push({ cells, span: rowSpan });
    else context.diagnostics.push(diagnose('SOP108', rowSpan, { cells: cells.length, columns: header.length }));
  }
  return { kind: 'table', header, rows, source, span };
}

interface WrittenRow {
  readonly text: string;
  readonly start: number;
}

function rowsOf(source: string, start: number): WrittenRow[] {
  return [...source.matchAll(/[^\r\n]+/g)].map(({ index, 0: line }) => {
    const text = line.replace(/^[ \t]+/, '');
    return { text, start: start + index + line.length - text.length };
  });
}

function cellsOf(row: WrittenRow, path: string): Cell[] {
  return splitRow(row.text).map((place) => convertCell(row.text, place, row.start, path));
}

function convertCell(row: string, place: CellPlace, rowStart: number, path: string): Cell {
  const written = row.slice(place.start, place.end);
  const code = /^`([^`]+)`$/.exec(written);
  const from = rowStart + place.start + (code === null ? 0 : 1);
  const text = code?.[1] ?? written;
  return { text: text.replaceAll('\\|', '|').trim(), span: spanAt(path, from, from + text.length) };
}

function convertFence(node: Code, context: Context): Fence {
  const span = spanOf(node, context);
  const source = context.text.slice(span.start, span.end);
  const language = node.lang ?? '';
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
  return { kind: 'fence', language, meta: node.meta ?? '', text, contentStart, source, span };
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

function convertList(node: MdastList, context: Context): List {
  const items = node.children.map((item) => {
    const first = item.children[0];
    const last = item.children.at(-1);
    const outer = spanOf(item, context);
    const span = spanAt(
      context.path,
      first ? spanOf(first, context).start : outer.end,
      last ? spanOf(last, context).end : outer.end,
    );
    return { value: context.text.slice(span.start, span.end), span };
  });
  const span = spanOf(node, context);
  return { kind: 'list', ordered: node.ordered === true, items, source: sourceOf(span, context), span };
}

function headingText(node: Heading, context: Context): Located<string> {
  const first = node.children[0];
  const last = node.children.at(-1);
  const span =
    first && last
      ? spanAt(context.path, spanOf(first, context).start, spanOf(last, context).end)
      : spanOf(node, context);
  return { value: first ? context.text.slice(span.start, span.end).trim() : '', span };
}

function sourceOf({ start, end }: Span, { text }: Context): string {
  return text.slice(start, end);
}

function spanOf({ position }: Node, { path, offsetAt }: Context): Span {
  return position === undefined ? spanAt(path, 0, 0) : spanAt(path, offsetAt(position.start), offsetAt(position.end));
}
