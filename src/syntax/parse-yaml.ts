import type { Document, Node, Scalar, YAMLError } from 'yaml';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { type Span, spanAt } from '../text/source.ts';
import { sayEscaped } from './find-unseen.ts';
import { scanYaml } from './scan-yaml.ts';
import type { YamlEntry, YamlNode } from './yaml.ts';

/** A file of its own in the shipped program: what was parsed before needs no parser. */
const { isAlias, isMap, isScalar, isSeq, parseDocument } = await import('yaml');

const deepest = 40;

/**
 * Reads one YAML (or JSON) document that starts at `offset` of the file. `null` where it is empty or broken: half a
 * document is worse than none.
 */
export function parseYaml(path: string, text: string, offset = 0): readonly [YamlNode | null, readonly Diagnostic[]] {
  const plain = scanYaml(path, text, offset);
  return plain === undefined ? parseAnyYaml(path, text, offset) : [plain, []];
}

/** The way for any text; of plain ones it says what the scanner says. */
export function parseAnyYaml(
  path: string,
  text: string,
  offset: number,
): readonly [YamlNode | null, readonly Diagnostic[]] {
  const question = standInFor(text);
  const document = parseOrGiveUp(question === null ? text : text.replace(loneQuestion, question));
  const isExhausted = document?.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (document === undefined || isExhausted) return [null, [diagnose('SOP111', spanAt(path, offset, offset + 1), {})]];
  const problems = document.errors.map((error) => describeError(error, path, text, offset));
  if (problems.length > 0) return [null, firstOfEachPlace(problems)];
  const found: Diagnostic[] = [];
  const node =
    document.contents === null ? null : convert(document.contents, { path, text, offset, found, question }, 0);
  return found.length > 0 ? [null, found.slice(0, 3)] : [node, []];
}

/** `expect: ?`: a value that is nothing but a question mark. To YAML it begins a key; to whoever writes it, it is an answer. */
const loneQuestion = /(?<=:[ \t]+)\?(?=[ \t]*(?:$|[,}\]]|[ \t]#))/gm;

/** One character that the text does not have, so that places stay; null where there is no question mark to stand in for. */
function standInFor(text: string): string | null {
  if (text.search(loneQuestion) < 0) return null;
  for (let code = 0xe000; code <= 0xf8ff; code++) {
    const character = String.fromCharCode(code);
    if (!text.includes(character)) return character;
  }
  return null;
}

