import { type Diagnostic, diagnose, type Outcome } from '../../diagnostics/diagnostic.ts';
import { childOf, plainOf, textOf, textsOf, type YamlNode } from '../../syntax/yaml.ts';
import type { MarketTable } from '../library.ts';
import type { ColumnSql, TableColumn } from '../ports.ts';
import { validate } from '../schema/validate.ts';

/** The JSON Schema of a market table: the same file checks the rows of a case and makes the SQL table. */
export interface TableSchema {
  readonly title: string;
  readonly description: string;
  readonly required: readonly string[];
  readonly 'x-key': readonly string[];
  readonly 'x-time'?: string;
  readonly 'x-feed'?: string;
  readonly 'x-known'?: readonly string[];
  readonly properties: Readonly<Record<string, ColumnSchema>>;
}

interface ColumnSchema {
  readonly type: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly 'x-sql'?: string;
  readonly 'x-known-at'?: string;
}

export function marketTableOf(schema: TableSchema): MarketTable {
  const columns = Object.entries(schema.properties);
  const time = schema['x-time'] ?? ('ts' in schema.properties ? 'ts' : undefined);
  const known =
    schema['x-known'] ?? ['ingested_ts', time].filter((name) => name !== undefined && name in schema.properties);
  return {
    name: schema.title,
    description: schema.description,
    columns: columns.map(([name, column]): TableColumn => {
      const knownAt = column['x-known-at'];
      return { name, sql: sqlOf(column), ...(knownAt !== undefined && { knownAt }) };
    }),
    key: schema['x-key'],
    ...(time !== undefined && { time }),
    ...(schema['x-feed'] !== undefined && { feed: schema['x-feed'] }),
    known: known.filter((name) => name !== undefined),
    required: schema.required,
    values: new Map(
      columns.flatMap(([name, column]) => (column.enum === undefined ? [] : [[name, column.enum] as const])),
    ),
  };
}

const defaults: Record<string, ColumnSql> = {
  string: 'VARCHAR',
  number: 'DOUBLE',
  integer: 'BIGINT',
  boolean: 'BOOLEAN',
};

function sqlOf(column: ColumnSchema): ColumnSql {
  const stated = column['x-sql'];
  if (stated !== undefined) return stated as ColumnSql; // the schema of table files admits these types only
  if (column.format !== undefined) return 'TIMESTAMP';
  return defaults[column.type] ?? 'VARCHAR';
}

/** Reads a desk's own table file. */
export function buildMarketTable(path: string, node: YamlNode | null): Outcome<MarketTable | null> {
  if (node === null) return [null, []];
  const found: Diagnostic[] = validate('table', node, 'the table file');
  if (found.length > 0) return [null, found];
  const table = marketTableOf(plainOf(node) as TableSchema); // the schema has just admitted it
  const name = textOf(childOf(node, 'title'));
  const expected =
    path
      .split('/')
      .at(-1)
      ?.replace(/\.json$/, '') ?? '';
  if (name !== undefined && name.value !== expected)
    found.push(diagnose('SOP226', name.span, { what: 'table', found: name.value, expected }));
  const known = table.columns.map((column) => column.name);
  for (const key of ['required', 'x-key', 'x-known']) {
    for (const { value, span } of textsOf(childOf(node, key))) {
      if (!known.includes(value))
        found.push(diagnose('SOP315', span, { name: value, table: table.name, near: [], known }));
    }
  }
  found.push(...checkTimes(node, table));
  return [table, found];
}

/** What says when a row happened or was known must be a column of times. */
function checkTimes(node: YamlNode, table: MarketTable): Diagnostic[] {
  const known = table.columns.map((column) => column.name);
  const properties = childOf(node, 'properties');
  const columns =
    properties?.kind === 'map' ? properties.entries.map(({ value }) => textOf(childOf(value, 'x-known-at'))) : [];
  const feed = textOf(childOf(node, 'x-feed'));
  const places = [textOf(childOf(node, 'x-time')), ...columns].filter((place) => place !== undefined);
  const unknown = [...places, ...(feed === undefined ? [] : [feed])].filter(({ value }) => !known.includes(value));
  const times = [...places, ...textsOf(childOf(node, 'x-known'))].filter(({ value }) => known.includes(value));
  const notTimes = times.filter(({ value }) => table.columns.find(({ name }) => name === value)?.sql !== 'TIMESTAMP');
  return [
    ...unknown.map(({ value, span }) => diagnose('SOP315', span, { name: value, table: table.name, near: [], known })),
    ...notTimes.map(({ value, span }) =>
      diagnose('SOP204', span, {
        what: `\`${value}\``,
        expected: 'a column with `format: date-time`',
        found: 'another column',
      }),
    ),
  ];
}
