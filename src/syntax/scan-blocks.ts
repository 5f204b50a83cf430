import type { RawBlock, Stretch } from './raw-block.ts';
import { linesOf, type SourceLine } from './source-lines.ts';

/**
 * The blocks of a text that is written plainly, as nearly every SOP is: each block begins in the first column, and a line's
 * first characters say what it is. `undefined` for any other text (HTML, quotations, nested lists, a fence that is never
 * closed …): that is for remark-parse, which says the same of plain texts and takes twenty times as long.
 */
export function scanBlocks(text: string): RawBlock[] | undefined {
  const lines = linesOf(text);
  const blocks: RawBlock[] = [];
  for (let at = 0; at < lines.length; ) {
    if (kindOf(lines[at]) === 'blank') at++;
    else {
      const found = readBlock(lines, at);
      if (found === undefined) return undefined;
      blocks.push(found.block);
      at = found.next;
    }
  }
  return blocks;
}

interface Found {
  readonly block: RawBlock;
  /** The line after the block. */
  readonly next: number;
}

function readBlock(lines: readonly SourceLine[], at: number): Found | undefined {
  if (at === 0 && lines[0]?.text === '---') return readFrontMatter(lines);
  switch (kindOf(lines[at])) {
    case 'heading':
      return readHeading(lines, at);
    case 'fence':
      return readFence(lines, at);
    case 'item':
      return readList(lines, at);
    case 'prose':
      return readParagraph(lines, at);
    default:
      return undefined;
  }
}

type Kind = 'blank' | 'heading' | 'fence' | 'item' | 'prose' | 'indented' | 'strange';

/** `indented` is prose that has blanks before it: plain only below another line of prose. */
function kindOf(line: SourceLine | undefined): Kind {
  if (line === undefined || blank.test(line.text)) return 'blank';
  if (prose.test(line.text)) return 'prose';
  if (item.test(line.text)) return 'item';
  if (heading.test(line.text)) return 'heading';
  if (fence.test(line.text)) return 'fence';
  return indented.test(line.text) ? 'indented' : 'strange';
}

/** Whatever may begin a line of prose: a letter, a sign without a meaning, a mark that no blank follows. */
const words =
  /(?:[A-Za-z"'()[\]{}|$%&/:;,.?!@^\\]|(?=\S)[\u00a1-\uffff]|`{1,2}[^`]|\*{1,2}[A-Za-z0-9`]|__?[A-Za-z]|\d+(?![.)\d])|\d+[.)]\d)/;
const prose = new RegExp(`^${words.source}`);
const indented = new RegExp(`^ +${words.source}`);
const item = new RegExp(`^([-*+]|\\d{1,9}[.)])( {1,4})${words.source}`);
const blank = /^[ \t]*$/;

/** A `#` at the end might close the heading, so no other may be there. */
const heading = /^(#{1,6})( +)[^#\s](?:[^#]*[^#\s])?$/;

/** The words behind it are taken as they are: no escapes, no character references. */
const fence = /^(`{3,}|~{3,})(?:[^`~\\&]*[^`~\\&\s])?$/;

function readFrontMatter(lines: readonly SourceLine[]): Found | undefined {
  const close = lines.findIndex(({ text }, index) => index > 0 && /^---[ \t]*$/.test(text));
  return close < 0 ? undefined : { block: { kind: 'frontMatter', ...stretch(lines, 0, close) }, next: close + 1 };
}

function readHeading(lines: readonly SourceLine[], at: number): Found {
  const [, signs = '', blanks = ''] = heading.exec(lines[at]?.text ?? '') ?? [];
  const { start, end } = stretch(lines, at, at);
  const content = { start: start + signs.length + blanks.length, end };
  return { block: { kind: 'heading', depth: signs.length, content, start, end }, next: at + 1 };
}

function readFence(lines: readonly SourceLine[], at: number): Found | undefined {
  const line = lines[at]?.text ?? '';
  const [, opened = ''] = fence.exec(line) ?? [];
  const close = lines.findIndex(({ text }, index) => index > at && closes(text, opened));
  if (close < 0) return undefined;
  const [, language = '', meta = ''] = /^[ \t]*([^ \t]*)[ \t]*(.*)$/s.exec(line.slice(opened.length)) ?? [];
  return { block: { kind: 'fence', language, meta, ...stretch(lines, at, close) }, next: close + 1 };
}

/** The closing fence is at least as long as the opening one, and indented by three at most. */
function closes(line: string, opened: string): boolean {
  const [, mark = ''] = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line) ?? [];
  return mark.startsWith(opened);
}

function readParagraph(lines: readonly SourceLine[], at: number): Found | undefined {
  const last = lastOfParagraph(lines, at);
  if (!endsParagraph(lines[last + 1])) return undefined;
  return { block: { kind: 'paragraph', ...stretch(lines, at, last) }, next: last + 1 };
}

function lastOfParagraph(lines: readonly SourceLine[], from: number): number {
  let last = from;
  for (let kind = kindOf(lines[last + 1]); kind === 'prose' || kind === 'indented'; kind = kindOf(lines[last + 1]))
    last++;
  return last;
}

/** A list may begin right below a line of prose, but a number only if it is 1. */
function endsParagraph(line: SourceLine | undefined): boolean {
  const kind = kindOf(line);
  return kind === 'item' ? /^(?:[-*+]|1[.)])/.test(line?.text ?? '') : endsList(kind);
}

function endsList(kind: Kind): boolean {
  return kind === 'blank' || kind === 'heading' || kind === 'fence';
}

/** Items of one paragraph each, with or without blank lines between them. */
function readList(lines: readonly SourceLine[], from: number): Found | undefined {
  const sign = signOf(lines[from]);
  const items: Stretch[] = [];
  for (let at = from; ; ) {
    const last = lastOfParagraph(lines, at);
    const { start, end } = stretch(lines, at, last);
    const [, mark = '', blanks = ''] = item.exec(lines[at]?.text ?? '') ?? [];
    items.push({ start: start + mark.length + blanks.length, end });
    const next = nextWritten(lines, last + 1);
    if (signOf(lines[next]) === sign) at = next;
    else {
      const ordered = sign === '.' || sign === ')';
      const block: RawBlock = { kind: 'list', ordered, items, ...stretch(lines, from, last) };
      return endsList(kindOf(lines[last + 1])) ? { block, next: last + 1 } : undefined;
    }
  }
}

/** Lists of one kind run on: the sign itself, or what stands behind the number. */
function signOf(line: SourceLine | undefined): string | undefined {
  return item.exec(line?.text ?? '')?.[1]?.at(-1);
}

function nextWritten(lines: readonly SourceLine[], from: number): number {
  let at = from;
  while (at < lines.length && kindOf(lines[at]) === 'blank') at++;
  return at;
}

function stretch(lines: readonly SourceLine[], first: number, last: number): Stretch {
  const end = lines[last];
  return { start: lines[first]?.start ?? 0, end: (end?.start ?? 0) + (end?.text.length ?? 0) };
}
