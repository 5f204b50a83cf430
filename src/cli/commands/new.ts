import type { CheckedSop } from '../../check/checked.ts';
import { compile } from '../../compile.ts';
import type { Library, MarketTable } from '../../model/library.ts';
import type { ColumnSql, Store } from '../../model/ports.ts';
import { nearest } from '../../text/nearest.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import type { Shared } from '../options.ts';
import { openProject, requireIds } from '../project.ts';
import type { Terminal } from '../terminal.ts';
import { newSopFiles } from './new-sop.ts';

export interface NewFlags extends Shared {
  readonly title?: string;
  readonly technique?: string;
  readonly kind: 'attack' | 'benign' | 'incident';
  readonly name?: string;
}

/** `sop new sop ID`: a SOP and its cases, green as they stand. */
export async function newSop(id: string, flags: NewFlags, terminal: Terminal): Promise<ExitCode> {
  return withLibrary(flags, async ({ library, store, today }) => {
    requireKebab(id, 'a SOP');
    if (await store.read(`sops/${id}/SOP.md`))
      throw new UsageError(`sops/${id}/SOP.md exists already; nothing was written`);
    const technique = requireTechnique(flags.technique ?? 'WT-01', library);
    const title = flags.title ?? `${id.charAt(0).toUpperCase()}${id.slice(1).replaceAll('-', ' ')}`;
    await writeAll(
      newSopFiles({ id, title, technique, status: 'draft', today }, library.desk, library.taxonomy),
      store,
      terminal,
    );
    terminal.say(
      `\nIt is green as it stands, about self-trades. Change it to your risk. From the first piece on it is red until the cases\nfit again, so replace those early: delete them, and add your own with \`sop new case\`.\n  1. summary, techniques, subject   what is decided, about whom\n  2. Signals                        what you measure, and the SQL for it\n  3. Decision                       which values mean what\n  4. cases/                         an attack that must be found, an innocent to leave alone\n`,
    );
    return exitCodes.clean;
  });
}

/** `sop new case SOP NAME`: a case with the tables that the SOP reads; what it expects is for a person to say. */
export async function newCase(id: string, name: string, flags: NewFlags, terminal: Terminal): Promise<ExitCode> {
  return withLibrary(flags, async ({ library, sops, store }) => {
    requireIds(
      [id],
      library.sops.map((sop) => sop.id.value),
    );
    requireKebab(name, 'a case');
    const checked = sops.find((entry) => entry.sop.id.value === id);
    const other = [...library.cases, ...library.drafts].find((entry) => entry.name.value === name);
    if (other !== undefined || checked === undefined)
      throw new UsageError(`the case \`${name}\` exists already, in ${other?.path ?? ''}; nothing was written`);
    const technique = requireTechnique(flags.technique ?? checked.sop.techniques[0]?.value ?? '', library);
    await writeAll(
      [{ path: `sops/${id}/cases/${name}.yaml`, text: caseText(name, technique, flags.kind, checked, library) }],
      store,
      terminal,
    );
    terminal.say('Fill in what happened, and decide what the SOP must say: it stays red until a person has.\n');
    return exitCodes.clean;
  });
}

/** `sop new technique ID`: an entry at the end of the taxonomy. */
export async function newTechnique(id: string, flags: NewFlags, terminal: Terminal): Promise<ExitCode> {
  return withLibrary(flags, async ({ library, store }) => {
    if (!/^[A-Z]{2}-[0-9]{2}$/.test(id))
      throw new UsageError(
        `\`${id}\` is no id of a technique: two capital letters, a hyphen and two digits, such as WT-08`,
      );
    const path = 'sops/taxonomy.yaml';
    const content = await store.read(path);
    const { techniques, families } = library.taxonomy;
    if (content?.kind !== 'text' || techniques.length === 0)
      throw new UsageError(`${path} is missing or broken: \`sop check\` says more`);
    if (techniques.some((entry) => entry.id.value === id))
      throw new UsageError(`the technique ${id} exists already; nothing was written`);
    const family = id.slice(0, 2);
    if (!families.some((entry) => entry.id === family))
      throw new UsageError(
        `there is no family ${family}; there are: ${families.map((entry) => entry.id).join(', ')}. Add it under \`families\` in ${path} first`,
      );
    const entry = [
      `  - id: ${id}`,
      `    name: ${JSON.stringify(flags.name ?? 'Say what it is called')}`,
      `    family: ${family}`,
      '    what: Say in one sentence what happens.',
      `    markets: [${library.desk.markets.join(', ')}]`,
      '    references: []',
    ];
    await store.write(path, `${content.text.trimEnd()}\n${entry.join('\n')}\n`);
    terminal.out(`${path}: added ${id}\n`);
    terminal.say('Say in its `what` what happens, and keep only the markets in which it can.\n');
    return exitCodes.clean;
  });
}

