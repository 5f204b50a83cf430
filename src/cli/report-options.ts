import { type Command, Option } from 'commander';
import { nearest } from '../text/nearest.ts';
import { UsageError } from './exit.ts';
import type { Shared } from './options.ts';

/** What results are printed as. `github` speaks to the log of a run of GitHub Actions, so it is no file. */
export const reportFormats = ['pretty', 'json', 'junit', 'sarif', 'markdown', 'github'] as const;

export type ReportFormat = (typeof reportFormats)[number];

/** What `sop`, `sop check` and `sop test` write to files. */
export const fileFormats = ['junit', 'sarif', 'markdown', 'json', 'pretty'] as const;

export type FileFormat = (typeof fileFormats)[number];

/** What `sop coverage` writes to files. On a page of the log it is text, JSON, or text with annotations. */
export const coverageFormats = ['stryker', 'json', 'pretty'] as const;

export const coveragePages = ['pretty', 'json', 'github'] as const;

export type CoverageFormat = (typeof coverageFormats)[number];

/** `--report FORMAT=FILE`. The path is the caller's own. */
export interface ReportTarget<Format extends string = FileFormat> {
  readonly format: Format;
  readonly file: string;
  /** An option of its own that stands for `--report FORMAT=`. */
  readonly option?: string;
}

export interface Reporting extends Omit<Shared, 'format'> {
  readonly format: ReportFormat;
  readonly report: readonly ReportTarget[];
}

/** Lets a command write its results to files of these formats, as many as wanted. */
export function addReports(command: Command, formats: readonly string[]): Command {
  const told = `also write the results to a file: ${formats.join(', ')}; repeat it`;
  return command.addOption(
    new Option('--report <format=file>', told).default([]).argParser(
      (entry: string, earlier: readonly ReportTarget<string>[]) => [...earlier, parseReport(entry, formats)],
    ),
  ); // biome-ignore format: one thought
}

function parseReport(entry: string, formats: readonly string[]): ReportTarget<string> {
  const at = entry.indexOf('=');
  const format = entry.slice(0, Math.max(0, at));
  const file = entry.slice(at + 1);
  if (at < 1 || file.trim() === '')
    throw new UsageError(`\`--report ${entry}\`: write FORMAT=FILE, such as ${formats[0]}=reports/sop.${formats[0]}`);
  if (!formats.includes(format)) {
    const [near] = nearest(format, formats);
    const hint = near === undefined ? `there are: ${formats.join(', ')}` : `did you mean \`${near}\`?`;
    const why = format === 'github' ? 'annotations are read from the log: use `--format github`' : hint;
    throw new UsageError(`\`--report ${entry}\`: a file cannot be \`${format}\`; ${why}`);
  }
  return { format, file };
}
