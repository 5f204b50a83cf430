import { compileHits, compileTable, type Output, type TableAnswer } from '../compile-table.ts';
import { compileTest, type Predicate } from '../compile-test.ts';
import { compileDecision, type Decide, scalarOf } from '../decide.ts';
import type { Logic, LogicRule, LogicTable } from '../logic.ts';
import type { Scalar } from '../normalise.ts';

/** Asks the evaluator, which knows nothing of axes and boxes. */
export interface Confirm {
  /** What a table answers to a witness; null where an earlier table has ended the decision, or the witness is invalid. */
  readonly answer: (table: number, witness: ReadonlyMap<string, Scalar>) => Asked | null;
}

export interface Asked {
  readonly answer: () => TableAnswer;
  /** All rules of the table that match, or those of these that do. */
  readonly hits: (ids?: readonly string[]) => readonly LogicRule[];
  /** What the table would answer with these rules alone matching. */
  readonly withRules: (rules: readonly LogicRule[]) => TableAnswer;
}

export function confirmWith(logic: Logic): Confirm {
  const tables = logic.tables.map((table, index) => ({
    table,
    compiled: lazily(() => compileTable(table)),
    combine: lazily(() => compileHits(table)),
    matchers: lazily(() => matchersOf(table)),
    before: lazily(() => compileDecision({ inputs: logic.inputs, tables: logic.tables.slice(0, index) })),
  }));
  return {
    answer: (index, witness) => {
      const entry = tables[index];
      if (entry === undefined) throw new Error(`no table ${index}`);
      const inputs = inputsOf(entry.table, entry.before(), witness);
      if (inputs === null) return null;
      return {
        answer: () => entry.compiled()(inputs),
        hits: (ids) =>
          entry
            .matchers()
            .flatMap(({ rule, matches }) =>
              (ids === undefined || ids.includes(rule.id)) && matches(inputs) ? [rule] : [],
            ),
        withRules: entry.combine(),
      };
    },
  };
}

/** Throws where the evaluator contradicts a finding: that is a mistake of the analysis, never of the analyst. */
export function insist(holds: boolean, what: () => string): void {
  if (!holds) throw new Error(`the evaluator contradicts the analysis: ${what()}`);
}

/** Null where the decision ends before the table is asked. */
function inputsOf(table: LogicTable, before: Decide, witness: ReadonlyMap<string, Scalar>): Scalar[] | null {
  const decision = before(witness, new Set());
  if (decision.kind === 'invalid') return null;
  const given = new Map<string, Output>();
  for (const step of decision.trail) for (const [name, value] of Object.entries(step.outputs)) given.set(name, value);
  return table.inputs.map(({ name }) => scalarOf(given.has(name) ? given.get(name) : witness.get(name)));
}

function matchersOf(table: LogicTable): { rule: LogicRule; matches: (inputs: readonly Scalar[]) => boolean }[] {
  return table.rules.map((rule) => {
    const cells = rule.tests.map((test, at): Predicate => {
      const column = table.inputs[at];
      return column === undefined ? () => true : compileTest(test, column);
    });
    return { rule, matches: (inputs) => cells.every((cell, at) => cell(inputs[at] ?? null)) };
  });
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
