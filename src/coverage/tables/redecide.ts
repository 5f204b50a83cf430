import { compileTest, type Predicate } from '../../decision/compile-test.ts';
import { type Decision, scalarOf } from '../../decision/decide.ts';
import type { Logic, LogicTable, Test } from '../../decision/logic.ts';
import type { Scalar } from '../../decision/normalise.ts';
import type { DecidedSubject } from '../../replay/subjects.ts';
import type { CellPlace } from './bounds.ts';
import { deciderOf } from './decider.ts';
import type { Variant } from './variant.ts';

/** What a variant decides of a subject. Null: as before. */
export type Redecide = (subject: Pick<DecidedSubject, 'values' | 'decision'>) => Decision | null;

const none: ReadonlySet<string> = new Set();

/** A cell that says the same of somebody's value as before leaves the decision as it is; so does one in a rule that another cell holds back. */
export function redecide(logic: Logic, variant: Variant): Redecide {
  const { cell } = variant;
  const changed = variant.of(logic);
  const all: Redecide = ({ values }) => deciderOf(changed)(values, none);
  if (cell === null) return all;
  const table = logic.tables[cell.table];
  const column = table?.inputs[cell.column];
  const [before, after] = [testAt(logic, cell), testAt(changed, cell)];
  if (table === undefined || column === undefined || before === undefined || after === undefined) return all;
  const [was, is] = [compileTest(before, column), compileTest(after, column)];
  const rest = cellsOf(table, cell.rule).filter(({ at }) => at !== cell.column);
  return (subject) => {
    const value = seenBy(column.name, cell.table, subject);
    if (value === undefined) return all(subject);
    if (was(value) === is(value) || isEarlier(subject.decision, table, cell)) return null;
    const isHeldBack = rest.some(({ name, lets }) => !lets(seenBy(name, cell.table, subject) ?? null));
    return isHeldBack ? null : all(subject);
  };
}

/** Another rule came first, and comes first still. */
function isEarlier({ trail }: Decision, { hitPolicy, rules }: LogicTable, { table, rule }: CellPlace): boolean {
  const [hit] = trail[table]?.rules ?? [];
  if (hitPolicy !== 'F' || hit === undefined) return false;
  for (let at = 0; at < rule; at++) if (rules[at]?.id === hit) return true;
  return false;
}

interface CompiledCell {
  /** Which column. */
  readonly at: number;
  readonly name: string;
  readonly lets: Predicate;
}

/** The cells of a rule are those of all its variants but for one. */
const compiledCells = new WeakMap<LogicTable, Map<number, readonly CompiledCell[]>>();

function cellsOf(table: LogicTable, rule: number): readonly CompiledCell[] {
  const rules = compiledCells.get(table) ?? new Map<number, readonly CompiledCell[]>();
  compiledCells.set(table, rules);
  const cells =
    rules.get(rule) ??
    (table.rules[rule]?.tests ?? []).flatMap((test, at) => {
      const column = table.inputs[at];
      if (column === undefined || test.kind === 'any') return [];
      return [{ at, name: column.name, lets: compileTest(test, column) }];
    });
  rules.set(rule, cells);
  return cells;
}

function testAt({ tables }: Logic, { table, rule, column }: CellPlace): Test | undefined {
  return tables[table]?.rules[rule]?.tests[column];
}

/** What a table sees of a column; undefined where the tables before it did not get so far. */
function seenBy(
  column: string,
  table: number,
  { values, decision: { trail } }: Parameters<Redecide>[0],
): Scalar | undefined {
  if (trail.length < table) return undefined;
  for (let at = table - 1; at >= 0; at--) {
    const outputs = trail[at]?.outputs;
    if (outputs !== undefined && column in outputs) return scalarOf(outputs[column]);
  }
  return values.get(column) ?? null;
}
