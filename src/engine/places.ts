import { type SqlToken, sqlTokens } from './sql-tokens.ts';

/** A place in SQL text in UTF-16 units. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/** Finds places in one SQL text: the engine counts bytes of UTF-8, everything else here counts UTF-16 units. */
export interface Places {
  readonly tokens: readonly SqlToken[];
  /** The token, or the dotted name, at a byte offset; undefined for "no place" (2^64-1 in the engine's tree). */
  atByte(byte: number | undefined): Place | undefined;
  /** The first `$name`; `?` and `$1` are found by their text too. */
  ofParameter(name: string): Place | undefined;
  /** The first identifier, else text, spelt like this whatever its case: for errors that name something and no place. */
  ofName(name: string): Place | undefined;
}

export function placesIn(sql: string): Places {
  let known: readonly SqlToken[] | undefined;
  const tokens = () => {
    known ??= sqlTokens(sql);
    return known;
  };
  return {
    get tokens() {
      return tokens();
    },
    atByte: (byte) => (byte === undefined ? undefined : tokenPlace(tokens(), utf16Offset(sql, byte), sql.length)),
    ofParameter: (name) => placeOf(tokens().find((token) => token.kind === 'parameter' && token.text === name)),
    ofName: (name) => {
      const same = tokens().filter((token) => sameName(token.text, name));
      return placeOf(same.find(isName) ?? same.find((token) => token.kind === 'text'));
    },
  };
}

/** Turns an offset in bytes of UTF-8 into one in UTF-16 units; past the end it is the end. */
export function utf16Offset(sql: string, byte: number): number {
  let bytes = 0;
  let units = 0;
  for (const character of sql) {
    if (bytes >= byte) return units;
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    units += character.length;
  }
  return units;
}

/** `a.b.c` from its first name on counts as one thing. */
function tokenPlace(tokens: readonly SqlToken[], offset: number, end: number): Place {
  let index = tokens.findIndex((token) => token.start <= offset && offset < token.end);
  const first = tokens[index];
  if (first === undefined) return { offset: Math.min(offset, end), length: 0 };
  let last = first;
  while (isName(last)) {
    const dot = tokens[index + 1];
    const next = tokens[index + 2];
    if (dot?.text !== '.' || dot.start !== last.end || next === undefined || next.start !== dot.end) break;
    if (!isName(next)) break;
    last = next;
    index += 2;
  }
  return { offset: first.start, length: last.end - first.start };
}

function placeOf(token: SqlToken | undefined): Place | undefined {
  return token && { offset: token.start, length: token.end - token.start };
}

const isName = (token: SqlToken) => token.kind === 'word' || token.kind === 'quoted';
const sameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** The SQL as it can stand inside other SQL: one statement may end with `;`, and nothing but comments comes after. */
export function withoutEnd(sql: string, { tokens }: Places): string {
  const end = tokens.find((token) => token.kind === 'symbol' && token.text === ';');
  return end === undefined ? sql : sql.slice(0, end.start);
}
