import { noCache } from '../../host/disk-cache.ts';
import { createDiskStore } from '../../host/disk-store.ts';
import { loadLibrary } from '../../model/load-library.ts';
import { padEnd, wrap } from '../../report/layout.ts';
import { nearest } from '../../text/nearest.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import type { Shared } from '../options.ts';
import { openProject } from '../project.ts';
import type { Terminal } from '../terminal.ts';

/** Lists the market tables that SQL and cases may use, the desk's own among them; with a name, the columns of one. */
export async function tables(name: string | undefined, options: Shared, terminal: Terminal): Promise<ExitCode> {
  const { root } = openProject(options);
  const [{ library }] = await loadLibrary(createDiskStore(root), noCache);
  const ordered = [...library.tables].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (options.format === 'json') {
    const shown = ordered.filter((table) => name === undefined || table.name === name);
    terminal.out(
      `${JSON.stringify({ version: 1, tables: shown.map(({ values, ...table }) => ({ ...table, values: Object.fromEntries(values) })) }, null, 2)}\n`,
    );
    return exitCodes.clean;
  }
  if (name === undefined) {
    for (const table of ordered) terminal.out(`${padEnd(table.name, 20)} ${table.description}\n`);
    terminal.say('`sop tables NAME` lists the columns of one.\n');
    return exitCodes.clean;
  }
  const table = ordered.find((candidate) => candidate.name === name);
  if (table === undefined) {
    const names = ordered.map((candidate) => candidate.name);
    const [near] = nearest(name, names);
    throw new UsageError(
      `there is no market table \`${name}\`${near === undefined ? `; there are: ${names.join(', ')}` : `; did you mean \`${near}\`?`}`,
    );
  }
  terminal.out(`${table.name}: ${table.description}\n\n`);
  for (const { name: column, sql } of table.columns) {
    const values = table.values.get(column);
    const [first = '', ...rest] = wrap(
      [...(table.required.includes(column) ? ['required'] : []), ...(values ?? [])].join(', '),
      terminal.page.columns - 44,
    );
    terminal.out(`${`  ${padEnd(column, 24)} ${padEnd(sql, 15)} ${first}`.trimEnd()}\n`);
    for (const line of rest) terminal.out(`${' '.repeat(43)}${line}\n`);
  }
  terminal.out(`\nA row is known by ${table.key.join(', ')}.\n`);
  return exitCodes.clean;
}
