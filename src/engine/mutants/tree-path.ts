import { isNode, type TreeNode, type TreeValue } from '../query-tree.ts';

/** The way from the root of a tree to a node: fields of nodes, and places in lists. */
export type TreePath = readonly (string | number)[];

/** Every node below and including `value` with the way to it, parents first. */
export function* walkPaths(value: TreeValue | undefined, path: TreePath = []): Generator<[TreeNode, TreePath]> {
  if (typeof value !== 'object' || value === null) return;
  if (isNode(value)) yield [value, path];
  const entries = Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [key, child] of entries) yield* walkPaths(child, [...path, key]);
}

/** The tree with something else at the end of the way; undefined takes an entry out of its list, or a field from its node. */
export function changeAt(
  value: TreeValue | undefined,
  path: TreePath,
  change: (old: TreeValue | undefined) => TreeValue | undefined,
): TreeValue | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (Array.isArray(value)) {
    return value.flatMap((entry, index) => {
      if (index !== key) return [entry];
      const changed = changeAt(entry, rest, change);
      return changed === undefined ? [] : [changed];
    });
  }
  if (!isNode(value)) return value;
  const { [key]: old, ...others } = value;
  const changed = changeAt(old, rest, change);
  return changed === undefined ? others : { ...others, [key]: changed };
}

/** A tree as a text that two texts share which mean the same: without places, fields by name. */
export function treeText(value: TreeValue | undefined): string {
  return JSON.stringify(value, (key, entry: unknown) => {
    if (key === 'query_location') return undefined;
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return entry;
    return Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
