import { join } from 'node:path';
import { writeAtomically } from '../../host/disk-store.ts';
import type { TableShape } from '../../model/ports.ts';
import { type Backtest, type BacktestOptions, backtest, type Label } from '../../replay/backtest.ts';
import { evaluate, type Request } from '../../replay/evaluate.ts';
import { proveSample, type TimeSample } from '../../replay/prove-sample.ts';
import type { Source } from '../../replay/source.ts';
import { isTimeColumn } from '../../replay/subjects.ts';
import { csv } from '../../report/csv.ts';
import { jsonAlert, jsonBacktest } from '../../report/json-backtest.ts';
import { jsonCheck } from '../../report/json-check.ts';
import { prettyBacktest } from '../../report/pretty-backtest.ts';
import { prettyDiagnostic } from '../../report/pretty-diagnostic.ts';
import { secondsOf } from '../../text/time.ts';
import { existing, historyLimits, openOrRefuse, readAll, requireColumns, requireName } from '../data-files.ts';
import { namedTables } from '../data-tables.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { checkFloors, type Run } from './backtest-run.ts';

/** Decides on history and compares the alerts with labels. */
export async function againstLabels(run: Run): Promise<ExitCode> {
  const { target, flags, terminal, engine, desk } = run;
  const options = readOptions(run);
  if (flags.table.length === 0 || flags.labels === undefined) {
    throw new UsageError(
      'a back-test needs `--table NAME=FILE` and `--labels FILE` (or `--signals FILE --expect disposition=COLUMN`)',
    );
  }
  const labels = await readLabels(run, flags.labels, options.by);
  terminal.say(`reading ${flags.table.join(', ')}\n`);
  const given = await namedTables(flags, run, engine);
  const names = new Set(given.map((data) => data.table));
  const data = await openOrRefuse(
    engine,
    [...run.tables.filter((table) => names.has(table.name)), ...run.shared.tables],
    [...given, ...run.shared.content],
    { views: run.shared.views, covered: run.tables.filter((table) => !names.has(table.name)) },
  );
  for (const name of data.covered) names.add(name);
  const shapes = run.tables.filter((table) => names.has(table.name));
  const source: Source = { data, shapes, given: names, complete: false };
  const request: Request = { provided: [], limits: historyLimits(), label: 'this data', from: null, asOf: null };
  const evaluated = await evaluate(target, source, request);
  const size = wholeNumber('--sample', flags.sample);
  const sample = evaluated.ok
    ? await proveSample(target, source, evaluated.value, request, { size, seed: options.seed })
    : noSample;
  await data.close();
  if (!evaluated.ok) {
    if (flags.format === 'json')
      terminal.out(`${JSON.stringify(jsonCheck(1, [evaluated.diagnostic], run.files), null, 2)}\n`);
    else terminal.out(prettyDiagnostic(evaluated.diagnostic, run.files, terminal.page));
    return exitCodes.findings;
  }
  for (const warning of evaluated.warnings) terminal.say(prettyDiagnostic(warning, run.files, terminal.page));
  const result = backtest(target, desk, evaluated.value, labels, options);
  const { unavailable } = evaluated.value;
  const json = jsonBacktest(result, target, options, unavailable, sample);
  if (flags.format === 'json') terminal.out(`${JSON.stringify(json, null, 2)}\n`);
  else {
    const told = sample.diagnostics.map((diagnostic) => prettyDiagnostic(diagnostic, run.files, terminal.page));
    const figures = prettyBacktest(result, target, options, unavailable, sample, flags.verbose, terminal.page);
    terminal.out([...told, figures].join('\n'));
  }
  if (flags.out !== undefined) await writeLists(flags.out, result, json, run);
  if (sample.changed > 0 || (result.rows === 0 && unavailable.size > 0)) return exitCodes.findings;
  return checkFloors(
    flags.floor,
    { precision: result.precision, recall: result.recall, f1: result.f1, near_f1: result.near?.f1 ?? null },
    terminal,
  );
}

const noSample: TimeSample = { tried: 0, changed: 0, diagnostics: [] };

function readOptions({ target: { sop }, flags, from }: Run): BacktestOptions {
  if (sop.at === null || sop.alert === null) {
    throw new UsageError(
      `\`${sop.id.value}\` has no \`${sop.at === null ? 'at:' : 'alert:'}\` in its front-matter: without it decisions do not become alerts. Add for example \`at: ts\` and \`alert: {from: investigate, by: [symbol], quiet: 30m}\``,
    );
  }
  const by = (flags.by ?? sop.alert.by.map((place) => place.value).join(',')).split(',').map((name) => name.trim());
  const columns = sop.subject.columns.map((column) => column.name);
  const strange = by.find((name) => !columns.includes(name));
  if (strange !== undefined) {
    throw new UsageError(`\`--by ${strange}\` is no column of the subject; there are: ${columns.join(', ')}`);
  }
  return {
    by,
    withinSeconds: seconds('--within', flags.within),
    nearSeconds: flags.near === undefined ? null : seconds('--near', flags.near),
    from,
    seed: wholeNumber('--seed', flags.seed),
  };
}

async function writeLists(
  folder: string,
  result: Backtest,
  json: ReturnType<typeof jsonBacktest>,
  { target, terminal }: Run,
): Promise<void> {
  const missed = json.missed.map((entry) => ({
    ...entry,
    closest: entry.closest === null ? '' : `${entry.closest.disposition}: ${entry.closest.why}`,
  }));
  const alerts = (list: Backtest['alertList']) => csv(list.map((alert) => flatAlert(jsonAlert(alert, target))));
  await writeAtomically(join(folder, 'backtest.json'), `${JSON.stringify(json, null, 2)}\n`);
  await writeAtomically(join(folder, 'missed.csv'), csv(missed));
  await writeAtomically(join(folder, 'false-alarms.csv'), alerts(result.falseAlarms));
  await writeAtomically(join(folder, 'alerts.csv'), alerts(result.alertList));
  terminal.say(`wrote ${folder}/backtest.json, missed.csv, false-alarms.csv, alerts.csv\n`);
}

function flatAlert({ subject, signals, ...rest }: ReturnType<typeof jsonAlert>): Record<string, string | number> {
  return { ...subject, ...rest, ...signals };
}

async function readLabels({ target, flags, engine }: Run, file: string, by: readonly string[]): Promise<Label[]> {
  requireName('--match', flags.match);
  const names = [...new Set([...by, flags.match])];
  const isTime = (name: string) => name === flags.match || isTimeColumn(name, target.sop);
  const shape: TableShape = {
    name: 'labels',
    key: [],
    columns: names.map((name) => ({ name, sql: isTime(name) ? 'TIMESTAMP' : 'VARCHAR' })),
  };
  const data = await openOrRefuse(engine, [shape], [{ kind: 'files', table: 'labels', absolute: [existing(file)] }]);
  requireColumns(data, shape, file);
  const rows = await readAll(data, shape);
  await data.close();
  return rows.map((row, index) => {
    const at = row[names.indexOf(flags.match)];
    if (typeof at !== 'number') throw new UsageError(`row ${index + 1} of ${file} has no time in \`${flags.match}\``);
    return { by: by.map((name) => row[names.indexOf(name)] ?? null), at, row: index + 1 };
  });
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
