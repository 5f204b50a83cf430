import type { Logic, LogicRule, LogicTable, Test } from '../../decision/logic.ts';
import type { Span } from '../../text/source.ts';
import type { ObligationKind } from '../obligation.ts';
import type { Bound, CellPlace } from './bounds.ts';

/** A decision that differs from the one as written in one small thing. */
export interface Variant {
  readonly id: string;
  readonly kind: Extract<ObligationKind, 'bound' | 'condition' | 'mutant'>;
  readonly table: string;
  readonly rule: string | null;
  readonly column: string | null;
  readonly span: Span;
  readonly replacement: string | null;
  readonly says: string;
  /** The segments in whose logic it is made; null: all. */
  readonly segments: readonly string[] | null;
  /** The only cell that it changes; null where it is something else, or several. */
  readonly cell: CellPlace | null;
  /** The bound whose side it tries; null where it tries none. */
  readonly bound: Bound | null;
  /** Makes it in the logic as written, or in that of a segment. */
  readonly of: (logic: Logic) => Logic;
}

/** Lets nothing through. */
export const nothing: Test = { kind: 'tests', negated: false, atoms: [], alsoNull: false, text: '' };

export function withTest(logic: Logic, place: CellPlace, change: (test: Test) => Test): Logic {
  return withRule(logic, place, (rule) => ({
    ...rule,
    tests: rule.tests.map((test, column) => (column === place.column ? change(test) : test)),
  }));
}

/** `rule` -1 is `else`. */
export function withRule(
  logic: Logic,
  place: Pick<CellPlace, 'table' | 'rule'>,
  change: (rule: LogicRule) => LogicRule,
): Logic {
  return withTable(logic, place.table, (table) => {
    if (place.rule < 0) return { ...table, otherwise: table.otherwise === null ? null : change(table.otherwise) };
    return { ...table, rules: table.rules.map((rule, at) => (at === place.rule ? change(rule) : rule)) };
  });
}

export function withTable(logic: Logic, place: number, change: (table: LogicTable) => LogicTable): Logic {
  return { ...logic, tables: logic.tables.map((table, at) => (at === place ? change(table) : table)) };
}
