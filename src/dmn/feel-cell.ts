import { parseUnaryTest } from '../syntax/parse-unary-test.ts';
import type { Atom, Operand, UnaryTest } from '../syntax/unary-test.ts';
import { invisible } from '../text/invisible.ts';
import { formatTime, isoDuration } from '../text/time.ts';
import type { DmnText } from './dmn-model.ts';
import { type Taken, taken, untaken } from './taken.ts';
import { quotedText, whyNot } from './why-not.ts';

/** The names that FEEL may use for a value, as they stand in the file, with the parameter that holds it. */
export type Constants = ReadonlyMap<string, string>;

/** A cell of DMN as a cell of ours that matches the same values, null among them. */
export function cellOf({ text, language }: DmnText, constants: Constants): Taken<string> {
  const read = readCell(text, language, constants);
  if (!read.ok) return read;
  const written = writeTest(read.value);
  return written.ok ? fitsCell(written.value) : written;
}

/** The values that a type or a column allows, as a range: literals only. DMN may name null; here it is always allowed. */
export function rangeOf(text: string): Taken<string> {
  const read = readCell(text, null, new Map());
  if (!read.ok) return read;
  if (read.value.kind === 'any') return taken('–');
  if (read.value.negated) return untaken('a range here says what may be, and not what may not');
  const known = read.value.tests.filter((atom) => atom.kind !== 'null');
  if (known.length === 0) return untaken('it allows no value at all');
  const written = writeTest({ ...read.value, tests: known });
  return written.ok ? fitsCell(written.value) : written;
}

/** A negation of which engines say different things where the value is null: `not(>= 5)`. */
export function isDisputed({ text, language }: DmnText, constants: Constants): boolean {
  const read = readCell(text, language, constants);
  if (!read.ok || read.value.kind === 'any' || !read.value.negated) return false;
  const { tests } = read.value;
  return !tests.some(({ kind }) => kind === 'null') && tests.some(({ kind }) => kind !== 'equal');
}

/** What the cell's literals are; null where there is none, or where they are mixed. */
export function kindOfCell({ text, language }: DmnText): Exclude<Operand['kind'], 'name'> | null {
  const read = readCell(text, language, new Map());
  if (!read.ok || read.value.kind === 'any') return null;
  const kinds = new Set(read.value.tests.flatMap(operandsOf).flatMap(({ kind }) => (kind === 'name' ? [] : [kind])));
  const [only] = kinds;
  return kinds.size === 1 && only !== undefined ? only : null;
}

/** The words that a list of values names, in its order; undefined where it holds anything else. */
export function valuesIn(text: string): string[] | undefined {
  const read = readCell(text, null, new Map());
  if (!read.ok || read.value.kind === 'any' || read.value.negated) return undefined;
  const known = read.value.tests.filter((atom) => atom.kind !== 'null');
  const values = known.map((atom) => (atom.kind === 'equal' ? wordOf(atom.operand) : undefined));
  return values.every((value) => value !== undefined) ? values : undefined;
}

function wordOf(operand: Operand): string | undefined {
  if (operand.kind === 'boolean') return String(operand.value);
  return operand.kind === 'text' || operand.kind === 'number' ? operand.text : undefined;
}

/** `@"2026-01-31"` is FEEL's short form of `date("2026-01-31")`, and so for the others. */
function withoutShortTimes(cell: string): string {
  return cell
    .replace(/@"(-?P[^"]*)"/g, 'duration("$1")')
    .replace(/@"(\d{4}-\d\d-\d\dT[^"]*)"/g, 'date and time("$1")')
    .replace(/@"(\d{4}-\d\d-\d\d)"/g, 'date("$1")');
}

function readCell(text: string, language: string | null, constants: Constants): Taken<UnaryTest> {
  if (language !== null) return untaken(`it is written in ${language}, and not in FEEL`);
  const cell = text.trim();
  if (cell === '' || cell === '-') return taken({ kind: 'any' });
  const parsed = parseUnaryTest(withConstants(withoutShortTimes(cell), constants));
  if (!parsed.ok || parsed.test.kind === 'any') return untaken(whyNot(cell, parsed.ok ? '' : parsed.problem.hint));
  if (parsed.test.alsoNull) return untaken('in FEEL nothing may follow `not(…)`');
  const names = new Set(constants.values());
  const unknown = parsed.test.tests
    .flatMap(operandsOf)
    .find((operand) => operand.kind === 'name' && !names.has(operand.name));
  if (unknown?.kind === 'name')
    return untaken(
      `\`${unknown.name}\` is no value that stays the same; compute the difference or the ratio as a signal, and compare that`,
    );
  return taken(parsed.test);
}

