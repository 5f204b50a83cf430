import type { RawType } from '../../src/decision/sql/carrier.ts';
import { dialects } from '../../src/decision/sql/dialects.ts';
import { emitDecision } from '../../src/decision/sql/emit-decision.ts';
import type { RawValue } from '../../src/model/value.ts';
import { rawLiteral, rawTypeName, showAnswer } from './decision-rows.ts';
import type { RandomLogic } from './random-logic.ts';

const dialect = dialects.clickhouse;

/** The part of the optional package `chdb` that is used. */
interface Session {
  query(sql: string, format?: string): string;
  cleanup(): void;
}

/** ClickHouse inside this process, by the optional package `chdb`. */
export class ClickHouseDecisions {
  private constructor(private readonly session: Session) {}

  /** Null where `chdb` is not installed: it is half a gigabyte, and no dependency. */
  static async open(): Promise<ClickHouseDecisions | null> {
    const name: string = process.env['CHDB'] ?? 'chdb';
    const found = (await import(name).catch(() => null)) as { Session: new () => Session } | null;
    return found === null ? null : new ClickHouseDecisions(new found.Session());
  }

  /** The answers of the emitted SQL, in the order of the points, as `answerRows` shows them. */
  answers({ logic, types }: RandomLogic, points: readonly (readonly RawValue[])[]): string[] {
    const columns = logic.inputs.map(({ name }) => ({ name, type: types.get(name) ?? 'double' }));
    const fields = columns.map(
      ({ name, type }) => `, ${dialect.quoteName(name)} Nullable(${rawTypeName(type, dialect)})`,
    );
    const rows = points.map((point, index) => {
      const values = columns.map(({ type }, place) => literal(point[place] ?? null, type));
      return `(${[index, ...values].join(', ')})`;
    });
    const emitted = emitDecision(logic, dialect, { from: ['points'], keep: ['id'], types });
    if (!emitted.ok) throw new Error(emitted.reasons.join('; '));
    this.session.query('DROP TABLE IF EXISTS points');
    this.session.query(`CREATE TABLE points (id Int32${fields.join('')}) ENGINE = Memory`);
    this.session.query(`INSERT INTO points VALUES ${rows.join(', ')}`);
    const answers = this.session.query(`SELECT * FROM (${emitted.sql}) ORDER BY id`, 'JSONCompactEachRow');
    const lines = answers.split('\n').filter((line) => line !== '');
    return lines.map((line) => (JSON.parse(line) as unknown[]).slice(1).map(showAnswer).join('|'));
  }

  close(): void {
    this.session.cleanup();
  }
}

/** Doubles by their bits: ClickHouse reads a text of a double in a quick way that may miss the last bit. */
function literal(value: RawValue, type: RawType): string {
  if (type === 'double' && typeof value === 'number') {
    const bits = new BigUint64Array(new Float64Array([value]).buffer)[0] ?? 0n;
    return `reinterpretAsFloat64(toUInt64('${bits}'))`;
  }
  if (typeof type === 'object' && value !== null)
    return `CAST('${rawLiteral(value, type, dialect)}' AS ${rawTypeName(type, dialect)})`;
  return rawLiteral(value, type, dialect);
}
