import type { CheckedSop } from '../../check/checked.ts';
import type { RawType } from '../../decision/sql/carrier.ts';
import type { Dialect } from '../../decision/sql/dialects.ts';
import { type DecisionSql, emitDecision } from '../../decision/sql/emit-decision.ts';

/**
 * The decision of a SOP without errors as SQL over a table that has the subject's columns and one column a signal, as the SOP's
 * own queries return them. Parameters stand in it with their `Value`; a SOP whose parameters differ by segment is refused.
 */
export function sopSql({ sop, logic, groups, segmentation }: CheckedSop, dialect: Dialect, from: string): DecisionSql {
  if (segmentation !== null)
    return {
      ok: false,
      reasons: [`its parameters differ by segment (${segmentation.by}): one SELECT has one value each`],
    };
  const types = new Map<string, RawType>();
  for (const { group, bound } of groups) {
    const names = new Set(group.signals.map((signal) => signal.name.value));
    for (const { name, sql } of bound?.columns ?? []) {
      const type = names.has(name) ? rawType(sql) : undefined;
      if (type !== undefined) types.set(name, type);
    }
  }
  const constants = new Set(sop.parameters.map((parameter) => parameter.name.value));
  const keep = sop.subject.columns.map((column) => column.name);
  const [first = '', ...rest] = from.split('.');
  return emitDecision(logic, dialect, { from: [first, ...rest], keep, types, constants });
}

/** A type of DuckDB; undefined where the declared type tells how the column is held. */
function rawType(sql: string): RawType | undefined {
  const [, precision, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(sql) ?? [];
  if (precision !== undefined) return { precision: Number(precision), scale: Number(scale) };
  if (sql === 'DOUBLE' || sql === 'FLOAT') return 'double';
  if (/^U?HUGEINT$|^UBIGINT$/.test(sql)) return { precision: 38, scale: 0 };
  return /^U?(TINY|SMALL|BIG)?INT(EGER)?$/.test(sql) ? 'bigint' : undefined;
}
