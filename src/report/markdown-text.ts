import { printable } from './layout.ts';

/** Characters that Markdown, HTML, emoji or mathematics could read as more than text. */
const special = /[&<>`*_[\]\\|~#$@]|:(?=\/\/|[\w+-]+:)|(?<=www)\./gi;

/**
 * Text from a file as Markdown that shows these characters and nothing else: on one line, behind other text or in a cell of a
 * table. A name after `@` calls nobody, `#12` names no issue, an address is no link.
 */
export function markdownText(text: string): string {
  return escaped(text).trim();
}

/** A sentence of ours, with what stands in it between backquotes in the type of code; each part is text as above. */
export function markdownSentence(text: string): string {
  const parts = text.split(/(?<!`)`([^`]+)`(?!`)/);
  return parts.map((part, index) => (index % 2 === 0 ? escaped(part) : `<code>${escaped(part)}</code>`)).join('').trim(); // biome-ignore format: one thought
}

function escaped(text: string): string {
  return printable(text.replace(/\s+/g, ' '))
    .replace(special, (found) => `&#${found.charCodeAt(0)};`)
    .replace(/(&#(?:64|35);)(?=\w)/g, `$1${wordJoiner}`);
}

/** Nothing to see, and no letter: what follows it is no name. */
const wordJoiner = '&#8288;';

/** The same as a name in the type of code. */
export function markdownCode(text: string): string {
  return `<code>${markdownText(text)}</code>`;
}

/** A block of Markdown: `rows` may be cut where a page is too long, and then nothing is left open. */
export interface Block {
  readonly head: string;
  readonly rows: readonly string[];
  readonly tail: string;
  readonly isFolded: boolean;
}

/** A table, in a part that a reader unfolds where it has a `summary`. */
export function tableBlock(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  summary: string | null = null,
): Block {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const header = `${line(columns)}${line(columns.map(() => '---'))}`;
  return {
    head: summary === null ? header : `<details><summary>${summary}</summary>\n\n${header}`,
    rows: rows.map(line),
    tail: summary === null ? '\n' : '\n</details>\n\n',
    isFolded: summary !== null,
  };
}

export function textBlock(text: string): Block {
  return { head: `${text}\n\n`, rows: [], tail: '', isFolded: false };
}

/** Room for the words that say what was cut. */
const reserve = 200;

/**
 * The blocks in at most `limit` bytes. What is folded gives way first; what does not fit is counted, never left out
 * silently.
 */
export function fitBlocks(blocks: readonly Block[], limit: number, more: string): string {
  let left = limit - reserve;
  let cut = 0;
  const texts = new Map<Block, string>();
  for (const block of [...blocks].sort((a, b) => Number(a.isFolded) - Number(b.isFolded))) {
    const text = fitted(block, left);
    texts.set(block, text.page);
    left -= size(text.page);
    cut += text.cut;
  }
  const page = blocks.map((block) => texts.get(block) ?? '').join('');
  const said = cut === 0 ? '' : `Cut here, as the page would be too long: ${cut} more lines. ${more}\n`;
  return `${page.trimEnd()}\n${said === '' ? '' : `\n${said}`}`;
}

/** As many rows as there is room for; nothing where not even the first has any. */
function fitted({ head, rows, tail }: Block, room: number): { readonly page: string; readonly cut: number } {
  let free = room - size(head) - size(tail);
  const fitting: string[] = [];
  for (const row of rows) {
    free -= size(row);
    if (free < 0) break;
    fitting.push(row);
  }
  const isEmpty = free < 0 && fitting.length === 0;
  if (isEmpty) return { page: '', cut: Math.max(1, rows.length) };
  return { page: head + fitting.join('') + tail, cut: rows.length - fitting.length };
}

function size(text: string): number {
  return Buffer.byteLength(text);
}
