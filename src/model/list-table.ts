import { sqlTime } from '../text/time.ts';
import type { DeskList } from './desk-list.ts';
import type { MarketTable } from './library.ts';
import type { TableColumn, TableData } from './ports.ts';

export const listColumns: readonly TableColumn[] = [
  { name: 'key', sql: 'VARCHAR' },
  { name: 'reason', sql: 'VARCHAR' },
  { name: 'approver', sql: 'VARCHAR' },
  { name: 'valid_from', sql: 'TIMESTAMP' },
  { name: 'valid_to', sql: 'TIMESTAMP' },
];

/** What SQL and cases know of a list. Entries of one key never overlap, so no two of them start together. */
export function listTable(name: string): MarketTable {
  return {
    name,
    description: 'a list of the desk: keys with reason, approver and the time for which each entry holds',
    columns: listColumns,
    key: ['key', 'valid_from'],
    required: ['key', 'reason', 'approver', 'valid_from'],
    values: new Map(),
  };
}

/** The entries as the engine takes them. */
export function listRows({ name, entries }: DeskList): TableData {
  return {
    kind: 'rows',
    table: name.value,
    columns: listColumns.map((column) => column.name),
    rows: entries.map(({ key, reason, approver, validFrom, validTo }) => [
      key.value,
      reason,
      approver,
      sqlTime(validFrom.value),
      validTo === null ? null : sqlTime(validTo.value),
    ]),
  };
}
