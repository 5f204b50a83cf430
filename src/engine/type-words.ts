import type { ResultColumn } from '../model/ports.ts';

const integers = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|UHUGEINT)$/;

/** The kind of a result column from the engine's name of its type. Dates, lists and structs are `other`. */
export function kindOf(sql: string): ResultColumn['kind'] {
  if (sql === 'DOUBLE' || sql === 'FLOAT') return 'number';
  if (integers.test(sql)) return 'integer';
  if (/^DECIMAL(\(\d+,\d+\))?$/.test(sql)) return 'decimal';
  if (sql === 'BOOLEAN') return 'boolean';
  if (sql === 'VARCHAR' || sql === 'JSON' || /^ENUM\((?!.*\)\[)/.test(sql)) return 'text';
  if (/^TIMESTAMP(_S|_MS|_NS| WITH TIME ZONE)?$/.test(sql)) return 'timestamp';
  return sql === 'INTERVAL' ? 'interval' : 'other';
}

/** An engine's type as an analyst would say it: `text (VARCHAR)`. */
export function typeWords(sql: string): string {
  const type = sql.trim().replace(/^type\s+/, '');
  if (type === 'INTEGER_LITERAL') return 'a whole number';
  if (type === 'STRING_LITERAL') return 'a text';
  if (/^(STRUCT|MAP|UNION)\b/.test(type) && !type.endsWith(']')) return `a ${type.split(/[(\s]/)[0]?.toLowerCase()}`;
  if (type.endsWith(']')) return `a list (${type})`;
  if (type === 'DATE') return 'a date (DATE)';
  const words: Record<ResultColumn['kind'], string> = {
    number: 'a number',
    integer: 'a whole number',
    decimal: 'a decimal',
    boolean: 'true or false',
    text: 'text',
    timestamp: 'a time',
    interval: 'a duration',
    other: '',
  };
  const word = words[kindOf(type)];
  return word === '' ? type : `${word} (${type})`;
}
