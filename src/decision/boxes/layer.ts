import Big from 'big.js';
import type { Literal } from '../../model/value.ts';
import { byPriority } from '../compile-table.ts';
import type { Column, LogicRule, LogicTable, Test } from '../logic.ts';
import { type Ranges, rangesOf } from '../region/axis.ts';
import { intersect, wholeOf } from '../region/ranges.ts';
import { type Feed, feedOf } from './feed.ts';
import { type Dim, type Layer, noPlace } from './frame.ts';
import type { Intern } from './intern.ts';

/** Where a column of a table stands in a frame: on an axis, or as what an earlier layer gives; nowhere, where nothing is asked of it. */
export type Place =
  | { readonly kind: 'axis'; readonly dim: number }
  | { readonly kind: 'fed'; readonly layer: number; readonly output: number }
  | { readonly kind: 'nowhere' };

export interface Setting {
  readonly dims: readonly Dim[];
  readonly placeOf: (column: Column) => Place;
  /** Whether two rules that match at once may end the decision; false where it is known that none do. */
  readonly mayStop: boolean;
  readonly intern: Intern;
  /** Numbers for outputs, the same for equal ones: shared by layers whose rules are held against each other. */
  readonly numbers?: Map<string, number>;
  /** What a test of an axis lets through, where that is not what the test alone says. */
  readonly lets?: (test: Test, dim: Dim) => Ranges;
}

/** A table over the axes of a frame. */
export function layerOf(table: LogicTable, setting: Setting): Layer {
  const { hitPolicy } = table;
  const rules = hitPolicy === 'P' ? [...table.rules].sort(byPriority(table)) : table.rules;
  return {
    table,
    ordered: hitPolicy === 'F' || hitPolicy === 'P',
    stops: setting.mayStop && (hitPolicy === 'U' || hitPolicy === 'A'),
    rules,
    says: saysOf(table, rules, setting.numbers ?? new Map()),
    ...cellsOf(table, rules, setting),
    feeds: feedsOf(table, rules, setting),
  };
}

function cellsOf(
  table: LogicTable,
  rules: readonly LogicRule[],
  setting: Setting,
): Pick<Layer, 'low' | 'high' | 'runs'> {
  const { dims, placeOf, intern, lets = (test, { axis }) => rangesOf(test, axis) } = setting;
  const width = dims.length;
  const low = new Int32Array(rules.length * width);
  const high = new Int32Array(rules.length * width);
  const runs = new Map<number, Ranges>();
  const places = table.inputs.map(placeOf);
  const columns = dims.map((dim, at) => ({
    dim,
    whole: wholeOf(dim.axis),
    known: new Map<Test, Ranges>(),
    asked: places.flatMap((place, column) => (place.kind === 'axis' && place.dim === at ? [column] : [])),
  }));
  rules.forEach((rule, at) => {
    columns.forEach(({ dim, whole, known, asked }, place) => {
      let ranges = whole;
      for (const column of asked) {
        const test = intern(rule.tests[column]);
        const own = known.get(test) ?? lets(test, dim);
        known.set(test, own);
        ranges = ranges === whole ? own : intersect(ranges, own);
      }
      const cell = at * width + place;
      low[cell] = ranges[0] ?? noPlace.low;
      high[cell] = ranges.at(-1) ?? noPlace.high;
      if (ranges.length > 2) runs.set(cell, ranges);
    });
  });
  return { low, high, runs };
}

function feedsOf(table: LogicTable, rules: readonly LogicRule[], { placeOf, intern }: Setting): Feed[] {
  const testsAt = (place: number) => rules.map((rule) => intern(rule.tests[place]));
  return table.inputs.flatMap((column, at): Feed[] => {
    const place = placeOf(column);
    if (place.kind !== 'fed') return [];
    const told = table.inputs.flatMap(({ name }, other) => (name === column.name ? testsAt(other) : []));
    return [feedOf(column, told, testsAt(at), place)];
  });
}

function saysOf(table: LogicTable, rules: readonly LogicRule[], numbers: Map<string, number>): Int32Array {
  return Int32Array.from([...rules, table.otherwise], (rule) => {
    const key = rule === null ? '' : rule.outputs.map(literalKey).join(' ');
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}

function literalKey(value: Literal): string {
  return typeof value === 'string' ? JSON.stringify(value) : value instanceof Big ? value.toFixed() : String(value);
}
