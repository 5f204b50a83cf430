import type { Node, Root, RootContent } from 'mdast';
import type { Processor } from 'unified';
import type { RawBlock, Stretch } from './raw-block.ts';

const { frontmatterFromMarkdown, frontmatter, remarkParse, unified } = await import('./markdown-libraries.ts');

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
    data.micromarkExtensions = [frontmatter(), { disable: { null: switchedOff } }];
    data.fromMarkdownExtensions = [frontmatterFromMarkdown()];
  });

/** The blocks of any Markdown text. */
export function remarkBlocks(text: string): RawBlock[] {
  const root: Root = processor.parse(text);
  return root.children.map(blockOf);
}

function blockOf(node: RootContent): RawBlock {
  const { start, end } = stretchOf(node);
  switch (node.type) {
    case 'yaml':
      return { kind: 'frontMatter', start, end };
    case 'paragraph':
      return { kind: 'paragraph', start, end };
    case 'code':
      return { kind: 'fence', language: node.lang ?? '', meta: node.meta ?? '', start, end };
    case 'heading':
      return { kind: 'heading', depth: node.depth, content: around(node.children), start, end };
    case 'list': {
      const items = node.children.map(
        (item) => around(item.children) ?? { start: stretchOf(item).end, end: stretchOf(item).end },
      );
      return { kind: 'list', ordered: node.ordered === true, items, start, end };
    }
    default:
      return { kind: 'other', start, end };
  }
}

function around(nodes: readonly Node[]): Stretch | null {
  const first = nodes[0];
  const last = nodes.at(-1);
  return first && last ? { start: stretchOf(first).start, end: stretchOf(last).end } : null;
}

function stretchOf({ position }: Node): Stretch {
  return { start: position?.start.offset ?? 0, end: position?.end.offset ?? 0 };
}
