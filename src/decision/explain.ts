import { compileTest } from './compile-test.ts';
import type { TableTrail } from './decide.ts';
import type { Column, Logic, LogicRule, LogicTable, Test } from './logic.ts';
import { type Scalar, showScalar } from './normalise.ts';

/** The rule that would have given a wanted answer and came nearest, and why it did not match. */
export interface NearMiss {
  readonly rule: string;
  readonly failed: readonly FailedCell[];
  /** All its cells match, but this rule came first. */
  readonly hiddenBy: string | null;
}

export interface FailedCell {
  readonly column: string;
  readonly value: string;
  readonly condition: string;
}

/**
 * Looks for the rule of the last table whose outputs `wanted` accepts and that fails in the fewest cells; among equals
 * one that is `named`, then the first. Null where no rule gives such an answer at all.
 */
export function nearestRule(
  logic: Logic,
  values: ReadonlyMap<string, Scalar>,
  trail: readonly TableTrail[],
  decidedBy: string | null,
  wanted: (output: (name: string) => string) => boolean,
  named: readonly string[] = [],
): NearMiss | null {
  const table = logic.tables.at(-1);
  if (table === undefined) return null;
  const known = new Map<string, Scalar>(values);
  for (const step of trail.slice(0, -1)) {
    for (const [name, value] of Object.entries(step.outputs)) known.set(name, value as Scalar); // lists are never inputs
  }
  let best: NearMiss | null = null;
  for (const rule of [...table.rules, ...(table.otherwise === null ? [] : [table.otherwise])]) {
    if (!wanted((name) => outputOf(rule, table, name))) continue;
    const failed = failedCells(rule, table, known);
    const hiddenBy = failed.length === 0 && rule.id !== decidedBy ? decidedBy : null;
    const isAhead = best === null || failed.length < best.failed.length;
    const isEqual = failed.length === best?.failed.length && named.includes(rule.id) && !named.includes(best.rule);
    if (isAhead || isEqual) best = { rule: rule.id, failed, hiddenBy };
  }
  return best;
}

function outputOf(rule: LogicRule, table: LogicTable, name: string): string {
  return String(rule.outputs[table.outputs.findIndex((output) => output.name === name)] ?? '');
}

function failedCells(rule: LogicRule, table: LogicTable, known: ReadonlyMap<string, Scalar>): FailedCell[] {
  return rule.tests.flatMap((test, index) => {
    const column = table.inputs[index];
    if (column === undefined) return [];
    const value = known.get(column.name) ?? null;
    if (compileTest(test, column)(value)) return [];
    return [{ column: column.name, value: showScalar(value, column), condition: conditionText(test, column) }];
  });
}

/** The cell as written, with the value of a parameter beside its name. */
function conditionText(test: Test, column: Column): string {
  if (test.kind === 'any') return '-';
  const bounds = test.atoms.flatMap((atom) =>
    atom.kind === 'compare' ? [atom.bound] : atom.kind === 'interval' ? [atom.low, atom.high] : [],
  );
  const hasName = /[a-z_]{2,}/.test(test.text.replace(/"[^"]*"|not|null|true|false/g, ''));
  return hasName && column.type !== 'enum' && bounds.length > 0
    ? `${test.text} (${bounds.map((bound) => bound.toFixed()).join(', ')})`
    : test.text;
}
