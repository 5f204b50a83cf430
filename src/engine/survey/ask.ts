import type { DuckDBConnection } from '@duckdb/node-api';

/** Rows of a query of ours as numbers and texts; NULL is null. Large integers are exact up to 2^53, as times of 2200 are. */
export async function ask(connection: DuckDBConnection, sql: string): Promise<Answer[]> {
  const reader = await connection.runAndReadAll(sql);
  const names = reader.columnNames();
  return reader.getRowsJson().map((row) => new Answer(new Map(names.map((name, at) => [name, row[at]]))));
}

/** One row by the names of its columns. */
export class Answer {
  constructor(private readonly values: ReadonlyMap<string, unknown>) {}

  number(name: string): number {
    return this.maybe(name) ?? 0;
  }

  maybe(name: string): number | null {
    const value = this.values.get(name);
    return value === null || value === undefined ? null : Number(value);
  }

  text(name: string): string {
    const value = this.values.get(name);
    return value === null || value === undefined ? '' : String(value);
  }

  flag(name: string): boolean {
    return this.values.get(name) === true;
  }
}
