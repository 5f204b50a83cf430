import type { Finding } from './finding.ts';
import { byteAt, fold, nodeAt, nodesAt, type TreeNode, textAt } from './query-tree.ts';
import { coversOne, equalityNames, exactNames, type UniqueSets } from './unique-rows.ts';
import { extremeOf, needsOrder, positional } from './unsteady.ts';

/**
 * A window function that looks at a row's place (row_number, lag, list, a frame of ROWS) needs an ORDER BY that leaves no
 * ties. RANGE and GROUPS frames, the default frame and the rank family treat rows that tie alike.
 */
export function findWindowOrder(call: TreeNode, select: TreeNode | undefined, unique: UniqueSets): Finding[] {
  const name = fold(textAt(call, 'function_name'));
  if (extremeOf.has(name)) {
    const fixed = nodesAt(call, 'partitions').flatMap((partition) => exactNames(partition, select));
    return findExtremeTies(call, select, unique, fixed);
  }
  if (!positional.has(name) && !needsOrder.has(name) && !hasRowsFrame(call)) return [];
  const own = nodesAt(call, 'arg_orders');
  const orders = own.length > 0 ? own : nodesAt(call, 'orders');
  const byte = byteAt(call);
  if (orders.length === 0) return [{ reason: 'order_dependent', name, byte, detail: 'OVER has no ORDER BY' }];
  const names = new Set([
    ...orders.flatMap((order) => exactNames(nodeAt(order, 'expression'), select)),
    ...nodesAt(call, 'partitions').flatMap((partition) => exactNames(partition, select)),
    ...(select ? equalityNames(nodeAt(select, 'where_clause')) : []),
  ]);
  if (coversOne(unique, names)) return [];
  return [{ reason: 'ties', name, byte, detail: 'ORDER BY leaves rows that tie; add a key' }];
}

/**
 * arg_max(a, b) takes any of the rows with the greatest b, unless b names a row: `arg_max(price, (ts, trade_id))`. `fixed`
 * are the columns that all rows of the group or partition share.
 */
export function findExtremeTies(
  call: TreeNode,
  select: TreeNode | undefined,
  unique: UniqueSets,
  fixed: readonly string[],
): Finding[] {
  const [value, by] = nodesAt(call, 'children');
  const name = fold(textAt(call, 'function_name'));
  const byNames = exactNames(by);
  const valueNames = exactNames(value);
  // The b of the rows with the greatest b is the same for all of them.
  if (valueNames.length > 0 && valueNames.every((column) => byNames.includes(column))) return [];
  const equal = select ? equalityNames(nodeAt(select, 'where_clause')) : [];
  if (coversOne(unique, new Set([...byNames, ...fixed, ...equal]), select)) return [];
  return [{ reason: 'ties', name, byte: byteAt(call), detail: `rows may tie; write ${name}(value, (order, key))` }];
}

function hasRowsFrame(call: TreeNode): boolean {
  return textAt(call, 'start').endsWith('_ROWS') || textAt(call, 'end').endsWith('_ROWS');
}
