import { randomUUID } from 'node:crypto';
import { closeSync, constants, type Dirent, fstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { lstat, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { FileContent, ResolvedPath, Store } from '../model/ports.ts';
import { byCodePoint, decodeText, limitFor } from './text-file.ts';

/**
 * The project on disk. Nothing outside `root` is listed or read, through a link either. `called`: all paths begin with this name
 * of the root, as a person gave it.
 */
export function createDiskStore(root: string, called: string | null = null): Store {
  const below = (path: string) => (called === null ? path : path.slice(called.length + 1));
  const inside = (path: string) => join(root, ...below(path).split('/'));
  return {
    list: async (folder) => listFiles(inside(folder), folder).sort(byCodePoint),
    read: (path) => readText(inside(path)),
    write: async (path, text) => {
      await refuseLinks(root, below(path));
      await writeAtomically(inside(path), text);
    },
    remove: async (path) => {
      await refuseLinks(root, below(path));
      await rm(inside(path), { force: true });
    },
    take: async (from, to) => {
      await refuseLinks(root, below(to));
      await mkdir(dirname(inside(to)), { recursive: true });
      await rename(inside(from), inside(to));
    },
    resolveInside: (folder, path) => resolveInside(inside(folder), path),
  };
}

/** A folder that is a link could lead a write anywhere on the machine: links arrive in pull requests too. Refuses a file in the place of a folder, too. */
export async function refuseLinks(root: string, path: string): Promise<void> {
  const folders = path.split('/').slice(0, -1);
  for (let depth = 1; depth <= folders.length; depth++) {
    const folder = join(root, ...folders.slice(0, depth));
    const found = await lstat(folder).catch(() => undefined);
    if (found?.isSymbolicLink()) throw Object.assign(new Error(`${folder} is a link`), { code: 'ELOOP', path: folder });
    if (found?.isDirectory() === false)
      throw Object.assign(new Error(`${folder} is a file`), { code: 'ENOTDIR', path: folder });
  }
}

/** Without waiting in turn for each of hundreds of folders, as in reading; a folder that can't be listed has no files. */
function listFiles(absolute: string, folder: string): string[] {
  return entriesOf(absolute).flatMap((entry) => {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return listFiles(join(absolute, entry.name), path);
    return entry.isFile() || entry.isSymbolicLink() ? [path] : [];
  });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Reading without waiting in turn for each file: a check reads hundreds of small ones, and has nothing else to do. */
async function readText(absolute: string): Promise<FileContent | undefined> {
  let file: number | undefined;
  try {
    // A link could show the text of any file on the machine in a code frame; O_NOFOLLOW also wins the race for it.
    file = openSync(absolute, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const found = fstatSync(file);
    if (!found.isFile())
      return { kind: 'unreadable', reason: found.isDirectory() ? 'it is a folder' : 'it is no plain file' };
    const limit = limitFor(absolute);
    return found.size > limit ? { kind: 'too_large', bytes: found.size, limit } : decodeText(readFileSync(file));
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    return { kind: 'unreadable', reason: reasons[code] ?? 'the system refuses it' };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

const reasons: Record<string, string> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a symbolic link',
  EMLINK: 'it is a symbolic link',
};

/** A reader sees the old file or the new one; a crash leaves at most a file whose name says that it is temporary. */
export async function writeAtomically(absolute: string, text: string): Promise<void> {
  await mkdir(dirname(absolute), { recursive: true });
  // A name that nobody can foresee, made anew: a link that waits there would lead the write anywhere.
  const temporary = `${absolute}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, absolute);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function resolveInside(folder: string, path: string): Promise<ResolvedPath> {
  if (isAbsolute(path) || path.split(/[\\/]/).includes('..')) return { kind: 'outside' };
  const base = await realpath(folder).catch(() => undefined);
  const target = join(folder, ...path.split('/'));
  const real = await realpath(target).catch(() => undefined);
  if (base === undefined || real === undefined) {
    const link = await lstat(target).catch(() => undefined);
    return link?.isSymbolicLink() ? { kind: 'outside' } : { kind: 'missing' };
  }
  const way = relative(base, real);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return { kind: 'outside' };
  return (await stat(real)).isFile() ? { kind: 'file', absolute: real } : { kind: 'missing' };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
