import { ownParameters } from '../check/binder.ts';
import type { Reads } from '../check/checked.ts';
import type { DeskList } from '../model/desk-list.ts';
import { listRows, listTable } from '../model/list-table.ts';
import type { TableData, TableShape, ViewShape } from '../model/ports.ts';
import type { View } from '../model/view.ts';

/** What SQL reads beside market data: the desk's lists as they are, but for those that a case gives itself, and views. */
export interface SharedData {
  readonly tables: readonly TableShape[];
  readonly content: readonly TableData[];
  readonly views: readonly ViewShape[];
}

export function sharedData(reads: Reads, lists: readonly DeskList[], given: readonly string[]): SharedData {
  const real = lists.filter(({ name }) => reads.tables.includes(name.value) && !given.includes(name.value));
  return {
    tables: real.map(({ name }) => listTable(name.value)),
    content: real.map(listRows),
    views: reads.views.map(viewShape),
  };
}

function viewShape({ name, columns, key, sql, parameters }: View): ViewShape {
  return {
    name: name.value,
    columns: columns.map((column) => ({ name: column.name.value, sql: column.sql })),
    key: key.map((column) => column.value),
    query: { sql: sql.text, parameters: ownParameters(parameters) },
  };
}
