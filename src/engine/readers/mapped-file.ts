import type { Contract, Mapping } from '../../model/mapping.ts';
import type { ColumnSql, TableShape } from '../../model/ports.ts';
import { quoteName, quoteText } from '../quote.ts';
import { keepCorrected } from './corrections-sql.ts';
import { asText, columnSql, conditionSql, valueSql } from './expression-sql.ts';
import { nameInFile } from './pattern.ts';
import { isHeadless, type RawFile, type RawRelation, rawRelation } from './raw-relation.ts';
import type { Scope, Value } from './scope.ts';

/** A file that a mapping turns into a market table. */
export interface Mapped {
  readonly mapping: Mapping;
  readonly path: string;
  readonly raw: RawRelation;
  readonly headless: boolean;
  readonly contracts: readonly Contract[];
}

type MappedResult = { readonly ok: true; readonly value: Mapped } | { readonly ok: false; readonly detail: string };

export function mappedFile(
  mapping: Mapping,
  path: string,
  file: RawFile,
  contracts: readonly Contract[],
): MappedResult {
  for (const { value } of mapping.columns) {
    if (value.kind !== 'file_name' || nameInFile(path, value.pattern) !== undefined) continue;
    const detail = `the mapping \`${mapping.name}\` takes part of the file's name, which must be like \`${value.pattern}\` ({} is the part, * anything)`;
    return { ok: false, detail };
  }
  const raw = rawRelation(mapping, file);
  if (!raw.ok) return raw;
  return { ok: true, value: { mapping, path, raw: raw.value, headless: isHeadless(mapping, file), contracts } };
}

/** True where the mapping gives the column a value. */
export function givesColumn({ mapping }: Mapped, name: string): boolean {
  const column = mapping.columns.find((column) => column.name === name);
  return (
    column !== undefined &&
    !(column.value.kind === 'value' && column.value.text === null && column.value.none === undefined)
  );
}

/** A SELECT that gives the columns of `shape` in order, each in its declared type; one that is not mapped is NULL. */
export function mappedSelect(file: Mapped, shape: TableShape): string {
  const { mapping, raw } = file;
  const scope = (target: string, symbol: string | null): Scope => ({
    path: file.path,
    table: shape.name,
    target,
    symbol,
    column: (name): Value => {
      const value = raw.values.get(name);
      if (value === undefined) throw new Error(`the raw column ${name} was not read`);
      return value;
    },
  });
  const own = mapping.columns.find((column) => column.name === 'symbol');
  const symbol = own === undefined ? null : asText(valueSql(own.value, scope('symbol', null)));
  const items = shape.columns.map((column) => {
    const mapped = mapping.columns.find((candidate) => candidate.name === column.name);
    const value =
      mapped === undefined
        ? `CAST(NULL AS ${column.sql})`
        : columnSql(mapped.value, column.sql satisfies ColumnSql, scope(column.name, symbol));
    return `${value} AS ${quoteName(column.name)}`;
  });
  const conditions = mapping.where.map((condition) => conditionSql(condition, scope('where', symbol)));
  const filter = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const rows = mapping.corrections === null ? `(${raw.sql})` : keepCorrected(mapping.corrections, raw, filter);
  const join = ` LEFT JOIN ${contractList(file.contracts)} ON k.symbol = ${symbol ?? 'NULL'}`;
  return `SELECT ${items.join(', ')} FROM ${rows} AS r${usesContracts(items) ? join : ''}${mapping.corrections === null ? filter : ''}`;
}

function usesContracts(items: readonly string[]): boolean {
  return items.some((item) => item.includes('k.size') || item.includes('k.inverse'));
}

function contractList(contracts: readonly Contract[]): string {
  const rows = contracts.map(
    ({ symbol, size, inverse }) => `(${quoteText(symbol)}, ${Number(size)}::DOUBLE, ${inverse === true})`,
  );
  const none = '(NULL::VARCHAR, NULL::DOUBLE, NULL::BOOLEAN)';
  return `(VALUES ${rows.length === 0 ? none : rows.join(', ')}) AS k(symbol, size, inverse)`;
}
