import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { jsonCheck } from '../../report/json-check.ts';
import { prettyDiagnostics } from '../../report/pretty-diagnostic.ts';
import type { SourceFile } from '../../text/source.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import type { Terminal } from '../terminal.ts';
import type { RunFlags } from './run-options.ts';

/** A SOP with errors is not run: what it would do is a guess. */
export function showErrors(
  errors: readonly Diagnostic[],
  files: ReadonlyMap<string, SourceFile>,
  { format }: Pick<RunFlags, 'format'>,
  terminal: Terminal,
): ExitCode {
  if (format === 'json') terminal.out(`${JSON.stringify(jsonCheck(1, errors, files), null, 2)}\n`);
  else terminal.out(prettyDiagnostics(errors, files, 1, terminal.page));
  return exitCodes.findings;
}
