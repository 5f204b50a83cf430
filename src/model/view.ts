import type { Located, Span } from '../text/source.ts';
import type { GivenCell, GivenTable } from './case.ts';
import type { ColumnSql } from './ports.ts';
import type { Parameter, SqlText } from './sop.ts';

/** The types that a view's column may declare. */
export type ViewType = 'text' | 'number' | 'integer' | 'decimal' | 'boolean' | 'timestamp';

/** SQL of its own that several SOPs read as a table: `sops/views/<name>.sql`. */
export interface View {
  readonly path: string;
  /** The file's name; its span is the title, which stands for the view as a whole in messages. */
  readonly name: Located<string>;
  readonly title: string;
  readonly parameters: readonly Parameter[];
  readonly columns: readonly ViewColumn[];
  /** The columns that make a row unique; empty where the view claims nothing of the kind. */
  readonly key: readonly Located<string>[];
  readonly sql: SqlText;
}

export interface ViewColumn {
  readonly name: Located<string>;
  readonly type: ViewType;
  readonly sql: ColumnSql;
  readonly unit: string;
  readonly meaning: string;
}

export const viewTypes: Readonly<Record<ViewType, ColumnSql>> = {
  text: 'VARCHAR',
  number: 'DOUBLE',
  integer: 'BIGINT',
  decimal: 'DECIMAL(38,8)',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
};

/** What a view must return for given market data. */
export interface ViewCase {
  readonly name: Located<string>;
  readonly title: string;
  readonly path: string;
  readonly view: Located<string>;
  readonly source: string;
  readonly given: readonly GivenTable[];
  readonly asOf: Located<string> | null;
  readonly expect: readonly ExpectedRow[];
  /** Whether the view may return rows that `expect` does not name. */
  readonly others: 'none' | 'any';
  /** Names of cases that are gone, in whose place this one stands. */
  readonly replaces: readonly Located<string>[];
  readonly span: Span;
}

/** Columns left out are not asserted. */
export interface ExpectedRow {
  readonly cells: readonly GivenCell[];
  readonly span: Span;
}
