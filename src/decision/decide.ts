import { compileTest } from './compile-test.ts';
import { compileTable, type Output, type TableAnswer } from './compile-table.ts';
import type { Column, Logic } from './logic.ts';
import { type Scalar, showScalar } from './normalise.ts';

/** What the tables say of one subject. Only `decided` gives a disposition. */
export type Decision =
  | {
      readonly kind: 'decided';
      readonly disposition: string;
      readonly severity: string;
      /** The rule of the last table that decided. */
      readonly rule: string;
      readonly trail: readonly TableTrail[];
    }
  | { readonly kind: 'undecided'; readonly reason: 'no_rule' | 'unavailable'; readonly detail: string; readonly trail: readonly TableTrail[] }
  | { readonly kind: 'invalid'; readonly detail: string; readonly trail: readonly TableTrail[] };

/** What one table answered on the way. */
export interface TableTrail {
  readonly table: string;
  readonly rules: readonly string[];
  readonly outputs: Readonly<Record<string, Output>>;
}

/** Values by name, normalised. A name in `unavailable` has no value because its data is not there. */
export type Decide = (values: ReadonlyMap<string, Scalar>, unavailable: ReadonlySet<string>) => Decision;

/** The tables as one function from signals to a decision. */
export function compileDecision(logic: Logic): Decide {
  const steps = logic.tables.map((table) => ({ table, answer: compileTable(table) }));
  const ranges = logic.inputs.map((column) => ({ column, allows: compileTest(column.range, column) }));
  return (values, unavailable) => {
    const gone = logic.inputs.filter((column) => unavailable.has(column.name)).map((column) => column.name);
    if (gone.length > 0) return { kind: 'undecided', reason: 'unavailable', detail: unavailableDetail(gone), trail: [] };
    for (const { column, allows } of ranges) {
      const value = values.get(column.name) ?? null;
      if (value !== null && !allows(value)) return { kind: 'invalid', detail: outside(column, value), trail: [] };
    }
    const known = new Map<string, Scalar | Output>(values);
    const trail: TableTrail[] = [];
    let last: TableAnswer = { kind: 'no_rule' };
    for (const { table, answer } of steps) {
      last = answer(table.inputs.map((column) => scalarOf(known.get(column.name))));
      if (last.kind === 'conflict') {
        return { kind: 'invalid', detail: `rules ${last.rules.join(' and ')} of \`${table.name}\` match at once (hit policy ${table.hitPolicy})`, trail };
      }
      const outputs = Object.fromEntries(table.outputs.map((output, index) => [output.name, last.kind === 'answer' ? (last.outputs[index] ?? null) : null]));
      for (const [name, value] of Object.entries(outputs)) known.set(name, value);
      trail.push({ table: table.name, rules: last.kind === 'answer' ? last.rules : [], outputs });
    }
    const final = trail.at(-1);
    if (last.kind !== 'answer' || final === undefined) {
      return { kind: 'undecided', reason: 'no_rule', detail: `no rule of \`${final?.table ?? 'the decision'}\` matches`, trail };
    }
    return { kind: 'decided', disposition: String(final.outputs['disposition']), severity: String(final.outputs['severity']), rule: final.rules[0] ?? '', trail };
  };
}

function unavailableDetail(names: readonly string[]): string {
  return `the data for ${names.map((name) => `\`${name}\``).join(', ')} is not there`;
}

function outside(column: Column, value: Scalar): string {
  return `\`${column.name}\` = ${showScalar(value, column)} lies outside its range ${column.rangeText}`;
}

/** Lists can't be inputs (a check refuses them); a missing value is null. */
function scalarOf(value: Scalar | Output | undefined): Scalar {
  if (value === undefined) return null;
  return typeof value === 'object' && value !== null && !('cmp' in value) ? null : (value as Scalar); // lists and records are gone
}
