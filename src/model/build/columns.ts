import { type Diagnostic, diagnose } from '../../diagnostics/diagnostic.ts';
import type { Cell, Row, Section, Table } from '../../syntax/markdown.ts';
import { nearest, onlyNearest } from '../../text/nearest.ts';

/** A row of a table whose columns have fixed names. */
export interface NamedRow<C extends string> {
  readonly cells: Readonly<Record<C, Cell>>;
  readonly row: Row;
  /** Under headings of the author's own, where the table may have some. */
  readonly others: readonly OtherCell[];
}

export interface OtherCell {
  readonly heading: Cell;
  readonly cell: Cell;
}

export interface Columns<C extends string> {
  readonly all: readonly C[];
  readonly optional?: readonly C[];
  /** Further columns are the author's own, unless they look like a slip. */
  readonly open?: boolean;
}

/** The first table of a section, or a diagnostic that says what belongs there. */
export function tableOf(section: Section, columns: Columns<string>, found: Diagnostic[]): Table | undefined {
  const [first] = columns.all;
  const table = firstTable(section, (corner) => corner.toLowerCase() === first?.toLowerCase(), found);
  if (table === undefined) {
    found.push(diagnose('SOP211', section.heading.span, { section: section.heading.value, columns: columns.all }));
  }
  return table;
}

/** Further tables are for readers; one that looks as if it were compiled too is a mistake. */
export function firstTable(
  section: Section,
  looksCompiled: (corner: string) => boolean,
  found: Diagnostic[],
): Table | undefined {
  const [table, ...others] = section.blocks.filter((block) => block.kind === 'table');
  for (const other of others) {
    if (!looksCompiled(other.header[0]?.text ?? '')) continue;
    found.push(diagnose('SOP231', other.header[0]?.span ?? other.span, { section: section.heading.value }));
  }
  return table;
}

/** Rows by column name. A column that is missing makes the table unreadable; optional ones read as empty cells. */
export function readRows<C extends string>(
  table: Table,
  section: string,
  columns: Columns<C>,
  found: Diagnostic[],
): NamedRow<C>[] {
  if (table.source.trimEnd().split(/\r\n|\n|\r/).length <= 2) {
    found.push(diagnose('SOP229', table.header[0]?.span ?? table.span, { section }));
  }
  const { places, others } = placesOf(table.header, columns, found);
  const missing = columns.all.filter((column) => !places.has(column) && !columns.optional?.includes(column));
  for (const column of missing)
    found.push(diagnose('SOP212', table.header[0]?.span ?? table.span, { section, column, columns: columns.all }));
  if (missing.length > 0) return [];
  return table.rows.map((row) => {
    const empty: Cell = { text: '', span: { ...row.span, end: row.span.start } };
    // Why the cast: every column of `all` gets its entry here.
    const cells = Object.fromEntries(
      columns.all.map((name) => [name, row.cells[places.get(name) ?? -1] ?? empty]),
    ) as Record<C, Cell>;
    return { cells, row, others: others.map(([heading, index]) => ({ heading, cell: row.cells[index] ?? empty })) };
  });
}

interface Places<C extends string> {
  readonly places: ReadonlyMap<C, number>;
  readonly others: readonly (readonly [heading: Cell, index: number])[];
}

function placesOf<C extends string>(header: readonly Cell[], columns: Columns<C>, found: Diagnostic[]): Places<C> {
  const places = new Map<C, number>();
  const others = new Map<string, readonly [Cell, number]>();
  header.forEach((cell, index) => {
    const name = columns.all.find((column) => column.toLowerCase() === cell.text.toLowerCase());
    const near = nearest(cell.text, columns.all);
    const isOther = name === undefined && columns.open === true && cell.text !== '' && near.length === 0;
    if ((name !== undefined && places.has(name)) || (isOther && others.has(cell.text)))
      found.push(diagnose('SOP209', cell.span, { section: name ?? cell.text }));
    else if (name !== undefined) places.set(name, index);
    else if (isOther) others.set(cell.text, [cell, index]);
    else {
      const only = onlyNearest(cell.text, columns.all);
      const edits = only === undefined ? [] : [{ span: cell.span, text: only }];
      found.push(diagnose('SOP213', cell.span, { column: cell.text, near, columns: columns.all }, { edits }));
    }
  });
  return { places, others: [...others.values()] };
}

/** `-`, `–`, `—` and an empty cell all say: nothing here. */
export function isBlank(text: string): boolean {
  return /^[-–—]?$/.test(text.trim());
}
