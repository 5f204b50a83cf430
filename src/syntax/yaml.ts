import type { Located, Span } from '../text/source.ts';

/** YAML as plain data in which every key and value has its place. Numbers keep their source text. */
export type YamlNode = YamlMap | YamlList | YamlScalar;

export interface YamlMap {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
  readonly span: Span;
}

export interface YamlEntry {
  readonly key: Located<string>;
  readonly value: YamlNode;
}

export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly span: Span;
}

export interface YamlScalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As written, without quotes: `0.10` stays `0.10`. */
  readonly source: string;
  readonly quoted: boolean;
  readonly span: Span;
}

export function entryOf(node: YamlNode | null | undefined, key: string): YamlEntry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key.value === key) : undefined;
}

export function childOf(node: YamlNode | null | undefined, key: string): YamlNode | undefined {
  return entryOf(node, key)?.value;
}

/** The text of a scalar; undefined for null, lists and maps. */
export function textOf(node: YamlNode | undefined): Located<string> | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined;
  return { value: node.source, span: node.span };
}

/** The texts of a list of scalars; a single scalar counts as a list of one. */
export function textsOf(node: YamlNode | undefined): Located<string>[] {
  if (node === undefined) return [];
  const nodes = node.kind === 'list' ? node.items : [node];
  return nodes.map(textOf).filter((text) => text !== undefined);
}

/** The node at a JSON pointer's segments, or the deepest one that exists on the way. */
export function nodeAt(node: YamlNode, segments: readonly string[]): YamlNode {
  let at = node;
  for (const segment of segments) {
    const next = at.kind === 'map' ? childOf(at, segment) : at.kind === 'list' ? at.items[Number(segment)] : undefined;
    if (next === undefined) return at;
    at = next;
  }
  return at;
}

/** The same data without places, for the schema validator. Maps have no prototype: a key `__proto__` is only a key. */
export function plainOf(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainOf);
  const plain: Record<string, unknown> = Object.create(null);
  for (const { key, value } of node.entries) plain[key.value] = plainOf(value);
  return plain;
}
