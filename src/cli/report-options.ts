import { type Command, Option } from 'commander';
import { nearest } from '../text/nearest.ts';
import { UsageError } from './exit.ts';
import type { Shared } from './options.ts';

/** What results are printed as. `github` speaks to the log of a run of GitHub Actions, so it is no file. */
export const reportFormats = ['pretty', 'json', 'junit', 'sarif', 'markdown', 'github'] as const;

export type ReportFormat = (typeof reportFormats)[number];

export type FileFormat = Exclude<ReportFormat, 'github'>;

/** `--report FORMAT=FILE`. The path is the caller's own. */
export interface ReportTarget {
  readonly format: FileFormat;
  readonly file: string;
}

export interface Reporting extends Omit<Shared, 'format'> {
  readonly format: ReportFormat;
  readonly report: readonly ReportTarget[];
}

export function addReports(command: Command): Command {
  return command.addOption(
    new Option(
      '--report <format=file>',
      'also write the results to a file: junit, sarif, markdown, json, pretty; repeat it',
    )
      .default([])
      .argParser(parseReport),
  );
}

function parseReport(entry: string, earlier: readonly ReportTarget[]): ReportTarget[] {
  const at = entry.indexOf('=');
  const format = entry.slice(0, Math.max(0, at));
  const file = entry.slice(at + 1);
  if (at < 1 || file.trim() === '')
    throw new UsageError(`\`--report ${entry}\`: write FORMAT=FILE, such as junit=reports/sop.xml`);
  const formats = reportFormats.filter((name) => name !== 'github');
  const known = formats.find((name) => name === format);
  if (known === undefined) {
    const [near] = nearest(format, formats);
    const hint = near === undefined ? `there are: ${formats.join(', ')}` : `did you mean \`${near}\`?`;
    const why = format === 'github' ? 'annotations are read from the log: use `--format github`' : hint;
    throw new UsageError(`\`--report ${entry}\`: a file cannot be \`${format}\`; ${why}`);
  }
  return [...earlier, { format: known, file }];
}
