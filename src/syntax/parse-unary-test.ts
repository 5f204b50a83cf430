import { parseDuration, parseTime } from '../text/time.ts';
import type { Atom, CellProblem, Comparison, Operand, OperandValue, UnaryTest } from './unary-test.ts';

type Result = { readonly ok: true; readonly test: UnaryTest } | { readonly ok: false; readonly problem: CellProblem };

/** Reads a decision cell. Anything outside the subset is a problem with a hint, never a guess. */
export function parseUnaryTest(cell: string): Result {
  const text = cell.trim();
  if (text === '-' || text === '–' || text === '—') return { ok: true, test: { kind: 'any' } };
  if (text === '') return problem(0, 1, 'it could mean anything; write `-` where every value will do');
  const bare = bareTime(cell);
  if (bare !== null) return { ok: false, problem: bare };
  const scanned = scan(cell);
  if (!Array.isArray(scanned)) return { ok: false, problem: scanned };
  try {
    return { ok: true, test: readTests(new Reader(scanned, cell)) };
  } catch (error) {
    if (error instanceof CellError) return { ok: false, problem: error.problem };
    throw error;
  }
}

/** A time without its literal, as cases, parameters and messages write it: nothing else in a cell looks like that. Quotes that nobody closes go on to the end. */
function bareTime(cell: string): CellProblem | null {
  const found =
    /"(?:[^"\\]|\\.?)*(?:"|$)|(?<![\w.])(?<day>\d{4}-\d\d-\d\d)(?<clock>[T ]\d\d:[\d:.]*(?:Z|[+-]\d\d:?\d\d)?)?|(?<![\w.])(?<long>P(?:\d+D|T\d)[\dTHMSD.]*)(?!\w)/g;
  for (const { 0: text, index, groups } of cell.matchAll(found)) {
    const { day, clock, long } = groups ?? {};
    if (day === undefined && long === undefined) continue;
    const kind = long !== undefined ? 'duration' : clock === undefined ? 'date' : 'date and time';
    return { at: index, length: text.length, hint: `a ${kind} is written \`${kind}("${text.replace(' ', 'T')}")\`` };
  }
  return null;
}

interface Token {
  readonly kind: 'number' | 'text' | 'word' | 'mark';
  readonly text: string;
  readonly at: number;
  readonly length: number;
}

/** Leaves the recursive reader at the first mistake; never leaves this file. */
class CellError extends Error {
  readonly problem: CellProblem;
  constructor(found: CellProblem) {
    super(found.hint);
    this.problem = found;
  }
}

const tokenPattern =
  /\s+|(?<number>[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,3})?(?![\w]))|(?<text>"(?:[^"\\]|\\["\\])*")|(?<word>[\p{L}_][\p{L}\p{N}_]*)|(?<mark>\.\.|<=|>=|[<>()[\],])/uy;

function scan(cell: string): Token[] | CellProblem {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < cell.length) {
    const at = tokenPattern.lastIndex;
    const match = tokenPattern.exec(cell);
    if (match === null) return { at, length: 1, hint: hintFor(cell.slice(at)) };
    const { number, text, word, mark } = match.groups ?? {};
    const kind = number !== undefined ? 'number' : text !== undefined ? 'text' : word !== undefined ? 'word' : 'mark';
    if (number ?? text ?? word ?? mark) tokens.push({ kind, text: match[0], at, length: match[0].length });
  }
  return tokens;
}

