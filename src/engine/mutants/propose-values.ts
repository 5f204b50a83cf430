import type { SqlClause } from '../../model/sql-mutant.ts';
import { otherNumbers } from '../../text/other-numbers.ts';
import { byteAt, fold, nodeAt, nodesAt, type TreeNode, textAt } from '../query-tree.ts';
import type { ConditionText } from './condition-text.ts';

import { changedAt, lineWith, onlyAt, type Proposal } from './proposal.ts';
import type { TreePath } from './tree-path.ts';

/** What each operator is mistaken for, and what the engine's tree calls that. */
const mistaken: Readonly<Record<string, readonly [string, string]>> = {
  COMPARE_GREATERTHAN: ['>=', 'COMPARE_GREATERTHANOREQUALTO'],
  COMPARE_GREATERTHANOREQUALTO: ['>', 'COMPARE_GREATERTHAN'],
  COMPARE_LESSTHAN: ['<=', 'COMPARE_LESSTHANOREQUALTO'],
  COMPARE_LESSTHANOREQUALTO: ['<', 'COMPARE_LESSTHAN'],
  COMPARE_EQUAL: ['<>', 'COMPARE_NOTEQUAL'],
  COMPARE_NOTEQUAL: ['=', 'COMPARE_EQUAL'],
  COMPARE_DISTINCT_FROM: ['IS NOT DISTINCT FROM', 'COMPARE_NOT_DISTINCT_FROM'],
  COMPARE_NOT_DISTINCT_FROM: ['IS DISTINCT FROM', 'COMPARE_DISTINCT_FROM'],
};
const operator = /(?:>=|<=|<>|!=|==|=|<|>|is\s+(?:not\s+)?distinct\s+from)/iy;

/** Another operator. A comparison that stands otherwise in the text (`NOT (a > b)`, `CASE a WHEN b`) is left alone. */
export function proposeOperators(node: TreeNode, path: TreePath, text: ConditionText, clause: SqlClause): Proposal[] {
  const other = mistaken[textAt(node, 'type')];
  const token = text.tokenAt(byteAt(node));
  const start = text.tokens[token]?.start;
  if (other === undefined || start === undefined) return [];
  operator.lastIndex = start;
  const original = operator.exec(text.sql)?.[0];
  if (original === undefined) return [];
  const [replacement, type] = other;
  const lastOfIt = text.tokens.findLastIndex((entry) => entry.start < start + original.length);
  const left = text.oneLine(text.first(token - 1), token - 1);
  const right = text.oneLine(lastOfIt + 1, text.last(lastOfIt + 1));
  const mutant = {
    what: 'comparison' as const,
    offset: start,
    length: original.length,
    replacement,
    clause,
    condition: `${left} ${original.replace(/\s+/g, ' ')} ${right}`,
    becomes: `${left} ${replacement} ${right}`,
    sides: [left, right] as const,
  };
  return [{ mutant, path, isMeant: changedAt(path, (old) => ({ ...old, type })) }];
}

const intervals = /^to_(micro|milli)?(seconds|minutes|hours|days|weeks|months|quarters|years)$/;

/** What only turns one unit into another: nobody mistypes 60 as 61. */
const units = /^(60|3600|86400|24|1440|604800|7)?0*$|^10*$/;

/** The numbers of a comparison, of a window frame and of intervals. */
export function proposeNumbers(node: TreeNode, path: TreePath, text: ConditionText, clause: SqlClause): Proposal[] {
  const kind = textAt(node, 'class');
  const fields =
    kind === 'COMPARISON'
      ? ['left', 'right']
      : kind === 'BETWEEN'
        ? ['lower', 'upper']
        : kind === 'WINDOW'
          ? ['start_expr', 'end_expr']
          : [];
  const compared = fields.flatMap((field) => {
    const child = nodeAt(node, field);
    return child === undefined ? [] : constantsOf(child, [...path, field]);
  });
  const own = compared.flatMap(([constant, at]) => proposeNumber(constant, at, text, clause, 'number'));
  if (kind === 'FUNCTION' && intervals.test(fold(textAt(node, 'function_name')))) {
    const within = nodesAt(node, 'children').flatMap((child, index) =>
      throughCasts(child, [...path, 'children', index]),
    );
    return [...own, ...within.flatMap(([constant, at]) => proposeNumber(constant, at, text, clause, 'interval'))];
  }
  const castTo = nodeAt(node, 'cast_type');
  const child = nodeAt(node, 'child');
  if (kind === 'CAST' && child !== undefined && castTo !== undefined && textAt(castTo, 'id') === 'INTERVAL')
    return [...own, ...proposeNumber(child, [...path, 'child'], text, clause, 'interval')];
  return own;
}

/** Constants that are a side, or a part of one that is only reckoned with + − × ÷. */
function constantsOf(node: TreeNode, path: TreePath): [TreeNode, TreePath][] {
  const kind = textAt(node, 'class');
  if (kind === 'CONSTANT') return [[node, path]];
  const child = nodeAt(node, 'child');
  if (kind === 'CAST' && child !== undefined) return constantsOf(child, [...path, 'child']);
  const name = textAt(node, 'function_name');
  if (kind !== 'FUNCTION' || !['+', '-', '*', '/', '//'].includes(name)) return [];
  const inside = nodesAt(node, 'children').flatMap((part, index) => constantsOf(part, [...path, 'children', index]));
  if (name === '+' || name === '-') return inside;
  return inside.filter(([constant]) => !units.test(String(nodeAt(constant, 'value')?.value)));
}

/** `INTERVAL 15 MINUTE` is a call around casts around 15. */
function throughCasts(node: TreeNode, path: TreePath): [TreeNode, TreePath][] {
  if (textAt(node, 'class') === 'CONSTANT') return [[node, path]];
  const child = nodeAt(node, 'child');
  if (child !== undefined) return throughCasts(child, [...path, 'child']);
  if (textAt(node, 'function_name') !== 'trunc') return [];
  return nodesAt(node, 'children').flatMap((part, index) => throughCasts(part, [...path, 'children', index]));
}

function proposeNumber(
  constant: TreeNode,
  path: TreePath,
  text: ConditionText,
  clause: SqlClause,
  what: 'number' | 'interval',
): Proposal[] {
  const place = text.tokenAt(byteAt(constant));
  const token = text.tokens[place];
  if (token === undefined) return [];
  const written = text.sql.slice(token.start, token.end);
  // '3 hours': the number is a part of the text.
  const number =
    token.kind === 'number' ? written : token.kind === 'text' ? (/\d+(\.\d+)?/.exec(written)?.[0] ?? '') : '';
  if (number === '' || (token.kind === 'text' && what === 'number')) return [];
  const offset = token.start + written.indexOf(number);
  const [from, to] = [text.first(place), text.last(place)];
  const whole = widened(text, from, to);
  const condition = text.oneLine(...whole);
  const at = text.oneLine(whole[0], place).length - written.length + written.indexOf(number);
  return otherNumbers(number).map((replacement) => ({
    mutant: {
      what,
      offset,
      length: number.length,
      replacement,
      clause,
      condition,
      becomes: lineWith(condition, number, replacement, at),
      sides: null,
    },
    path,
    isMeant: onlyAt([path]),
  }));
}

/** The condition around a number; where that is the number alone, what stands in the same parentheses. */
function widened({ tokens, first, last }: ConditionText, from: number, to: number): [number, number] {
  if (to - from > 1 || tokens[from - 1]?.text !== '(') return [from, to];
  return [first(from - 1), last(to + 1)];
}
