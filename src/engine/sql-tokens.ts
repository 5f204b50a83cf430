/** A token of SQL text, as far as places need it. Offsets count UTF-16 units. */
export interface SqlToken {
  readonly kind: 'word' | 'quoted' | 'text' | 'number' | 'parameter' | 'symbol';
  /** The name without quotes or `$`; the source text for everything else. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const word = /[\p{L}_\u0080-\uffff][\p{L}\p{N}_$\u0080-\uffff]*/uy;
const number = /(?:\d[\d_]*)?\.?\d[\d_]*(?:[eE][+-]?\d+)?/y;
const parameter = /\$([\p{L}\p{N}_]+)/uy;
const dollarQuote = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;

/**
 * Splits SQL into tokens to find the place of a name or a parameter (the engine's tree has no place for parameters).
 * Nothing is judged by it: a text that is no SQL gives some tokens and no error.
 */
export function sqlTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  let at = 0;
  while (at < sql.length) {
    const end = skipSpace(sql, at);
    if (end > at) {
      at = end;
      continue;
    }
    const token = tokenAt(sql, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

/** End of white space and comments that begin at `at`; block comments nest as in PostgreSQL. */
function skipSpace(sql: string, at: number): number {
  if (/\s/.test(sql.charAt(at))) return at + 1;
  if (sql.startsWith('--', at)) {
    const end = sql.indexOf('\n', at);
    return end < 0 ? sql.length : end + 1;
  }
  if (!sql.startsWith('/*', at)) return at;
  let depth = 0;
  for (let i = at; i < sql.length; i++) {
    if (sql.startsWith('/*', i)) {
      depth++;
      i++;
    } else if (sql.startsWith('*/', i)) {
      depth--;
      i++;
      if (depth === 0) return i + 1;
    }
  }
  return sql.length;
}

function tokenAt(sql: string, at: number): SqlToken {
  const first = sql.charAt(at);
  if (first === "'") return { kind: 'text', ...quotedSpan(sql, at, "'", false) };
  if (/[eE]/.test(first) && sql.charAt(at + 1) === "'") {
    const span = quotedSpan(sql, at + 1, "'", true);
    return { kind: 'text', text: span.text, start: at, end: span.end };
  }
  if (first === '"') return { kind: 'quoted', ...quotedSpan(sql, at, '"', false) };
  const dollar = match(dollarQuote, sql, at);
  if (dollar !== undefined) {
    const close = sql.indexOf(dollar[0], at + dollar[0].length);
    const end = close < 0 ? sql.length : close + dollar[0].length;
    return { kind: 'text', text: sql.slice(at, end), start: at, end };
  }
  const named = match(parameter, sql, at);
  if (named !== undefined) return { kind: 'parameter', text: named[1] ?? '', start: at, end: at + named[0].length };
  if (first === '?') return { kind: 'parameter', text: '?', start: at, end: at + 1 };
  for (const [kind, pattern] of [
    ['word', word],
    ['number', number],
  ] as const) {
    const found = match(pattern, sql, at);
    if (found !== undefined) return { kind, text: found[0], start: at, end: at + found[0].length };
  }
  return { kind: 'symbol', text: first, start: at, end: at + 1 };
}

function quotedSpan(sql: string, at: number, quote: string, escapes: boolean) {
  let text = '';
  for (let i = at + 1; i < sql.length; i++) {
    const unit = sql.charAt(i);
    if (escapes && unit === '\\') {
      text += sql.charAt(++i);
    } else if (unit !== quote) {
      text += unit;
    } else if (sql.charAt(i + 1) === quote) {
      text += quote;
      i++;
    } else {
      return { text, start: at, end: i + 1 };
    }
  }
  return { text, start: at, end: sql.length };
}

function match(pattern: RegExp, sql: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(sql) ?? undefined;
}
