import type { Nodes, Root } from 'mdast';
import type { Processor } from 'unified';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { type Span, spanAt } from '../text/source.ts';
import { describeHtml } from './html-words.ts';
import { linkProblem } from './link-problem.ts';

const { remarkParse, unified } = await import('./markdown-libraries.ts');

/** Reads Markdown as a page does, with all that is inside a line. It is asked only where something could be found. */
const pageReader = unified()
  .use(remarkParse)
  .use(function withoutEmphasis(this: Processor) {
    // Emphasis hides nothing, and to match its marks takes the most time.
    this.data().micromarkExtensions = [{ disable: { null: ['attention'] } }];
  });

const suspicious = /<[a-z/!?]|\]\(|!\[|&(?:#|[a-z])|```|~~~/i;

/** The time to read the marks of one stretch grows faster than its length, and no paragraph is that long. */
const longest = 10_000;

/**
 * Finds markup whose words a page does not show, or shows otherwise: HTML, pictures, titles and odd targets of links,
 * character references. `line`: a heading or a cell, where nothing begins a block.
 */
export function findMarkup(source: string, { path, start }: Span, as: 'block' | 'line'): Diagnostic[] {
  if (!suspicious.test(source)) return [];
  const found: Diagnostic[] = [];
  const say = (what: string, from: number, length: number) => {
    const place = spanAt(path, start + from, start + from + Math.max(1, length));
    found.push(diagnose('SOP114', place, { what }));
  };
  if (source.length > longest) {
    say(`markup stands in a paragraph of ${source.length} characters, which is too long to be read through`, 0, 1);
    return found;
  }
  // A letter before it keeps a cell such as `- x` or `> 5` from being taken for a list or a quotation.
  const shift = as === 'line' ? 1 : 0;
  const root: Root = pageReader.parse(shift === 1 ? `x${source}` : source);
  const visit = (node: Nodes): void => {
    const from = Math.max(0, (node.position?.start.offset ?? 0) - shift);
    const written = source.slice(from, (node.position?.end.offset ?? 0) - shift);
    const what = problemOf(node, written);
    if (what !== null) say(what, from, firstLine(written).length);
    else if (node.type === 'text')
      for (const each of references(written, node.value)) say(each.what, from + each.index, each.length);
    if ('children' in node) for (const child of node.children) visit(child);
  };
  visit(root);
  return found;
}

function problemOf(node: Nodes, written: string): string | null {
  switch (node.type) {
    case 'html':
      return describeHtml(node.value);
    case 'image':
    case 'imageReference':
      return 'a picture stands here: a page shows it, and an agent reads its other text';
    case 'definition':
      return 'the target of a link stands here, which a page hides';
    case 'link':
      return linkProblem(node, written);
    case 'code':
      return node.meta ? 'words stand behind the mark of a block, which a page hides' : null;
    default:
      return null;
  }
}

/** `&#105;`: a page shows the letter, and the compiler takes it as it is written. */
function references(written: string, shown: string): { what: string; index: number; length: number }[] {
  return [...written.matchAll(/(?<!\\)&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/gi)]
    .filter(([reference]) => !shown.includes(reference))
    .map(({ 0: reference, index }) => ({
      what: `\`${reference}\` is shown as another character`,
      index,
      length: reference.length,
    }));
}

function firstLine(text: string): string {
  return /^[^\r\n]*/.exec(text)?.[0] ?? '';
}
