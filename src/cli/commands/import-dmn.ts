import { lstatSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { importDmn } from '../../dmn/import-dmn.ts';
import { mostBytes } from '../../dmn/read-xml.ts';
import { importMarkdown } from '../../dmn/write-markdown.ts';
import { jsonImport } from '../../report/json-import.ts';
import { prettyImport } from '../../report/pretty-import.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import type { Shared } from '../options.ts';
import type { Terminal } from '../terminal.ts';

export interface ImportFlags extends Shared {
  readonly decision?: string;
  readonly out?: string;
}

/** `sop import dmn FILE`: decision tables of another tool as sections of a SOP. What was not taken makes exit code 1. */
export async function importDmnFile(file: string, flags: ImportFlags, terminal: Terminal): Promise<ExitCode> {
  const out = flags.out === undefined ? undefined : resolve(flags.out);
  if (out !== undefined && lstatSync(out, { throwIfNoEntry: false }) !== undefined)
    throw new UsageError(`${flags.out} exists already; nothing was written. Name another file with \`--out\``);
  const read = await importDmn(readBounded(file), flags.decision);
  if (!read.ok) throw new UsageError(`${file} cannot be taken: ${read.why}`);
  const markdown = importMarkdown(read.value);
  if (out !== undefined) writeFileSync(out, markdown, { flag: 'wx' });
  if (flags.format === 'json') terminal.out(`${JSON.stringify(jsonImport(read.value, markdown), null, 2)}\n`);
  else if (out === undefined) terminal.out(markdown);
  else terminal.out(`wrote ${flags.out}\n`);
  terminal.say(prettyImport(read.value, terminal.page));
  return read.value.notTaken.length > 0 ? exitCodes.findings : exitCodes.clean;
}

/** A file that is far too large is not even read. */
function readBounded(file: string): Uint8Array {
  const path = resolve(file);
  const found = statSync(path);
  if (!found.isFile()) throw new UsageError(`${file} is no file`);
  if (found.size > mostBytes)
    throw new UsageError(`${file} cannot be taken: it has ${found.size} bytes; at most ${mostBytes} are read`);
  return readFileSync(path);
}
