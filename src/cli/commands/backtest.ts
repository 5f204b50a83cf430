import { existsSync, realpathSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import type { CheckedSop } from '../../check/checked.ts';
import { compile } from '../../compile.ts';
import { writeAtomically } from '../../host/disk-store.ts';
import type { DataProblem, DataSet, Limits, SqlEngine, TableData, TableShape } from '../../model/ports.ts';
import { secondsOf } from '../../model/time.ts';
import type { RawValue } from '../../model/value.ts';
import { compareSheet, type SheetRow } from '../../replay/answer-sheet.ts';
import { type BacktestOptions, type Label, backtest as runBacktest } from '../../replay/backtest.ts';
import { evaluate, signalColumns } from '../../replay/evaluate.ts';
import { csv } from '../../report/csv.ts';
import { jsonAlert, jsonBacktest, jsonSheet } from '../../report/json-backtest.ts';
import { prettyBacktest, prettySheet } from '../../report/pretty-backtest.ts';
import { prettyDiagnostic, prettyDiagnostics } from '../../report/pretty-diagnostic.ts';
import { nearest } from '../../text/nearest.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import type { Shared } from '../options.ts';
import { openProject, requireIds } from '../project.ts';
import type { Terminal } from '../terminal.ts';

export interface BacktestFlags extends Shared {
  readonly table: readonly string[];
  readonly labels?: string;
  readonly match: string;
  readonly within: string;
  readonly near?: string;
  readonly by?: string;
  readonly from?: string;
  readonly signals?: string;
  readonly expect: readonly string[];
  readonly floor: readonly string[];
  readonly out?: string;
  readonly seed: string;
}

/** Decides on history and compares with labels; or decides on a sheet of signal values and compares with its answers. */
export async function backtest(id: string, flags: BacktestFlags, terminal: Terminal): Promise<ExitCode> {
  const project = openProject(flags);
  try {
    const { checked, diagnostics, files } = await compile(project);
    requireIds(
      [id],
      checked.library.sops.map((sop) => sop.id.value),
    );
    const target = checked.sops.find((entry) => entry.sop.id.value === id);
    if (target === undefined || !target.sound) {
      const own = diagnostics.filter(
        (diagnostic) => diagnostic.level === 'error' && diagnostic.span.path.startsWith(`sops/${id}/`),
      );
      terminal.out(prettyDiagnostics(own, files, 1, terminal.page));
      return exitCodes.findings;
    }
    const from = flags.from ?? target.sop.alert?.from.value ?? checked.library.desk.dispositions.at(-1) ?? '';
    if (!checked.library.desk.dispositions.includes(from))
      throw new UsageError(
        `\`--from ${from}\` is no disposition; there are: ${checked.library.desk.dispositions.join(', ')}`,
      );
    const run: Run = {
      target,
      flags,
      terminal,
      engine: project.engine,
      desk: checked.library.desk,
      tables: checked.library.tables,
      from,
      files,
    };
    return await (flags.signals === undefined ? againstLabels(run) : againstSheet(run, flags.signals));
  } finally {
    await project.engine.close();
  }
}

interface Run {
  readonly target: CheckedSop;
  readonly flags: BacktestFlags;
  readonly terminal: Terminal;
  readonly engine: SqlEngine;
  readonly desk: Parameters<typeof runBacktest>[1];
  readonly tables: readonly TableShape[];
  readonly from: string;
  readonly files: Parameters<typeof prettyDiagnostic>[1];
}

/** History may be large: an hour, and most of the machine's memory. */
function historyLimits(): Limits {
  return {
    milliseconds: 3_600_000,
    megabytes: Math.max(1_000, Math.floor((totalmem() * 0.7) / 1e6)),
    rows: 50_000_000,
  };
}

async function againstLabels(run: Run): Promise<ExitCode> {
  const { target, flags, terminal, engine, desk } = run;
  const { sop } = target;
  if (sop.at === null || sop.alert === null) {
    throw new UsageError(
      `\`${sop.id.value}\` has no \`${sop.at === null ? 'at:' : 'alert:'}\` in its front-matter: without it decisions do not become alerts. Add for example \`at: ts\` and \`alert: {from: investigate, by: [symbol], quiet: 30m}\``,
    );
  }
  if (flags.table.length === 0 || flags.labels === undefined)
    throw new UsageError(
      'a back-test needs `--table NAME=FILE` and `--labels FILE` (or `--signals FILE --expect disposition=COLUMN`)',
    );
  const by = (flags.by ?? sop.alert.by.map((place) => place.value).join(',')).split(',').map((name) => name.trim());
  const columns = sop.subject.columns.map((column) => column.name);
  for (const name of by)
    if (!columns.includes(name))
      throw new UsageError(`\`--by ${name}\` is no column of the subject; there are: ${columns.join(', ')}`);
  const options: BacktestOptions = {
    by,
    withinSeconds: seconds('--within', flags.within),
    nearSeconds: flags.near === undefined ? null : seconds('--near', flags.near),
    from: run.from,
    seed: wholeNumber('--seed', flags.seed),
  };
  const labels = await readLabels(run, flags.labels, by);
  terminal.say(`reading ${flags.table.join(', ')}\n`);
  const given = tableFiles(flags.table, run.tables);
  const names = new Set(given.map((data) => data.table));
  const data = await openOrRefuse(
    engine,
    run.tables.filter((table) => names.has(table.name)),
    given,
  );
  const evaluated = await evaluate(target, data, [], historyLimits(), 'this data');
  await data.close();
  if (!evaluated.ok) {
    terminal.out(prettyDiagnostic(evaluated.diagnostic, run.files, terminal.page));
    return exitCodes.findings;
  }
  for (const warning of evaluated.warnings) terminal.say(prettyDiagnostic(warning, run.files, terminal.page));
  const result = runBacktest(target, desk, evaluated.value, labels, options);
  const { unavailable } = evaluated.value;
  const json = jsonBacktest(result, target, options, unavailable);
  if (flags.format === 'json') terminal.out(`${JSON.stringify(json, null, 2)}\n`);
  else terminal.out(prettyBacktest(result, target, options, unavailable, flags.verbose, terminal.page));
  if (flags.out !== undefined) {
    await writeAtomically(join(flags.out, 'backtest.json'), `${JSON.stringify(json, null, 2)}\n`);
    await writeAtomically(
      join(flags.out, 'missed.csv'),
      csv(
        json.missed.map((entry) => ({
          ...entry,
          closest: entry.closest === null ? '' : `${entry.closest.disposition}: ${entry.closest.why}`,
        })),
      ),
    );
    await writeAtomically(
      join(flags.out, 'false-alarms.csv'),
      csv(result.falseAlarms.map((alert) => flatAlert(jsonAlert(alert, target)))),
    );
    await writeAtomically(
      join(flags.out, 'alerts.csv'),
      csv(result.alertList.map((alert) => flatAlert(jsonAlert(alert, target)))),
    );
    terminal.say(`wrote ${flags.out}/backtest.json, missed.csv, false-alarms.csv, alerts.csv\n`);
  }
  if (result.rows === 0 && unavailable.size > 0) return exitCodes.findings;
  return checkFloors(
    flags.floor,
    { precision: result.precision, recall: result.recall, f1: result.f1, near_f1: result.near?.f1 ?? null },
    terminal,
  );
}

function flatAlert({ subject, signals, ...rest }: ReturnType<typeof jsonAlert>): Record<string, string | number> {
  return { ...subject, ...rest, ...signals };
}

async function readLabels(run: Run, file: string, by: readonly string[]): Promise<Label[]> {
  const shape: TableShape = {
    name: 'labels',
    key: [],
    columns: [
      ...by.map((name) => ({ name, sql: 'VARCHAR' as const })),
      { name: run.flags.match, sql: 'TIMESTAMP' as const },
    ],
  };
  requireName('--match', run.flags.match);
  const data = await openOrRefuse(
    run.engine,
    [shape],
    [{ kind: 'files', table: 'labels', absolute: [existing(file)] }],
  );
  requireColumns(data, shape, file);
  const rows = await readAll(data, shape);
  await data.close();
  return rows.map((row, index) => {
    const at = row.at(-1);
    if (typeof at !== 'number')
      throw new UsageError(`row ${index + 1} of ${file} has no time in \`${run.flags.match}\``);
    return { by: row.slice(0, -1), at, row: index + 1 };
  });
}

async function againstSheet(run: Run, file: string): Promise<ExitCode> {
  const { target, flags, terminal, desk, from } = run;
  if (flags.expect.length === 0)
    throw new UsageError(
      '`--signals FILE` needs `--expect disposition=COLUMN`: which column holds the expected answer',
    );
  const expected = flags.expect
    .flatMap((entry) => entry.split(','))
    .map((entry) => {
      const [output = '', column = ''] = entry.split('=');
      const outputs = ['rule', ...(target.sop.tables.at(-1)?.outputs.map((place) => place.value) ?? [])];
      if (!outputs.includes(output) || column === '')
        throw new UsageError(
          `\`--expect ${entry}\`: write OUTPUT=COLUMN, where OUTPUT is one of ${outputs.join(', ')}`,
        );
      requireName('--expect', column);
      return { output, column };
    });
  const signals = [...signalColumns(target).keys()];
  const columns = [...new Set([...signals, ...expected.map((entry) => entry.column)])];
  const shape: TableShape = { name: 'sheet', key: [], columns: columns.map((name) => ({ name, sql: 'VARCHAR' })) };
  const data = await openOrRefuse(run.engine, [shape], [{ kind: 'files', table: 'sheet', absolute: [existing(file)] }]);
  requireColumns(data, { ...shape, columns: expected.map(({ column }) => ({ name: column, sql: 'VARCHAR' })) }, file);
  const present = columns.filter((name) => data.files[0]?.present.includes(name));
  const absent = signals.filter((name) => !present.includes(name));
  if (absent.length === signals.length)
    throw new UsageError(`${file} has no column of a signal; the signals are ${signals.join(', ')}`);
  if (absent.length > 0) terminal.say(`not in the file, so taken as missing: ${absent.join(', ')}\n`);
  const rows = await readAll(data, {
    ...shape,
    columns: shape.columns.filter((column) => present.includes(column.name)),
  });
  await data.close();
  const text = (row: readonly RawValue[], name: string) => {
    const value = row[present.indexOf(name)] ?? null;
    return value === null ? null : String(value);
  };
  const sheet = rows.map(
    (row, index): SheetRow => ({
      row: index + 1,
      signals: new Map(signals.filter((name) => present.includes(name)).map((name) => [name, text(row, name)])),
      expected: new Map(expected.map(({ output, column }) => [output, text(row, column)])),
    }),
  );
  const result = compareSheet(target, desk, sheet, from);
  const json = jsonSheet(result, target, from);
  if (flags.format === 'json') terminal.out(`${JSON.stringify(json, null, 2)}\n`);
  else terminal.out(prettySheet(result, target, from, flags.verbose, terminal.page));
  if (flags.out !== undefined) {
    await writeAtomically(join(flags.out, 'backtest.json'), `${JSON.stringify(json, null, 2)}\n`);
    const flat = result.disagreements.map((entry) => ({
      row: entry.row,
      rule: entry.rule ?? '',
      expected: Object.values(entry.expected).join(', '),
      actual: Object.values(entry.actual).join(', '),
    }));
    await writeAtomically(join(flags.out, 'disagreements.csv'), csv(flat));
    terminal.say(`wrote ${flags.out}/backtest.json, disagreements.csv\n`);
  }
  return checkFloors(
    flags.floor,
    { precision: json.precision, recall: json.recall, f1: json.f1, near_f1: null },
    terminal,
  );
}

/** `trades=FILE`, as often as wanted; several files of one table are read as one. */
function tableFiles(stated: readonly string[], tables: readonly TableShape[]): TableData[] {
  const files = new Map<string, string[]>();
  for (const entry of stated) {
    const at = entry.indexOf('=');
    const name = entry.slice(0, Math.max(0, at));
    const known = tables.map((table) => table.name);
    if (at < 1 || at === entry.length - 1)
      throw new UsageError(`\`--table ${entry}\`: write NAME=FILE, such as trades=trades.parquet`);
    if (!known.includes(name))
      throw new UsageError(
        `there is no market table \`${name}\`${nearest(name, known)[0] === undefined ? `; there are: ${known.join(', ')}` : `; did you mean \`${nearest(name, known)[0]}\`?`}`,
      );
    files.set(name, [...(files.get(name) ?? []), existing(entry.slice(at + 1))]);
  }
  return [...files].map(([table, absolute]) => ({ kind: 'files', table, absolute }));
}

function existing(file: string): string {
  if (!existsSync(file)) throw new UsageError(`there is no file ${file}`);
  return realpathSync(file);
}

async function openOrRefuse(
  engine: SqlEngine,
  shapes: readonly TableShape[],
  content: readonly TableData[],
): Promise<DataSet> {
  const opened = await engine.open(shapes, content, { limits: historyLimits(), threads: availableParallelism() });
  if (!opened.ok) throw new UsageError(describe(opened.problem));
  return opened.value;
}

function describe(problem: DataProblem): string {
  const column = problem.column === undefined ? '' : `, column \`${problem.column}\``;
  return `${problem.file === '' ? `the data of \`${problem.table}\`` : problem.file}${column}: ${problem.detail ?? 'it cannot be read'}`;
}

function requireColumns(data: DataSet, shape: TableShape, file: string): void {
  const [found] = data.files;
  for (const { name } of shape.columns) {
    if (found?.present.includes(name)) continue;
    const others = [...(found?.present ?? []), ...(found?.ignored ?? [])];
    throw new UsageError(`${file} has no column \`${name}\`; it has: ${others.join(', ')}`);
  }
}

