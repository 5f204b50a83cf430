import type { ErrorObject } from 'ajv';
import { type Diagnostic, diagnose } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/words.ts';
import { entryOf, nodeAt, plainOf, type YamlNode } from '../../syntax/yaml.ts';
import { nearest, onlyNearest } from '../../text/nearest.ts';
import { compiled } from './compiled.ts';

export type SchemaName = keyof typeof compiled;

/** Checks YAML against one of our schemas; each error is said in an analyst's words, at its place. */
export function validate(name: SchemaName, node: YamlNode, where: string): Diagnostic[] {
  const check = compiled[name];
  if (check(plainOf(node))) return [];
  const errors = (check.errors ?? []).filter((error) => !noise.has(error.keyword));
  const found = errors.map((error) => describe(error, node, where));
  return dropRepeats(found);
}

/** Keywords that only repeat what the errors inside them say. */
const noise = new Set(['if', 'allOf', 'anyOf', 'oneOf', 'propertyNames', 'then', 'else']);

interface SchemaWords {
  readonly description?: string;
  readonly 'x-say'?: string;
  readonly properties?: Record<string, SchemaWords>;
}

interface Place {
  readonly node: YamlNode;
  /** The key's name, for a message about its value. */
  readonly what: string;
  /** The block around it, for a message about its keys. */
  readonly where: string;
  readonly words: SchemaWords;
}

function describe(error: ErrorObject, root: YamlNode, where: string): Diagnostic {
  const segments = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
  const names = segments.filter((part) => !/^\d+$/.test(part));
  const place: Place = {
    node: nodeAt(root, segments),
    what: names.length === 0 ? where : `\`${names.at(-1)}\``,
    where: names.length === 0 ? where : `\`${names.join('.')}\``,
    words: (error.parentSchema ?? {}) as SchemaWords, // `verbose` hands over the schema itself; these are its keywords
  };
  const say = sayings[error.keyword] ?? sayOther;
  return say(error, place);
}

/** What each keyword of a schema means to an analyst. */
const sayings: Readonly<Record<string, (error: ErrorObject, place: Place) => Diagnostic>> = {
  required: sayMissing,
  additionalProperties: sayUnknown,
  enum: sayNotListed,
  const: (error, { node, what }) =>
    diagnose('SOP205', node.span, { what, value: sourceOf(node), say: `\`${String(error.schema)}\`` }),
  type: (error, { node, what, words }) =>
    diagnose('SOP204', node.span, { what, expected: expectedWords(error.schema, words), found: foundWords(node) }),
  minProperties: (_, { node, what }) => diagnose('SOP206', node.span, { what, say: 'must not be empty' }),
  minItems: (_, { node, what }) => diagnose('SOP206', node.span, { what, say: 'must not be empty' }),
  maxLength: (error, { node, what }) =>
    diagnose('SOP206', node.span, { what, say: `must have at most ${String(error.schema)} characters` }),
  uniqueItems: (_, { node, what }) => diagnose('SOP206', node.span, { what, say: 'names something twice' }),
};

function sayOther(_: ErrorObject, { node, what, words }: Place): Diagnostic {
  return diagnose('SOP205', node.span, { what, value: sourceOf(node), say: words['x-say'] ?? 'of another form' });
}

function sayMissing(error: ErrorObject, { node, where, words }: Place): Diagnostic {
  const key = String(error.params['missingProperty']);
  const span = node.kind === 'map' && node.entries[0] ? node.entries[0].key.span : node.span;
  return diagnose('SOP201', span, { key, meaning: words.properties?.[key]?.description ?? '', where });
}

function sayUnknown(error: ErrorObject, { node, where, words }: Place): Diagnostic {
  const key = String(error.params['additionalProperty']);
  const allowed = Object.keys(words.properties ?? {});
  const present = node.kind === 'map' ? node.entries.map((entry) => entry.key.value) : [];
  const span = entryOf(node, key)?.key.span ?? node.span;
  const free = allowed.filter((name) => !present.includes(name));
  const only = onlyNearest(key, free);
  const edits = only === undefined ? [] : [{ span, text: only }];
  return diagnose('SOP202', span, { key, near: nearest(key, allowed), allowed, where }, { edits });
}

function sayNotListed(error: ErrorObject, { node, what }: Place): Diagnostic {
  const value = sourceOf(node);
  const allowed = (Array.isArray(error.schema) ? error.schema : []).map(String);
  const only = onlyNearest(value, allowed);
  const edits = only === undefined || node.kind !== 'scalar' ? [] : [{ span: node.span, text: only }];
  const args = { value, allowed, near: nearest(value, allowed), what: `value of ${what}` };
  return diagnose('SOP203', node.span, args, { edits });
}

function sourceOf(node: YamlNode): string {
  return node.kind === 'scalar' ? node.source : '';
}

const typeWords: Record<string, string> = {
  string: 'text', number: 'a number', integer: 'a whole number', boolean: 'true or false', object: 'a block of keys', array: 'a list', null: 'nothing',
}; // biome-ignore format: a small dictionary

function expectedWords(schema: unknown, words: SchemaWords): string {
  const types = Array.isArray(schema) ? schema.map(String) : [String(schema)];
  const expected = types
    .filter((type) => type !== 'null')
    .map((type) => typeWords[type] ?? type)
    .join(' or ');
  return expected === 'text' && words['x-say'] !== undefined ? words['x-say'] : expected;
}

function foundWords(node: YamlNode): string {
  if (node.kind === 'map') return 'a block of keys';
  if (node.kind === 'list') return 'a list';
  if (node.value === null) return 'nothing';
  if (typeof node.value === 'string') return `the text \`${quote(node.source, 30)}\``;
  return `${typeof node.value === 'boolean' ? '' : 'the number '}\`${quote(node.source, 30)}\``;
}

/** Several keywords may complain about one value: the first one is enough to act on. */
function dropRepeats(found: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return found.filter((diagnostic) => {
    const key = `${diagnostic.code === 'SOP201' ? diagnostic.args['key'] : ''}:${diagnostic.span.start}:${diagnostic.span.end}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
