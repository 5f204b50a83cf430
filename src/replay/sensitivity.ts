import Big from 'big.js';
import type { CheckedSop } from '../check/checked.ts';
import { compareLogic } from '../decision/compare/compare.ts';
import { compileDecision, type Decide, type Decision } from '../decision/decide.ts';
import type { Column, Logic } from '../decision/logic.ts';
import type { CaseOutcome } from '../model/case.ts';
import type { Desk } from '../model/library.ts';
import { isByTables, outcomeOf, saysTheSame } from './decide-again.ts';
import { forceBounds, type Relation } from './force-bound.ts';
import { type BoundPlace, type MovableBound, movableBounds, type Untried } from './movable-bounds.ts';
import type { CaseResult } from './run-case.ts';
import { logicIn } from './segment-runs.ts';
import type { DecidedSubject } from './subjects.ts';
import { stands } from './sweep.ts';

/** How far a bound may move to one side before a case comes out otherwise. */
export interface Leeway {
  /** The last value that changes nothing, or the end that is excluded; null: without end. */
  readonly limit: Big | null;
  readonly included: boolean;
  /** The case that stops it; null: none does, only its range, if anything. */
  readonly stop: Stop | null;
  /** No input at all is decided otherwise on this side, so no case could stop it. Proved, not tried. */
  readonly isIdle: boolean;
}

export interface Stop {
  readonly case: string;
  readonly before: CaseOutcome;
  readonly after: CaseOutcome;
  /** What is decided beyond the limit about the subject that matters there. */
  readonly decision: Decision | null;
  /** Other cases that change at the same place. */
  readonly others: number;
}

export interface Sensitivity {
  readonly bound: MovableBound;
  readonly down: Leeway;
  readonly up: Leeway;
}

export interface SensitivityReport {
  readonly checked: CheckedSop;
  readonly bounds: readonly Sensitivity[];
  readonly untried: readonly Untried[];
  readonly cases: number;
  /** Cases that could not be decided, so that they hold nothing. */
  readonly leftOut: readonly string[];
}

/**
 * How far each bound of a SOP's decision may move until the outcome of a case changes, all else as it is: exact, because only the
 * signal values of the cases count and between two of them nothing happens. The SQL is not run again.
 */
export function sensitivityOf(checked: CheckedSop, results: readonly CaseResult[], desk: Desk): SensitivityReport {
  const usable = results.filter(({ decided, observed }) => decided.length > 0 && observed !== 'error');
  const { bounds, untried } = movableBounds(checked.sop, checked.logic);
  return {
    checked,
    bounds: bounds.map((bound) => moveBound(bound, checked, usable, desk)),
    untried,
    cases: usable.length,
    leftOut: results.filter((result) => !usable.includes(result)).map(({ entry }) => entry.name.value),
  };
}

/** A subject whose decision changes where the bound goes. */
interface Moving {
  readonly subject: DecidedSubject;
  /** Its values at the places of the bound; null where it has none. */
  readonly values: readonly (Met | null)[];
  readonly decide: (relations: readonly (Relation | null)[]) => Decision;
}

/** A value that a bound meets, times and durations in microseconds. */
interface Met {
  readonly value: Big;
  /** Compared with the double that is nearest to a bound. */
  readonly isDouble: boolean;
}

interface Watched {
  readonly result: CaseResult;
  readonly before: CaseOutcome;
  readonly moving: readonly Moving[];
}

function moveBound(bound: MovableBound, checked: CheckedSop, results: readonly CaseResult[], desk: Desk): Sensitivity {
  const variants = new Map<string, Decide>();
  const watched = results.flatMap((result): Watched[] => {
    const moving = result.decided.flatMap((subject) => movingOf(subject, bound, checked, variants) ?? []);
    return moving.length === 0
      ? []
      : [{ result, before: outcomeOf(result, result.decided, checked, desk).outcome, moving }];
  });
  const values = watched
    .flatMap(({ moving }) => moving.flatMap((one) => one.values))
    .flatMap((met) => met?.value ?? []);
  const sweep = (up: boolean) =>
    leeway(
      bound,
      up,
      values,
      (at, side) => stopAt(at, side, watched, checked, desk),
      () => isIdle(bound, up, checked, desk),
    );
  return { bound, down: sweep(false), up: sweep(true) };
}

