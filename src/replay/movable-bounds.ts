import Big from 'big.js';
import { parameterColumn, parameterValue } from '../check/resolve-columns.ts';
import type { Column, Logic, Test } from '../decision/logic.ts';
import { parametersIn } from '../model/segments.ts';
import type { Parameter, Sop } from '../model/sop.ts';
import { isTimeType } from '../model/value.ts';
import type { Atom, Operand } from '../syntax/unary-test.ts';
import { formatTime, isoDuration } from '../text/time.ts';

/** A number, a moment or a duration that a decision hangs on and that a desk could have chosen otherwise. */
export interface MovableBound {
  readonly what:
    | { readonly kind: 'parameter'; readonly name: string; readonly segment: string | null }
    | {
        readonly kind: 'cell';
        readonly table: string;
        readonly rule: string;
        readonly column: string;
        readonly cell: string;
      };
  /** Times in microseconds since 1970, durations in microseconds, at all places of this bound. */
  readonly now: Big;
  readonly type: Column['type'];
  /** The grid of a number; null for times too, whose bounds are said to the microsecond only where a case has it. */
  readonly step: Big | null;
  /** Beyond it the SOP would have an error; null: no such end. */
  readonly low: End | null;
  readonly high: End | null;
  readonly places: readonly BoundPlace[];
  /** The segments whose logic holds it; null: all. */
  readonly segments: readonly string[] | null;
}

export interface End {
  readonly at: Big;
  readonly included: boolean;
}

/** A value that the bound has or could have, as a parameter would be written. */
export function showBound(at: Big, { type }: Pick<MovableBound, 'type'>): string {
  if (type === 'date and time') return formatTime(Number(at));
  return type === 'duration' ? isoDuration(Number(at)) : at.toFixed();
}

/** Where a bound stands in a logic. */
export interface BoundPlace {
  readonly table: number;
  readonly rule: number;
  readonly column: number;
  readonly atom: number;
  readonly end: 'only' | 'low' | 'high';
}

/** A parameter that was not moved, and why. */
export interface Untried {
  readonly parameter: string;
  readonly segment: string | null;
  readonly now: string;
  readonly why: 'sql' | 'word' | 'requires' | 'output' | 'heads_a_column' | 'two_tables';
}

/** Every bound of sound decision tables, and the parameters whose effect cannot be told from decisions alone. */
export function movableBounds(
  sop: Sop,
  logic: Logic,
): { readonly bounds: readonly MovableBound[]; readonly untried: readonly Untried[] } {
  const operands = operandsOf(sop);
  const parameters = sop.parameters.flatMap((parameter) => {
    const places = operands.filter(({ operand }) => operand.kind === 'name' && operand.name === parameter.name.value);
    const own = parameter.bySegment.map((entry) => entry.segment);
    return [null, ...own].map((segment) =>
      parameterBound(
        parameter,
        segment,
        places.map(({ place }) => place),
        sop,
        logic,
      ),
    );
  });
  const cells = operands.flatMap((found) => cellBound(found, logic) ?? []);
  return {
    bounds: [...parameters.filter((found) => 'places' in found), ...cells],
    untried: parameters.filter((found) => 'why' in found),
  };
}

function cellBound({ place, operand, rule, table }: PlacedOperand, logic: Logic): MovableBound | null {
  const held = logic.tables[place.table];
  const column = held?.inputs[place.column];
  const test = held?.rules[place.rule]?.tests[place.column];
  const now = test === undefined ? undefined : boundAt(test, place);
  if (!isAmount(operand) || column === undefined || test?.kind !== 'tests' || now === undefined) return null;
  const what = { kind: 'cell', table, rule, column: column.name, cell: test.text } as const;
  return {
    what,
    now,
    type: column.type,
    step: gridOf([column]),
    ...between(hullOf(column), test, place),
    places: [place],
    segments: null,
  };
}

function isAmount({ kind }: Operand): boolean {
  return kind === 'number' || kind === 'date and time' || kind === 'duration';
}

function parameterBound(
  parameter: Parameter,
  segment: string | null,
  places: readonly BoundPlace[],
  sop: Sop,
  logic: Logic,
): MovableBound | Untried {
  const name = parameter.name.value;
  const inSegment = segment === null ? undefined : parametersIn(sop, segment).find((one) => one.name.value === name);
  const here = inSegment ?? parameter;
  const why = whyUntried(parameter, places, sop);
  const now = parameterValue(here);
  if (why !== null || !(now instanceof Big))
    return { parameter: name, segment, now: here.value.value, why: why ?? 'word' };
  const column = parameterColumn(here);
  const what = { kind: 'parameter', name, segment } as const;
  const met = places.flatMap((place) => logic.tables[place.table]?.inputs[place.column] ?? []);
  return {
    what,
    now,
    type: column.type,
    step: gridOf([column]) ?? gridOf(met),
    ...hullOf(column),
    places,
    segments: segmentsOf(parameter, segment, sop),
  };
}

