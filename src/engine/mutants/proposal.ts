import type { SqlMutant } from '../../model/sql-mutant.ts';
import { isNode, type TreeNode, type TreeValue } from '../query-tree.ts';
import { changeAt, type TreePath, treeText } from './tree-path.ts';

/** A mutant that was thought of, with the tree that its text must have. */
export interface Proposal {
  readonly mutant: Omit<SqlMutant, 'tables'>;
  /** Where in the tree it is; a named window stands in every call that uses it. */
  readonly path: TreePath;
  /** Whether the tree of the changed text is the one that was meant, and nothing else has changed. */
  readonly isMeant: (before: TreeNode, after: TreeNode) => boolean;
}

/** The nodes at these places may be anything; the rest is as it was. */
export function onlyAt(paths: readonly TreePath[]): Proposal['isMeant'] {
  const without = (tree: TreeNode) =>
    treeText(paths.reduce<TreeValue | undefined>((rest, path) => changeAt(rest, path, () => 'anything'), tree));
  return (before, after) => without(before) === without(after) && treeText(before) !== treeText(after);
}

/** The node at this place has become what `change` makes of it. */
export function changedAt(path: TreePath, change: (node: TreeNode) => TreeValue | undefined): Proposal['isMeant'] {
  return (before, after) =>
    treeText(changeAt(before, path, (old) => (isNode(old) ? change(old) : old))) === treeText(after);
}

/** What stands on this place of a line of text becomes something else. */
export function lineWith(line: string, original: string, replacement: string, at: number): string {
  return line.slice(at, at + original.length) === original
    ? line.slice(0, at) + replacement + line.slice(at + original.length)
    : line.replace(original, () => replacement);
}
