import Big from 'big.js';
import { type CompiledTable, compileTable, type Output, type TableAnswer } from '../../src/decision/compile-table.ts';
import { compileTest } from '../../src/decision/compile-test.ts';
import { compileDecision } from '../../src/decision/decide.ts';
import type { Logic, LogicTable } from '../../src/decision/logic.ts';
import type { Scalar } from '../../src/decision/normalise.ts';
import { axisOf } from '../../src/decision/region/axis.ts';
import type { Region } from '../../src/decision/region/region.ts';
import { witnessOf } from '../../src/decision/region/witness.ts';
import { cell } from './columns.ts';

/** One of all combinations of what the tests of a logic tell apart. */
export type Point = ReadonlyMap<string, Scalar>;

export function allPoints(logic: Logic): Point[] {
  let points: Map<string, Scalar>[] = [new Map()];
  for (const input of logic.inputs) {
    const isFed = (index: number) =>
      logic.tables.slice(0, index).some(({ outputs }) => outputs.some(({ name }) => name === input.name));
    const tests = logic.tables.flatMap((table, index) =>
      isFed(index)
        ? []
        : table.inputs.flatMap((column, at) =>
            column.name === input.name ? table.rules.flatMap((rule) => rule.tests[at] ?? []) : [],
          ),
    );
    const values = axisOf(input, tests).pieces.map((piece) => witnessOf(piece, input, new Set(['a', 'b', 'c'])));
    points = points.flatMap((point) => values.map((value) => new Map([...point, [input.name, value]])));
  }
  return points;
}

export interface Seen {
  readonly point: Point;
  readonly inputs: readonly Scalar[];
  readonly answer: TableAnswer;
  readonly hits: readonly string[];
}

/** What a table answers at each point at which it is asked. */
export function seenBy(logic: Logic, index: number, points: readonly Point[]): Seen[] {
  const table = logic.tables[index] as LogicTable; // the caller counts them
  const before = compileDecision({ inputs: logic.inputs, tables: logic.tables.slice(0, index) });
  const answer = compileTable(table);
  return points.flatMap((point): Seen[] => {
    const decision = before(point, new Set());
    if (decision.kind === 'invalid') return [];
    const given = Object.assign({}, ...decision.trail.map(({ outputs }) => outputs)) as Record<string, Scalar>;
    const inputs = table.inputs.map(({ name }) => {
      const value = name in given ? given[name] : point.get(name);
      return Array.isArray(value) ? null : (value ?? null);
    });
    return [{ point, inputs, answer: answer(inputs), hits: hitsOf(table, inputs) }];
  });
}

function hitsOf(table: LogicTable, inputs: readonly Scalar[]): string[] {
  return table.rules
    .filter((rule) =>
      rule.tests.every((test, at) => {
        const column = table.inputs[at];
        return column === undefined || compileTest(test, column)(inputs[at] ?? null);
      }),
    )
    .map(({ id }) => id);
}

/** The same for equal outputs; numbers by value, whatever holds them. */
export function said(answer: TableAnswer): string {
  return answer.kind === 'answer' ? JSON.stringify(answer.outputs.map(plain)) : answer.kind;
}

function plain(output: Output): unknown {
  if (Array.isArray(output)) return output.map(plain);
  return output instanceof Big || typeof output === 'number' ? { number: String(output) } : output;
}

/** Whether two tables say the same at all of these points. */
export function saySame(a: CompiledTable, b: CompiledTable, seen: readonly Seen[]): boolean {
  return seen.every(({ inputs }) => said(a(inputs)) === said(b(inputs)));
}

/** Whether a point lies in a region, by the cells that it shows. */
export function liesIn(point: Point, region: Region, logic: Logic): boolean {
  return region.cells.every(({ column, text }) => {
    const input = logic.inputs.find(({ name }) => name === column);
    return input !== undefined && compileTest(cell(text), input)(point.get(column) ?? null);
  });
}