/** The parser recurses: a document that exhausts the stack is nested deeper than any SOP. */
function parseOrGiveUp(text: string): Document.Parsed | undefined {
  try {
    return parseDocument(text, {
      version: '1.2',
      schema: 'core',
      prettyErrors: false,
      uniqueKeys: true,
      stringKeys: true,
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Context {
  readonly path: string;
  readonly text: string;
  readonly offset: number;
  readonly found: Diagnostic[];
  /** What stands in the parsed text for a lone `?`; null: nothing does. */
  readonly question: string | null;
}

function convert(node: Node, context: Context, depth: number): YamlNode {
  const span = spanOf(node, context);
  if (depth > deepest) {
    context.found.push(diagnose('SOP111', span, {}));
    return { kind: 'scalar', value: null, source: '', quoted: false, span };
  }
  const anchor = isAlias(node) ? `*${node.source}` : 'anchor' in node && node.anchor ? `&${node.anchor}` : undefined;
  if (anchor !== undefined) context.found.push(diagnose('SOP106', span, { name: anchor }));
  if ('tag' in node && node.tag)
    context.found.push(diagnose('SOP104', span, { problem: plainProblem.TAG_RESOLVE_FAILED ?? '' }));
  if (isMap(node)) {
    const entries: YamlEntry[] = [];
    for (const pair of node.items) {
      const key = pair.key;
      if (!isScalar(key)) continue;
      context.found.push(...escapedIn(key, context));
      const value = pair.value as Node | null; // the parser types pair values loosely; without a reviver they are nodes
      entries.push({
        key: { value: asWritten(String(key.value), context), span: spanOf(key, context) },
        value: value === null ? emptyAfter(spanOf(key, context)) : convert(value, context, depth + 1),
      });
    }
    return { kind: 'map', entries, span };
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => convert(item as Node, context, depth + 1)); // as above: items are nodes
    return { kind: 'list', items, span };
  }
  if (isScalar(node)) {
    context.found.push(...escapedIn(node, context));
    return convertScalar(asWritten(node.value, context), asWritten(node.source, context), node.type, span);
  }
  return { kind: 'scalar', value: null, source: '', quoted: false, span };
}

/** Characters that nobody sees, written as an escape. Ones that stand in the file as they are have been told with its text. */
function escapedIn(node: Scalar, context: Context): Diagnostic[] {
  if (node.type !== 'QUOTE_DOUBLE' || typeof node.value !== 'string' || node.source === undefined) return [];
  const [start, end] = node.range ?? [0, 0];
  if (!context.text.slice(start, end).includes('\\')) return [];
  return sayEscaped(asWritten(node.value, context), spanOf(node, context));
}

function asWritten<T>(value: T, context: Context): T;
function asWritten(value: unknown, { question }: Context): unknown {
  return typeof value === 'string' && question !== null ? value.replaceAll(question, '?') : value;
}

function convertScalar(value: unknown, source: string | undefined, type: string | undefined, span: Span): YamlNode {
  const quoted = type !== 'PLAIN' && type !== undefined;
  // `.nan` and `1e999` stay text: as JSON, in the cache, they would become null.
  const isText = typeof value === 'number' && !Number.isFinite(value);
  const plain = isText ? (source ?? String(value)) : typeof value === 'bigint' ? Number(value) : value;
  if (typeof plain === 'string') return { kind: 'scalar', value: plain, source: plain, quoted, span };
  if (typeof plain === 'number' || typeof plain === 'boolean') {
    return { kind: 'scalar', value: plain, source: source ?? String(plain), quoted, span };
  }
  return { kind: 'scalar', value: null, source: '', quoted, span };
}

function emptyAfter(key: Span): YamlNode {
  return { kind: 'scalar', value: null, source: '', quoted: false, span: key };
}

function spanOf(node: Node, { path, text, offset }: Context): Span {
  const [start, end] = node.range ?? [0, 0];
  let last = end;
  while (last > start && /\s/.test(text.charAt(last - 1))) last--;
  return spanAt(path, offset + start, offset + last);
}

function describeError(error: YAMLError, path: string, text: string, offset: number): Diagnostic {
  const [from, to] = error.pos;
  const span = spanAt(path, offset + from, offset + Math.max(to, from + 1));
  const lineStart = text.lastIndexOf('\n', Math.max(0, from - 1)) + 1;
  const tab = /^[ ]*\t/.exec(text.slice(lineStart));
  if (error.code === 'TAB_AS_INDENT' || tab !== null) {
    const at = offset + (tab === null ? from : lineStart + tab[0].length - 1);
    return diagnose('SOP105', spanAt(path, at, at + 1), {});
  }
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^(?:"([^"]*)"|'([^']*)'|([^:\s]+))/.exec(text.slice(from));
    const name = key?.[1] ?? key?.[2] ?? key?.[3] ?? '?';
    return diagnose('SOP107', spanAt(path, offset + from, offset + from + (key?.[0].length ?? 1)), { key: name });
  }
  return diagnose('SOP104', span, { problem: plainProblem[error.code] ?? 'something here is out of place' });
}

/** The parser's findings in an analyst's words. */
const plainProblem: Partial<Record<YAMLError['code'], string>> = {
  BAD_ALIAS: 'an alias (`*name`) points nowhere; text that starts with `*` needs quotes',
  BAD_COLLECTION_TYPE: 'a list and a block of keys are mixed',
  BAD_DIRECTIVE: 'a line that starts with `%` needs quotes',
  BAD_DQ_ESCAPE: 'a backslash in double quotes starts an escape that does not exist; use single quotes',
  BAD_INDENT: 'the indentation does not match the lines around it',
  BAD_PROP_ORDER: 'a tag or an anchor stands in the wrong place',
  BAD_SCALAR_START: 'text that starts with a special character needs quotes',
  BLOCK_AS_IMPLICIT_KEY: 'two `: ` stand in one line; text that holds a colon needs quotes',
  BLOCK_IN_FLOW: 'a block of lines stands inside brackets',
  KEY_OVER_1024_CHARS: 'a key is longer than 1,024 characters',
  MISSING_CHAR: 'a bracket, a quote, a colon or a comma is missing',
  MULTILINE_IMPLICIT_KEY: 'a line without `: ` stands among keys; text over several lines needs `>-` or quotes',
  MULTIPLE_ANCHORS: 'a value has two anchors',
  MULTIPLE_DOCS: 'a second document starts here; only one block of YAML is read',
  MULTIPLE_TAGS: 'a value has two tags',
  NON_STRING_KEY: 'a key must be plain text',
  UNEXPECTED_TOKEN:
    'something stands behind a value that has ended; a list and keys may be mixed, or quotes are missing',
  TAG_RESOLVE_FAILED: 'a tag (`!name`) is not used in SOPs; text that starts with `!` needs quotes',
};

/** One mistake often gives several errors; the first in each file place is the one to read. */
function firstOfEachPlace(problems: readonly Diagnostic[]): Diagnostic[] {
  const first = problems[0];
  const exact = problems.filter((problem) => problem.code !== 'SOP104');
  const places = exact.filter(
    (problem, index) => exact.findIndex(({ span }) => span.start === problem.span.start) === index,
  );
  return places.length > 0 ? places.slice(0, 3) : first === undefined ? [] : [first];
}
