import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableShape } from '../../model/ports.ts';

/** Rows of all files of a table, on the trusted connection, and what is known of them. */
export interface Surveyed {
  readonly connection: DuckDBConnection;
  /** A FROM item; it has the market columns and `sop file`, the place of the file in the request. */
  readonly rows: string;
  readonly shape: TableShape;
  readonly count: number;
  readonly has: (column: string) => boolean;
}
