import type { Condition, Contracts, Expression } from '../../model/mapping.ts';
import type { ColumnSql } from '../../model/ports.ts';
import { quoteText } from '../quote.ts';
import { saidError } from './errors.ts';
import { likeOf, nameInFile } from './pattern.ts';
import { guarded, type Scope, type Value } from './scope.ts';
import { timeSql } from './time-sql.ts';

/** The expression as a value of the market table's column. What can't be read raises an error that names the value. */
export function columnSql(expression: Expression, target: ColumnSql, scope: Scope): string {
  const value = valueSql(expression, scope);
  if (target === 'VARCHAR') return asText(value);
  if (target === 'TIMESTAMP') return value.type === 'time' ? value.sql : timeSql(asText(value), ['iso'], null, scope);
  if (value.type === 'number' && target === 'DOUBLE') return value.sql;
  const whole = `CASE WHEN ${value.sql} = round(${value.sql}) THEN TRY_CAST(${value.sql} AS BIGINT) END`;
  if (value.type === 'number')
    return guarded(target === 'BIGINT' ? whole : `TRY_CAST(${value.sql} AS ${target})`, asText(value), scope);
  const text = asText(value);
  const cast =
    target === 'BIGINT'
      ? `CASE WHEN regexp_full_match(${text}, '[+-]?\\d+(\\.0*)?') THEN TRY_CAST(${text} AS BIGINT) END`
      : `TRY_CAST(${text} AS ${target})`;
  return guarded(cast, text, scope);
}

export function conditionSql(condition: Condition, scope: Scope): string {
  const text = asText(valueSql(condition.of, scope));
  const list = condition.values.map(quoteText).join(', ');
  const like = condition.values.map((pattern) => `${text} LIKE ${quoteText(likeOf(pattern))} ESCAPE '\\'`);
  switch (condition.test) {
    case 'in':
      return `coalesce(${text} IN (${list}), false)`;
    case 'not_in':
      return `coalesce(${text} NOT IN (${list}), true)`;
    case 'matches':
      return `coalesce(${like.join(' OR ')}, false)`;
    case 'not_matches':
      return `NOT coalesce(${like.join(' OR ')}, false)`;
    case 'present':
      return `(${text} IS NOT NULL)`;
    case 'absent':
      return `(${text} IS NULL)`;
    case 'same_as': {
      const other = condition.other === null ? 'NULL' : asText(valueSql(condition.other, scope));
      return `coalesce(${text} = ${other}, false)`;
    }
  }
}

export function valueSql(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'column':
      return scope.column(expression.name);
    case 'value':
      return text(expression.text === null ? 'CAST(NULL AS VARCHAR)' : quoteText(expression.text));
    case 'file_name':
      return text(quoteText(nameInFile(scope.path, expression.pattern) ?? ''));
    case 'product':
      return number(numbers(expression.parts, scope).join(' * '));
    case 'sum':
      return number(numbers(expression.parts, scope).join(' + '));
    case 'difference':
      return number(numbers(expression.parts, scope).join(' - '));
    case 'quotient':
      return number(
        numbers(expression.parts, scope)
          .map((part, at) => (at === 0 ? part : `nullif(${part}, 0)`))
          .join(' / '),
      );
    case 'first':
      return firstSql(expression.parts, scope);
    case 'join':
      return text(joined(expression.parts, expression.separator, scope));
    case 'part': {
      const of = asText(valueSql(expression.of, scope));
      const at = Math.trunc(expression.at);
      return text(`nullif(split_part(${of}, ${quoteText(expression.separator)}, ${at}), '')`);
    }
    case 'ending': {
      const of = asText(valueSql(expression.of, scope));
      const cases = expression.list.map((end) => `WHEN ends_with(${of}, ${quoteText(end)}) THEN ${quoteText(end)}`);
      return text(`CASE ${cases.join(' ')} END`);
    }
    case 'contracts':
      return number(contractsSql(expression, scope));
    case 'sign': {
      const of = asNumber(valueSql(expression.of, scope), scope);
      const words = `WHEN ${of} < 0 THEN ${quoteText(expression.negative)} WHEN ${of} > 0 THEN ${quoteText(expression.positive)}`;
      return text(`CASE ${words} END`);
    }
    case 'unsigned':
      return number(`abs(${asNumber(valueSql(expression.of, scope), scope)})`);
    case 'values':
      return text(valuesSql(expression, scope));
    case 'time':
      return {
        sql: timeSql(asText(valueSql(expression.of, scope)), expression.units, expression.zone, scope),
        type: 'time',
      };
    case 'only_if': {
      const of = valueSql(expression.of, scope);
      return { sql: `CASE WHEN ${conditionSql(expression.condition, scope)} THEN ${of.sql} END`, type: of.type };
    }
  }
}