interface Opened {
  readonly library: Library;
  readonly sops: readonly CheckedSop[];
  readonly store: Store;
  readonly today: string;
}

async function withLibrary(flags: Shared, work: (opened: Opened) => Promise<ExitCode>): Promise<ExitCode> {
  const project = openProject(flags);
  try {
    const { checked } = await compile(project);
    return await work({ library: checked.library, sops: checked.sops, store: project.store, today: project.today });
  } finally {
    await project.engine.close();
  }
}

export async function writeAll(
  files: readonly { path: string; text: string }[],
  store: Store,
  terminal: Terminal,
): Promise<void> {
  for (const { path, text } of files) {
    await store.write(path, text);
    terminal.out(`wrote ${path}\n`);
  }
}

function requireKebab(name: string, what: string): void {
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && name.length <= 64) return;
  const suggestion = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  throw new UsageError(
    `\`${name}\` is no name for ${what}: lower-case words joined by hyphens${suggestion === '' ? '' : `, such as \`${suggestion.slice(0, 64)}\``}`,
  );
}

function requireTechnique(id: string, { taxonomy }: Library): string {
  const known = taxonomy.techniques.map((entry) => entry.id.value);
  if (known.includes(id)) return id;
  const near = nearest(id, known);
  throw new UsageError(
    `\`${id}\` is no technique of sops/taxonomy.yaml${near.length > 0 ? `; did you mean ${near.join(' or ')}?` : ''}`,
  );
}

function caseText(name: string, technique: string, kind: string, checked: CheckedSop, library: Library): string {
  const tables = checked.reads.tables.flatMap((table) => library.tables.find((entry) => entry.name === table) ?? []);
  const views = checked.reads.views.map((view) => view.sql.text);
  const sql = [...checked.groups.map(({ group }) => group.sql?.text ?? ''), ...views].join('\n');
  const market = checked.sop.markets[0]?.value ?? library.desk.markets[0] ?? '';
  const subject = checked.sop.subject.columns.map((column) => `${column.name}: "?"`).join(', ');
  return [
    `case: ${name}`,
    'title: Say what happens, in one line',
    `technique: ${technique}`,
    `market: ${market}`,
    `kind: ${kind}`,
    'source: desk reasoning            # or the incident, paper or regulation that it comes from',
    'given:',
    ...tables.flatMap((table) => [`  ${table.name}:`, `    - {${exampleRow(table, sql)}}`]),
    ...(tables.length === 0 ? ['  provided: []'] : []),
    'expect:                           # whom does it concern, and what must the SOP say? A person decides',
    `  - {${subject}, disposition: "?"}`,
    '',
  ].join('\n');
}

/** The columns that a row of the table can't be without, and those that the SOP's SQL names. */
function exampleRow(table: MarketTable, sql: string): string {
  const needed = new Set([...table.key.filter((name) => name !== 'venue'), ...table.required]);
  return table.columns
    .filter(({ name }) => needed.has(name) || new RegExp(`\\b${name}\\b`).test(sql))
    .map(({ name, sql: type }) => `${name}: ${table.values.get(name)?.[0] ?? exampleOf(type)}`)
    .join(', ');
}

function exampleOf(type: ColumnSql): string {
  if (type === 'TIMESTAMP') return '2026-01-05 10:00:00';
  if (type === 'VARCHAR') return 'x1';
  return type === 'BOOLEAN' ? 'false' : '1';
}
