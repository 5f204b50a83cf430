import type { TableShape } from '../model/ports.ts';
import { aggregateFunctions } from './allow-list.ts';
import {
  childrenOf,
  fold,
  isExpression,
  isNode,
  isQuery,
  nodeAt,
  nodesAt,
  type TreeNode,
  type TreeValue,
  textAt,
  textsAt,
  walkTree,
} from './query-tree.ts';

/** Column names that make a row unique; lower-case and without their table. */
export interface UniqueSet {
  readonly names: ReadonlySet<string>;
  /** The SELECT whose groups these are; absent for a table's key. */
  readonly select?: TreeNode;
}

export type UniqueSets = readonly UniqueSet[];

/**
 * Keys of the tables that the query reads, and what its grouped SELECTs are grouped by. Names are compared without their
 * table and a join may repeat rows, so this finds what is surely not ordered in full, and misses some that is not.
 */
export function uniqueSetsOf(tree: TreeNode, tables: readonly TableShape[]): UniqueSets {
  const sets: UniqueSet[] = tables
    .filter((table) => table.key.length > 0)
    .map((table) => ({ names: lower(table.key) }));
  for (const node of walkTree(tree)) {
    if (!isQuery(node)) continue;
    const groups = groupNames(node);
    if (groups !== undefined && groups.size > 0) sets.push({ names: groups, select: node });
  }
  return sets;
}

/** Whether `names` hold a whole set; `inside` is the SELECT whose own groups don't count, as seen from within a group. */
export function coversOne(sets: UniqueSets, names: ReadonlySet<string>, inside?: TreeNode): boolean {
  return sets.some(
    (set) => (inside === undefined || set.select !== inside) && [...set.names].every((name) => names.has(name)),
  );
}

/** The columns that an expression orders by exactly: itself, or every part of a row or struct. `f(x)` may merge values. */
export function exactNames(expression: TreeNode | undefined, select?: TreeNode): string[] {
  if (expression === undefined) return [];
  const type = textAt(expression, 'class');
  if (type === 'COLUMN_REF') {
    const name = textsAt(expression, 'column_names').at(-1)?.toLowerCase() ?? '';
    return [name, ...underAlias(name, select)];
  }
  const name = fold(textAt(expression, 'function_name'));
  if (type === 'FUNCTION' && (name === 'row' || name === 'struct_pack')) {
    return nodesAt(expression, 'children').flatMap((child) => exactNames(child, select));
  }
  const position = positionOf(expression);
  const item =
    position === undefined || select === undefined ? undefined : nodesAt(select, 'select_list')[position - 1];
  return item === undefined ? [] : outputNames(item);
}

/** Columns named in `a = b` conditions of a WHERE that all must hold: within one value of them nothing can tie on them. */
export function equalityNames(condition: TreeNode | undefined): string[] {
  if (condition === undefined) return [];
  if (textAt(condition, 'type') === 'CONJUNCTION_AND') return nodesAt(condition, 'children').flatMap(equalityNames);
  if (textAt(condition, 'type') !== 'COMPARE_EQUAL') return [];
  return [...exactNames(nodeAt(condition, 'left')), ...exactNames(nodeAt(condition, 'right'))];
}

/** What a SELECT is grouped by, or undefined if it isn't; empty for one row over everything. */
export function groupNames(select: TreeNode): ReadonlySet<string> | undefined {
  const items = nodesAt(select, 'select_list');
  if (textAt(select, 'aggregate_handling') === 'FORCE_AGGREGATES') {
    return new Set(items.filter((item) => !hasAggregate(item)).flatMap(outputNames));
  }
  const groups = nodesAt(select, 'group_expressions');
  if (groups.length > 0) {
    return new Set(groups.flatMap((group, at) => [exactNames(group, select)[0] ?? `#${at}`]));
  }
  return items.some(hasAggregate) ? new Set() : undefined;
}

/** Names under which a select item can be ordered by. */
export function outputNames(item: TreeNode): string[] {
  const alias = fold(textAt(item, 'alias'));
  if (alias !== '') return [alias];
  return textAt(item, 'class') === 'COLUMN_REF' ? [textsAt(item, 'column_names').at(-1)?.toLowerCase() ?? ''] : [];
}

/** `ORDER BY t` where `trade_id AS t` is selected orders by `trade_id` as well. */
function underAlias(name: string, select: TreeNode | undefined): string[] {
  if (select === undefined) return [];
  return nodesAt(select, 'select_list')
    .filter((item) => fold(textAt(item, 'alias')) === name && textAt(item, 'class') === 'COLUMN_REF')
    .flatMap((item) => textsAt(item, 'column_names').at(-1)?.toLowerCase() ?? []);
}

function positionOf(expression: TreeNode): number | undefined {
  if (textAt(expression, 'class') === 'POSITIONAL_REFERENCE') return numberOf(expression.index);
  if (textAt(expression, 'class') !== 'CONSTANT') return undefined;
  const value = nodeAt(expression, 'value');
  return value && numberOf(value.value);
}

function numberOf(value: TreeValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** Aggregates of inner queries and windows are not this SELECT's own. */
function hasAggregate(value: TreeValue): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isNode(value)) {
    const type = textAt(value, 'class');
    if (isExpression(value) && (type === 'WINDOW' || type === 'SUBQUERY')) return false;
    if (type === 'FUNCTION' && aggregateFunctions.has(fold(textAt(value, 'function_name')))) return true;
  }
  return childrenOf(value).some(hasAggregate);
}

function lower(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => fold(name)));
}
