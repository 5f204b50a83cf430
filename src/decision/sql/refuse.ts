import type Big from 'big.js';
import { type Column, giverOf, type Logic, type LogicRule, type LogicTable, type OutputColumn } from '../logic.ts';
import { type Dialect, namePattern } from './dialects.ts';
import { decisive, finalOutputs, keptName } from './names.ts';
import { heldOutput } from './output-sql.ts';

/** More rules than anybody writes; the numbers of rules add up within 32 bits. */
const mostRules = 5000;
/** Digits behind the point that an integer of 64 bits and a decimal of 38 digits both bear. */
const mostDigits = 17;

/** Names from outside the logic. */
interface Relation {
  readonly from: readonly string[];
  readonly keep: readonly string[];
}

/** Why a logic has no SQL; nothing where it has. */
export function refusals(logic: Logic, { from, keep }: Relation, dialect: Dialect): string[] {
  const further = logic.tables.flatMap((table) => table.outputs.map((output) => `${table.name}.${output.name}`));
  const helpers = logic.tables.flatMap((table) => [
    ...[`${table.name}: rule`, `${table.name}: answers`],
    ...table.rules.map((_, index) => `${table.name}: rule ${index + 1}`),
  ]);
  const inner = [...logic.inputs.map(({ name }) => name), ...further, ...helpers, ...keep.map(keptName), decisive];
  return [
    ...lastRefusals(logic.tables.at(-1)),
    ...logic.tables.flatMap((table, index) => tableRefusals(table, logic, index)),
    ...nameRefusals([...from, ...keep, ...inner], dialect),
    ...twice([...keep, 'kind', ...finalOutputs, 'rule', ...further]),
    ...twice(inner),
    ...textRefusals(logic),
  ];
}

function lastRefusals(table: LogicTable | undefined): string[] {
  if (table === undefined) return ['there is no table'];
  const single = ['U', 'A', 'F', 'P'].includes(table.hitPolicy);
  const missing = finalOutputs.filter((name) => !table.outputs.some((output) => output.name === name));
  return [
    ...(single ? [] : [`the last table, \`${table.name}\`, collects (${table.hitPolicy}): it must be U, A, F or P`]),
    ...missing.map((name) => `the last table, \`${table.name}\`, has no output \`${name}\``),
  ];
}

function tableRefusals(table: LogicTable, logic: Logic, at: number): string[] {
  const found: string[] = [];
  const where = `in \`${table.name}\``;
  if (table.rules.length > mostRules) found.push(`${where} there are more than ${mostRules} rules`);
  for (const column of table.inputs) {
    const source = logic.tables[giverOf(column.name, at, logic.tables)?.index ?? -1];
    const why = source === undefined ? unknownInput(column, logic) : fedRefusal(column, source);
    if (why !== undefined) found.push(`${where} the input \`${column.name}\` ${why}`);
  }
  if (isList(table)) return found;
  table.outputs.forEach((output, index) => {
    const why = outputRefusal(table, output, index);
    if (why !== undefined) found.push(`${where} the output \`${output.name}\` ${why}`);
  });
  return found;
}

function unknownInput(column: Column, logic: Logic): string | undefined {
  return logic.inputs.some(({ name }) => name === column.name) ? undefined : 'is no input of the decision';
}

/** What one table hands to another is exact: a decimal without a step, text, or true or false. */
function fedRefusal(column: Column, source: LogicTable): string | undefined {
  if (isList(source)) return `is a list that \`${source.name}\` collects (${source.hitPolicy})`;
  const output = source.outputs.find(({ name }) => name === column.name);
  const isNumber = source.hitPolicy === 'C#' || output?.type === 'number';
  const kind = isNumber ? 'decimal' : (output?.type ?? 'text');
  const declared = column.type === 'enum' ? 'text' : column.type;
  if (declared !== kind || column.step !== null)
    return `is read as ${column.type}, and \`${source.name}\` gives ${kind}`;
  return undefined;
}

function outputRefusal(table: LogicTable, output: OutputColumn, index: number): string | undefined {
  const otherwise = table.otherwise?.outputs[index] ?? null;
  const collects = ['C+', 'C#', 'C<', 'C>'].includes(table.hitPolicy);
  if (collects && table.outputs.length > 1) return `is one of several that are collected (${table.hitPolicy})`;
  if (table.hitPolicy === 'C#') {
    if (otherwise !== null && output.type !== 'number') return 'is a count, and `else` gives no number';
    if (otherwise !== null && !isWhole(otherwise)) return 'is a count, and `else` gives no whole number';
    return undefined;
  }
  if (collects && output.type !== 'number') return `is collected (${table.hitPolicy}) and no number`;
  const held = heldOutput(table, index);
  if (held.kind !== 'scaled') return undefined;
  if (held.scale > mostDigits) return `has more than ${mostDigits} digits behind the point`;
  return held.greatest.gt('9e18') ? 'has too many digits' : undefined;
}

function isWhole(value: LogicRule['outputs'][number]): boolean {
  return value !== null && typeof value === 'object' && (value as Big).round(0).eq(value);
}

export function isList({ hitPolicy }: LogicTable): boolean {
  return hitPolicy === 'C' || hitPolicy === 'R' || hitPolicy === 'O';
}

function nameRefusals(names: readonly string[], dialect: Dialect): string[] {
  return [...new Set(names)].flatMap((name) => {
    if (!namePattern.test(name)) return [`the name ${JSON.stringify(name)} can't be written in every dialect`];
    if (new TextEncoder().encode(name).length <= dialect.longestName) return [];
    return [`the name \`${name}\` is longer than the ${dialect.longestName} bytes that ${dialect.name} tells apart`];
  });
}

/** Many databases don't tell `A` from `a`. */
function twice(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.flatMap((name) => {
    const folded = name.toLowerCase();
    if (seen.has(folded)) return [`two columns would be called \`${name}\``];
    seen.add(folded);
    return [];
  });
}

function textRefusals(logic: Logic): string[] {
  const rules = logic.tables.flatMap((table) => [
    ...table.rules,
    ...(table.otherwise === null ? [] : [table.otherwise]),
  ]);
  const tests = [...rules.flatMap((rule) => rule.tests), ...logic.inputs.map((column) => column.range)];
  const atoms = tests.flatMap((test) => (test.kind === 'any' ? [] : test.atoms));
  const texts = [
    ...rules.flatMap((rule) => [rule.id, ...rule.outputs]),
    ...atoms.flatMap((atom) => (atom.kind === 'equal' ? [atom.value] : [])),
    ...logic.inputs.map((column) => column.missing),
  ];
  return texts.flatMap((text) =>
    typeof text === 'string' && /\0|\p{Cs}/u.test(text)
      ? [`the text ${JSON.stringify(text)} can't be written in SQL`]
      : [],
  );
}