function firstSql(parts: readonly Expression[], scope: Scope): Value {
  const values = parts.map((part) => valueSql(part, scope));
  const [first] = values;
  const type = first !== undefined && values.every((value) => value.type === first.type) ? first.type : 'text';
  const items = values.map((value) => (type === 'text' ? asText(value) : value.sql));
  return { sql: `coalesce(${[...items, 'NULL'].join(', ')})`, type };
}

/** Empty where one part is: half an identifier would join strangers. */
function joined(parts: readonly Expression[], separator: string, scope: Scope): string {
  const texts = parts.map((part) => asText(valueSql(part, scope)));
  return `(${texts.join(` || ${quoteText(separator)} || `)})`;
}

function valuesSql(expression: Extract<Expression, { kind: 'values' }>, scope: Scope): string {
  const of = asText(valueSql(expression.of, scope));
  const plain = expression.list.map(([from]) => from.toLowerCase());
  const exact = new Set(plain).size < plain.length;
  const cases = expression.list.map(([from, to]) =>
    exact
      ? `WHEN ${of} = ${quoteText(from)} THEN ${quoteText(to)}`
      : `WHEN lower(${of}) = ${quoteText(from.toLowerCase())} THEN ${quoteText(to)}`,
  );
  const words = quoteText('the mapping lists no such value: ');
  const otherwise = {
    keep: `ELSE ${of}`,
    empty: '',
    refuse: `WHEN ${of} IS NOT NULL THEN ${saidError(scope.table, scope.target, `${words} || ${of}`)}`,
  }[expression.other];
  return `CASE ${cases.join(' ')} ${otherwise} END`;
}

/** Base units: contracts × size, divided by the price where inverse. A row without a contract size is refused, never guessed. */
function contractsSql(expression: Contracts, scope: Scope): string {
  const count = asNumber(valueSql(expression.of, scope), scope);
  const price = asNumber(valueSql(expression.price, scope), scope);
  const symbol = scope.symbol ?? "'?'";
  const unknown = saidError(
    scope.table,
    scope.target,
    `${quoteText('the sizes are contracts, and no contract size is known for ')} || coalesce(${symbol}, '?') || ${quoteText('; give it with --contract SYMBOL=SIZE (and ,inverse for an inverse contract) or with --table instruments=FILE')}`,
  );
  const own = expression.size === null ? undefined : asNumber(valueSql(expression.size, scope), scope);
  const stated = inverseSql(expression, scope);
  const differs = saidError(
    scope.table,
    scope.target,
    `${quoteText('the contract size that was given says otherwise than the file whether this contract is inverse: ')} || coalesce(${symbol}, '?')`,
  );
  const given = stated === undefined ? 'k.size' : `CASE WHEN k.inverse <> ${stated} THEN ${differs} ELSE k.size END`;
  const size = `coalesce(${own ?? given}, CASE WHEN ${count} IS NOT NULL THEN ${unknown} END)`;
  const inverse = stated ?? 'coalesce(k.inverse, false)';
  return expression.as === 'base'
    ? `CASE WHEN ${inverse} THEN ${count} * ${size} / nullif(${price}, 0) ELSE ${count} * ${size} END`
    : `CASE WHEN ${inverse} THEN ${count} * ${size} ELSE ${count} * ${size} * ${price} END`;
}

function inverseSql({ inverse }: Contracts, scope: Scope): string | undefined {
  if (inverse === null) return undefined;
  if (typeof inverse === 'boolean') return String(inverse);
  return conditionSql(inverse, scope);
}

function numbers(parts: readonly Expression[], scope: Scope): string[] {
  return parts.map((part) => asNumber(valueSql(part, scope), scope));
}

export function asText(value: Value): string {
  return value.type === 'text' ? value.sql : `CAST(${value.sql} AS VARCHAR)`;
}

function asNumber(value: Value, scope: Scope): string {
  if (value.type === 'number') return `(${value.sql})`;
  const text = asText(value);
  return guarded(`TRY_CAST(${text} AS DOUBLE)`, text, scope);
}

const text = (sql: string): Value => ({ sql, type: 'text' });
const number = (sql: string): Value => ({ sql: `(${sql})`, type: 'number' });