/** The mistakes that people make most, each with its own advice. */
function hintFor(rest: string): string {
  const first = rest.charAt(0);
  if (first === '=') return 'an equality is written without `=`: `5`, `"mm"`, `true`';
  if (first === '!' || first === '≠') return '"not equal" is written `not("mm")`';
  if (first === '≥' || first === '≤') return `write \`${first === '≥' ? '>=' : '<='}\` for \`${first}\``;
  if (first === "'" || first === '“' || first === '”' || first === '’')
    return 'text goes in straight double quotes: "mm"';
  if (first === '"') return 'the quotes are never closed';
  const span = /^(\d+)([smhd])(?!\w)/.exec(rest);
  if (span !== null) {
    const [, size, unit] = span;
    const iso = `P${unit === 'd' ? '' : 'T'}${size}${unit?.toUpperCase()}`;
    return `a number has digits only, and a duration is written \`duration("${iso}")\``;
  }
  if (/^\d[\d,]*_/.test(rest) || /^\d+[A-Za-z%]/.test(rest))
    return 'a number has digits and one point only: `1000`, `0.2`; no `%`, `k`, `_`';
  if (first === '%') return 'write 20 % as `0.2`, in the unit that the signal declares';
  if (first === '$') return 'a parameter is named without `$` here: `>= min_notional`';
  if (first === '&' || first === '|')
    return 'one cell holds one condition; a list `"a", "b"` means or, another column means and';
  if (/^[*+/-]/.test(rest)) return 'cells compare, they do not compute; compute in the SQL or in a parameter';
  return `\`${first}\` has no meaning here`;
}

class Reader {
  private index = 0;
  constructor(
    private readonly tokens: readonly Token[],
    readonly cell: string,
  ) {}
  peek(): Token | undefined {
    return this.tokens[this.index];
  }
  next(expected: string): Token {
    const token = this.tokens[this.index];
    if (token === undefined)
      throw new CellError({ at: this.cell.length, length: 1, hint: `${expected} is missing at the end` });
    this.index++;
    return token;
  }
  take(mark: string): boolean {
    if (this.peek()?.text !== mark) return false;
    this.index++;
    return true;
  }
  isCall(): boolean {
    return this.peek()?.text === 'not' && this.tokens[this.index + 1]?.text === '(';
  }
}

/** `not(a, b), null` or `a, b, null`. */
function readTests(reader: Reader): UnaryTest {
  if (!reader.isCall()) {
    const tests = readList(reader);
    expectEnd(reader);
    return { kind: 'tests', negated: false, tests, alsoNull: false };
  }
  reader.next('not');
  reader.next('(');
  const tests = readList(reader);
  if (!reader.take(')')) fail(reader, 'the bracket of `not(` is never closed');
  let alsoNull = false;
  if (reader.take(',')) {
    const token = reader.next('null');
    if (token.text !== 'null')
      throw new CellError({ at: token.at, length: token.length, hint: 'after `not(…)` only `, null` may follow' });
    alsoNull = true;
  }
  expectEnd(reader);
  return { kind: 'tests', negated: true, tests, alsoNull };
}

function readList(reader: Reader): Atom[] {
  const tests = [readAtom(reader)];
  while (reader.take(',')) tests.push(readAtom(reader));
  return tests;
}

function readAtom(reader: Reader): Atom {
  const token = reader.peek();
  if (reader.isCall()) fail(reader, '`not(…)` must be the first thing in the cell, and only once');
  if (token?.text === 'null') {
    reader.next('null');
    return { kind: 'null' };
  }
  if (token?.kind === 'mark' && /^[<>]/.test(token.text)) {
    reader.next('a comparison');
    // Why the cast: the pattern above admits exactly the four comparisons.
    return {
      kind: 'compare',
      operator: token.text as Comparison,
      operand: readOperand(reader, `a value after \`${token.text}\``),
    };
  }
  if (token?.text === '[' || token?.text === '(' || token?.text === ']') return readInterval(reader);
  return { kind: 'equal', operand: readOperand(reader, 'a value') };
}

/** `[a..b]`, `(a..b)`, and DMN's other spelling of open ends, `]a..b[`. */
function readInterval(reader: Reader): Atom {
  const open = reader.next('a bracket').text;
  const low = readOperand(reader, 'the lower bound');
  if (!reader.take('..')) fail(reader, 'an interval is written with two points: `[0.3..0.5)`');
  const high = readOperand(reader, 'the upper bound');
  const close = reader.next('the closing bracket `]` or `)`');
  if (!/^[\])[]$/.test(close.text))
    throw new CellError({
      at: close.at,
      length: close.length,
      hint: 'an interval ends with `]` (with the bound) or `)` (without it)',
    });
  return { kind: 'interval', low, high, lowClosed: open === '[', highClosed: close.text === ']' };
}

