import Big from 'big.js';
import { outputValue } from '../compile-table.ts';
import type { LogicRule, LogicTable } from '../logic.ts';
import { unit } from './carrier.ts';
import type { Dialect } from './dialects.ts';
import { joined } from './joined.ts';
import type { ChosenSql, CollectedSql } from './table-sql.ts';

/** What an output is in SQL: text, true or false, or an integer that counts units of 10^-scale. */
export type Held =
  | { readonly kind: 'text' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'scaled'; readonly scale: number; readonly greatest: Big };

/** How an output is held between tables. `greatest` bounds what it can come to, in units. */
export function heldOutput(table: LogicTable, index: number): Held {
  const output = table.outputs[index];
  if (table.hitPolicy !== 'C#' && output?.type !== 'number') return { kind: output?.type ?? 'text' };
  const rules = [
    ...(table.hitPolicy === 'C#' ? [] : table.rules),
    ...(table.otherwise === null ? [] : [table.otherwise]),
  ];
  const numbers = rules.flatMap((rule) => {
    const value = numberOf(rule, table, index);
    return value === null ? [] : [value];
  });
  const scale = Math.max(0, ...numbers.map((value) => value.c.length - 1 - value.e));
  const units = numbers.map((value) => value.abs().div(unit(scale)));
  const all = units.reduce((sum, value) => sum.plus(value), new Big(table.rules.length));
  return { kind: 'scaled', scale, greatest: all };
}

/** An output of a table where one rule answers, by the column `code`. */
export function chosenOutput(
  table: LogicTable,
  code: string,
  codes: ChosenSql['codes'],
  dialect: Dialect,
  show: (rule: LogicRule) => string,
): string {
  const cases = codes.map(({ code, rule }) => `WHEN ${code} THEN ${show(rule)}`);
  const otherwise = table.otherwise === null ? [] : [`WHEN 0 THEN ${show(table.otherwise)}`];
  const all = [...cases, ...otherwise];
  return all.length === 0 ? 'NULL' : `CASE ${dialect.quoteName(code)} ${all.join(' ')} END`;
}

/** The only output of a table that counts, sums up, or takes the least or the greatest. */
export function collectedOutput(table: LogicTable, { hits }: CollectedSql, held: Held, dialect: Dialect): string {
  const marks = hits.map(({ name }) => dialect.quoteName(name));
  const units = table.rules.map((rule) => unitsOf(numberOf(rule, table, 0), held));
  const known = marks.flatMap((mark, index) => {
    const value = units[index] ?? null;
    return value === null ? [] : [{ mark, value: new Big(value) }];
  });
  const all = collect(table, marks, known, held, dialect);
  if (table.otherwise === null) return all;
  const otherwise = scaledLiteral(numberOf(table.otherwise, table, 0), held, dialect);
  if (marks.length === 0) return otherwise;
  return `CASE WHEN ${joined(marks, '+')} = 0 THEN ${otherwise} ELSE ${all} END`;
}

function collect(
  table: LogicTable,
  marks: readonly string[],
  known: readonly { readonly mark: string; readonly value: Big }[],
  held: Held,
  dialect: Dialect,
): string {
  const literal = (value: Big) => integer(value.toFixed(), held);
  if (table.hitPolicy === 'C#') {
    const counted = marks.filter((_, index) => (table.rules[index]?.outputs[0] ?? null) !== null);
    return counted.length === 0 ? '0' : joined(counted, '+');
  }
  if (table.hitPolicy === 'C+') {
    const terms = known.map(
      ({ mark, value }) => `CASE WHEN ${mark} = 1 THEN ${literal(value)} ELSE ${integer('0', held)} END`,
    );
    return terms.length === 0 ? '0' : joined(terms, '+');
  }
  const up = table.hitPolicy === 'C<';
  const order = [...known].sort((a, b) => (up ? a.value.cmp(b.value) : b.value.cmp(a.value)));
  if (order.length === 0) return nothing('BIGINT', dialect);
  return `CASE ${order.map(({ mark, value }) => `WHEN ${mark} = 1 THEN ${literal(value)}`).join(' ')} END`;
}

/** An output of one rule as a literal. */
export function outputLiteral(rule: LogicRule, table: LogicTable, index: number, held: Held, dialect: Dialect): string {
  if (held.kind === 'scaled') return scaledLiteral(numberOf(rule, table, index), held, dialect);
  const value = outputValue(rule.outputs[index] ?? null, table.outputs[index]);
  if (typeof value === 'string') return dialect.quoteText(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return nothing(held.kind === 'boolean' ? 'BOOLEAN' : dialect.textType, dialect);
}

/** A number among the outputs. */
function numberOf(rule: LogicRule, table: LogicTable, index: number): Big | null {
  const value = outputValue(rule.outputs[index] ?? null, table.outputs[index]);
  return value instanceof Big ? value : null;
}

function unitsOf(value: Big | null, held: Held): string | null {
  return value === null || held.kind !== 'scaled' ? null : value.div(unit(held.scale)).toFixed(0);
}

function scaledLiteral(value: Big | null, held: Held, dialect: Dialect): string {
  const units = unitsOf(value, held);
  return units === null ? nothing('BIGINT', dialect) : integer(units, held);
}

/** Sums of small integers stay small; where they might not, every term is a BIGINT. */
function integer(digits: string, held: Held): string {
  const isSmall = held.kind === 'scaled' && held.greatest.lt(2 ** 31);
  return isSmall ? digits : `CAST(${digits} AS BIGINT)`;
}

/** Disposition and severity are words, whatever was written. */
export function finalOutput(rule: LogicRule, table: LogicTable, output: string, dialect: Dialect): string {
  const index = table.outputs.findIndex(({ name }) => name === output);
  return dialect.quoteText(String(outputValue(rule.outputs[index] ?? null, table.outputs[index])));
}

/** An output as the answer gives it: numbers as decimals. */
export function shownOutput(sql: string, held: Held, dialect: Dialect): string {
  if (held.kind !== 'scaled' || held.scale === 0) return sql;
  const one = `CAST('${unit(held.scale).toFixed()}' AS ${dialect.decimalType(held.scale + 1, held.scale)})`;
  return `CAST(${sql} AS ${dialect.nullable(dialect.decimalType(19, 0))}) * ${one}`;
}

function nothing(type: string, dialect: Dialect): string {
  return `CAST(NULL AS ${dialect.nullable(type)})`;
}
