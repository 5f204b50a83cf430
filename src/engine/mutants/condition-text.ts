import { utf16Offset } from '../places.ts';
import { byteAt, type TreeValue, walkTree } from '../query-tree.ts';
import { type SqlToken, sqlTokens } from '../sql-tokens.ts';

/**
 * Finds where conditions begin and end in SQL text. The engine's tree says only where their operators stand, so words and
 * parentheses have to tell; whoever changes the text by it compares the tree of the result with what was meant.
 */
export interface ConditionText {
  readonly sql: string;
  readonly tokens: readonly SqlToken[];
  /** Places of the first and the last token of a part of the tree; null where it has none. */
  extent(value: TreeValue | undefined): readonly [number, number] | null;
  /** The token at a byte offset of the engine; -1 for none. */
  tokenAt(byte: number | undefined): number;
  /** First token of the condition that holds this one. */
  first(token: number): number;
  /** Last token of the condition that holds this one. */
  last(token: number): number;
  /** The text from one token to another, on one line, cut where it is long. */
  oneLine(from: number, to: number): string;
}

const opening = new Set(['(', '[', '{', 'case']);
const closing = new Set([')', ']', '}', 'end']);

/** What ends a condition on its left, where it is no part of something in parentheses. */
const before = new Set([
  ',', ';', 'and', 'or', 'where', 'on', 'having', 'qualify', 'when', 'then', 'else', 'select', 'distinct', 'by', 'from', 'not',
]); // biome-ignore format: a list of words

/** What ends one on its right. */
const after = new Set([
  ',', ';', 'and', 'or', 'where', 'having', 'qualify', 'window', 'group', 'order', 'limit', 'offset', 'union', 'except', 'intersect',
  'join', 'left', 'right', 'full', 'inner', 'cross', 'asof', 'anti', 'semi', 'positional', 'natural', 'using', 'on', 'when', 'then',
  'else', 'as', 'from',
]); // biome-ignore format: a list of words

/** These are functions as well, where a parenthesis follows. */
const alsoFunctions = new Set(['left', 'right']);

const longest = 90;

export function conditionText(sql: string): ConditionText {
  const tokens = sqlTokens(sql);
  const words = tokens.map(({ kind, text }) => (kind === 'word' || kind === 'symbol' ? text.toLowerCase() : ''));
  /** `IS [NOT] DISTINCT FROM` is one operator. */
  const inDistinct = (at: number) =>
    (words[at] === 'from' && words[at - 1] === 'distinct') ||
    (words[at] === 'distinct' && /^(is|not)$/.test(words[at - 1] ?? '')) ||
    (words[at] === 'not' && words[at - 1] === 'is');
  const inBetween = andsOfBetween(words);
  const isFrame = (at: number) => /^(rows|range|groups)$/.test(words[at] ?? '') && words[at + 1] === 'between';
  const isBefore = (at: number) =>
    isFrame(at) || (before.has(words[at] ?? '') && !inDistinct(at) && !inBetween.has(at));
  const isAfter = (at: number) =>
    after.has(words[at] ?? '') &&
    !inDistinct(at) &&
    !inBetween.has(at) &&
    !(alsoFunctions.has(words[at] ?? '') && words[at + 1] === '(');

  function walk(from: number, way: 1 | -1, opens: Set<string>, closes: Set<string>, ends: (at: number) => boolean) {
    let depth = 0;
    let last = from;
    for (let at = from; at >= 0 && at < tokens.length; at += way) {
      const word = words[at] ?? '';
      if (closes.has(word) && --depth < 0) return last;
      if (depth === 0 && at !== from && ends(at)) return last;
      if (opens.has(word)) depth++;
      last = at;
    }
    return last;
  }

  const tokenAt = (byte: number | undefined) => {
    if (byte === undefined) return -1;
    const offset = utf16Offset(sql, byte);
    return tokens.findIndex((token) => token.start <= offset && offset < token.end);
  };
  return {
    sql,
    tokens,
    tokenAt,
    extent: (value) => {
      const places = [...walkTree(value)].map((node) => tokenAt(byteAt(node))).filter((place) => place >= 0);
      return places.length === 0 ? null : [Math.min(...places), Math.max(...places)];
    },
    first: (token) => walk(token, -1, closing, opening, isBefore),
    last: (token) => walk(token, 1, opening, closing, isAfter),
    oneLine: (from, to) => {
      const parts = tokens.slice(from, to + 1);
      const text = parts.map(({ start, end }, index) => {
        const gap = index > 0 && start > (parts[index - 1]?.end ?? start) ? ' ' : '';
        return gap + sql.slice(start, end);
      });
      const line = text.join('').replace(/\s+/g, ' ');
      return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
    },
  };
}

/** The AND of each `BETWEEN a AND b`. */
function andsOfBetween(words: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>();
  /** How many BETWEEN wait for theirs, by depth. */
  const waiting = [0];
  for (const [at, word] of words.entries()) {
    if (opening.has(word)) waiting.push(0);
    else if (closing.has(word) && waiting.length > 1) waiting.pop();
    const depth = waiting.length - 1;
    const pending = waiting[depth] ?? 0;
    if (word === 'between') waiting[depth] = pending + 1;
    else if (word === 'and' && pending > 0) {
      waiting[depth] = pending - 1;
      found.add(at);
    }
  }
  return found;
}
