import { testsOf } from '../../decision/compare/joint-axes.ts';
import { anything, giverOf, type Logic, type Test } from '../../decision/logic.ts';
import type { Scalar } from '../../decision/normalise.ts';
import { type Axis, axisOf, rangesOf } from '../../decision/region/axis.ts';
import { places } from '../../decision/region/ranges.ts';
import { witnessOf } from '../../decision/region/witness.ts';

export type Point = ReadonlyMap<string, Scalar>;

/** What the tables of a logic tell apart in a signal, and how each is filled. */
interface Drawn {
  readonly axis: Axis;
  readonly values: readonly Scalar[];
}

/**
 * Inputs that the cells of a rule let through, drawn by lot, the same ones each time: where a table is large and cases are few, one
 * of them soon tells what an exact comparison would take long to find.
 */
export class Tries {
  private readonly drawn = new Map<string, Drawn>();
  private readonly own = new Map<string, ReadonlyMap<string, readonly Scalar[]>>();

  constructor(private readonly logic: Logic) {
    for (const column of logic.inputs) {
      if (column.fixed === true) continue;
      const axis = axisOf(column, testsOf(column.name, logic));
      this.drawn.set(column.name, { axis, values: axis.pieces.map((piece) => witnessOf(piece, column, new Set())) });
    }
  }

  /** So many points that lie in the cells of a rule, as far as signals fill its columns. */
  *in(table: number, rule: number, many: number): Generator<Point> {
    const allowed = this.allowedBy(table, rule);
    if ([...allowed.values()].some((values) => values.length === 0)) return;
    let state = 1 + table * 7919 + rule * 104_729;
    for (let count = 0; count < many; count++) {
      const point = new Map<string, Scalar>();
      for (const [name, values] of allowed) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        point.set(name, values[(state >>> 8) % values.length] ?? null);
      }
      yield point;
    }
  }

  private allowedBy(table: number, rule: number): ReadonlyMap<string, readonly Scalar[]> {
    const key = `${table} ${rule}`;
    const known = this.own.get(key);
    if (known !== undefined) return known;
    const { inputs, rules } = this.logic.tables[table] ?? { inputs: [], rules: [] };
    const allowed = new Map<string, readonly Scalar[]>();
    for (const [name, { axis, values }] of this.drawn) {
      const column =
        giverOf(name, table, this.logic.tables) === null ? inputs.findIndex((one) => one.name === name) : -1;
      const test: Test = rules[rule]?.tests[column] ?? anything;
      allowed.set(
        name,
        [...places(rangesOf(test, axis))].map((place) => values[place] ?? null),
      );
    }
    this.own.set(key, allowed);
    return allowed;
  }
}
