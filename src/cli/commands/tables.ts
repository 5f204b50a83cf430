import { noCache } from '../../host/disk-cache.ts';
import { createDiskStore } from '../../host/disk-store.ts';
import type { MarketTable } from '../../model/library.ts';
import { loadLibrary } from '../../model/load-library.ts';
import { padEnd, printable, widthOf, wrap } from '../../report/layout.ts';
import { nearest } from '../../text/nearest.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import type { Shared } from '../options.ts';
import { openProject } from '../project.ts';
import type { Terminal } from '../terminal.ts';

/** Lists what SQL may read: market tables, the desk's own among them, then its views and lists; with a name, the columns of one. */
export async function tables(name: string | undefined, options: Shared, terminal: Terminal): Promise<ExitCode> {
  const { root } = openProject(options);
  const [{ library }] = await loadLibrary(createDiskStore(root), noCache);
  const byName = (a: MarketTable, b: MarketTable) => (a.name < b.name ? -1 : 1);
  const among = (names: readonly { readonly name: { readonly value: string } }[]) =>
    library.sources.filter((source) => names.some(({ name }) => name.value === source.name)).sort(byName);
  const views = among(library.views);
  const lists = among(library.lists);
  const market = library.sources.filter((source) => !views.includes(source) && !lists.includes(source)).sort(byName);
  const ordered = [...market, ...views, ...lists];
  if (options.format === 'json') {
    const shown = (tables: readonly MarketTable[]) =>
      tables
        .filter((table) => name === undefined || table.name === name)
        .map(({ values, ...table }) => ({ ...table, values: Object.fromEntries(values) }));
    const parts = { version: 1, tables: shown(market), views: shown(views), lists: shown(lists) };
    terminal.out(`${JSON.stringify(parts, null, 2)}\n`);
    return exitCodes.clean;
  }
  if (name === undefined) {
    const width = Math.max(20, ...ordered.map((table) => widthOf(table.name)));
    const show = (tables: readonly MarketTable[]) => {
      for (const table of tables) terminal.out(`${padEnd(table.name, width)} ${printable(table.description)}\n`);
    };
    show(market);
    for (const [heading, part] of [
      ['Views', views],
      ['Lists', lists],
    ] as const) {
      if (part.length > 0) terminal.out(`\n${heading}\n`);
      show(part);
    }
    terminal.say('`sop tables NAME` lists the columns of one.\n');
    return exitCodes.clean;
  }
  const table = ordered.find((candidate) => candidate.name === name);
  if (table === undefined) {
    const names = ordered.map((candidate) => candidate.name);
    const [near] = nearest(name, names);
    throw new UsageError(
      `there is no table, view or list \`${name}\`${near === undefined ? `; there are: ${names.join(', ')}` : `; did you mean \`${near}\`?`}`,
    );
  }
  terminal.out(`${table.name}: ${printable(table.description)}\n\n`);
  for (const { name: column, sql } of table.columns) {
    const values = table.values.get(column);
    const [first = '', ...rest] = wrap(
      [...(table.required.includes(column) ? ['required'] : []), ...(values ?? [])].join(', '),
      terminal.page.columns - 44,
    );
    terminal.out(`${`  ${padEnd(column, 24)} ${padEnd(sql, 15)} ${first}`.trimEnd()}\n`);
    for (const line of rest) terminal.out(`${' '.repeat(43)}${line}\n`);
  }
  if (table.key.length > 0) terminal.out(`\nA row is known by ${table.key.join(', ')}.\n`);
  return exitCodes.clean;
}
