import type { SqlParameter, SqlProblem, SqlQuery, TableShape } from '../model/ports.ts';
import { nearest } from '../text/nearest.ts';
import { allowedFunctions, tableFunctions } from './allow-list.ts';
import { findCalls } from './find-calls.ts';
import { findSources } from './find-sources.ts';
import { byPlace, type Finding, problemOf } from './finding.ts';
import { type Places, placesIn } from './places.ts';
import { isNode, nodeAt, nodesAt, type TreeNode, type TreeValue, textAt, walkTree } from './query-tree.ts';
import { syntaxProblem } from './syntax-problem.ts';
import { uniqueSetsOf } from './unique-rows.ts';

/** What the tree of a query tells before the engine binds it. */
export type Inspection =
  | {
      readonly ok: true;
      readonly tables: readonly string[];
      /** Names of the parameters that the SQL uses. */
      readonly parameters: readonly string[];
      readonly warnings: readonly SqlProblem[];
      readonly tree: TreeNode;
      readonly places: Places;
    }
  | { readonly ok: false; readonly problem: SqlProblem };

/** `serialized` is what json_serialize_sql gave for the text; `exists` says whether the engine has a function. */
export async function inspectQuery(
  query: SqlQuery,
  tables: readonly TableShape[],
  serialized: string,
  exists: (name: string) => Promise<boolean>,
): Promise<Inspection> {
  const places = placesIn(query.sql);
  // The engine writes this JSON; a tree nested too deeply for us is refused by the caller.
  const answer = JSON.parse(serialized) as TreeValue;
  if (!isNode(answer)) throw new Error('json_serialize_sql gave no object');
  if (answer.error === true) return { ok: false, problem: refused(query.sql, answer, places) };
  const statements = nodesAt(answer, 'statements');
  const [statement, second] = statements;
  const tree = statement && nodeAt(statement, 'node');
  if (tree === undefined) return { ok: false, problem: { reason: 'not_one_select', detail: 'there is no SELECT' } };
  if (second !== undefined) return { ok: false, problem: secondStatement(places) };
  const sources = findSources(tree, tables);
  const read = tables.filter((table) => sources.tables.includes(table.name));
  const used = namedParameters(statement ?? {}, tree);
  const findings = [
    ...sources.findings,
    ...findCalls(tree, read, uniqueSetsOf(tree, read)),
    ...unknownParameters(used, query.parameters),
  ];
  const named = await Promise.all(findings.map((finding) => nameFunction(finding, exists)));
  const problems = named.map((finding) => problemOf(finding, places)).sort(byPlace);
  const error = problems.find((problem) => problem.reason !== 'ties');
  if (error !== undefined) return { ok: false, problem: error };
  return { ok: true, tables: sources.tables, parameters: used, warnings: distinct(problems), tree, places };
}

/** Functions of extensions and of DuckDB's shell that leave the sandbox; they are not misspelt where they are missing. */
const reaches =
  /^(read_|http_|shell|duckdb_|pragma_|pg_|set_|write_|load_|install_|st_read|sniff_|query|getenv|glob$|which_secret|add_parquet_key)|_scan$/i;

/** A function off the list is forbidden where the engine has it, and misspelt where it hasn't. */
async function nameFunction(finding: Finding, exists: (name: string) => Promise<boolean>): Promise<Finding> {
  if (finding.reason !== 'forbidden_function' || finding.name === undefined) return finding;
  // The engine reads a sign with nothing behind it as a call: `a || AS b`, and backquotes.
  const sign = /^(.+)__postfix$/.exec(finding.name)?.[1];
  if (sign !== undefined) return { ...finding, reason: 'syntax', name: sign };
  if (finding.known === true || reaches.test(finding.name) || (await exists(finding.name))) return finding;
  const candidates = nearest(finding.name, finding.inFrom === true ? tableFunctions : allowedFunctions);
  return { ...finding, reason: 'unknown_function', candidates };
}

/** Text that is no SELECT: either no SQL, or a statement with another verb. */
function refused(sql: string, answer: TreeNode, places: Places): SqlProblem {
  const message = textAt(answer, 'error_message');
  if (!message.startsWith('Only SELECT')) return syntaxProblem(message, textAt(answer, 'position'), sql, places);
  const verbs = places.tokens.filter((token) => token.kind === 'word');
  const first = verbs[0];
  const verb = first?.text.toUpperCase() ?? '';
  // WITH … DELETE and SELECT 1; DELETE … are told by the verb that follows.
  const later = verbs.find((token) =>
    /^(insert|update|delete|merge|create|drop|copy|set|attach|pragma|alter)$/i.test(token.text),
  );
  const told = verb === 'WITH' || verb === 'SELECT' || verb === 'FROM' ? (later ?? first) : first;
  const name = told?.text.toUpperCase() ?? '';
  const detail = name === 'PIVOT' ? 'PIVOT must list its values: ON column IN (…)' : `${name} is no SELECT`;
  return {
    reason: 'not_one_select',
    name,
    detail,
    ...(told && { offset: told.start, length: told.end - told.start }),
  };
}

function secondStatement(places: Places): SqlProblem {
  const { tokens } = places;
  const end = tokens.findIndex((token) => token.kind === 'symbol' && token.text === ';');
  const next = tokens.slice(end + 1).find((token) => token.text !== ';');
  return {
    reason: 'not_one_select',
    detail: 'there are two statements',
    ...(next && { name: next.text.toUpperCase(), offset: next.start, length: next.end - next.start }),
  };
}

/** From the statement's own list and from the tree: either may be empty in another release. */
function namedParameters(statement: TreeNode, tree: TreeNode): string[] {
  const names = new Set(nodesAt(statement, 'named_param_map').map((entry) => textAt(entry, 'key')));
  for (const node of walkTree(tree)) if (textAt(node, 'class') === 'PARAMETER') names.add(textAt(node, 'identifier'));
  return [...names];
}

function unknownParameters(used: readonly string[], declared: readonly SqlParameter[]): Finding[] {
  const names = declared.map((parameter) => parameter.name);
  return used
    .filter((name) => !names.includes(name))
    .map((name) =>
      /^\d+$/.test(name)
        ? { reason: 'unknown_parameter', name, parameter: name, detail: 'parameters have names: $name' }
        : { reason: 'unknown_parameter', name, parameter: name, candidates: nearest(name, names) },
    );
}

/** A CTE is visited more than once; the same warning counts once. */
function distinct(problems: readonly SqlProblem[]): SqlProblem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = JSON.stringify(problem);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