/** Null where the subject is decided the same wherever the bound stands, or by something else than the tables. */
function movingOf(
  subject: DecidedSubject,
  bound: MovableBound,
  checked: CheckedSop,
  variants: Map<string, Decide>,
): Moving | null {
  const { decision, segment } = subject;
  if (!isByTables(subject)) return null;
  if (bound.segments !== null && (segment === undefined || !bound.segments.includes(segment))) return null;
  const logic = logicIn(checked, segment);
  const values = bound.places.map((place) => valueAt(subject, place, logic));
  const decide = (relations: readonly (Relation | null)[]): Decision => {
    const key = `${segment ?? ''} ${relations.join()}`;
    const variant = variants.get(key) ?? compileDecision(forceBounds(logic, bound.places, relations));
    variants.set(key, variant);
    return variant(subject.values, new Set());
  };
  if (!saysTheSame(decide(relationsTo(bound.now, 'at', values)), decision))
    throw new Error(`${checked.sop.id.value}: a subject is decided otherwise than before, with nothing moved`);
  const stands = values
    .filter((met) => met !== null)
    .flatMap(({ value }) => (['below', 'at', 'above'] as const).map((side) => relationsTo(value, side, values)));
  return stands.some((relations) => !saysTheSame(decide(relations), decision)) ? { subject, values, decide } : null;
}

/** Where a bound stands to each value when it stands at, or just below or above, a point. */
function relationsTo(at: Big, side: Relation, values: readonly (Met | null)[]): (Relation | null)[] {
  return values.map((met) => {
    if (met === null) return null;
    const nearest = met.isDouble ? Number(at.toString()) : Number.NaN;
    const order = (Number.isFinite(nearest) ? new Big(nearest) : at).cmp(met.value);
    return order < 0 ? 'below' : order > 0 ? 'above' : side;
  });
}

function valueAt({ values, decision }: DecidedSubject, { table, column }: BoundPlace, logic: Logic): Met | null {
  const of = logic.tables[table]?.inputs[column];
  if (of === undefined) return null;
  const given = decision.trail.slice(0, table).findLast(({ outputs }) => of.name in outputs);
  const value = given === undefined ? (values.get(of.name) ?? null) : given.outputs[of.name];
  return asNumber(value, of);
}

function asNumber(value: unknown, column: Column): Met | null {
  if (!(typeof value === 'number' || typeof value === 'bigint' || value instanceof Big)) return null;
  const inUnits = new Big(value.toString()).times(column.step ?? 1);
  return { value: inUnits, isDouble: column.type === 'number' && column.step === null };
}

/** Goes from the bound outwards until a case changes or the range ends. */
function leeway(
  bound: MovableBound,
  up: boolean,
  values: readonly Big[],
  stopAt: (at: Big, side: Relation) => Stop | null,
  idle: () => boolean,
): Leeway {
  const { step } = bound;
  for (const { at, side, first } of stands(bound, up, values)) {
    const stop = stopAt(at, side);
    if (stop === null) continue;
    if (step === null) return { limit: at, included: side !== 'at', stop, isIdle: false };
    // On a grid the last value that changes nothing is the one before.
    return { limit: up ? first.minus(step) : first.plus(step), included: true, stop, isIdle: false };
  }
  const end = up ? bound.high : bound.low;
  return { limit: end?.at ?? null, included: end?.included ?? false, stop: null, isIdle: idle() };
}

/**
 * Whether the bound could go to the end of this side without any input being decided otherwise. Each input sees a bound pass
 * once, so what changes nothing at the end changes nothing on the way; that holds for one cell that compares.
 */
function isIdle({ places, segments }: MovableBound, up: boolean, checked: CheckedSop, desk: Desk): boolean {
  const [place, second] = places;
  if (place === undefined || second !== undefined) return place === undefined;
  const names = segments ?? checked.segmentation?.segments.map(({ name }) => name) ?? [];
  const logics = names.length === 0 ? [checked.logic] : names.map((name) => logicIn(checked, name));
  return logics.every((logic) => {
    const test = logic.tables[place.table]?.rules[place.rule]?.tests[place.column];
    if (test?.kind !== 'tests' || test.atoms[place.atom]?.kind === 'equal') return false;
    const { changes, open, comparable } = compareLogic(
      logic,
      forceBounds(logic, places, [up ? 'above' : 'below']),
      desk,
    );
    return comparable && changes.length === 0 && open.length === 0;
  });
}

function stopAt(at: Big, side: Relation, watched: readonly Watched[], checked: CheckedSop, desk: Desk): Stop | null {
  const stops: Stop[] = [];
  for (const { result, before, moving } of watched) {
    const changed = new Map<DecidedSubject, DecidedSubject>();
    for (const { subject, values, decide } of moving) {
      const decision = decide(relationsTo(at, side, values));
      if (!saysTheSame(decision, subject.decision)) changed.set(subject, { ...subject, decision });
    }
    if (changed.size === 0) continue;
    const decided = result.decided.map((subject) => changed.get(subject) ?? subject);
    const { outcome, actual } = outcomeOf(result, decided, checked, desk);
    if (outcome !== before)
      stops.push({ case: result.entry.name.value, before, after: outcome, decision: actual, others: 0 });
  }
  const [first] = stops;
  return first === undefined ? null : { ...first, others: stops.length - 1 };
}
