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
  const steps = logic.tables.map(compileStep);
  const [only, second] = steps;
  const walk =
    only !== undefined && second === undefined
      ? askOne(only)
      : (values: ReadonlyMap<string, Scalar>) => walkTables(steps, values);
  const ranges = logic.inputs.flatMap((column) =>
    column.range.kind === 'any' ? [] : [{ column, allows: compileTest(column.range, column) }],
  );
  return (values, unavailable) => {
    if (unavailable.size > 0) {
      const gone = logic.inputs.filter((column) => unavailable.has(column.name)).map((column) => column.name);
      if (gone.length > 0)
        return { kind: 'undecided', reason: 'unavailable', detail: unavailableDetail(gone), trail: [] };
    }
    for (const { column, allows } of ranges) {
      const value = values.get(column.name) ?? null;
      if (value !== null && !allows(value)) return { kind: 'invalid', detail: outside(column, value), trail: [] };
    }
    return walk(values);
  };
}

interface TableStep {
  readonly table: LogicTable;
  readonly answer: CompiledTable;
  /** What the step adds to the trail. A table that answers with the same object adds the same entry. */
  readonly entry: (answer: TableAnswer) => TableTrail;
}

function compileStep(table: LogicTable): TableStep {
  return { table, answer: compileTable(table), entry: remembered((answer) => trailEntry(table, answer)) };
}

function trailEntry(table: LogicTable, answer: TableAnswer): TableTrail {
  const { rules, outputs: given } = answer.kind === 'answer' ? answer : noAnswer;
  const outputs = Object.fromEntries(table.outputs.map((output, index) => [output.name, given[index] ?? null]));
  return { table: table.name, rules, outputs };
}

function remembered<T extends object>(make: (answer: TableAnswer) => T): (answer: TableAnswer) => T {
  const known = new WeakMap<TableAnswer, T>();
  return (answer) => {
    const found = known.get(answer) ?? make(answer);
    known.set(answer, found);
    return found;
  };
}

/** A decision by one table has no names to hand on, and is the same object wherever one rule answers alone. */
function askOne(step: TableStep): (values: ReadonlyMap<string, Scalar>) => Decision {
  const names = step.table.inputs.map((column) => column.name);
  const decide = remembered((answer): Decision => {
    if (answer.kind === 'conflict') return conflict(answer.rules, step.table, []);
    return conclude(answer, [step.entry(answer)]);
  });
  return (values) => decide(step.answer(names.map((name) => values.get(name) ?? null)));
}

/** Table after table; what one gives, the later ones may read. The last one decides. */
function walkTables(steps: readonly TableStep[], values: ReadonlyMap<string, Scalar>): Decision {
  const given = new Map<string, Output>();
  const trail: TableTrail[] = [];
  let last: TableAnswer = { kind: 'no_rule' };
  for (const { table, answer, entry } of steps) {
    last = answer(table.inputs.map(({ name }) => scalarOf(given.has(name) ? given.get(name) : values.get(name))));
    if (last.kind === 'conflict') return conflict(last.rules, table, trail);
    const step = entry(last);
    for (const [name, value] of Object.entries(step.outputs)) given.set(name, value);
    trail.push(step);
  }
  return conclude(last, trail);
}

function conflict(rules: readonly string[], table: LogicTable, trail: readonly TableTrail[]): Decision {
  return { kind: 'invalid', detail: conflictDetail(rules, table), trail };
}

/** What the last table's answer comes to. */
function conclude(last: TableAnswer, trail: readonly TableTrail[]): Decision {
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

const noAnswer = { rules: [], outputs: [] } as const;

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
