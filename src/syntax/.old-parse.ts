import type { Code, Heading, List as MdastList, Table as MdastTable, Node, Root, RootContent, TableCell } from 'mdast';
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
  const root: Root = processor.parse(text);
  const diagnostics: Diagnostic[] = [];
  const context: Context = { path, text, diagnostics };
  let frontMatter: MarkdownTree['frontMatter'] = null;
  let frontMatterSpan = spanAt(path, 0, 0);
  let title: Located<string> | null = null;
  const sections: OpenSection[] = [];
  const tables: Table[] = [];
  for (const node of root.children) {
    if (node.type === 'yaml') {
      frontMatterSpan = spanOf(node, context);
      const start =
        frontMatterSpan.start + (/^.*?(?:\r\n|\n|\r)/.exec(text.slice(frontMatterSpan.start))?.[0].length ?? 0);
      const [yaml, found] = parseYaml(path, node.value, start);
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
  readonly diagnostics: Diagnostic[];
}

interface OpenSection extends Section {
  readonly blocks: Block[];
  readonly subsections: OpenSection[];
}

function convertBlock(node: RootContent, context: Context): Block {
  if (node.type === 'table') return convertTable(node, context);
  if (node.type === 'code') return convertFence(node, context);
  if (node.type === 'list') return convertList(node, context);
  const span = spanOf(node, context);
  return { kind: 'prose', text: context.text.slice(span.start, span.end), span };
}

function convertTable(node: MdastTable, context: Context): Table {
  const [head, ...body] = node.children;
  const header = (head?.children ?? []).map((cell) => convertCell(cell, context));
  const rows: Row[] = [];
  for (const row of body) {
    const span = spanOf(row, context);
    const cells = row.children.map((cell) => convertCell(cell, context));
    if (cells.length === header.length) rows.push({ cells, span });
    else context.diagnostics.push(diagnose('SOP108', span, { cells: cells.length, columns: header.length }));
  }
  return { kind: 'table', header, rows, span: spanOf(node, context) };
}

function convertCell(node: TableCell, context: Context): Cell {
  const outer = spanOf(node, context);
  const raw = context.text.slice(outer.start, outer.end);
  const inner = /^\|?\s*([\s\S]*?)\s*\|?\s*$/.exec(raw)?.[1] ?? '';
  const first = node.children[0];
  const start = first === undefined ? outer.start + Math.min(raw.length, 1) : spanOf(first, context).start;
  const written = first === undefined ? '' : inner;
  const code = /^`([^`]+)`$/.exec(written);
  const from = code === null ? start : start + 1;
  const text = code?.[1] ?? written;
  return { text: text.replaceAll('\\|', '|').trim(), span: spanAt(context.path, from, from + text.length) };
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
  return { kind: 'fence', language, meta: node.meta ?? '', text, contentStart, span };
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
  return { kind: 'list', ordered: node.ordered === true, items, span: spanOf(node, context) };
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

function spanOf(node: Node, { path }: Context): Span {
  return spanAt(path, node.position?.start.offset ?? 0, node.position?.end.offset ?? 0);
}
