import { byPriority, sameLiteral } from '../compile-table.ts';
import type { LogicRule, LogicTable } from '../logic.ts';
import { conditionOf, conditionSql, type Reference } from './condition.ts';
import type { Dialect } from './dialects.ts';
import { joined } from './joined.ts';

/** An expression and the name that it gets. */
export interface Named {
  readonly name: string;
  readonly sql: string;
}

/** What matched in a table, as expressions over its inputs. */
export type TableSql = ChosenSql | CollectedSql | { readonly kind: 'list' };

/** One rule answers (F, P, U, A). */
export interface ChosenSql {
  readonly kind: 'chosen';
  readonly hits: readonly Named[];
  /** The column that tells which rule answers: the code of a rule, or 0 for none of them. */
  readonly code: string;
  readonly codes: readonly { readonly code: number; readonly rule: LogicRule }[];
  /** Holds where the hit policy forbids what matched; null where that can't be. */
  readonly conflict: string | null;
}

/** All rules that match answer together (C+, C#, C<, C>). */
export interface CollectedSql {
  readonly kind: 'collected';
  /** One a rule: 1 where it matches, else 0. */
  readonly hits: readonly Named[];
}

/** Writes what matches in a table; `references` are the columns that it reads, in their order. */
export function tableSql(table: LogicTable, references: readonly Reference[], dialect: Dialect): TableSql {
  const conditions = table.rules.map((rule) => ruleSql(rule, references, dialect));
  const code = `${table.name}: rule`;
  switch (table.hitPolicy) {
    case 'F':
      return { ...inTurn(table.rules, table, conditions, code), conflict: null };
    case 'P':
      return { ...inTurn([...table.rules].sort(byPriority(table)), table, conditions, code), conflict: null };
    case 'U':
      return unique(table, conditions, code, dialect);
    case 'A':
      return agreeing(table, conditions, code, dialect);
    case 'C+':
    case 'C#':
    case 'C<':
    case 'C>': {
      const hits = conditions.map((condition, index) => ({
        name: `${table.name}: rule ${index + 1}`,
        sql: `CASE WHEN ${condition} THEN 1 ELSE 0 END`,
      }));
      return { kind: 'collected', hits };
    }
    case 'R':
    case 'O':
    case 'C':
      return { kind: 'list' };
  }
}

/** All cells of a rule. */
function ruleSql(rule: LogicRule, references: readonly Reference[], dialect: Dialect): string {
  const cells = rule.tests.flatMap((test, index): string[] => {
    const reference = references[index];
    const sql = reference && conditionSql(conditionOf(test, reference, dialect), reference);
    return sql === undefined || sql === null ? [] : [sql];
  });
  if (cells.includes('FALSE')) return 'FALSE';
  return cells.length === 0 ? 'TRUE' : joined(cells, 'AND');
}

/** The first rule that matches, in a given order. */
function inTurn(order: readonly LogicRule[], table: LogicTable, conditions: readonly string[], code: string) {
  const codes = table.rules.map((rule, index) => ({ rule, code: index + 1 }));
  const cases = order.map((rule) => {
    const index = table.rules.indexOf(rule);
    return `\n      WHEN ${conditions[index] ?? 'FALSE'} THEN ${index + 1}`;
  });
  const sql = cases.length === 0 ? '0' : `CASE${cases.join('')}\n      ELSE 0 END`;
  return { kind: 'chosen', hits: [{ name: code, sql }], code, codes } as const;
}

/** A rule adds its number and a unit that is greater than every number: from two units on, two have matched. */
function unique(table: LogicTable, conditions: readonly string[], code: string, dialect: Dialect): ChosenSql {
  const unit = 10 ** String(table.rules.length).length;
  const codes = table.rules.map((rule, index) => ({ rule, code: unit + index + 1 }));
  const terms = conditions.map(
    (condition, index) => `\n      CASE WHEN ${condition} THEN ${unit + index + 1} ELSE 0 END`,
  );
  const sql = terms.length === 0 ? '0' : joined(terms, '+').trimStart();
  const conflict = terms.length < 2 ? null : `${dialect.quoteName(code)} >= ${2 * unit}`;
  return { kind: 'chosen', hits: [{ name: code, sql }], code, codes, conflict };
}

/** Rules with the same outputs speak with one voice; two voices are a conflict. */
function agreeing(table: LogicTable, conditions: readonly string[], code: string, dialect: Dialect): ChosenSql {
  const chosen = inTurn(table.rules, table, conditions, code);
  const voices: number[][] = [];
  table.rules.forEach((rule, index) => {
    const same = voices.find(([first]) => sameOutputs(table.rules[first ?? 0], rule));
    if (same === undefined) voices.push([index]);
    else same.push(index);
  });
  if (voices.length < 2) return { ...chosen, conflict: null };
  const terms = voices.map((rules) => {
    const any = rules.map((index) => `(${conditions[index] ?? 'FALSE'})`);
    return `\n      CASE WHEN ${joined(any, 'OR')} THEN 1 ELSE 0 END`;
  });
  const count = { name: `${table.name}: answers`, sql: joined(terms, '+').trimStart() };
  return { ...chosen, hits: [...chosen.hits, count], conflict: `${dialect.quoteName(count.name)} > 1` };
}

function sameOutputs(a: LogicRule | undefined, b: LogicRule): boolean {
  return b.outputs.every((value, index) => sameLiteral(value, a?.outputs[index] ?? null));
}
