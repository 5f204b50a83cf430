import { type CompiledTable, compileTable, type Output, type TableAnswer } from './compile-table.ts';
import { compileTest } from './compile-test.ts';
import type { Column, Logic, LogicTable } from './logic.ts';
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
  | {
      readonly kind: 'undecided';
      /**
       * `not_settled`: too early to tell. `requirement`: data that the SOP requires is absent, late or too short.
       * `segment`: nobody knows which segment's parameters hold.
       */
      readonly reason: 'no_rule' | 'unavailable' | 'not_settled' | 'requirement' | 'segment';
      readonly detail: string;
      readonly trail: readonly TableTrail[];
      /** Names what is missing, alike for all subjects that lack the same. */
      readonly cause?: string;
      /** Who must know, where data is missing. */
      readonly team?: string;
      /** What the rules say of the data that is there; never to be taken for a decision. */
      readonly leaning?: { readonly disposition: string; readonly severity: string; readonly rule: string };
    }
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
    if (gone.length > 0)
      return { kind: 'undecided', reason: 'unavailable', detail: unavailableDetail(gone), trail: [] };
    for (const { column, allows } of ranges) {
      const value = values.get(column.name) ?? null;
      if (value !== null && !allows(value)) return { kind: 'invalid', detail: outside(column, value), trail: [] };
    }
    return walkTables(steps, values);
  };
}

interface TableStep {
  readonly table: LogicTable;
  readonly answer: CompiledTable;
}

/** Table after table; what one gives, the later ones may read. The last one decides. */
function walkTables(steps: readonly TableStep[], values: ReadonlyMap<string, Scalar>): Decision {
  const known = new Map<string, Scalar | Output>(values);
  const trail: TableTrail[] = [];
  let last: TableAnswer = { kind: 'no_rule' };
  for (const { table, answer } of steps) {
    last = answer(table.inputs.map((column) => scalarOf(known.get(column.name))));
    if (last.kind === 'conflict') return { kind: 'invalid', detail: conflictDetail(last.rules, table), trail };
    const { rules, values: given } = last.kind === 'answer' ? { rules: last.rules, values: last.outputs } : noAnswer;
    const outputs = Object.fromEntries(table.outputs.map((output, index) => [output.name, given[index] ?? null]));
    for (const [name, value] of Object.entries(outputs)) known.set(name, value);
    trail.push({ table: table.name, rules, outputs });
  }
  const final = trail.at(-1);
  if (last.kind !== 'answer' || final === undefined) {
    const detail = `no rule of \`${final?.table ?? 'the decision'}\` matches`;
    return { kind: 'undecided', reason: 'no_rule', detail, trail };
  }
  return {
    kind: 'decided',
    disposition: String(final.outputs['disposition']),
    severity: String(final.outputs['severity']),
    rule: final.rules[0] ?? '',
    trail,
  };
}

const noAnswer: { readonly rules: readonly string[]; readonly values: readonly Output[] } = { rules: [], values: [] };

function conflictDetail(rules: readonly string[], table: LogicTable): string {
  return `rules ${rules.join(' and ')} of \`${table.name}\` match at once (hit policy ${table.hitPolicy})`;
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
