import type { CheckedSop } from '../../check/checked.ts';
import type { Desk, Library } from '../../model/library.ts';
import type { SqlEngine } from '../../model/ports.ts';
import type { SharedData } from '../../replay/shared-data.ts';
import type { SourceFile } from '../../text/source.ts';
import type { DataFlags } from '../data-tables.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import type { Shared } from '../options.ts';
import type { Terminal } from '../terminal.ts';

export interface BacktestFlags extends Shared, DataFlags {
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
  readonly sample: string;
}

/** A back-test as both kinds of it need it. */
export interface Run {
  readonly target: CheckedSop;
  readonly flags: BacktestFlags;
  readonly terminal: Terminal;
  readonly engine: SqlEngine;
  readonly desk: Desk;
  readonly tables: Library['tables'];
  readonly mappings: Library['mappings'];
  /** The lists and views that the SOP reads. */
  readonly shared: SharedData;
  readonly from: string;
  readonly files: ReadonlyMap<string, SourceFile>;
}

/** `f1=0.8`: the build fails where the figure is lower, or could not be computed. */
export function checkFloors(
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
