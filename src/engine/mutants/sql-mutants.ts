import type { SqlProblem, SqlResult } from '../../model/ports.ts';
import type { SqlClause, SqlMutant, SqlMutants } from '../../model/sql-mutant.ts';
import { isNode, isQuery, nodeAt, nodesAt, type TreeNode, type TreeValue, textAt } from '../query-tree.ts';
import { type ConditionText, conditionText } from './condition-text.ts';
import { onlyAt, type Proposal } from './proposal.ts';
import { proposeClauses, proposeConjuncts } from './propose-dropped.ts';
import { proposeNumbers, proposeOperators } from './propose-values.ts';
import { namedQueries, tablesBehind } from './tables-behind.ts';
import { type TreePath, walkPaths } from './tree-path.ts';

/**
 * The slips of a SQL text. Where they are, the engine's tree tells; they are made in the text, so that comments and line ends
 * stay. The tree of each changed text is then compared with what was meant: what differs is dropped and counted.
 * `serialize` gives the engine's json_serialize_sql of a text.
 */
export async function sqlMutants(
  sql: string,
  serialize: (sql: string) => Promise<string>,
): Promise<SqlResult<SqlMutants>> {
  const tree = queryOf(await serialize(sql));
  if (tree === null) return { ok: false, problem: unread };
  const named = namedQueries(tree);
  const mutants: SqlMutant[] = [];
  let dropped = 0;
  for (const { mutant, path, isMeant } of joined(propose(tree, conditionText(sql)))) {
    const changed = sql.slice(0, mutant.offset) + mutant.replacement + sql.slice(mutant.offset + mutant.length);
    const after = queryOf(await serialize(changed));
    if (after === null || !isMeant(tree, after)) dropped++;
    else mutants.push({ ...mutant, tables: tablesBehind(sourceAround(tree, path), named) });
  }
  mutants.sort((a, b) => a.offset - b.offset);
  return { ok: true, value: { mutants, dropped } };
}

const unread: SqlProblem = { reason: 'syntax', detail: 'the text is no SELECT' };

function queryOf(serialized: string): TreeNode | null {
  const answer = JSON.parse(serialized) as TreeValue; // the engine writes it
  if (!isNode(answer) || answer.error === true) return null;
  const [statement, second] = nodesAt(answer, 'statements');
  return (second === undefined && statement && nodeAt(statement, 'node')) || null;
}

function propose(tree: TreeNode, text: ConditionText): Proposal[] {
  return [...walkPaths(tree)].flatMap(([node, path]) => {
    const clause = clauseOf(path);
    return [
      ...(textAt(node, 'class') === 'COMPARISON' ? proposeOperators(node, path, text, clause) : []),
      ...proposeNumbers(node, path, text, clause),
      ...proposeConjuncts(node, path, text, clause),
      ...proposeClauses(node, path, text),
    ];
  });
}

const clauses: Readonly<Record<string, SqlClause>> = {
  where_clause: 'WHERE',
  having: 'HAVING',
  qualify: 'QUALIFY',
  filter: 'FILTER',
  condition: 'ON',
  case_checks: 'CASE',
  select_list: 'SELECT',
};

/** The innermost clause on the way to a node. */
function clauseOf(path: TreePath): SqlClause {
  for (const step of path.toReversed()) {
    const clause = typeof step === 'string' ? clauses[step] : undefined;
    if (clause !== undefined) return clause;
  }
  return 'SELECT';
}

/** FROM of the innermost SELECT on the way to a node. */
function sourceAround(tree: TreeNode, path: TreePath): TreeNode | undefined {
  let source: TreeNode | undefined;
  let at: TreeValue | undefined = tree;
  for (const step of path) {
    if (isNode(at) && isQuery(at)) source = nodeAt(at, 'from_table') ?? source;
    if (typeof at !== 'object' || at === null) break;
    at = isNode(at) ? at[step] : (at as readonly TreeValue[])[Number(step)];
  }
  return source;
}

/** The same change of the text is one mutant: a named window stands in the tree at each call that uses it. */
function joined(proposals: readonly Proposal[]): Proposal[] {
  const byText = new Map<string, Proposal[]>();
  for (const proposal of proposals) {
    const { offset, length, replacement } = proposal.mutant;
    const key = `${offset} ${length} ${replacement}`;
    byText.set(key, [...(byText.get(key) ?? []), proposal]);
  }
  return [...byText.values()].flatMap(([first, ...more]) =>
    first === undefined
      ? []
      : more.length === 0
        ? [first]
        : [{ ...first, isMeant: onlyAt([first, ...more].map(({ path }) => path)) }],
  );
}
