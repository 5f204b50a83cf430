import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseCsv } from '../../src/syntax/parse-csv.ts';

/** The figures of `sop backtest --format json`, by the command's own schema. */
export interface Figures {
  readonly alerts: number;
  readonly labels: number;
  readonly true_positives: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly intervals: { readonly f1: readonly [number, number] };
}

export interface Result extends Figures {
  readonly rows: number;
  readonly undecided: number;
  readonly invalid: number;
  readonly near: Figures;
}

export function backtest(id: string, flags: readonly string[]): Result {
  const text = execFileSync(
    process.execPath,
    ['dist/sop.mjs', 'backtest', id, ...flags, '--format', 'json', '--quiet'],
    { encoding: 'utf8', maxBuffer: 1e9 },
  );
  return JSON.parse(text) as Result; // the command's own schema describes it
}

export function rows(file: string): Record<string, string>[] {
  const [[header, ...body]] = parseCsv(file, readFileSync(file, 'utf8'));
  const names = header?.cells.map((cell) => cell.text) ?? [];
  return body.map(({ cells }) => Object.fromEntries(names.map((name, index) => [name, cells[index]?.text ?? ''])));
}
