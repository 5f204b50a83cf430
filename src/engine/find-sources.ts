import type { TableShape } from '../model/ports.ts';
import { nearest } from '../text/nearest.ts';
import { tableFunctions } from './allow-list.ts';
import type { Finding } from './finding.ts';
import {
  byteAt,
  childrenOf,
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
} from './query-tree.ts';

/** What a query reads: names of market tables (as declared), and everything in FROM that it must not read. */
export interface Sources {
  readonly tables: readonly string[];
  readonly findings: readonly Finding[];
  /** Names of common table expressions, for messages. */
  readonly ctes: readonly string[];
}

interface Scope {
  readonly ctes: ReadonlySet<string>;
  /** Recursive ones, which may also be read as `recurring.name`. */
  readonly recursive: ReadonlySet<string>;
}

/** Resolves every name in FROM by the rules of WITH: a name that is not visible would be looked up in the catalogue. */
export function findSources(tree: TreeNode, tables: readonly TableShape[]): Sources {
  const declared = new Map(tables.map((table) => [fold(table.name), table.name]));
  const read = new Set<string>();
  const ctes = new Set<string>();
  const findings: Finding[] = [];
  visit(tree, { ctes: new Set(), recursive: new Set() });
  return { tables: [...read].sort(), findings, ctes: [...ctes] };

  function visit(value: TreeValue | undefined, scope: Scope): void {
    if (typeof value !== 'object' || value === null) return;
    if (isNode(value) && isQuery(value)) {
      visitQuery(value, scope);
    } else {
      if (isNode(value) && isSource(value)) judge(value, scope);
      else if (isNode(value) && isStranger(value)) {
        findings.push({ reason: 'forbidden_source', name: fold(textAt(value, 'type')), byte: byteAt(value) });
      }
      for (const child of childrenOf(value)) visit(child, scope);
    }
  }

  /** What WITH names is visible to later entries and to the query; a recursive one to its own second part as well. */
  function visitQuery(query: TreeNode, scope: Scope): void {
    const { cte_map: map, right, ...rest } = query;
    let inner = scope;
    for (const entry of isNode(map) ? nodesAt(map, 'map') : []) {
      ctes.add(textAt(entry, 'key'));
      visit(entry.value, inner);
      inner = withCte(inner, fold(textAt(entry, 'key')), false);
    }
    visit(
      Object.values(rest).filter((value) => value !== undefined),
      inner,
    );
    const recursive = textAt(query, 'type') === 'RECURSIVE_CTE_NODE';
    visit(right, recursive ? withCte(inner, fold(textAt(query, 'cte_name')), true) : inner);
  }

  function judge(source: TreeNode, scope: Scope): void {
    const type = textAt(source, 'type');
    if (nodeAt(source, 'sample') !== undefined) findings.push(sampling(source));
    if (type === 'BASE_TABLE') judgeTable(source, scope);
    else if (type === 'TABLE_FUNCTION') judgeFunction(source);
    else if (type === 'SHOW_REF') findings.push(notOneSelect(source));
    else if (type === 'COLUMN_DATA' || type === 'DELIM_GET' || type === 'BOUND_TABLE_REF') {
      findings.push({ reason: 'forbidden_source', name: type.toLowerCase() });
    }
  }

  function judgeTable(source: TreeNode, scope: Scope): void {
    const name = textAt(source, 'table_name');
    const key = fold(name);
    const schema = textAt(source, 'schema_name');
    const place = { byte: byteAt(source) };
    if (schema !== '' || textAt(source, 'catalog_name') !== '') {
      if (fold(schema) === 'recurring' && scope.recursive.has(key)) return;
      const full = [textAt(source, 'catalog_name'), schema, name].filter((part) => part !== '').join('.');
      const own = declared.get(key);
      findings.push({
        reason: 'forbidden_source',
        name: full,
        ...place,
        ...(own && { candidates: [own] }),
        detail: 'a table is named without a schema',
      });
      return;
    }
    if (scope.ctes.has(key)) return;
    const own = declared.get(key);
    if (own !== undefined) {
      read.add(own);
    } else if (looksLikeFile(name)) {
      findings.push({ reason: 'forbidden_source', name, ...place, detail: 'SQL can not read files' });
    } else if (/^(duckdb_|pg_|sqlite_|pragma_)/.test(key)) {
      findings.push({ reason: 'forbidden_source', name, ...place, detail: 'SQL can not read the catalogue' });
    } else {
      const candidates = nearest(name, [...declared.values(), ...scope.ctes]);
      const hidden = [...ctes].some((cte) => fold(cte) === key);
      const detail = 'WITH names it, but not for this place: it reads itself without RECURSIVE, or stands elsewhere';
      findings.push({ reason: 'unknown_table', name, ...place, candidates, ...(hidden && { detail }) });
    }
  }

  function judgeFunction(source: TreeNode): void {
    const call = nodeAt(source, 'function');
    const name = call ? textAt(call, 'function_name') : '';
    if (tableFunctions.has(fold(name))) return;
    findings.push({ reason: 'forbidden_function', name, byte: byteAt(source), inFrom: true });
  }
}

/** Only expressions and what stands in FROM have a place; a kind that this release does not know is refused. */
function isStranger(node: TreeNode): boolean {
  return typeof node.query_location === 'number' && !isExpression(node);
}

function withCte(scope: Scope, name: string, recursive: boolean): Scope {
  return {
    ctes: new Set([...scope.ctes, name]),
    recursive: recursive ? new Set([...scope.recursive, name]) : scope.recursive,
  };
}

/** A name in quotes that has a path or an extension would be opened as a file by DuckDB. */
function looksLikeFile(name: string): boolean {
  return /[/\\*?:]/.test(name) || /\.(csv|tsv|txt|parquet|json|jsonl|ndjson|db|duckdb|xlsx|gz|zst)$/i.test(name);
}

function sampling(source: TreeNode): Finding {
  return { reason: 'not_deterministic', name: 'SAMPLE', byte: byteAt(source), detail: 'it draws random rows' };
}

function notOneSelect(source: TreeNode): Finding {
  const verb = textAt(source, 'show_type').startsWith('SHOW')
    ? 'SHOW'
    : textAt(source, 'show_type') === 'SUMMARY'
      ? 'SUMMARIZE'
      : 'DESCRIBE';
  return { reason: 'not_one_select', name: verb, byte: byteAt(source), word: verb, detail: `${verb} is no SELECT` };
}
