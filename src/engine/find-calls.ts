import type { TableShape } from '../model/ports.ts';
import { aggregateFunctions, allowedFunctions, windowFunctions } from './allow-list.ts';
import { findJoinOrder, findKeptRows } from './find-row-order.ts';
import { findExtremeTies, findWindowOrder } from './find-window-order.ts';
import type { Finding } from './finding.ts';
import {
  byteAt,
  childrenOf,
  expressionClasses,
  fold,
  isExpression,
  isNode,
  isQuery,
  isSource,
  nodeAt,
  nodesAt,
  type TreeNode,
  type TreeValue,
  textAt,
  textsAt,
} from './query-tree.ts';
import { groupNames, type UniqueSets } from './unique-rows.ts';
import { clockWords, extremeOf, forgetsOrder, needsOrder, notDeterministic, sessionWords } from './unsteady.ts';

/** What surrounds a node: the SELECT that it belongs to, the call whose argument it is, and whether only existence counts. */
interface Around {
  readonly select?: TreeNode | undefined;
  readonly call?: string | undefined;
  readonly exists?: boolean | undefined;
}

/** Judges every call, join, LIMIT and column of a query by the lists of this folder. */
export function findCalls(tree: TreeNode, tables: readonly TableShape[], unique: UniqueSets): Finding[] {
  const columns = new Set(tables.flatMap((table) => table.columns.map((column) => fold(column.name))));
  const findings: Finding[] = [];
  visit(tree, {});
  return findings;

  function visit(value: TreeValue | undefined, around: Around): void {
    if (typeof value !== 'object' || value === null) return;
    const inner = isNode(value) ? judge(value, around) : around;
    if (inner !== undefined) for (const child of childrenOf(value)) visit(child, inner);
  }

  /** What surrounds the children of a node; undefined where they have been visited already. */
  function judge(node: TreeNode, around: Around): Around | undefined {
    if (isExpression(node)) return judgeExpression(node, around);
    if (isQuery(node)) return judgeQuery(node, around);
    return isSource(node) ? judgeSource(node, around) : around;
  }

  function judgeQuery(node: TreeNode, around: Around): Around {
    if (!around.exists) findings.push(...findKeptRows(node, unique));
    if (nodeAt(node, 'sample') !== undefined) {
      findings.push({ reason: 'not_deterministic', name: 'SAMPLE', word: 'SAMPLE', detail: 'it draws random rows' });
    }
    return { select: node };
  }

  function judgeSource(node: TreeNode, around: Around): Around | undefined {
    if (textAt(node, 'type') === 'JOIN') findings.push(...findJoinOrder(node, tables));
    // The call in FROM is judged by its own list (find-sources.ts); only its arguments are expressions.
    const call = nodeAt(node, 'function');
    if (call === undefined) return around;
    visit(call.children, around);
    visit(node.subquery, around);
    return undefined;
  }

  function judgeExpression(node: TreeNode, around: Around): Around {
    const kind = textAt(node, 'class');
    if (!expressionClasses.has(kind)) {
      findings.push({ reason: 'other', byte: byteAt(node), detail: `${kind.toLowerCase()} can not be used here` });
    }
    if (kind === 'FUNCTION' || kind === 'WINDOW') {
      findings.push(...judgeCall(node, around, unique));
      if (kind === 'WINDOW') findings.push(...findWindowOrder(node, around.select, unique));
      return { select: around.select, call: fold(textAt(node, 'function_name')) };
    }
    if (kind === 'COLUMN_REF') findings.push(...judgeColumn(node, columns));
    return { select: around.select, exists: textAt(node, 'subquery_type').endsWith('EXISTS') };
  }
}

function judgeCall(node: TreeNode, around: Around, unique: UniqueSets): Finding[] {
  const name = fold(textAt(node, 'function_name'));
  // ARRAY(SELECT …) is array_agg in the tree, without a place.
  const place = { name, byte: byteAt(node), word: name === 'array_agg' ? 'array' : name };
  if (node.is_operator === true && /^[^\p{L}_]+$/u.test(name)) return [];
  const why = notDeterministic.get(name);
  if (why !== undefined) return [{ reason: 'not_deterministic', ...place, detail: why }];
  if (name === 'age' && argumentCount(node) < 2) {
    return [{ reason: 'not_deterministic', ...place, detail: 'with one argument it reads the clock' }];
  }
  if (!allowedFunctions.has(name)) return [{ reason: 'forbidden_function', ...place }];
  if (textAt(node, 'class') === 'WINDOW') return [];
  if (windowFunctions.has(name)) return [{ reason: 'other', ...place, detail: `${name} needs OVER (…)` }];
  if (/^(list|array)_aggr(egate)?$/.test(name) || name === 'aggregate') return judgeNamedAggregate(node, place);
  const ordered = nodesAt(nodeAt(node, 'order_bys') ?? {}, 'orders').length > 0;
  if (needsOrder.has(name) && !ordered && !(collects.has(name) && forgetsOrder.has(around.call ?? ''))) {
    return [{ reason: 'order_dependent', ...place, detail: `${name} needs ORDER BY inside the call` }];
  }
  if (!extremeOf.has(name)) return [];
  const groups = around.select && groupNames(around.select);
  return findExtremeTies(node, around.select, unique, [...(groups ?? [])]);
}

/** What gathers all values: how many there are, or their sorted list, does not depend on the order. */
const collects: ReadonlySet<string> = new Set(['list', 'array_agg', 'string_agg', 'group_concat', 'listagg']);

/** `ts.age()` is a call with one argument: what stands before the dot counts as one. */
function argumentCount(call: TreeNode): number {
  const schema = textAt(call, 'schema');
  return nodesAt(call, 'children').length + (schema === '' || schema === 'main' ? 0 : 1);
}

/** list_aggregate(l, 'sum'): the aggregate's name is text and must be one that could be called itself. */
function judgeNamedAggregate(call: TreeNode, place: Pick<Finding, 'byte' | 'word'>): Finding[] {
  const schema = textAt(call, 'schema');
  const given = nodesAt(call, 'children')[schema === '' || schema === 'main' ? 1 : 0];
  const value = given && nodeAt(given, 'value')?.value;
  if (given === undefined) return [];
  if (typeof value !== 'string') {
    const name = fold(textAt(call, 'function_name'));
    return [{ reason: 'forbidden_function', ...place, name, detail: 'the aggregate must be named by a plain text' }];
  }
  const name = fold(value);
  const why = notDeterministic.get(name);
  if (why !== undefined) return [{ reason: 'not_deterministic', ...place, name, detail: why }];
  return aggregateFunctions.has(name) ? [] : [{ reason: 'forbidden_function', ...place, name }];
}

/** `current_date`, `user` … are calls without parentheses, and `rowid` is the place of a row in its table. */
function judgeColumn(node: TreeNode, columns: ReadonlySet<string>): Finding[] {
  const names = textsAt(node, 'column_names');
  const name = names.at(-1)?.toLowerCase() ?? '';
  if (columns.has(name)) return [];
  const place = { name, byte: byteAt(node), word: name };
  if (name === 'rowid')
    return [{ reason: 'order_dependent', ...place, detail: 'it is the place of a row in its table' }];
  if (names.length > 1) return [];
  if (clockWords.has(name)) {
    return [{ reason: 'not_deterministic', ...place, detail: notDeterministic.get(name) ?? 'it reads the clock' }];
  }
  return sessionWords.has(name) ? [{ reason: 'forbidden_function', ...place, known: true }] : [];
}
