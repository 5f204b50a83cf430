import { fold, isNode, isQuery, nodeAt, nodesAt, type TreeNode, textAt, walkTree } from '../query-tree.ts';

/** What WITH names anywhere in a query. */
export function namedQueries(tree: TreeNode): ReadonlyMap<string, TreeNode> {
  const named = new Map<string, TreeNode>();
  for (const node of walkTree(tree)) {
    if (!isQuery(node)) continue;
    const map = nodeAt(node, 'cte_map');
    for (const entry of map === undefined ? [] : nodesAt(map, 'map')) {
      if (isNode(entry.value)) named.set(fold(textAt(entry, 'key')), entry.value);
    }
  }
  return named;
}

/** Tables and views from which the rows of a SELECT come, through what WITH names, sorted. */
export function tablesBehind(source: TreeNode | undefined, named: ReadonlyMap<string, TreeNode>): string[] {
  const found = new Set<string>();
  const begun = new Set<string>();
  const visit = (from: TreeNode): void => {
    for (const node of walkTree(from)) {
      if (textAt(node, 'type') !== 'BASE_TABLE') continue;
      const name = textAt(node, 'table_name');
      const query = named.get(fold(name));
      if (query === undefined) found.add(name);
      else if (!begun.has(fold(name))) {
        begun.add(fold(name));
        visit(query);
      }
    }
  };
  if (source !== undefined) visit(source);
  return [...found].sort();
}
