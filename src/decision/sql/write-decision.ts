import { anything, type Column, type Logic, type LogicRule, type LogicTable } from '../logic.ts';
import type { Carrier } from './carrier.ts';
import type { Reference } from './condition.ts';
import type { Dialect } from './dialects.ts';
import type { InputSql } from './input-sql.ts';
import { Layers } from './layers.ts';
import { decisive, finalOutputs, keptName } from './names.ts';
import {
  chosenOutput,
  collectedOutput,
  finalOutput,
  type Held,
  heldOutput,
  outputLiteral,
  shownOutput,
} from './output-sql.ts';
import { type ChosenSql, type Named, tableSql } from './table-sql.ts';

/** Names from outside. */
interface Relation {
  readonly from: readonly string[];
  readonly keep: readonly string[];
}

/** Where `decisive` is no code of the last table. */
const invalidCode = -1;

/** Writes a decision that `refusals` has let pass. */
export function writeDecision(logic: Logic, inputs: readonly InputSql[], dialect: Dialect, relation: Relation): string {
  const name = dialect.quoteName;
  const isTaken = relation.from.some((part) => part.toLowerCase().startsWith('sop_'));
  const layers = new Layers(dialect, isTaken ? 'sop_of_sop_' : 'sop_');
  const kept = relation.keep.map((column) => ({ name: keptName(column), sql: `s.${name(column)}` }));
  const values = inputs.map(({ reference, value }) => {
    const column = reference.column.name;
    return { name: column, sql: value(`s.${name(column)}`) };
  });
  const first = [...kept, ...values];
  layers.begin(first.length > 0 ? first : [{ name: '(none)', sql: '0' }], `${relation.from.map(name).join('.')} AS s`);

  const tables = new Tables(layers, inputs, dialect);
  for (const table of logic.tables.slice(0, -1)) tables.add(table);
  const last = logic.tables.at(-1);
  if (last === undefined) return '';
  const final = tables.addLast(last);
  const invalid = [...inputs.flatMap((input) => input.invalid), ...tables.conflicts];
  const code = name(final.code);
  const guarded =
    invalid.length === 0
      ? code
      : `CASE WHEN ${invalid.map((sql) => `(${sql})`).join(' OR ')} THEN ${invalidCode} ELSE ${code} END`;
  layers.add([{ name: decisive, sql: guarded }]);
  return layers.end([
    ...relation.keep.map((column) => ({ name: column, sql: name(keptName(column)) })),
    { name: 'kind', sql: kindSql(last, name(decisive)) },
    ...finalOutputs.map((output) => ({
      name: output,
      sql: chosenOutput(last, decisive, final.codes, dialect, (rule) => finalOutput(rule, last, output, dialect)),
    })),
    { name: 'rule', sql: chosenOutput(last, decisive, final.codes, dialect, (rule) => dialect.quoteText(rule.id)) },
    ...tables.outputs.map(({ name: output, held }) => ({
      name: output,
      sql: `CASE WHEN ${name(decisive)} <> ${invalidCode} THEN ${shownOutput(name(output), held, dialect)} END`,
    })),
    ...lastOutputs(last, final, dialect),
  ]);
}

function kindSql(last: LogicTable, code: string): string {
  const undecided = last.otherwise === null ? ` WHEN ${code} = 0 THEN 'undecided'` : '';
  return `CASE WHEN ${code} = ${invalidCode} THEN 'invalid'${undecided} ELSE 'decided' END`;
}

/** What the last table gives beside disposition and severity. */
function lastOutputs(last: LogicTable, final: ChosenSql, dialect: Dialect): Named[] {
  return last.outputs.flatMap(({ name }, index) => {
    if (finalOutputs.includes(name)) return [];
    const held = heldOutput(last, index);
    const show = (rule: LogicRule) => outputLiteral(rule, last, index, held, dialect);
    const sql = shownOutput(chosenOutput(last, decisive, final.codes, dialect, show), held, dialect);
    return [{ name: `${last.name}.${name}`, sql }];
  });
}

/** The tables in their order: each reads the inputs and what those before it gave. */
class Tables {
  readonly conflicts: string[] = [];
  /** What tables gave, as their layers hold it. */
  readonly outputs: { readonly name: string; readonly held: Held }[] = [];
  private readonly scope: Map<string, Reference>;

  constructor(
    private readonly layers: Layers,
    inputs: readonly InputSql[],
    private readonly dialect: Dialect,
  ) {
    this.scope = new Map(inputs.map(({ reference }) => [reference.column.name, reference]));
  }

  add(table: LogicTable): void {
    const sql = this.hits(table);
    if (sql.kind === 'list') return;
    const given = table.outputs.map((output, index) => {
      const held = heldOutput(table, index);
      const show = (rule: LogicRule) => outputLiteral(rule, table, index, held, this.dialect);
      const shown =
        sql.kind === 'chosen'
          ? chosenOutput(table, sql.code, sql.codes, this.dialect, show)
          : collectedOutput(table, sql, held, this.dialect);
      return { name: `${table.name}.${output.name}`, sql: shown, held, output: output.name };
    });
    this.layers.add(given);
    this.outputs.push(...given);
    for (const { name, output, held } of given) {
      this.scope.set(output, {
        sql: this.dialect.quoteName(name),
        column: plainColumn(output),
        carrier: carrierOf(held),
      });
    }
  }

  addLast(table: LogicTable): ChosenSql {
    const sql = this.hits(table);
    if (sql.kind !== 'chosen') throw new Error(`\`${table.name}\` should have been refused`);
    return sql;
  }

  private hits(table: LogicTable) {
    const references = table.inputs.map((column): Reference => {
      const found = this.scope.get(column.name);
      if (found === undefined) throw new Error(`\`${column.name}\` should have been refused`);
      return { ...found, column };
    });
    const sql = tableSql(table, references, this.dialect);
    if (sql.kind !== 'list') this.layers.add(sql.hits);
    if (sql.kind === 'chosen' && sql.conflict !== null) this.conflicts.push(sql.conflict);
    return sql;
  }
}

function plainColumn(name: string): Column {
  return { name, type: 'text', step: null, range: anything, rangeText: '', missing: null };
}

function carrierOf(held: Held): Carrier {
  if (held.kind !== 'scaled') return held;
  return { kind: 'exact', precision: 19, scale: held.scale, held: 'scaled' };
}
