import type { Dialect } from './dialects.ts';
import type { Named } from './table-sql.ts';

/** SELECTs, each over the one before. */
export class Layers {
  private readonly queries: string[] = [];

  constructor(
    private readonly dialect: Dialect,
    private readonly prefix: string,
  ) {}

  /** The first one, over a relation. */
  begin(columns: readonly Named[], from: string): void {
    this.push(
      columns.map((column) => this.named(column)),
      from,
    );
  }

  /** One more that keeps all columns and adds some. */
  add(columns: readonly Named[]): void {
    if (columns.length > 0) this.push(['*', ...columns.map((column) => this.named(column))], this.top());
  }

  /** The whole query, ended by a SELECT over all layers. */
  end(columns: readonly Named[]): string {
    const { hint, quoteName } = this.dialect;
    const tables = this.queries.map(
      (query, index) => `${quoteName(`${this.prefix}${index}`)} AS ${hint}(\n  ${query}\n)`,
    );
    const select = columns.map((column) => this.named(column)).join(',\n  ');
    return `WITH ${tables.join(',\n')}\nSELECT\n  ${select}\nFROM ${this.top()}`;
  }

  private push(columns: readonly string[], from: string): void {
    this.queries.push(`SELECT\n    ${columns.join(',\n    ')}\n  FROM ${from}${this.dialect.fence}`);
  }

  private top(): string {
    return this.dialect.quoteName(`${this.prefix}${this.queries.length - 1}`);
  }

  private named({ name, sql }: Named): string {
    return `${sql} AS ${this.dialect.quoteName(name)}`;
  }
}
