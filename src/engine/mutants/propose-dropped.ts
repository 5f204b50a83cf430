import type { SqlClause } from '../../model/sql-mutant.ts';
import { byteAt, nodeAt, nodesAt, type TreeNode, textAt, textsAt } from '../query-tree.ts';
import type { ConditionText } from './condition-text.ts';
import { changedAt, onlyAt, type Proposal } from './proposal.ts';
import type { TreePath } from './tree-path.ts';

/** Each condition of a conjunction left out in turn. */
export function proposeConjuncts(node: TreeNode, path: TreePath, text: ConditionText, clause: SqlClause): Proposal[] {
  if (textAt(node, 'type') !== 'CONJUNCTION_AND') return [];
  const children = nodesAt(node, 'children');
  const extents = children.map((child) => text.extent(child));
  /** The AND before each child but the first; -1 where it can't be told. */
  const ands = extents.map((extent, index) => {
    const left = extents[index - 1];
    if (extent === null || left === null || left === undefined) return -1;
    const between = text.tokens.flatMap(({ kind, text: word }, at) =>
      at > left[1] && at < extent[0] && kind === 'word' && word.toLowerCase() === 'and' ? [at] : [],
    );
    return between.length === 1 ? (between[0] ?? -1) : -1;
  });
  return children.flatMap((_, index) => {
    const extent = extents[index];
    const [own = -1, next] = [ands[index], ands[index + 1]];
    if (extent === null || extent === undefined || (index > 0 && own < 0) || next === -1) return [];
    const first = index === 0 ? text.first((next ?? 1) - 1) : own + 1;
    const last = next === undefined ? text.last(own + 1) : next - 1;
    // Of the first one the AND behind it goes as well, of any other the AND before it.
    const from = text.tokens[index === 0 ? first : own]?.start;
    const to = index === 0 ? text.tokens[(next ?? last) + 1]?.start : text.tokens[last]?.end;
    if (from === undefined || to === undefined) return [];
    const mutant = dropped(text, from, to, '', clause, text.oneLine(first, last));
    const rest = children.filter((_child, at) => at !== index);
    const isMeant = changedAt(path, (old) => (rest.length === 1 ? rest[0] : { ...old, children: rest }));
    return [{ mutant, path: [...path, 'children', index], isMeant }];
  });
}

/** WHERE, HAVING, QUALIFY, FILTER and ON with a single condition. */
export function proposeClauses(node: TreeNode, path: TreePath, text: ConditionText): Proposal[] {
  return [
    ...wholeClause(node, path, text, 'where_clause', 'where'),
    ...wholeClause(node, path, text, 'having', 'having'),
    ...wholeClause(node, path, text, 'qualify', 'qualify'),
    ...wholeClause(node, path, text, 'filter', 'filter'),
    ...wholeClause(node, path, text, 'condition', 'on'),
    ...usingColumns(node, path, text),
  ];
}

function wholeClause(
  node: TreeNode,
  path: TreePath,
  text: ConditionText,
  field: 'where_clause' | 'having' | 'qualify' | 'filter' | 'condition',
  word: 'where' | 'having' | 'qualify' | 'filter' | 'on',
): Proposal[] {
  const condition = nodeAt(node, field);
  const extent = text.extent(condition);
  if (condition === undefined || extent === null || textAt(condition, 'type') === 'CONJUNCTION_AND') return [];
  const begin = text.tokens.findLastIndex(
    (token, at) => at < extent[0] && token.kind === 'word' && token.text.toLowerCase() === word,
  );
  if (begin < 0) return [];
  const at = [...path, field];
  const clause = word.toUpperCase() as Uppercase<typeof word>;
  if (word === 'on') {
    const last = text.last(begin + 1);
    const [from, to] = [text.tokens[begin + 1]?.start ?? 0, text.tokens[last]?.end ?? 0];
    return [
      {
        mutant: dropped(text, from, to, 'true', clause, text.oneLine(begin + 1, last)),
        path: at,
        isMeant: onlyAt([at]),
      },
    ];
  }
  // FILTER has parentheses, and maybe a WHERE in them.
  const inner =
    word === 'filter' ? (text.tokens[begin + 2]?.text.toLowerCase() === 'where' ? begin + 3 : begin + 2) : begin + 1;
  const last = text.last(inner);
  const [from, to] = [text.tokens[begin]?.start ?? 0, text.tokens[word === 'filter' ? last + 1 : last]?.end ?? 0];
  const isMeant = changedAt(path, ({ [field]: _gone, ...rest }) => rest);
  return [{ mutant: dropped(text, from, to, '', clause, text.oneLine(inner, last)), path: at, isMeant }];
}

/** A column of USING, where several join. */
function usingColumns(node: TreeNode, path: TreePath, text: ConditionText): Proposal[] {
  const columns = textsAt(node, 'using_columns');
  const join = text.tokenAt(byteAt(node));
  if (columns.length < 2 || join < 0) return [];
  const begin = text.tokens.findIndex(
    (token, at) => at > join && token.kind === 'word' && token.text.toLowerCase() === 'using',
  );
  return columns.flatMap((column, index) => {
    // USING ( a , b , c ): a name, then a comma.
    const name = begin + 2 + 2 * index;
    if (begin < 0 || text.tokens[name]?.text !== column) return [];
    const from = text.tokens[index === 0 ? name : name - 1]?.start ?? 0;
    const to = index === 0 ? (text.tokens[name + 2]?.start ?? 0) : (text.tokens[name]?.end ?? 0);
    const isMeant = changedAt(path, (old) => ({ ...old, using_columns: columns.filter((_, at) => at !== index) }));
    return [{ mutant: dropped(text, from, to, '', 'USING', column), path: [...path, 'using_columns', index], isMeant }];
  });
}

function dropped(
  { sql }: ConditionText,
  from: number,
  to: number,
  replacement: string,
  clause: SqlClause,
  condition: string,
): Proposal['mutant'] {
  const what = clause === 'ON' || clause === 'USING' ? 'join' : 'condition';
  // What blanks it leaves behind does not matter; a comment inside goes with it.
  const end = Math.min(Math.max(from, to), sql.length);
  return { what, offset: from, length: end - from, replacement, clause, condition, becomes: '', sides: null };
}