/** A bound between two steps of a signal is an error: the coarsest step of the columns that a bound is compared with. */
function gridOf(columns: readonly Column[]): Big | null {
  const steps = columns.flatMap(({ type, step }) => (isTimeType(type) ? [] : (step ?? [])));
  return steps.reduce<Big | null>((most, step) => (most === null || step.gt(most) ? step : most), null);
}

/** `Value` holds wherever a segment has none of its own. */
function segmentsOf({ bySegment }: Parameter, segment: string | null, sop: Sop): readonly string[] | null {
  if (segment !== null) return [segment];
  if (sop.segmentBy === null) return null;
  return sop.segments.map(({ value }) => value).filter((name) => !bySegment.some((own) => own.segment === name));
}

/** What reaches decisions by other ways than cells is not seen by deciding the same values again. */
function whyUntried({ name, type }: Parameter, places: readonly BoundPlace[], sop: Sop): Untried['why'] | null {
  const word = new RegExp(`\\$${name.value}\\b`, 'i');
  if (sop.groups.some(({ sql, members }) => [sql, members].some((block) => block !== null && word.test(block.text))))
    return 'sql';
  if (sop.requires.some(({ covers }) => covers?.amount === name.value)) return 'requires';
  if (type === 'enum' || type === 'boolean') return 'word';
  if (sop.tables.some(({ inputs }) => inputs.some((input) => input.value === name.value))) return 'heads_a_column';
  const rules = sop.tables.flatMap((table) => [...table.rules, ...(table.otherwise === null ? [] : [table.otherwise])]);
  if (rules.some(({ outputs }) => outputs.some((output) => output.value === name.value))) return 'output';
  return new Set(places.map(({ table }) => table)).size > 1 ? 'two_tables' : null;
}

/** What stands where in the cells of a SOP. */
export interface PlacedOperand {
  readonly place: BoundPlace;
  readonly operand: Operand;
  readonly rule: string;
  readonly table: string;
}

export function operandsOf(sop: Sop): PlacedOperand[] {
  return sop.tables.flatMap(({ rules, name }, table) =>
    rules.flatMap(({ cells, id }, rule) =>
      cells.flatMap(({ test }, column) =>
        (test?.kind === 'tests' ? test.tests : []).flatMap((one, atom) =>
          operandsIn(one).map(({ operand, end }) => ({
            place: { table, rule, column, atom, end },
            operand,
            rule: id.value,
            table: name.value,
          })),
        ),
      ),
    ),
  );
}

function operandsIn(atom: Atom): { readonly operand: Operand; readonly end: BoundPlace['end'] }[] {
  if (atom.kind === 'null') return [];
  if (atom.kind !== 'interval') return [{ operand: atom.operand, end: 'only' }];
  return [
    { operand: atom.low, end: 'low' },
    { operand: atom.high, end: 'high' },
  ];
}

/** What a test compares with there; undefined for what has no order. */
export function boundAt(test: Test, { atom, end }: BoundPlace): Big | undefined {
  const one = test.kind === 'any' ? undefined : test.atoms[atom];
  if (one?.kind === 'compare') return one.bound;
  if (one?.kind === 'interval') return end === 'low' ? one.low : one.high;
  return one?.kind === 'equal' && one.value instanceof Big ? one.value : undefined;
}

/** The least and the greatest that a column may be. */
function hullOf({ range }: Column): { readonly low: End | null; readonly high: End | null } {
  const [atom, second] = range.kind === 'any' || range.negated ? [] : range.atoms;
  if (atom === undefined || second !== undefined) return { low: null, high: null };
  if (atom.kind === 'interval')
    return { low: { at: atom.low, included: atom.lowClosed }, high: { at: atom.high, included: atom.highClosed } };
  if (atom.kind !== 'compare') return { low: null, high: null };
  const end: End = { at: atom.bound, included: atom.operator.endsWith('=') };
  return atom.operator.startsWith('>') ? { low: end, high: null } : { low: null, high: end };
}

/** One end of an interval does not pass the other. */
function between(hull: { readonly low: End | null; readonly high: End | null }, test: Test, { atom, end }: BoundPlace) {
  const one = test.kind === 'any' ? undefined : test.atoms[atom];
  if (one?.kind !== 'interval') return hull;
  const included = one.lowClosed && one.highClosed;
  return end === 'low'
    ? { low: hull.low, high: { at: one.high, included } }
    : { low: { at: one.low, included }, high: hull.high };
}
