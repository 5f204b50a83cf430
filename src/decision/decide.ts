import { type CompiledTable, compileTableAs, type Output, type TableAnswer } from './compile-table.ts';
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
  const decide = compileRow(logic);
  const names = logic.inputs.map((column) => column.name);
  const row: Scalar[] = names.map(() => null);
  return (values, unavailable) => {
    if (unavailable.size > 0) {
      const gone = names.filter((name) => unavailable.has(name));
      if (gone.length > 0)
        return { kind: 'undecided', reason: 'unavailable', detail: unavailableDetail(gone), trail: [] };
    }
    for (let index = 0; index < names.length; index++) row[index] = values.get(names[index] as string) ?? null; // within
    return decide(row);
  };
}

/**
 * The tables as one function of a row: normalised values, in the order of `logic.inputs`. The row is not kept. A decision by one table is the
 * same object wherever one rule answers alone.
 */
export function compileRow(logic: Logic): (row: readonly Scalar[]) => Decision {
  const ranges = logic.inputs.flatMap((column, place) =>
    column.range.kind === 'any' ? [] : [{ column, place, allows: compileTest(column.range, column) }],
  );
  const places = new Map(logic.inputs.map((column, place) => [column.name, place]));
  const walk = logic.tables.length === 1 ? askOne(logic.tables as [LogicTable], places) : walkTables(logic, places); // one
  if (ranges.length === 0) return walk;
  return (row) => {
    for (let index = 0; index < ranges.length; index++) {
      const { column, place, allows } = ranges[index] as (typeof ranges)[number]; // the loop stays within
      const value = row[place] ?? null;
      if (value !== null && !allows(value)) return { kind: 'invalid', detail: outside(column, value), trail: [] };
    }
    return walk(row);
  };
}

type Places = ReadonlyMap<string, number>;

/** A column that nobody fills stands behind the end of every row: it is null. */
function placesOf(table: LogicTable, places: Places): number[] {
  return table.inputs.map((column) => places.get(column.name) ?? Number.MAX_SAFE_INTEGER);
}

/** What a table said, with what it adds to the trail. */
interface TableStep {
  readonly answer: TableAnswer;
  readonly entry: TableTrail;
}

function stepOf(table: LogicTable): (answer: TableAnswer) => TableStep {
  return (answer) => {
    const { rules, outputs: given } = answer.kind === 'answer' ? answer : noAnswer;
    const outputs = Object.fromEntries(table.outputs.map((output, index) => [output.name, given[index] ?? null]));
    return { answer, entry: { table: table.name, rules, outputs } };
  };
}

/** A decision by one table has no names to hand on. */
function askOne([table]: readonly [LogicTable], places: Places): CompiledTable<Decision> {
  const step = stepOf(table);
  return compileTableAs(table, placesOf(table, places), (answer): Decision => {
    if (answer.kind === 'conflict') return conflict(answer.rules, table, []);
    return conclude(answer, [step(answer).entry]);
  });
}

/** Table after table; what one gives, the later ones may read. The last one decides. */
function walkTables({ inputs, tables }: Logic, places: Places): (row: readonly Scalar[]) => Decision {
  const known = new Map(places);
  let width = inputs.length;
  const steps = tables.map((table) => {
    const ask = compileTableAs(table, placesOf(table, known), stepOf(table));
    const given = table.outputs.map((output) => {
      known.set(output.name, width);
      return { name: output.name, place: width++ };
    });
    return { table, ask, given };
  });
  const cells: Scalar[] = Array.from({ length: width }, () => null);
  return (row) => {
    for (let place = 0; place < inputs.length; place++) cells[place] = row[place] ?? null;
    const trail: TableTrail[] = [];
    let last: TableAnswer = { kind: 'no_rule' };
    for (const { table, ask, given } of steps) {
      const { answer, entry } = ask(cells);
      last = answer;
      if (answer.kind === 'conflict') return conflict(answer.rules, table, trail);
      for (const { name, place } of given) cells[place] = scalarOf(entry.outputs[name]);
      trail.push(entry);
    }
    return conclude(last, trail);
  };
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

function conflict(rules: readonly string[], table: LogicTable, trail: readonly TableTrail[]): Decision {
  return { kind: 'invalid', detail: conflictDetail(rules, table), trail };
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

/** What a later table reads: lists can't be inputs (a check refuses them); a missing value is null. */
export function scalarOf(value: Scalar | Output | undefined): Scalar {
  if (value === undefined) return null;
  return typeof value === 'object' && value !== null && !('cmp' in value) ? null : (value as Scalar); // lists and records are gone
}
