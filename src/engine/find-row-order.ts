import type { TableShape } from '../model/ports.ts';
import type { Finding } from './finding.ts';
import { byteAt, fold, isQuery, nodeAt, nodesAt, type TreeNode, textAt, textsAt } from './query-tree.ts';
import { coversOne, equalityNames, exactNames, groupNames, outputNames, type UniqueSets } from './unique-rows.ts';

/** LIMIT, OFFSET and DISTINCT ON of one query: which rows they keep must not depend on the order in which rows arrive. */
export function findKeptRows(query: TreeNode, unique: UniqueSets): Finding[] {
  const modifiers = nodesAt(query, 'modifiers');
  const orders = modifiers.flatMap((modifier) => nodesAt(modifier, 'orders'));
  const findings: Finding[] = [];
  for (const modifier of modifiers) {
    const type = textAt(modifier, 'type');
    const targets = nodesAt(modifier, 'distinct_on_targets');
    if (type === 'DISTINCT_MODIFIER' && targets.length > 0) {
      const byte = targets[0] && byteAt(targets[0]);
      findings.push(...judge(query, 'DISTINCT ON', byte, orders, targets, unique));
    }
    if (type === 'LIMIT_MODIFIER' || type === 'LIMIT_PERCENT_MODIFIER') {
      const limit = nodeAt(modifier, 'limit') ?? nodeAt(modifier, 'offset');
      if (limit === undefined || hasOneRow(query)) continue;
      const name = nodeAt(modifier, 'limit') === undefined ? 'OFFSET' : 'LIMIT';
      findings.push(...judge(query, name, byteAt(limit), orders, [], unique));
    }
  }
  return findings;
}

function judge(
  query: TreeNode,
  name: string,
  byte: number | undefined,
  orders: readonly TreeNode[],
  targets: readonly TreeNode[],
  unique: UniqueSets,
): Finding[] {
  const place = { name, byte, word: name.split(' ')[0] ?? name };
  if (orders.length === 0) return [{ reason: 'order_dependent', ...place, detail: `${name} without ORDER BY` }];
  const expressions = orders
    .map((order) => nodeAt(order, 'expression'))
    .filter((expression) => expression !== undefined);
  if (expressions.some((expression) => textAt(expression, 'type') === 'STAR')) return [];
  const names = new Set([
    ...[...expressions, ...targets].flatMap((expression) => exactNames(expression, query)),
    ...equalityNames(nodeAt(query, 'where_clause')),
  ]);
  if (coversOne(unique, names) || coversOutput(query, names)) return [];
  return [{ reason: 'ties', ...place, detail: 'ORDER BY leaves rows that tie; add a key' }];
}

/** Rows that agree in everything that is returned may change places unseen. */
function coversOutput(query: TreeNode, names: ReadonlySet<string>): boolean {
  const items = nodesAt(query, 'select_list');
  return items.length > 0 && items.every((item) => outputNames(item).some((name) => names.has(name)));
}

function hasOneRow(query: TreeNode): boolean {
  return isQuery(query) && groupNames(query)?.size === 0;
}

/**
 * Joins that depend on the order of rows. An ASOF JOIN takes any one of several right-hand rows with the same time; that
 * is only told where the right side is a market table whose key the condition does not hold.
 */
export function findJoinOrder(join: TreeNode, tables: readonly TableShape[]): Finding[] {
  const kind = textAt(join, 'ref_type');
  const right = nodeAt(join, 'right');
  const byte = byteAt(join) ?? (right && byteAt(right));
  if (kind === 'POSITIONAL') {
    return [
      {
        reason: 'order_dependent',
        name: 'POSITIONAL JOIN',
        byte,
        word: 'POSITIONAL',
        detail: 'it pairs rows by their place',
      },
    ];
  }
  if (kind !== 'ASOF' || right === undefined || textAt(right, 'type') !== 'BASE_TABLE') return [];
  const table = tables.find((shape) => fold(shape.name) === fold(textAt(right, 'table_name')));
  if (table === undefined || table.key.length === 0) return [];
  const names = new Set([
    ...conditionNames(nodeAt(join, 'condition')),
    ...textsAt(join, 'using_columns').map((name) => fold(name)),
  ]);
  if (table.key.every((name) => names.has(fold(name)))) return [];
  return [
    {
      reason: 'ties',
      name: 'ASOF JOIN',
      byte,
      word: 'ASOF',
      detail: `several rows of ${table.name} may match equally; join on its key`,
    },
  ];
}

function conditionNames(condition: TreeNode | undefined): string[] {
  if (condition === undefined) return [];
  if (textAt(condition, 'type') === 'CONJUNCTION_AND') return nodesAt(condition, 'children').flatMap(conditionNames);
  return [...exactNames(nodeAt(condition, 'left')), ...exactNames(nodeAt(condition, 'right'))];
}
