import type Big from 'big.js';
import type { Column, Test, TestAtom } from '../logic.ts';
import { type Carrier, numberLiteral } from './carrier.ts';
import { cutAt } from './cut.ts';
import type { Dialect } from './dialects.ts';
import { joined } from './joined.ts';

/**
 * A condition on one column. SQL says NULL, not false, of a NULL: conditions stand where both count alike (`WHEN`), and a
 * negation keeps a NULL a NULL. `never` holds of nothing, `known` of all but NULL, `always` of NULL as well.
 */
export type Condition = 'never' | 'known' | 'always' | Said;

interface Said {
  readonly sql: string;
  /** The negation, where it is shorter than `NOT (…)`. */
  readonly opposite?: string;
}

/** A column as SQL names it. */
export interface Reference {
  readonly sql: string;
  readonly column: Column;
  readonly carrier: Carrier;
}

/** A unary test of a column. */
export function conditionOf(test: Test, reference: Reference, dialect: Dialect): Condition {
  if (test.kind === 'any') return 'always';
  const atoms = test.atoms.flatMap((atom) => (atom.kind === 'null' ? [] : [atomOf(atom, reference, dialect)]));
  const known = anyOf(atoms);
  const onKnown = test.negated ? negated(known) : known;
  const onNull = test.negated ? test.alsoNull : test.atoms.some((atom) => atom.kind === 'null');
  if (!onNull) return onKnown;
  if (onKnown === 'known') return 'always';
  const isNull = `${reference.sql} IS NULL`;
  return onKnown === 'never' ? { sql: isNull } : anyOf([{ sql: isNull }, onKnown]);
}

/** Values that are known and fail the test: those outside a range. */
export function failing(test: Test, reference: Reference, dialect: Dialect): Condition {
  if (test.kind === 'any') return 'never';
  const known = conditionOf({ ...test, alsoNull: false, atoms: withoutNull(test) }, reference, dialect);
  return negated(known);
}

function withoutNull(test: Extract<Test, { kind: 'tests' }>): readonly TestAtom[] {
  return test.atoms.filter((atom) => atom.kind !== 'null');
}

/** SQL of a condition, for `WHEN`. */
export function conditionSql(condition: Condition, reference: Reference): string | null {
  if (condition === 'always') return null;
  if (condition === 'known') return `${reference.sql} IS NOT NULL`;
  return condition === 'never' ? 'FALSE' : condition.sql;
}

function atomOf(atom: Exclude<TestAtom, { kind: 'null' }>, reference: Reference, dialect: Dialect): Condition {
  const from = (bound: Big, orEqual: boolean) => half(bound, orEqual, reference, dialect);
  switch (atom.kind) {
    case 'equal':
      return equal(atom.value, reference, dialect);
    case 'compare':
      if (atom.operator === '>=' || atom.operator === '>') return from(atom.bound, atom.operator === '>=');
      return isNumber(reference) ? negated(from(atom.bound, atom.operator === '<')) : 'never';
    case 'interval': {
      if (!isNumber(reference)) return 'never';
      return both(from(atom.low, atom.lowClosed), negated(from(atom.high, !atom.highClosed)));
    }
  }
}

function isNumber({ carrier }: Reference): boolean {
  return carrier.kind === 'double' || carrier.kind === 'exact';
}

function equal(value: string | boolean | Big, reference: Reference, dialect: Dialect): Condition {
  const { sql, carrier, column } = reference;
  if (typeof value === 'string')
    return carrier.kind === 'text' ? { sql: `${sql} = ${dialect.quoteText(value)}` } : 'never';
  if (typeof value === 'boolean')
    return carrier.kind === 'boolean' ? { sql: `${sql} = ${value ? 'TRUE' : 'FALSE'}` } : 'never';
  if (carrier.kind !== 'double' && carrier.kind !== 'exact') return 'never';
  const low = cutAt(value, true, column, carrier);
  const high = cutAt(value, false, column, carrier);
  if (low.kind === 'from' && high.kind === 'from' && low.at.eq(high.at))
    return low.closed && !high.closed ? { sql: `${sql} = ${numberLiteral(low.at, carrier, dialect)}` } : 'never';
  return both(half(value, true, reference, dialect), negated(half(value, false, reference, dialect)));
}

/** `x >= at` or `x > at`; nothing where the column holds no numbers. */
function half(bound: Big, orEqual: boolean, { sql, carrier, column }: Reference, dialect: Dialect): Condition {
  if (carrier.kind !== 'double' && carrier.kind !== 'exact') return 'never';
  const cut = cutAt(bound, orEqual, column, carrier);
  if (cut.kind !== 'from') return cut.kind === 'all' ? 'known' : 'never';
  const literal = numberLiteral(cut.at, carrier, dialect);
  return cut.closed
    ? { sql: `${sql} >= ${literal}`, opposite: `${sql} < ${literal}` }
    : { sql: `${sql} > ${literal}`, opposite: `${sql} <= ${literal}` };
}

function negated(condition: Condition): Condition {
  if (condition === 'never') return 'known';
  if (condition === 'known' || condition === 'always') return 'never';
  const { sql, opposite } = condition;
  return { sql: opposite ?? `NOT (${sql})`, opposite: sql };
}

function both(a: Condition, b: Condition): Condition {
  if (a === 'never' || b === 'never') return 'never';
  if (a === 'known' || a === 'always') return b;
  if (b === 'known' || b === 'always') return a;
  return { sql: `(${a.sql} AND ${b.sql})` };
}

function anyOf(conditions: readonly Condition[]): Condition {
  if (conditions.some((condition) => condition === 'known')) return 'known';
  const said = conditions.filter((condition) => typeof condition === 'object');
  const [only] = said;
  if (only === undefined) return 'never';
  return said.length === 1
    ? only
    : {
        sql: `(${joined(
          said.map(({ sql }) => sql),
          'OR',
        )})`,
      };
}
