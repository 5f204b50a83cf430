import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codes, isCode } from '../../diagnostics/registry.ts';
import { nearest } from '../../text/nearest.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { packageFolder } from '../package-folder.ts';
import type { Terminal } from '../terminal.ts';

/** Prints the page of a diagnostic; without a code, the list of all of them. */
export function explain(code: string | undefined, terminal: Terminal): ExitCode {
  if (code === undefined) {
    for (const [name, { title, level }] of Object.entries(codes))
      terminal.out(`${name}  ${level.padEnd(7)}  ${title}\n`);
    return exitCodes.clean;
  }
  const wanted = /^\d+$/.test(code) ? `SOP${code}` : code.toUpperCase();
  if (!isCode(wanted)) {
    // Codes that differ in a digit mean other things: only a slip in the letters has one likely answer.
    const near = /^SOP\d+$/.test(wanted) ? [] : nearest(wanted, Object.keys(codes));
    throw new UsageError(
      `there is no diagnostic \`${code}\`${near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '; `sop explain` lists them all'}`,
    );
  }
  terminal.out(readFileSync(join(packageFolder(), 'docs', 'diagnostics', `${wanted}.md`), 'utf8'));
  return exitCodes.clean;
}
