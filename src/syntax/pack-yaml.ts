import type { Span } from '../text/source.ts';
import { NumberReader, NumberWriter } from './packed-numbers.ts';
import type { YamlEntry, YamlNode, YamlScalar } from './yaml.ts';

/**
 * A tree of YAML as plain data that is a twentieth of its size: a library has a thousand cases of thirty rows, and each cell has
 * four objects for its places. All spans of the tree are of one file.
 */
export interface PackedYaml {
  readonly path: string;
  /** Each key once. */
  readonly keys: readonly string[];
  /** What the scalars say, in their order, without anything between them. */
  readonly text: string;
  /** Kinds, counts and places; places as the distance from the place before. */
  readonly numbers: string;
}

/** What stands for a node. A scalar that none of the plain kinds describes is written as JSON. */
const code = { map: 0, list: 1, text: 2, quotedText: 3, number: 4, true: 5, false: 6, null: 7, json: 8 } as const;

export function packYaml(node: YamlNode): PackedYaml {
  const keys = new Map<string, number>();
  const texts: string[] = [];
  const numbers = new NumberWriter();
  let at = 0;
  const place = ({ start, end }: Span) => {
    numbers.signed(start - at);
    numbers.natural(end - start);
  };
  const scalar = (node: YamlScalar) => {
    const kind = codeOf(node);
    numbers.natural(kind);
    place(node.span);
    at = node.span.end;
    if (kind === code.null) return;
    const { value, source, quoted } = node;
    const text = kind === code.json ? JSON.stringify([value, source, quoted]) : source;
    numbers.natural(text.length);
    texts.push(text);
  };
  const write = (node: YamlNode) => {
    if (node.kind === 'scalar') return scalar(node);
    numbers.natural(node.kind === 'map' ? code.map : code.list);
    place(node.span);
    at = node.span.start;
    if (node.kind === 'list') {
      numbers.natural(node.items.length);
      for (const item of node.items) write(item);
      return;
    }
    numbers.natural(node.entries.length);
    for (const { key, value } of node.entries) {
      const known = keys.get(key.value) ?? keys.size;
      keys.set(key.value, known);
      numbers.natural(known);
      place(key.span);
      at = key.span.end;
      write(value);
    }
  };
  write(node);
  return { path: node.span.path, keys: [...keys.keys()], text: texts.join(''), numbers: numbers.text() };
}

function codeOf({ value, source, quoted }: YamlScalar): number {
  if (typeof value === 'string') return value !== source ? code.json : quoted ? code.quotedText : code.text;
  if (quoted) return code.json;
  if (value === null) return source === '' ? code.null : code.json;
  if (typeof value === 'number') return Object.is(Number(source), value) ? code.number : code.json;
  return value ? code.true : code.false;
}

export function unpackYaml({ path, keys, text, numbers }: PackedYaml): YamlNode {
  const reader = new NumberReader(numbers);
  let at = 0;
  let said = 0;
  const place = (): Span => {
    const start = at + reader.signed();
    return { path, start, end: start + reader.natural() };
  };
  const words = () => {
    const length = reader.natural();
    said += length;
    return text.slice(said - length, said);
  };
  const read = (): YamlNode => {
    const kind = reader.natural();
    const span = place();
    if (kind > code.list) {
      at = span.end;
      return scalarOf(kind, kind === code.null ? '' : words(), span);
    }
    at = span.start;
    const count = reader.natural();
    if (kind === code.list) {
      const items: YamlNode[] = [];
      for (let item = 0; item < count; item++) items.push(read());
      return { kind: 'list', items, span };
    }
    const entries: YamlEntry[] = [];
    for (let entry = 0; entry < count; entry++) {
      const value = keys[reader.natural()] ?? '';
      const span = place();
      at = span.end;
      entries.push({ key: { value, span }, value: read() });
    }
    return { kind: 'map', entries, span };
  };
  return read();
}

function scalarOf(kind: number, source: string, span: Span): YamlScalar {
  if (kind === code.json) {
    const [value, written, quoted] = JSON.parse(source) as [YamlScalar['value'], string, boolean]; // written above
    return { kind: 'scalar', value, source: written, quoted, span };
  }
  return { kind: 'scalar', value: saidBy(kind, source), source, quoted: kind === code.quotedText, span };
}

function saidBy(kind: number, source: string): YamlScalar['value'] {
  if (kind === code.number) return Number(source);
  if (kind === code.null) return null;
  return kind === code.true ? true : kind === code.false ? false : source;
}
