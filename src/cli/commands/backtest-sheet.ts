import { join } from 'node:path';
import { writeAtomically } from '../../host/disk-store.ts';
import type { TableShape } from '../../model/ports.ts';
import type { RawValue } from '../../model/value.ts';
import { compareSheet, type SheetRow } from '../../replay/answer-sheet.ts';
import { signalColumns } from '../../replay/evaluate.ts';
import { csv } from '../../report/csv.ts';
import { jsonSheet } from '../../report/json-backtest.ts';
import { prettySheet } from '../../report/pretty-backtest.ts';
import { existing, openOrRefuse, readAll, requireColumns, requireName } from '../data-files.ts';
import { type ExitCode, UsageError } from '../exit.ts';
import { checkFloors, type Run } from './backtest-run.ts';

/** Decides on a sheet of signal values and compares with its answers. */
export async function againstSheet(run: Run, file: string): Promise<ExitCode> {
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
  // A value of a segment stands under the name of the column that gives it.
  const segment = target.segmentation?.column ?? null;
  const asked = [...expected.map((entry) => entry.column), ...(segment === null ? [] : [segment])];
  const columns = [...new Set([...signals, ...asked])];
  const shape: TableShape = { name: 'sheet', key: [], columns: columns.map((name) => ({ name, sql: 'VARCHAR' })) };
  const data = await openOrRefuse(run.engine, [shape], [{ kind: 'files', table: 'sheet', absolute: [existing(file)] }]);
  requireColumns(data, { ...shape, columns: asked.map((name) => ({ name, sql: 'VARCHAR' })) }, file);
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
      segment: segment === null ? null : text(row, segment),
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
