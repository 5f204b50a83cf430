import type { Mapping } from '../../model/mapping.ts';
import { rawColumns } from '../../model/mapping.ts';
import type { FileStart } from '../looks-like.ts';
import { quoteName, quoteText } from '../quote.ts';
import { plainName } from './pattern.ts';
import type { Value } from './scope.ts';

type Start = Extract<FileStart, { ok: true }>;

/** Rows of a file as SQL: columns `c0`, `c1`, … in the order of `columns`, and with `numbered` the row's place in the file as `n`. */
export interface RawRelation {
  readonly sql: string;
  readonly values: ReadonlyMap<string, Value>;
}

export type RawResult =
  | { readonly ok: true; readonly value: RawRelation }
  | { readonly ok: false; readonly detail: string };

/** A file with what was seen of it. `columns` are those of named columns with the engine's types. */
export interface RawFile {
  readonly start: Start;
  readonly columns: ReadonlyMap<string, string>;
  /** The rows of CSV, Parquet or a database table as a FROM item. */
  readonly relation: (headless: boolean) => string;
  /** JSON documents as a FROM item with a column `json`. */
  readonly documents: string;
  /** Lines of text as a FROM item with a column `line`. */
  readonly lines: string;
}

/** How the raw columns of a mapping are read from a file. */
export function rawRelation(mapping: Mapping, file: RawFile): RawResult {
  const columns = rawColumns(mapping);
  const numbered = mapping.corrections !== null;
  const number = numbered ? ', row_number() OVER () AS n' : '';
  const values = new Map(columns.map((name, at): [string, Value] => [name, { sql: `r.c${at}`, type: 'text' }]));
  if (file.start.format === 'fix' && mapping.source.format === 'fix') {
    const items = columns.map((tag, at) => `${tagSql(tag, file.start)} AS c${at}`);
    return { ok: true, value: { sql: `SELECT ${items.join(', ') || '1'}${number} FROM ${file.lines}`, values } };
  }
  if (file.start.format === 'json') {
    const rows = mapping.source.format === 'json' ? mapping.source.rows : [];
    return { ok: true, value: { sql: jsonSql(columns, rows, file, number), values } };
  }
  if (mapping.source.format === 'json' || mapping.source.format === 'fix') {
    const wanted = mapping.source.format === 'json' ? 'a JSON file' : 'a log of FIX messages';
    return { ok: false, detail: `the mapping \`${mapping.name}\` reads ${wanted}, and this is another kind of file` };
  }
  return namedColumns(mapping, columns, file, number);
}

function namedColumns(mapping: Mapping, columns: readonly string[], file: RawFile, number: string): RawResult {
  const headless = isHeadless(mapping, file);
  const stated = mapping.source.format === 'csv' ? mapping.source.columns : [];
  const own = [...file.columns.keys()];
  const items: string[] = [];
  const values = new Map<string, Value>();
  for (const [at, name] of columns.entries()) {
    const found = headless ? own[stated.indexOf(name)] : findName(own, name);
    if (found === undefined) {
      const has = headless
        ? `it has ${own.length} columns and no header line`
        : `it has ${own.slice(0, 12).join(', ')}`;
      return { ok: false, detail: `the mapping \`${mapping.name}\` reads the column \`${name}\`; ${has}` };
    }
    const [sql, type] = columnOf(found, file);
    items.push(`${sql} AS c${at}`);
    values.set(name, { sql: `r.c${at}`, type });
  }
  const from = file.relation(headless);
  return { ok: true, value: { sql: `SELECT ${items.join(', ') || '1'}${number} FROM ${from}`, values } };
}

export function findName(own: readonly string[], name: string): string | undefined {
  return own.find((column) => column === name) ?? own.find((column) => plainName(column) === plainName(name));
}

/** Text is trimmed, and empty text is no value; numbers that could lose digits stay text. */
function columnOf(name: string, file: RawFile): readonly [sql: string, type: Value['type']] {
  const type = file.columns.get(name) ?? 'VARCHAR';
  const quoted = quoteName(name);
  if (type === 'DATE' || type.startsWith('TIMESTAMP')) return [`CAST(${quoted} AS TIMESTAMP)`, 'time'];
  if (type === 'DOUBLE' || type === 'FLOAT') return [`CAST(${quoted} AS DOUBLE)`, 'number'];
  return [`nullif(${trimmed(type === 'VARCHAR' ? quoted : `CAST(${quoted} AS VARCHAR)`)}, '')`, 'text'];
}

