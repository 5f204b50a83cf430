import { type Located, spanAt } from '../text/source.ts';
import { linesOf, type SourceLine } from './source-lines.ts';
import type { YamlEntry, YamlNode } from './yaml.ts';

/**
 * Reads YAML that is written plainly, as the front-matter of nearly every SOP is: keys in the first column, with words,
 * lists and maps of words on the same line, or lines folded by `>-` below it. `undefined` for any other text (most
 * numbers, comments, escapes, anything that is wrong): that is for the YAML parser, which says the same of plain texts.
 */
export function scanYaml(path: string, text: string, offset: number): YamlNode | undefined {
  // A lone CR ends a line for everybody but the YAML parser.
  if (/\r(?!\n)/.test(text)) return undefined;
  const lines = linesOf(text, offset);
  const entries: YamlEntry[] = [];
  const keys = new Set<string>();
  for (let at = 0; at < lines.length; ) {
    const found = readEntry(path, lines, at);
    if (found === undefined || keys.has(found.entry.key.value)) return undefined;
    keys.add(found.entry.key.value);
    entries.push(found.entry);
    at = found.next;
  }
  const last = entries.at(-1);
  return last && { kind: 'map', entries, span: spanAt(path, offset, last.value.span.end) };
}

interface Found {
  readonly entry: YamlEntry;
  /** The line after the entry. */
  readonly next: number;
}

const entryLine = /^([A-Za-z_][\w-]{0,60}): (\S.*)$/;

function readEntry(path: string, lines: readonly SourceLine[], at: number): Found | undefined {
  const { text, start } = lines[at] ?? { text: '', start: 0 };
  const [, name = '', written = ''] = entryLine.exec(text) ?? [];
  if (name === '' || special.test(name)) return undefined;
  const key = { value: name, span: spanAt(path, start, start + name.length) };
  const from = start + text.length - written.length;
  if (written === '>-') return readFolded(key, from, lines, at);
  const value = /^[[{]/.test(written) ? readFlow(path, written, from) : scalar(path, written, from);
  return value && { entry: { key, value }, next: at + 1 };
}

/** Lines of one indentation without blank lines between them: their breaks are blanks. */
function readFolded(key: Located<string>, from: number, lines: readonly SourceLine[], at: number): Found | undefined {
  const [indent] = /^ +/.exec(lines[at + 1]?.text ?? '') ?? [];
  if (indent === undefined) return undefined;
  const parts: string[] = [];
  let next = at + 1;
  for (; lines[next]?.text.startsWith(' '); next++) {
    const part = lines[next]?.text ?? '';
    if (!part.startsWith(indent) || !folded.test(part.slice(indent.length))) return undefined;
    parts.push(part.slice(indent.length));
  }
  const last = lines[next - 1];
  const source = parts.join(' ');
  const span = spanAt(key.span.path, from, (last?.start ?? 0) + (last?.text.length ?? 0));
  return { entry: { key, value: { kind: 'scalar', value: source, source, quoted: true, span } }, next };
}

const folded = /^\S(?:.*\S)?$/;

/** Words that are no text. */
const special = /^(?:null|true|false)$/i;

/** Text that begins with a letter, a date, a version, a time span; no colon and no `#` that could end it. */
const plain = /^(?:[A-Za-z][^\s:#]*(?: +[^\s:#]+)*|\d{4}-\d\d-\d\d|\d+\.\d+\.\d+|\d+[a-df-z])$/;
const quoted = /^(?:"[^"\\]*"|'[^']*')$/;

/** The only numbers of a front-matter: the share of `identity`. */
const share = /^0\.\d{1,9}$/;

function scalar(path: string, text: string, start: number): YamlNode | undefined {
  const span = spanAt(path, start, start + text.length);
  if (plain.test(text))
    return special.test(text) ? undefined : { kind: 'scalar', value: text, source: text, quoted: false, span };
  if (share.test(text)) return { kind: 'scalar', value: Number(text), source: text, quoted: false, span };
  if (!quoted.test(text)) return undefined;
  const value = text.slice(1, -1);
  return { kind: 'scalar', value, source: value, quoted: true, span };
}

/** A list of words, or a map of words and of lists of words, that ends with its line. */
function readFlow(path: string, text: string, start: number): YamlNode | undefined {
  const span = spanAt(path, start, start + text.length);
  if (list.test(text)) {
    const items = piecesOf(text, /[^[\], ]+/g).map(({ piece, at }) => scalar(path, piece, start + at));
    return items.includes(undefined) ? undefined : { kind: 'list', items: items.filter(isNode), span };
  }
  if (!map.test(text)) return undefined;
  const entries = piecesOf(text, mapEntry).map(({ piece, at }): YamlEntry | undefined => {
    const name = piece.slice(0, piece.indexOf(':'));
    const written = piece.slice(name.length + 2);
    const from = start + at + name.length + 2;
    const value = written.startsWith('[') ? readFlow(path, written, from) : scalar(path, written, from);
    const key = { value: name, span: spanAt(path, start + at, start + at + name.length) };
    return value === undefined || special.test(name) ? undefined : { key, value };
  });
  const names = new Set(entries.map((entry) => entry?.key.value));
  if (entries.includes(undefined) || names.size < entries.length) return undefined;
  return { kind: 'map', entries: entries.filter((entry) => entry !== undefined), span };
}

const word = String.raw`[A-Za-z0-9][\w.?-]*`;
const words = String.raw`\[${word}(?:, ?${word})*\]`;
const pair = String.raw`[A-Za-z_]\w*: (?:${word}|${words})`;
const list = new RegExp(`^${words}$`);
const map = new RegExp(`^\\{${pair}(?:, ${pair})*\\}$`);
const mapEntry = new RegExp(pair, 'g');

function piecesOf(text: string, pattern: RegExp): { piece: string; at: number }[] {
  return [...text.matchAll(pattern)].map(({ 0: piece, index }) => ({ piece, at: index }));
}

function isNode(node: YamlNode | undefined): node is YamlNode {
  return node !== undefined;
}