/** Names may have blanks in FEEL: they are replaced outside texts, the longest first, and never inside a longer name. */
function withConstants(cell: string, constants: Constants): string {
  if (constants.size === 0) return cell;
  const pattern = patternOf(constants);
  const replaced = (text: string) => text.replace(pattern, (name) => constants.get(name.replace(/\s+/g, ' ')) ?? name);
  const texts = cell.match(quotedText) ?? [];
  return cell
    .split(quotedText)
    .map((part, index) => `${replaced(part)}${texts[index] ?? ''}`)
    .join('');
}

function patternOf(constants: Constants): RegExp {
  const known = patterns.get(constants);
  if (known?.size === constants.size) return known.pattern;
  const names = [...constants.keys()].sort((a, b) => b.length - a.length);
  const words = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+'));
  // A point joins names, two points are an interval.
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}_]|(?<!\\.)\\.)(?:${words.join('|')})(?![\\p{L}\\p{N}_]|\\.(?!\\.))`,
    'gu',
  );
  patterns.set(constants, { size: constants.size, pattern });
  return pattern;
}

const patterns = new WeakMap<Constants, { readonly size: number; readonly pattern: RegExp }>();

function writeTest(test: UnaryTest): Taken<string> {
  if (test.kind === 'any') return taken('-');
  const wrong = test.tests
    .filter((atom) => atom.kind === 'compare' || atom.kind === 'interval')
    .flatMap(operandsOf)
    .find(({ kind }) => kind === 'text' || kind === 'boolean');
  if (wrong !== undefined) return untaken('only numbers can be greater or less here');
  const known = test.tests.filter((atom) => atom.kind !== 'null');
  if (!test.negated) return taken(test.tests.map((atom) => writeAtom(atom)).join(', '));
  // FEEL: `null = "mm"` is false, so that `not("mm")` matches null; `null >= 5` is null, and so is its negation.
  const matchesNull = known.length === test.tests.length && known.every((atom) => atom.kind === 'equal');
  const inside = (known.length === 0 ? test.tests : known).map((atom) => writeAtom(atom)).join(', ');
  return taken(`not(${inside})${matchesNull ? ', null' : ''}`);
}

function writeAtom(atom: Atom): string {
  switch (atom.kind) {
    case 'null':
      return 'null';
    case 'equal':
      return writeOperand(atom.operand);
    case 'compare':
      return `${atom.operator} ${writeOperand(atom.operand)}`;
    case 'interval':
      return `${atom.lowClosed ? '[' : '('}${writeOperand(atom.low)}..${writeOperand(atom.high)}${atom.highClosed ? ']' : ')'}`;
  }
}

function writeOperand(operand: Operand): string {
  switch (operand.kind) {
    case 'number':
      return operand.text;
    case 'boolean':
      return String(operand.value);
    case 'text':
      return `"${operand.text.replace(/["\\]/g, '\\$&')}"`;
    case 'name':
      return operand.name;
    case 'date and time':
      return `date and time("${formatTime(operand.microseconds)}")`;
    case 'duration':
      return `duration("${isoDuration(operand.microseconds)}")`;
  }
}

function operandsOf(atom: Atom): Operand[] {
  if (atom.kind === 'null') return [];
  return atom.kind === 'interval' ? [atom.low, atom.high] : [atom.operand];
}

/** A cell of a Markdown table is one line; `\` right before `|` has no way to be written. */
export function fitsCell(text: string): Taken<string> {
  if (/[\n\r\t]/.test(text) || invisible.test(text))
    return untaken('it holds a line break or an invisible character, which a table cannot show');
  return text.includes('\\|') ? untaken('`\\` right before `|` cannot stand in a Markdown table') : taken(text);
}
