import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { CheckedLibrary, CheckedSop } from '../../check/checked.ts';
import { type Compiled, compileForData } from '../../compile.ts';
import { compareSops, decidesAsBefore } from '../../replay/compare-sops.ts';
import { jsonCompare } from '../../report/json-compare.ts';
import { prettyCompare } from '../../report/pretty-compare.ts';
import { existing } from '../data-files.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import type { Shared } from '../options.ts';
import { openProject, requireIds } from '../project.ts';
import type { Terminal } from '../terminal.ts';
import { withFile } from '../with-file.ts';
import { showErrors } from './show-errors.ts';

/** Compares the decisions of two texts of one SOP. Each is an id (as it stands in the project), a file, or `-`. */
export async function compare(before: string, after: string, flags: Shared, terminal: Terminal): Promise<ExitCode> {
  if (before === '-' && after === '-') throw new UsageError('only one of the two texts can come from stdin (`-`)');
  const project = openProject(flags);
  try {
    const current = await compileForData(project);
    const { library, sops } = current.checked;
    const texts = [before, after].map((stated) => textOf(stated, current.checked));
    const target = targetOf([before, after], texts, sops);
    const sides: CheckedSop[] = [];
    for (const text of texts) {
      const compiled = text === null ? current : await compileForData(withFile(project, target.sop.path, text));
      const side = soundSop(compiled, target.sop.path);
      if (side === null) return showErrors(errorsIn(compiled, target.sop.path), compiled.files, flags, terminal);
      sides.push(side);
    }
    const [one, other] = sides;
    if (one === undefined || other === undefined) throw new Error('unreachable: there are two texts');
    const found = compareSops(one, other, library.desk);
    if (flags.format === 'json') terminal.out(`${JSON.stringify(jsonCompare(found), null, 2)}\n`);
    else terminal.out(prettyCompare(found, flags.verbose, terminal.page));
    return decidesAsBefore(found) ? exitCodes.clean : exitCodes.findings;
  } finally {
    await project.engine.close();
  }
}

/** Null: as it stands in the project. */
function textOf(stated: string, { sops }: CheckedLibrary): string | null {
  if (sops.some(({ sop }) => sop.id.value === stated)) return null;
  if (stated === '-') {
    const piped = readText(0, 'stdin');
    if (piped.trim() === '')
      throw new UsageError('nothing was piped in for `-`: does what stands before the `|` print a SOP.md?');
    return piped;
  }
  if (!/[./\\]/.test(stated))
    requireIds(
      [stated],
      sops.map(({ sop }) => sop.id.value),
    );
  existing(stated);
  return readText(stated, stated);
}

/** A SOP is a few kilobytes; a device or a log that somebody names by mistake may have no end. */
const mostBytes = 1_000_000;

/** The text of a file or a pipe. */
function readText(from: string | number, stated: string): string {
  const file = typeof from === 'number' ? from : openSync(from, 'r');
  const bytes = Buffer.alloc(mostBytes + 1);
  let length = 0;
  try {
    if (fstatSync(file).isDirectory())
      throw new UsageError(`${stated} is a folder; name the SOP.md in it, or a SOP by its id`);
    for (let read = 1; read > 0 && length <= mostBytes; length += read)
      read = readSync(file, bytes, length, bytes.length - length, null);
  } finally {
    if (file !== from) closeSync(file);
  }
  if (length > mostBytes) throw new UsageError(`${stated} is longer than ${mostBytes} bytes; a SOP is not`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length));
  } catch {
    throw new UsageError(`${stated} is no UTF-8 text; save it as UTF-8`);
  }
}

/** The SOP that both texts are of: by an id among them, else by the id that a text states. */
function targetOf(
  stated: readonly string[],
  texts: readonly (string | null)[],
  sops: readonly CheckedSop[],
): CheckedSop {
  const ids = texts.map((text, place) =>
    text === null ? stated[place] : /^---\r?\n[\s\S]*?^id:\s*["']?([\w-]+)/m.exec(text)?.[1],
  );
  const [one, other] = ids;
  if (one !== undefined && other !== undefined && one !== other)
    throw new UsageError(`these are two SOPs, \`${one}\` and \`${other}\`; two texts of one SOP can be compared`);
  const id = one ?? other;
  const target = sops.find(({ sop }) => sop.id.value === id);
  if (target === undefined)
    throw new UsageError(
      id === undefined
        ? 'neither text states the `id` of a SOP'
        : `the project has no SOP \`${id}\`, so there is nothing to compile these texts in`,
    );
  return target;
}

function soundSop({ checked }: Compiled, path: string): CheckedSop | null {
  const found = checked.sops.find(({ sop }) => sop.path === path);
  return found?.sound === true ? found : null;
}

function errorsIn({ diagnostics }: Compiled, path: string) {
  return diagnostics.filter(({ level, span }) => level === 'error' && span.path === path);
}
