import type { Meter } from '../../decision/boxes/budget.ts';
import { answerKey, answerOf, type DeskOrder } from '../../decision/compare/answer.ts';
import { compareLogic, inputsOf } from '../../decision/compare/compare.ts';
import { signalsOf } from '../../decision/compare/joint-axes.ts';
import type { Logic } from '../../decision/logic.ts';
import type { Scalar } from '../../decision/normalise.ts';
import { axisOf, rangesOf } from '../../decision/region/axis.ts';
import { places, subtract } from '../../decision/region/ranges.ts';
import { witnessOf } from '../../decision/region/witness.ts';
import type { DecidedSubject } from '../../replay/subjects.ts';
import type { Witness } from '../obligation.ts';
import { decisionText } from './answer-text.ts';
import { deciderOf } from './decider.ts';
import { redecide } from './redecide.ts';
import type { Scope } from './scope.ts';
import { type Point, Tries } from './tries.ts';
import { type Variant, withTable } from './variant.ts';

/** Subjects of each rule that are looked at. */
const mostEach = 4;
/** Inputs that are drawn for a rule, and again for each variant that none of those tells. */
const mostTries = { rule: 200, variant: 50 };
/** Cells to look at for an input of one rule. */
const searchBudget = 1_000_000;

/**
 * Looks for an input that a variant decides otherwise beside the subjects of cases that its rule decided: with another value in the cell that
 * differs. What is not found so may still be there.
 */
export class Nearby {
  private readonly byRule = new Map<string, Point[]>();
  private readonly hanging = new Map<string, readonly Point[]>();
  private readonly tries = new Map<Logic, Tries>();

  constructor(
    subjects: readonly DecidedSubject[],
    private readonly desk: DeskOrder,
    private readonly meter: Meter,
  ) {
    for (const subject of subjects)
      for (const { table, rules } of subject.decision.trail)
        for (const rule of rules) {
          const key = keyOf(subject.segment ?? null, table, rule);
          const known = this.byRule.get(key) ?? [];
          if (known.length < mostEach) known.push(subject.values);
          this.byRule.set(key, known);
        }
  }

  witness(variant: Variant, scopes: readonly Scope[]): Witness | null {
    for (const { name, logic } of scopes) {
      const changed = variant.of(logic);
      const [before, after] = [deciderOf(logic), redecide(logic, variant)];
      for (const values of this.pointsFor(this.pointsOf(variant, name, logic), variant, logic, changed)) {
        const inputs = inputsOf(logic, values);
        const one = before(inputs, none);
        const other = after({ values: inputs, decision: one });
        if (other === null || answerKey(answerOf(one)) === answerKey(answerOf(other))) continue;
        return {
          segment: name,
          values: signalsIn(inputs, logic),
          before: decisionText(one),
          after: decisionText(other),
        };
      }
    }
    return null;
  }

  /** Subjects that a rule decided, and then inputs that hang on it. */
  private *pointsOf({ table, rule }: Variant, segment: string | null, logic: Logic): Generator<Point> {
    if (rule === null) return;
    const key = keyOf(segment, table, rule);
    yield* this.byRule.get(key) ?? [];
    const found = this.hanging.get(key) ?? this.search(table, rule, logic);
    this.hanging.set(key, found);
    yield* found;
  }

  private *pointsFor(points: Iterable<Point>, variant: Variant, logic: Logic, changed: Logic): Generator<Point> {
    yield* pointsBeside(points, variant, logic, changed);
    const [table, rule] = placeOf(variant, logic);
    if (table < 0) return;
    yield* pointsBeside(this.triesOf(logic).in(table, rule, mostTries.variant), variant, logic, changed);
  }

  private triesOf(logic: Logic): Tries {
    const known = this.tries.get(logic) ?? new Tries(logic);
    this.tries.set(logic, known);
    return known;
  }

  private search(table: string, rule: string, logic: Logic): Point[] {
    const at = logic.tables.findIndex(({ name }) => name === table);
    const place = logic.tables[at]?.rules.findIndex(({ id }) => id === rule) ?? -1;
    const decide = deciderOf(logic);
    const found: Point[] = [];
    for (const point of place < 0 ? [] : this.triesOf(logic).in(at, place, mostTries.rule)) {
      const { trail } = decide(inputsOf(logic, point), none);
      if (trail.some((entry) => entry.table === table && entry.rules.includes(rule))) found.push(point);
      if (found.length >= mostEach) return found;
    }
    if (found.length > 0 || this.meter.left() <= 0) return found;
    const without = withTable(logic, at, (own) => ({ ...own, rules: own.rules.filter(({ id }) => id !== rule) }));
    const cells = Math.min(searchBudget, this.meter.left());
    const { changes, work } = compareLogic(logic, without, this.desk, cells, 'answers alone');
    this.meter.spend(work);
    return changes.slice(0, mostEach).map(({ region }) => region.witness);
  }
}

const none: ReadonlySet<string> = new Set();

function keyOf(segment: string | null, table: string, rule: string): string {
  return JSON.stringify([segment, table, rule]);
}

function signalsIn(inputs: ReadonlyMap<string, Scalar>, logic: Logic): Map<string, Scalar> {
  return new Map([...signalsOf(logic).keys()].map((name) => [name, inputs.get(name) ?? null]));
}

/** The table and the rule of a variant; -1 where there is none, or where it is `else`. */
function placeOf({ table, rule }: Variant, { tables }: Logic): readonly [table: number, rule: number] {
  const at = tables.findIndex(({ name }) => name === table);
  return [at, tables[at]?.rules.findIndex(({ id }) => id === rule) ?? -1];
}

/** The subjects themselves, or with each value of the cell's column that one of the two cells lets through. */
function* pointsBeside(points: Iterable<Point>, { cell }: Variant, logic: Logic, changed: Logic): Generator<Point> {
  if (cell === null) {
    yield* points;
    return;
  }
  const column = logic.inputs.find(({ name }) => name === logic.tables[cell.table]?.inputs[cell.column]?.name);
  const [one, other] = [logic, changed].map(({ tables }) => tables[cell.table]?.rules[cell.rule]?.tests[cell.column]);
  if (column === undefined || column.fixed === true || one === undefined || other === undefined) return;
  const axis = axisOf(column, [one, other]);
  const [a, b] = [rangesOf(one, axis), rangesOf(other, axis)];
  const told = [...places(subtract(a, b)), ...places(subtract(b, a))].flatMap((place) => axis.pieces[place] ?? []);
  const values = told.map((piece) => witnessOf(piece, column, none));
  for (const point of points) for (const value of values) yield new Map(point).set(column.name, value);
}
