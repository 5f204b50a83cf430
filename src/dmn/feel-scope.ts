import { giverOf, type Logic, type LogicTable } from '../decision/logic.ts';
import { snakeCase } from '../model/build/names.ts';
import type { Literal } from '../model/value.ts';

/** Words that FEEL keeps for itself. */
const reserved = new Set(
  'and between else every external false for function if in instance item list not null of or return satisfies some then true date time duration'.split(
    ' ',
  ),
);

/** How the columns and tables of a logic are called in FEEL, and what they can be. */
export class FeelScope {
  private readonly used = new Set<string>();
  private readonly ids = new Set<string>();
  private readonly inputs = new Map<string, string>();
  private readonly tables = new Map<LogicTable, string>();

  constructor(private readonly logic: Logic) {
    for (const { name } of logic.inputs)
      this.inputs.set(name, this.unique(reserved.has(name) ? `${name}_value` : name));
    logic.tables.forEach((table, index) => {
      const plain = snakeCase(table.name) || `table_${index + 1}`;
      this.tables.set(table, this.unique(reserved.has(plain) ? `${plain}_table` : plain));
    });
  }

  input(name: string): string {
    return this.inputs.get(name) ?? name;
  }

  table(table: LogicTable): string {
    return this.tables.get(table) ?? '';
  }

  /** The last table before this one that gives a column of the name. */
  giverOf(name: string, reader: LogicTable): LogicTable | undefined {
    const { tables } = this.logic;
    return tables[giverOf(name, tables.indexOf(reader), tables)?.index ?? -1];
  }

  /** What an input column of a table reads: an input, a table, or one of the outputs of a table. */
  expression(name: string, reader: LogicTable): string {
    const giver = this.giverOf(name, reader);
    if (giver === undefined) return this.input(name);
    return giver.outputs.length === 1 ? this.table(giver) : `${this.table(giver)}.${name}`;
  }

  /** All that an earlier table can give; null where that is a number, a list or an input. */
  valuesOf(name: string, reader: LogicTable): readonly Literal[] | null {
    const giver = this.giverOf(name, reader);
    if (giver === undefined) return null;
    const place = giver.outputs.findIndex((output) => output.name === name);
    const rules = [...giver.rules, ...(giver.otherwise === null ? [] : [giver.otherwise])];
    return [...new Set(rules.map((rule) => rule.outputs[place] ?? null))];
  }

  /** An id that XML allows; the same parts give the same one. */
  id(...parts: readonly string[]): string {
    const wanted = parts.join('_').replace(/[^A-Za-z0-9_-]/g, '_');
    let given = wanted;
    for (let count = 2; this.ids.has(given); count++) given = `${wanted}_${count}`;
    this.ids.add(given);
    return given;
  }

  private unique(wanted: string): string {
    let given = wanted;
    for (let count = 2; this.used.has(given); count++) given = `${wanted}_${count}`;
    this.used.add(given);
    return given;
  }
}
