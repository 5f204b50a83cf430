import type { Column, Logic, LogicTable, Test } from '../../decision/logic.ts';
import { giverOf } from '../../decision/logic.ts';
import type { Literal } from '../../model/value.ts';

/** Tables that give one answer, or none. */
const single = ['F', 'U', 'A'];

/**
 * The one table in which two logics differ, each as a logic of its own: what an earlier table gives is an input that may be any of that table's
 * answers. Where these two say the same of every input, so do the whole logics; where not, nothing is known. Null where more than a table
 * differs, or where it cannot be put this way.
 */
export function tableAlone(before: Logic, after: Logic): readonly [Logic, Logic] | null {
  if (before.tables.length !== after.tables.length || before.inputs !== after.inputs) return null;
  const places = before.tables.flatMap((table, at) => (table === after.tables[at] ? [] : [at]));
  const [place] = places;
  if (place === undefined || places.length > 1) return null;
  const one = aloneAt(before, place);
  const other = aloneAt(after, place);
  return one === null || other === null ? null : [one, other];
}

function aloneAt(logic: Logic, place: number): Logic | null {
  const table = logic.tables[place];
  if (table === undefined || !single.includes(table.hitPolicy)) return null;
  const inputs: Column[] = [];
  for (const column of table.inputs) {
    const giver = giverOf(column.name, place, logic.tables);
    const given = giver === null ? column : givenBy(column, logic.tables[giver.index], giver.output);
    if (given === null) return null;
    inputs.push(given);
  }
  const isLast = place === logic.tables.length - 1;
  return { inputs, tables: [{ ...(isLast ? table : asAnswer(table)), inputs }] };
}

/** A column that may be what a table says, and null only where the table may say nothing. */
function givenBy(column: Column, table: LogicTable | undefined, output: number): Column | null {
  if (table === undefined || !single.includes(table.hitPolicy)) return null;
  const type = table.outputs[output]?.type;
  if (type !== 'text' && type !== 'boolean') return null;
  const said = [...table.rules, ...(table.otherwise === null ? [] : [table.otherwise])].map(
    (rule) => rule.outputs[output] ?? null,
  );
  const values = [
    ...new Set(said.filter((value): value is string | boolean => value !== null && typeof value !== 'object')),
  ];
  const [first] = values;
  if (first === undefined) return null;
  const isNever = table.otherwise !== null && !said.includes(null);
  const range: Test = {
    kind: 'tests',
    negated: false,
    atoms: values.map((value) => ({ kind: 'equal', value })),
    alsoNull: false,
    text: '',
  };
  return {
    name: column.name,
    type: type === 'text' ? 'enum' : type,
    step: null,
    range,
    rangeText: '',
    missing: isNever ? first : null,
  };
}

/** All that it gives as one word: a comparison of decisions reads nothing else. */
function asAnswer(table: LogicTable): LogicTable {
  const word = (outputs: readonly Literal[]): Literal[] => [JSON.stringify(outputs), ''];
  return {
    ...table,
    outputs: ['disposition', 'severity'].map((name) => ({ name, type: 'text', order: null })),
    rules: table.rules.map((rule) => ({ ...rule, outputs: word(rule.outputs) })),
    otherwise: table.otherwise === null ? null : { ...table.otherwise, outputs: word(table.otherwise.outputs) },
  };
}
