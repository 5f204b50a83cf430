import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, realpath, rm } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { writeAtomically } from '../host/disk-store.ts';
import { UsageError } from './exit.ts';
import type { ReportTarget } from './report-options.ts';

/** A file that a report will be written to: it has been tried. */
export interface ReportFile<Format extends string> {
  readonly format: Format;
  readonly absolute: string;
  /** As the caller named it. */
  readonly named: string;
}

/**
 * Tries, before any work, whether each report can be written: its folder is made, and an older report removed. A run that breaks
 * off must not leave the report of an earlier one, which would be read as its own.
 */
export async function openReports<Format extends string>(
  targets: readonly ReportTarget<Format>[],
  root: string,
): Promise<ReportFile<Format>[]> {
  const files: ReportFile<Format>[] = [];
  for (const { format, file, option } of targets) {
    const called = option === undefined ? `--report ${format}=${file}` : `${option} ${file}`;
    const refuse = (why: string) => new UsageError(`\`${called}\`: ${why}`);
    const absolute = await placeOf(resolve(file), refuse);
    refuseOwnFolders(absolute, root, called);
    if (files.some((other) => other.absolute === absolute)) throw refuse('two reports cannot be one file');
    await tryFolder(absolute, refuse);
    files.push({ format, absolute, named: file });
  }
  for (const { absolute } of files) await rm(absolute, { force: true });
  return files;
}

export async function writeReports<Format extends string>(
  files: readonly ReportFile<Format>[],
  textOf: (format: Format) => string | Promise<string>,
  say: (text: string) => void,
): Promise<void> {
  for (const { format, absolute, named } of files) {
    await writeAtomically(absolute, await textOf(format));
    say(`wrote ${named}\n`);
  }
}

/** Nothing is written among SOPs and skills but by the commands that make them. */
export function refuseOwnFolders(absolute: string, root: string, called: string): void {
  const folder = relative(root, absolute).split(sep)[0] ?? '';
  if (folder === 'sops' || folder === 'skills')
    throw new UsageError(`\`${called}\`: \`${folder}/\` holds what the report is about; write it elsewhere`);
}

type Refuse = (why: string) => UsageError;

/** A link is followed: what it points to is replaced, and it stays a link. */
async function placeOf(path: string, refuse: Refuse): Promise<string> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return path;
  const real = await realpath(path).catch(() => {
    throw refuse('this is a link that points to nothing');
  });
  const target = await lstat(real);
  if (target.isDirectory()) throw refuse('a folder stands there');
  if (!target.isFile()) throw refuse('this is no plain file');
  return real;
}

/** Makes the folder, and a file in it for a moment. */
async function tryFolder(absolute: string, refuse: Refuse): Promise<void> {
  const attempt = `${absolute}.${randomUUID()}.tmp`;
  try {
    await mkdir(dirname(absolute), { recursive: true });
    await (await open(attempt, 'wx')).close();
    await rm(attempt, { force: true });
  } catch (error) {
    throw refuse(reasons[codeOf(error)] ?? 'it cannot be written');
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission to write there',
  EPERM: 'no permission to write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left there',
  ENOTDIR: 'a file stands where a folder is needed',
  EEXIST: 'a file stands where a folder is needed',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'its folder cannot be made',
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