function readOperand(reader: Reader, expected: string): Operand {
  const token = reader.next(expected);
  if (isTimeCall(token, reader)) return readTime(token, reader);
  return { ...operandValue(token), at: token.at, length: token.length };
}

/** `date("…")`, `date and time("…")`, `duration("…")`: the only calls beside `not`. */
function isTimeCall(token: Token, reader: Reader): boolean {
  if (token.text === 'date' && reader.take('and')) {
    if (!reader.take('time')) fail(reader, 'a moment is written `date and time("2026-11-02T00:30:00Z")`');
    return true;
  }
  return (token.text === 'date' || token.text === 'duration') && reader.peek()?.text === '(';
}

function readTime(first: Token, reader: Reader): Operand {
  const example = first.text === 'duration' ? 'duration("PT30M")' : 'date and time("2026-11-02T00:30:00Z")';
  if (!reader.take('(')) fail(reader, `write \`${example}\``);
  const written = reader.next('a text in quotes');
  if (written.kind !== 'text') throw new CellError({ ...written, hint: `write \`${example}\`` });
  if (!reader.take(')')) fail(reader, `the bracket of \`${first.text}(\` is never closed`);
  const text = written.text.slice(1, -1);
  const kind = first.text === 'duration' ? 'duration' : 'date and time';
  const microseconds = kind === 'duration' ? parseDuration(text) : parseTime(text);
  if (microseconds === undefined)
    throw new CellError({
      ...written,
      hint: kind === 'duration' ? noDuration(text) : noTime(text, example),
    });
  return { kind, microseconds, at: first.at, length: written.at + written.length + 1 - first.at };
}

function noTime(text: string, example: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(text)
    ? `there is no day ${text} in the calendar`
    : `\`${text}\` is no time; write \`${example}\``;
}

function noDuration(text: string): string {
  return /^[+-]?P(?=.*[YM])[^T]*[YM]/.test(text)
    ? 'months and years have no fixed length; write days, hours, minutes and seconds: `duration("P30D")`'
    : `\`${text}\` is no duration; write \`duration("PT30M")\`, \`duration("P1DT12H")\``;
}

function operandValue(token: Token): OperandValue {
  if (token.kind === 'number') return { kind: 'number', text: token.text };
  if (token.kind === 'text') return { kind: 'text', text: token.text.slice(1, -1).replace(/\\(["\\])/g, '$1') };
  if (token.text === 'true' || token.text === 'false') return { kind: 'boolean', value: token.text === 'true' };
  if (token.text === 'null')
    throw new CellError({
      at: token.at,
      length: token.length,
      hint: '`null` stands alone; nothing is greater or less than it',
    });
  if (token.kind === 'word') return { kind: 'name', name: token.text };
  throw new CellError({ at: token.at, length: token.length, hint: `\`${token.text}\` stands where a value belongs` });
}

function expectEnd(reader: Reader): void {
  const token = reader.peek();
  if (token === undefined) return;
  const hint =
    token.text === 'and' || token.text === 'or'
      ? 'one cell holds one condition; a list `"a", "b"` means or, another column means and'
      : token.kind === 'number'
        ? 'an interval is written `[0..1]`, and a list is parted by commas'
        : token.kind === 'word'
          ? 'text goes in double quotes, and conditions are parted by commas'
          : `\`${token.text}\` is one too many; conditions are parted by commas`;
  throw new CellError({ at: token.at, length: token.length, hint });
}

function fail(reader: Reader, hint: string): never {
  const token = reader.peek();
  throw new CellError({ at: token?.at ?? reader.cell.length, length: token?.length ?? 1, hint });
}

function problem(at: number, length: number, hint: string): Result {
  return { ok: false, problem: { at, length, hint } };
}
