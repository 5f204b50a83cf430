import type Big from 'big.js';
import { compare } from '../compile-test.ts';
import type { Column } from '../logic.ts';
import { normalise } from '../normalise.ts';
import { type Carrier, carrierFor, limits, numberLiteral, type RawType, typeName, unit, usualType } from './carrier.ts';
import { conditionSql, failing, type Reference } from './condition.ts';
import type { Dialect } from './dialects.ts';

/** An input of the decision. */
export interface InputSql {
  /** The column once it is normalised. */
  readonly reference: Reference;
  /** The raw column, NULL where it is no number, or what stands for it. `name` is the raw column as SQL names it. */
  readonly value: (name: string) => string;
  /** Holds where the value makes the decision invalid. */
  readonly invalid: readonly string[];
}

/** How a relation holds its inputs; for constants it has no column. */
interface Holding {
  readonly types: ReadonlyMap<string, RawType>;
  readonly constants?: ReadonlySet<string>;
}

/** How an input is read; a text says why it can't be. */
export function inputOf(column: Column, { types, constants }: Holding, dialect: Dialect): InputSql | string {
  const carrier = carrierFor(column, types.get(column.name) ?? usualType(column));
  if (typeof carrier === 'string') return `the input \`${column.name}\`: ${carrier}`;
  const missing = missingLiteral(column, carrier, dialect);
  if (missing === undefined) return `the input \`${column.name}\`: its missing value can't be held as its column is`;
  const reference = { sql: dialect.quoteName(column.name), column, carrier };
  const outside = failing(column.range, reference, dialect);
  const range = outside === 'never' ? null : conditionSql(outside, reference);
  return {
    reference,
    value: constants?.has(column.name)
      ? () => `CAST(${missing ?? 'NULL'} AS ${dialect.nullable(typeName(carrier, dialect))})`
      : valueSql(carrier, missing, dialect),
    invalid: [...(range === null ? [] : [range]), ...fractions(reference, dialect)],
  };
}

function valueSql(carrier: Carrier, missing: string | null, dialect: Dialect): (name: string) => string {
  if (carrier.kind === 'double') {
    const otherwise = missing === null ? '' : ` ELSE ${missing}`;
    return (name) => `CASE WHEN ${dialect.isFinite(name)} THEN ${name}${otherwise} END`;
  }
  return (name) => (missing === null ? name : `COALESCE(${name}, ${missing})`);
}

/** What is no whole number in a column of whole numbers. */
function fractions({ sql, column, carrier }: Reference, dialect: Dialect): string[] {
  if (column.type !== 'integer') return [];
  if (carrier.kind === 'double') return [`${sql} <> FLOOR(${sql})`];
  return carrier.kind === 'exact' && carrier.scale > 0 ? [dialect.isFraction(sql)] : [];
}

/** Null where nothing stands for NULL; undefined where no value of the carrier means the same. */
function missingLiteral({ missing, ...column }: Column, carrier: Carrier, dialect: Dialect): string | null | undefined {
  if (missing === null) return null;
  if (typeof missing === 'string') return carrier.kind === 'text' ? dialect.quoteText(missing) : undefined;
  if (typeof missing === 'boolean') return carrier.kind === 'boolean' ? (missing ? 'TRUE' : 'FALSE') : undefined;
  if (carrier.kind !== 'double' && carrier.kind !== 'exact') return undefined;
  if (carrier.kind === 'exact') {
    const { least, most } = limits(carrier);
    const fits = missing.gt(least) && missing.lte(most) && missing.mod(unit(carrier.scale)).eq(0);
    return fits ? numberLiteral(missing, carrier, dialect) : undefined;
  }
  return meansTheSame(missing, { missing, ...column }) ? dialect.double(String(Number(missing.toString()))) : undefined;
}

/** Whether the nearest double is normalised to what the decimal is normalised to. */
function meansTheSame(missing: Big, column: Column): boolean {
  const a = normalise(missing, column);
  const b = normalise(Number(missing.toString()), column);
  return a.ok && b.ok && a.value !== null && b.value !== null && compare(a.value, b.value) === 0;
}
