import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { dialects } from '../../src/decision/sql/dialects.ts';
import { emitDecision } from '../../src/decision/sql/emit-decision.ts';
import type { RawValue } from '../../src/model/value.ts';
import { rawLiteral, rawTypeName, showAnswer } from './decision-rows.ts';
import type { RandomLogic } from './random-logic.ts';

const dialect = dialects.duckdb;

/** One DuckDB for many decisions. */
export class DuckDbDecisions {
  private constructor(
    private readonly connection: DuckDBConnection,
    private readonly alter: (sql: string) => string,
  ) {}

  /** `alter` makes mistakes on purpose. */
  static async open(alter = (sql: string) => sql): Promise<DuckDbDecisions> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    return new DuckDbDecisions(await instance.connect(), alter);
  }

  /** The answers of the emitted SQL, in the order of the points, as `answerRows` shows them. */
  async answers({ logic, types }: RandomLogic, points: readonly (readonly RawValue[])[]): Promise<string[]> {
    const columns = logic.inputs.map(({ name }) => ({ name, type: types.get(name) ?? 'double' }));
    const fields = columns.map(({ name, type }) => `, ${dialect.quoteName(name)} ${rawTypeName(type, dialect)}`);
    const rows = points.map((point, index) => {
      const values = columns.map(({ type }, place) => rawLiteral(point[place] ?? null, type, dialect));
      return `(${[index, ...values].join(', ')})`;
    });
    await this.connection.run(
      `CREATE OR REPLACE TABLE points (id INTEGER${fields.join('')}); INSERT INTO points VALUES ${rows.join(', ')}`,
    );
    const emitted = emitDecision(logic, dialect, { from: ['points'], keep: ['id'], types });
    if (!emitted.ok) throw new Error(emitted.reasons.join('; '));
    const read = await this.connection.runAndReadAll(`SELECT * FROM (${this.alter(emitted.sql)}) ORDER BY id`);
    return read.getRows().map(([, ...answer]) => answer.map(showAnswer).join('|'));
  }

  close(): void {
    this.connection.closeSync();
  }
}
