/**
 * The tree that DuckDB's json_serialize_sql gives, read without trust: every accessor answers for a missing or odd field.
 * A node with `class` is an expression; a node whose `type` is one of `sourceTypes` stands in FROM; one whose `type` is
 * one of `queryTypes` is a query.
 */
export interface TreeNode {
  readonly [field: string]: TreeValue | undefined;
}

export type TreeValue = string | number | boolean | null | TreeNode | readonly TreeValue[];

export const queryTypes: ReadonlySet<string> = new Set(['SELECT_NODE', 'SET_OPERATION_NODE', 'RECURSIVE_CTE_NODE']);

export const sourceTypes: ReadonlySet<string> = new Set([
  'BASE_TABLE',
  'SUBQUERY',
  'JOIN',
  'TABLE_FUNCTION',
  'EXPRESSION_LIST',
  'EMPTY',
  'PIVOT',
  'SHOW_REF',
  'COLUMN_DATA',
  'DELIM_GET',
  'BOUND_TABLE_REF',
]);

/** Expressions that a query may hold; anything else is refused, so that a new release can't bring in a surprise. */
export const expressionClasses: ReadonlySet<string> = new Set([
  'BETWEEN',
  'CASE',
  'CAST',
  'COLLATE',
  'COLUMN_REF',
  'COMPARISON',
  'CONJUNCTION',
  'CONSTANT',
  'FUNCTION',
  'LAMBDA',
  'LAMBDA_REF',
  'OPERATOR',
  'PARAMETER',
  'POSITIONAL_REFERENCE',
  'STAR',
  'SUBQUERY',
  'WINDOW',
]);

export function isNode(value: TreeValue | undefined): value is TreeNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function nodeAt(node: TreeNode, field: string): TreeNode | undefined {
  const value = node[field];
  return isNode(value) ? value : undefined;
}

export function nodesAt(node: TreeNode, field: string): readonly TreeNode[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function textAt(node: TreeNode, field: string): string {
  const value = node[field];
  return typeof value === 'string' ? value : '';
}

export function textsAt(node: TreeNode, field: string): readonly string[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

/** Byte offset into the SQL text. The engine writes 2^64-1 where it knows none. */
export function byteAt(node: TreeNode): number | undefined {
  const value = node.query_location;
  return typeof value === 'number' && value < 2 ** 53 ? value : undefined;
}

/** Values directly inside a node or a list. */
export function childrenOf(value: TreeNode | readonly TreeValue[]): readonly TreeValue[] {
  if (Array.isArray(value)) return value;
  return Object.values(value).filter((entry) => entry !== undefined);
}

/** Every node below and including `value`, parents first. */
export function* walkTree(value: TreeValue | undefined): Generator<TreeNode> {
  if (typeof value !== 'object' || value === null) return;
  if (isNode(value)) yield value;
  for (const child of childrenOf(value)) yield* walkTree(child);
}

export const isExpression = (node: TreeNode): boolean => typeof node.class === 'string';
export const isQuery = (node: TreeNode): boolean => !isExpression(node) && queryTypes.has(textAt(node, 'type'));
export const isSource = (node: TreeNode): boolean => !isExpression(node) && sourceTypes.has(textAt(node, 'type'));

/** Names as the engine compares them: only A–Z are folded. JavaScript would also fold letters that merely look like them. */
export function fold(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