/** Blanks are rare, and looking for their end takes longer than reading the text. */
function trimmed(text: string): string {
  return `CASE WHEN ${text} LIKE ' %' OR ${text} LIKE '% ' THEN trim(${text}) ELSE ${text} END`;
}

/** True where the first line is data: its values look like what the mapping says. */
export function isHeadless(mapping: Mapping, file: Pick<RawFile, 'start'>): boolean {
  const { source } = mapping;
  const names = file.start.header?.names;
  if (source.format !== 'csv' || names === undefined || source.kinds.length !== names.length) return false;
  return names.every((cell, at) => looksLikeKind(cell, source.kinds[at] ?? 'text'));
}

/** `cell` went through the reader of headers, which puts ` (2)` behind a text that stands twice. */
function looksLikeKind(cell: string, kind: string): boolean {
  const text = cell.replace(/ \(\d+\)$/, '').trim();
  if (kind === 'integer') return /^-?\d+$/.test(text);
  if (kind === 'number') return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text);
  if (kind === 'boolean') return /^(true|false|0|1)$/i.test(text);
  return text !== '';
}

/** One JSON document may hold many rows: lists of lists are taken apart step by step; `^.` is what stands around a row. */
function jsonSql(columns: readonly string[], rows: readonly string[], file: RawFile, number: string): string {
  const from = jsonRows(rows, file.documents);
  const paths = (names: readonly string[]) => `[${names.map((name) => quoteText(jsonPath(name))).join(', ')}]`;
  const inner = columns.filter((name) => !name.startsWith('^.'));
  const outer = columns.filter((name) => name.startsWith('^.'));
  const items = columns.map((name, at) => {
    const [list, index] = name.startsWith('^.') ? ['o', outer.indexOf(name)] : ['i', inner.indexOf(name)];
    return `nullif(trim(${list}[${index + 1}]), '') AS c${at}`;
  });
  const read = [
    `json_extract_string("row", ${paths(inner.length === 0 ? ['x'] : inner)}) AS i`,
    ...(outer.length === 0 ? [] : [`json_extract_string(up, ${paths(outer.map((name) => name.slice(2)))}) AS o`]),
  ];
  return `SELECT ${items.join(', ') || '1'}${number} FROM (SELECT ${read.join(', ')} FROM ${from})`;
}

/** A document without the list is a row itself: what was taken out of its envelope before. */
export function jsonRows(rows: readonly string[], documents: string): string {
  let from = `(SELECT json AS "row", CAST(NULL AS JSON) AS up FROM ${documents})`;
  for (const step of rows) {
    const path = quoteText(jsonPath(step));
    const list = `CASE WHEN json_type("row", ${path}) = 'ARRAY' THEN CAST(json_extract("row", ${path}) AS JSON[]) ELSE ["row"] END`;
    from = `(SELECT "row" AS up, unnest(${list}) AS "row" FROM ${from})`;
  }
  return from;
}

/** `fee.cost` → `$."fee"."cost"`; a number is a place in a list. */
export function jsonPath(name: string): string {
  if (/^\d+$/.test(name)) return `$[${name}]`;
  const steps = name.split('.').map((step) => `."${step.replace(/["\\]/g, '')}"`);
  return `$${steps.join('')}`;
}

/** The value of one tag in a line of FIX. Tags are numbers; anything else finds nothing. */
function tagSql(tag: string, start: Start): string {
  const separator = start.fixSeparator ?? '\u0001';
  const end = separator === '|' ? '\\|' : separator === '^A' ? '\\^A' : '\\x01';
  const number = /^\d{1,5}$/.test(tag) ? tag : '0';
  const until = separator === '^A' ? '(.*?)(?:\\^A|$)' : `([^${separator === '|' ? '|' : '\\x01'}]*)`;
  return `nullif(trim(regexp_extract(line, ${quoteText(`${end}${number}=${until}`)}, 1)), '')`;
}
