import type { CheckedLibrary, CheckedSop } from '../../check/checked.ts';
import type { SqlEngine } from '../../model/ports.ts';
import { sharedData } from '../../replay/shared-data.ts';
import type { Source } from '../../replay/source.ts';
import { tablesOf } from '../../replay/survey.ts';
import { openOrRefuse } from '../data-files.ts';
import { type DataFlags, namedTables } from '../data-tables.ts';
import { UsageError } from '../exit.ts';
import type { Terminal } from '../terminal.ts';

/** The SOPs that were asked for; all that are not retired where none was. */
export function chooseSops({ sops }: CheckedLibrary, ids: readonly string[]): readonly CheckedSop[] {
  return sops.filter(({ sop }) => (ids.length === 0 ? sop.status.value !== 'retired' : ids.includes(sop.id.value)));
}

/** Opens the files that the caller named once for all SOPs, with the views and lists that these read. */
export async function openSource(
  chosen: readonly CheckedSop[],
  { library }: CheckedLibrary,
  engine: SqlEngine,
  flags: DataFlags,
  terminal: Terminal,
): Promise<Source> {
  if (flags.table.length === 0)
    throw new UsageError('name the data: `--table trades=trades.parquet`, as often as there are tables');
  const files = await namedTables(flags, library, engine);
  const stated = new Set(files.map((data) => data.table));
  const wanted = new Set(['coverage', ...chosen.flatMap(tablesOf)]);
  for (const name of stated) if (!wanted.has(name)) terminal.say(`no SOP of this run reads \`${name}\`\n`);
  const shapes = library.tables.filter((table) => wanted.has(table.name));
  const views = new Map(chosen.flatMap((entry) => entry.reads.views).map((view) => [view.name.value, view]));
  const tables = [...new Set(chosen.flatMap((entry) => entry.reads.tables))];
  const shared = sharedData({ tables, views: [...views.values()], sound: true }, library.lists, []);
  terminal.say(`reading ${flags.table.join(', ')}\n`);
  const data = await openOrRefuse(
    engine,
    [...shapes.filter(({ name }) => stated.has(name)), ...shared.tables],
    [...files.filter((file) => wanted.has(file.table)), ...shared.content],
    { views: shared.views, covered: shapes.filter(({ name }) => !stated.has(name)) },
  );
  const given = new Set([...stated, ...data.covered]);
  return { data, shapes: shapes.filter(({ name }) => given.has(name)), given, complete: false };
}
