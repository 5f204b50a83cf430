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
  readonly properties: Readonly<Record<string, ColumnSchema>>;
}

interface ColumnSchema {
  readonly type: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly 'x-sql'?: string;
}

export function marketTableOf(schema: TableSchema): MarketTable {
  const columns = Object.entries(schema.properties);
  return {
    name: schema.title,
    description: schema.description,
    columns: columns.map(([name, column]): TableColumn => ({ name, sql: sqlOf(column) })),
    key: schema['x-key'],
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
  for (const key of ['required', 'x-key']) {
    for (const { value, span } of textsOf(childOf(node, key))) {
      if (!known.includes(value))
        found.push(diagnose('SOP315', span, { name: value, table: table.name, near: [], known }));
    }
  }
  return [table, found];
}
