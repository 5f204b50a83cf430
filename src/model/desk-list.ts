import type { Located, Span } from '../text/source.ts';
import type { MarketTable } from './library.ts';
import type { TableColumn, TableData } from './ports.ts';
import { sqlTime } from './time.ts';

/** Exemptions, watch-lists: `sops/lists/<name>.csv`. */
export interface DeskList {
  readonly path: string;
  /** The file's name; its span is the header line. */
  readonly name: Located<string>;
  readonly entries: readonly ListEntry[];
}

/** Holds from `validFrom` on and before `validTo`, both in microseconds since 1970 UTC; null is open-ended. */
export interface ListEntry {
  readonly key: Located<string>;
  readonly reason: string;
  readonly approver: string;
  readonly validFrom: Located<number>;
  readonly validTo: Located<number> | null;
  readonly span: Span;
}

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
