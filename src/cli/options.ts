import { type Command, Option } from 'commander';
import type { ExitCode } from './exit.ts';
import type { CommonOptions } from './project.ts';
import type { Terminal } from './terminal.ts';

export type Format = 'pretty' | 'json';

export interface Shared extends CommonOptions {
  readonly format: Format;
  readonly quiet: boolean;
  readonly color: boolean;
  readonly verbose: boolean;
  readonly strict: boolean;
}

/** Makes what a command does when it is called, with a terminal as the options say; its exit code becomes the program's. */
export type Run = (
  work: (terminal: Terminal) => Promise<ExitCode> | ExitCode,
  options: Pick<Shared, 'color' | 'quiet'>,
) => () => Promise<void>;

/** Every command understands these. */
export function addShared(command: Command, formats: readonly string[] = ['pretty', 'json']): Command {
  return command
    .addOption(new Option('--root <dir>', 'the project; default: the nearest folder upwards that has sops/'))
    .addOption(new Option('--format <format>', 'how results are printed').choices(formats).default(formats[0]))
    .addOption(new Option('--as-of <date>', 'judge review dates and known gaps as of this day; default: today, UTC'))
    .addOption(new Option('--strict', 'warnings count as errors').default(false))
    .addOption(new Option('--verbose', 'say more').default(false))
    .addOption(new Option('--quiet', 'no narration on stderr').default(false))
    .addOption(new Option('--no-cache', 'parse and bind everything anew'))
    .addOption(new Option('--no-color', 'no colours'));
}

/** Commands that can look at the SQL of SOPs understand these. */
export function addSql(command: Command): Command {
  return command
    .addOption(
      new Option('--sql', 'also try slips in the SQL: each costs a run of the cases that reach it').default(false),
    )
    .addOption(new Option('--time-limit <duration>', 'with --sql: begin nothing after that long, such as 10m'));
}

/** Commands that read data files understand these. */
export function addData(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--table <name=file>',
        'a market table: CSV, Parquet, JSON, FIX log, DuckDB file (FILE#TABLE); name@mapping=file states the format; repeat it for more',
      )
        .default([])
        .argParser(collect),
    )
    .addOption(
      new Option('--map <mapping>', 'read the files of its table by this mapping; repeat it for more')
        .default([])
        .argParser(collect),
    )
    .addOption(
      new Option(
        '--contract <symbol=size>',
        'contract size of a symbol, with ,inverse for inverse contracts; repeat it',
      )
        .default([])
        .argParser(collect),
    );
}

export function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}
