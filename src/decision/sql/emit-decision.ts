import type { Logic } from '../logic.ts';
import { type RawType, typeName } from './carrier.ts';
import type { Dialect } from './dialects.ts';
import { inputOf } from './input-sql.ts';
import { finalOutputs } from './names.ts';
import { isList, refusals } from './refuse.ts';
import { writeDecision } from './write-decision.ts';

/** What the SQL reads and hands on. */
export interface DecisionRelation {
  /** The table that holds one row a subject and one column an input; several parts are joined by points. */
  readonly from: readonly [string, ...string[]];
  /** Columns of it that come first in the answer, as they are: a key, for example. */
  readonly keep: readonly string[];
  /** How inputs are held; what is not named is held as `usualType` says. */
  readonly types: ReadonlyMap<string, RawType>;
  /** Inputs that it has no column for: their `missing` value holds for every row. None, where left out. */
  readonly constants?: ReadonlySet<string>;
}

export type DecisionSql =
  | {
      readonly ok: true;
      /** One SELECT without a semicolon. */
      readonly sql: string;
      /** The columns that the relation must have. Another type than stated may be compared otherwise. */
      readonly columns: readonly { readonly name: string; readonly type: string }[];
      /** The columns that it gives, after those that it keeps. */
      readonly answer: readonly string[];
      /** Outputs that SQL does not hold: lists. */
      readonly omitted: readonly string[];
    }
  | { readonly ok: false; readonly reasons: readonly string[] };

/**
 * A decision as one SELECT that gives, in one pass over the relation: `keep`, `kind`, `disposition`, `severity`, `rule` (the last three NULL
 * unless decided), and the other outputs as `table.output` (NULL where invalid). A NULL, NaN or infinite value becomes the input's
 * `missing`. It says what `compileDecision` says of the normalised values; a value that is no whole number in an integer column,
 * which the evaluator refuses to read, is invalid.
 */
export function emitDecision(logic: Logic, dialect: Dialect, relation: DecisionRelation): DecisionSql {
  const reasons = refusals(logic, relation, dialect);
  const inputs = logic.inputs.map((column) => inputOf(column, relation, dialect));
  const wrong = [...reasons, ...inputs.flatMap((input) => (typeof input === 'string' ? [input] : []))];
  if (wrong.length > 0) return { ok: false, reasons: wrong };
  const read = inputs.filter((input) => typeof input !== 'string');
  return {
    ok: true,
    sql: writeDecision(logic, read, dialect, relation),
    columns: read.flatMap(({ reference: { column, carrier } }) =>
      relation.constants?.has(column.name) ? [] : [{ name: column.name, type: typeName(carrier, dialect) }],
    ),
    answer: answerColumns(logic),
    omitted: logic.tables.filter(isList).flatMap((table) => table.outputs.map(({ name }) => `${table.name}.${name}`)),
  };
}

function answerColumns(logic: Logic): string[] {
  const last = logic.tables.at(-1);
  const further = logic.tables.flatMap((table) =>
    isList(table) ? [] : table.outputs.map(({ name }) => ({ table, name: `${table.name}.${name}`, output: name })),
  );
  const own = further.filter(({ table, output }) => table !== last || !finalOutputs.includes(output));
  return ['kind', 'disposition', 'severity', 'rule', ...own.map(({ name }) => name)];
}
