import Big from 'big.js';
import type { RawValue } from '../model/value.ts';
import { compileDecision, type Decision } from './decide.ts';
import { type Column, isOrdered, type Logic, type LogicTable, type Test } from './logic.ts';
import { missingValue, normalise, type Scalar, showScalar } from './normalise.ts';

/** Signals by name as a person or a program hands them over in JSON; numbers may be texts, which keep their digits. */
export type GivenSignals = Readonly<Record<string, unknown>>;

/** What the tables say of given signals, and why. */
export interface SignalDecision {
  readonly outcome: 'decided' | 'undecided' | 'invalid';
  readonly disposition: string | null;
  readonly severity: string | null;
  /** The rule of the last table; null where none decided. */
  readonly rule: string | null;
  /** For a person: which conditions met which values, or what is missing or wrong. */
  readonly reason: string;
  /** The values that were compared: rounded to their steps, with what stands in for a missing one. */
  readonly signals: Readonly<Record<string, string>>;
  readonly tables: readonly { readonly table: string; readonly rules: readonly string[] }[];
}

/**
 * Decides given signals. A signal that is null was looked for and is not there; one that is left out was never computed, and leaves the
 * decision undecided. A name that no table reads, and a value that is no value of its column, make it invalid.
 */
export function decideSignals(logic: Logic, given: GivenSignals, alsoKnown: ReadonlySet<string>): SignalDecision {
  const columns = logic.inputs.filter(({ fixed }) => fixed !== true);
  const strange = Object.keys(given).filter(
    (name) => !alsoKnown.has(name) && columns.every((one) => one.name !== name),
  );
  if (strange.length > 0)
    return without(
      'invalid',
      `${quoted(strange)}: no signal of this decision; it reads ${quoted(columns.map(({ name }) => name))}`,
    );
  const values = new Map<string, Scalar>();
  for (const column of logic.inputs) {
    const read =
      column.fixed === true || !Object.hasOwn(given, column.name) ? null : readGiven(given[column.name], column);
    if (read !== null && !read.ok) return without('invalid', `\`${column.name}\` must be ${read.expected}`);
    values.set(column.name, read?.value ?? missingValue(column));
  }
  const lacking = new Set(columns.flatMap(({ name }) => (Object.hasOwn(given, name) ? [] : [name])));
  const decision = compileDecision(logic)(values, lacking);
  const signals = Object.fromEntries(
    columns.flatMap((column) =>
      lacking.has(column.name) ? [] : [[column.name, showScalar(values.get(column.name) ?? null, column)]],
    ),
  );
  const tables = decision.trail.map(({ table, rules }) => ({ table, rules }));
  if (decision.kind !== 'decided') return { ...without(decision.kind, decision.detail), signals, tables };
  const { disposition, severity, rule } = decision;
  return {
    outcome: 'decided',
    disposition,
    severity,
    rule,
    reason: reasonOf(logic, values, decision),
    signals,
    tables,
  };
}

function without(outcome: 'undecided' | 'invalid', reason: string): SignalDecision {
  return { outcome, disposition: null, severity: null, rule: null, reason, signals: {}, tables: [] };
}

type Read = { readonly ok: true; readonly value: Scalar } | { readonly ok: false; readonly expected: string };

/** A value as JSON holds it, as its column reads it. */
export function readGiven(given: unknown, column: Column): Read {
  const raw = rawOf(given, column);
  const read = raw === undefined ? null : normalise(raw, column);
  if (read?.ok) return read;
  return {
    ok: false,
    expected: asText[column.type] ?? read?.expected ?? 'a finite number, a text, true, false or null',
  };
}

/** A bare number would say neither seconds nor minutes. */
const asText: Partial<Record<Column['type'], string>> = {
  'date and time': 'a date and time, written as `"2026-11-02T00:30:00Z"`',
  duration: 'a duration, written as `"PT30M"` or `"30m"`',
};

/** Undefined: a list, a record, a number beyond all numbers (`1e999`), or one without a unit where a time is asked for. */
function rawOf(given: unknown, { type }: Column): RawValue | undefined {
  if (given === null || typeof given === 'boolean') return given;
  const isTime = type === 'date and time' || type === 'duration';
  if (typeof given === 'number') return isTime || !Number.isFinite(given) ? undefined : given;
  if (typeof given !== 'string') return undefined;
  const isNumber = isOrdered({ type }) && !isTime && /^-?\d{1,400}(\.\d{1,400})?$/.test(given);
  if (!isNumber) return given;
  return Number.isFinite(Number(given)) ? new Big(given) : undefined;
}

/** `share R2: ratio 0.61 (>= 0.5), type "mm" ("mm", "house")`, table by table. */
export function reasonOf(
  logic: Logic,
  values: ReadonlyMap<string, Scalar>,
  { trail }: Pick<Decision, 'trail'>,
): string {
  const known = new Map(values);
  return trail
    .map(({ table, rules, outputs }, at) => {
      const own = logic.tables[at];
      const told = rules.map((id) => `${id}${conditionsOf(own, id, known)}`);
      for (const [name, value] of Object.entries(outputs)) known.set(name, value as Scalar); // lists are never inputs
      const name = logic.tables.length > 1 ? `${table}: ` : '';
      return `${name}${told.length === 0 ? 'no rule matches' : told.join('; ')}`;
    })
    .join('. ');
}

function conditionsOf(table: LogicTable | undefined, id: string, known: ReadonlyMap<string, Scalar>): string {
  const rule = table?.rules.find((one) => one.id === id);
  if (table === undefined || rule === undefined) return ' (no other rule matches)';
  const parts = table.inputs.flatMap((column, at) => {
    const test: Test | undefined = rule.tests[at];
    if (test === undefined || test.kind === 'any') return [];
    return [`\`${column.name}\` ${showScalar(known.get(column.name) ?? null, column)} meets ${test.text}`];
  });
  return parts.length === 0 ? ' (it asks for nothing)' : `: ${parts.join(', ')}`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