/** Names from the command line become part of our own SQL, so they must be plain names. */
function requireName(flag: string, name: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_ ]*$/.test(name))
    throw new UsageError(`\`${flag} ${name}\` is no plain column name (letters, digits, _ and spaces)`);
}

async function readAll(data: DataSet, shape: TableShape): Promise<RawValue[][]> {
  const rows: RawValue[][] = [];
  const sql = `SELECT ${shape.columns.map((column) => `"${column.name}"`).join(', ')} FROM ${shape.name}`;
  const result = await data.run({ sql, parameters: [] }, historyLimits(), (batch) => {
    for (let row = 0; row < batch.length; row++) rows.push(batch.columns.map((column) => column[row] ?? null));
  });
  if (!result.ok)
    throw new UsageError(`the ${shape.name} cannot be read: ${result.problem.detail ?? result.problem.reason}`);
  return rows;
}

function seconds(flag: string, text: string): number {
  const value = secondsOf(text);
  if (value === undefined)
    throw new UsageError(`\`${flag} ${text}\` is no duration; write a number and s, m, h or d, such as 2m`);
  return value;
}

function wholeNumber(flag: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`\`${flag} ${text}\` is no whole number`);
  return Number(text);
}

/** `f1=0.8`: the build fails where the figure is lower, or could not be computed. */
function checkFloors(
  floors: readonly string[],
  figures: Readonly<Record<string, number | null>>,
  terminal: Terminal,
): ExitCode {
  let code: ExitCode = exitCodes.clean;
  for (const floor of floors) {
    const [name = '', text = ''] = floor.split('=');
    const least = Number(text);
    if (!(name in figures) || text === '' || !(least >= 0 && least <= 1))
      throw new UsageError(
        `\`--floor ${floor}\`: write ${Object.keys(figures).join(', ')}, and a share, such as f1=0.8`,
      );
    const value = figures[name] ?? null;
    if (value !== null && value >= least) continue;
    terminal.say(`${name} is ${value === null ? 'not known' : value.toFixed(4)}, below the floor ${text}\n`);
    code = exitCodes.findings;
  }
  return code;
}
