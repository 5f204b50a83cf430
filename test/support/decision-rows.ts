import Big from 'big.js';
import type { Output } from '../../src/decision/compile-table.ts';
import { compileDecision } from '../../src/decision/decide.ts';
import type { Logic } from '../../src/decision/logic.ts';
import { normalise, type Scalar } from '../../src/decision/normalise.ts';
import type { RawType } from '../../src/decision/sql/carrier.ts';
import type { Dialect } from '../../src/decision/sql/dialects.ts';
import type { RawValue } from '../../src/model/value.ts';

/** What SQL has to answer for one row, as text: kind, disposition, severity, rule and the further outputs. */
export function answerRows(logic: Logic, points: readonly (readonly RawValue[])[]): string[] {
  const decide = compileDecision(logic);
  const missing = logic.inputs.map((column) => scalar(column.missing, column));
  return points.map((point) => {
    const values = new Map<string, Scalar>();
    let readable = true;
    logic.inputs.forEach((column, index) => {
      const read = normalise(point[index] ?? null, column);
      if (!read.ok) readable = false;
      else values.set(column.name, read.value ?? missing[index] ?? null);
    });
    const nothing = [...furtherOutputs(logic), 'kind'].map(() => 'null');
    if (!readable) return ['"invalid"', 'null', 'null', ...nothing].join('|');
    const decision = decide(values, new Set());
    if (decision.kind === 'invalid') return ['"invalid"', 'null', 'null', ...nothing].join('|');
    const given = furtherOutputs(logic).map(({ table, output }) =>
      show(decision.trail.find((entry) => entry.table === table)?.outputs[output] ?? null),
    );
    if (decision.kind === 'undecided') return ['"undecided"', 'null', 'null', 'null', ...given].join('|');
    const { disposition, severity, rule } = decision;
    return ['"decided"', show(disposition), show(severity), show(rule), ...given].join('|');
  });
}

function scalar(value: Logic['inputs'][number]['missing'], column: Logic['inputs'][number]): Scalar {
  const read = normalise(value, column);
  if (!read.ok) throw new Error(`${column.name} can't be missing like this`);
  return read.value;
}

/** Outputs beside disposition and severity that are no lists, in the order of the SQL. */
function furtherOutputs(logic: Logic): { table: string; output: string }[] {
  return logic.tables.flatMap((table) =>
    ['C', 'R', 'O'].includes(table.hitPolicy)
      ? []
      : table.outputs
          .filter(({ name }) => table !== logic.tables.at(-1) || !['disposition', 'severity'].includes(name))
          .map(({ name }) => ({ table: table.name, output: name })),
  );
}

function show(value: Output | undefined): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return value instanceof Big ? value.toFixed() : String(value);
}

/** A value that SQL returned, as `answerRows` shows it. */
export function showAnswer(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? JSON.stringify(value) : new Big(String(value)).toFixed();
}

/** A raw value as a literal; the engine reads texts of numbers exactly. */
export function rawLiteral(value: RawValue, type: RawType, dialect: Dialect): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return dialect.quoteText(value);
  if (type === 'double') return `CAST('${Object.is(value, -0) ? '-0' : value}' AS ${dialect.doubleType})`;
  return value instanceof Big ? value.toFixed() : String(value);
}

export function rawTypeName(type: RawType, dialect: Dialect): string {
  if (typeof type === 'object') return dialect.decimalType(type.precision, type.scale);
  return { double: dialect.doubleType, bigint: 'BIGINT', text: dialect.textType, boolean: 'BOOLEAN' }[type];
}

/** The points on which two lists of answers differ; empty where they agree. */
export function disagreements(
  points: readonly (readonly RawValue[])[],
  expected: readonly string[],
  answers: readonly string[],
): { point: string; expected: string; answer: string }[] {
  return points.flatMap((point, index) => {
    const [a = 'no row', b = 'no row'] = [expected[index], answers[index]];
    return a === b ? [] : [{ point: point.map(String).join(', '), expected: a, answer: b }];
  });
}
