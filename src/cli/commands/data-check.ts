import { basename } from 'node:path';
import { compileForData } from '../../compile.ts';
import type { Library } from '../../model/library.ts';
import type { Contract } from '../../model/mapping.ts';
import type { SqlEngine } from '../../model/ports.ts';
import type { DataSurveyor, TableFacts } from '../../model/survey.ts';
import { judgeTable, notChecked } from '../../replay/data-check/check-data.ts';
import type { CheckedTable } from '../../replay/data-check/checked-table.ts';
import { fillable } from '../../replay/data-check/fillable.ts';
import { jsonDataCheck } from '../../report/json-data-check.ts';
import { prettyDataCheck } from '../../report/pretty-data-check.ts';
import { existing, historyLimits } from '../data-files.ts';
import {
  contractsOf,
  type DataFlags,
  type FileData,
  namedTables,
  noMapping,
  readFileAs,
  splitFile,
} from '../data-tables.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import type { Shared } from '../options.ts';
import { openProject } from '../project.ts';
import type { Terminal } from '../terminal.ts';

type Engine = SqlEngine & DataSurveyor;

/** Looks through data files before an SOP does, and says which signals they can fill. */
export async function dataCheck(
  files: readonly string[],
  flags: Shared & DataFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  if (files.length === 0 && flags.table.length === 0)
    throw new UsageError('name the files: `sop data check FILE…`, or `sop data check --table trades=FILE`');
  const project = openProject(flags);
  try {
    const { checked } = await compileForData(project);
    const { library } = checked;
    for (const name of flags.map)
      if (!library.mappings.some((mapping) => mapping.name === name))
        throw new UsageError(noMapping(name, null, library.mappings));
    const given = await namedTables(flags, library, project.engine);
    const contracts = contractsIn(given) ?? (await contractsOf(flags, [], library, project.engine));
    const bare: FileData[] = [];
    for (const file of files) bare.push(...(await bareFile(file, flags, library, contracts, project.engine)));
    const told: CheckedTable[] = [];
    const all = [...given, ...bare];
    for (const name of [...new Set(all.map((data) => data.table))].sort()) {
      terminal.say(`reading ${name}\n`);
      const facts = await factsOf(
        name,
        all.filter((data) => data.table === name),
        library,
        project,
      );
      told.push({ facts, findings: judgeTable(facts), notChecked: notChecked(facts) });
    }
    const fills = await fillable(
      checked,
      told.map((table) => table.facts),
      project.engine,
    );
    if (flags.format === 'json') terminal.out(`${JSON.stringify(jsonDataCheck(told, fills), null, 2)}\n`);
    else terminal.out(prettyDataCheck(told, fills, flags.verbose, terminal.page));
    return told.some((table) => table.findings.length > 0) ? exitCodes.findings : exitCodes.clean;
  } finally {
    await project.engine.close();
  }
}

function contractsIn(given: readonly FileData[]): readonly Contract[] | undefined {
  return given[0]?.reading?.contracts;
}

async function factsOf(
  name: string,
  content: readonly FileData[],
  library: Library,
  { engine, today }: { readonly engine: Engine; readonly today: string },
): Promise<TableFacts> {
  const table = library.tables.find((candidate) => candidate.name === name);
  if (table === undefined) throw new Error(`no table ${name}`);
  const { values, description: _, required, ...shape } = table;
  const request = { shape, content, values: Object.fromEntries(values), required, now: Date.parse(today) * 1000 };
  const result = await engine.survey(request, historyLimits());
  if (result.ok) return result.value;
  const { file, column, detail } = result.problem;
  const where = column === undefined ? '' : `, column \`${column}\``;
  throw new UsageError(`${file === '' ? `the data of \`${name}\`` : file}${where}: ${detail ?? 'it can not be read'}`);
}

/** A file without a table's name: a mapping that fits, the file's own name, or its columns say which table it is. */
async function bareFile(
  file: string,
  flags: DataFlags,
  library: Library,
  contracts: readonly Contract[],
  engine: Engine,
): Promise<FileData[]> {
  const { path } = splitFile(file);
  const absolute = existing(path);
  const asked = library.mappings.filter((mapping) => flags.map.includes(mapping.name));
  if (asked.length > 0) {
    return [...new Set(asked.map((mapping) => mapping.table))].map((table) =>
      readFileAs(table, null, file, flags, library, contracts),
    );
  }
  const looked = await engine.look(
    absolute,
    { mappings: library.mappings, stated: false, contracts: [] },
    historyLimits(),
  );
  if (!looked.ok) throw new UsageError(`${file}: ${looked.problem.detail ?? 'it can not be read'}`);
  const fitting = library.mappings.filter((mapping) => looked.value.mappings.includes(mapping.name));
  const tables =
    fitting.length > 0
      ? [...new Set(fitting.map((mapping) => mapping.table))]
      : guessTable(file, looked.value.columns, library);
  if (tables.length === 0) {
    const has = looked.value.columns.slice(0, 12).join(', ');
    throw new UsageError(
      `which table is ${file}? Say it with \`--table NAME=${file}\`${has === '' ? '' : ` (its columns: ${has})`}`,
    );
  }
  return tables.map((table) => readFileAs(table, null, file, flags, library, contracts));
}

function guessTable(file: string, columns: readonly string[], library: Library): string[] {
  const inside = splitFile(file).inside;
  const name = (inside ?? basename(file)).toLowerCase();
  const named = library.tables.filter((table) => name === table.name || new RegExp(`^${table.name}[^a-z_]`).test(name));
  const [longest] = named.sort((a, b) => b.name.length - a.name.length);
  if (longest !== undefined) return [longest.name];
  const own = columns.map((column) => column.toLowerCase());
  const scored = library.tables
    .filter((table) => table.required.every((key) => own.includes(key)))
    .map((table) => ({ table, score: table.columns.filter((column) => own.includes(column.name)).length }))
    .filter(({ score }) => score >= 3 && score >= own.length * 0.8)
    .sort((a, b) => b.score - a.score);
  const [best, second] = scored;
  return best === undefined || best.score === second?.score ? [] : [best.table.name];
}
