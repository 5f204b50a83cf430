import { createHash } from 'node:crypto';
import { closeSync, constants, createReadStream, fstatSync, openSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { configPath } from '../model/config.ts';
import type { Store } from '../model/ports.ts';
import type { GitObjects } from './git-objects.ts';
import type { TreeFile } from './git-tree.ts';
import { byCodePoint } from './text-file.ts';

/** The project's files as they are now, to be compared with a commit's. */
export interface PresentFiles {
  /** Where the file lies, if it has this content: a git id. */
  withContent(path: string, id: string): Promise<string | undefined>;
  /** The same by the content's SHA-256; also among what Git LFS has stored. */
  large(path: string, digest: string): Promise<string | undefined>;
}

/** Texts up to here are compared without their line ends. */
const longestText = 5_000_000;

/** `gitFolder` is where the repository keeps its own files. */
export function openPresentFiles(root: string, gitFolder: string): PresentFiles {
  const inside = (path: string) => join(root, ...path.split('/'));
  return {
    withContent: async (path, id) => ((await gitId(inside(path), id.length)) === id ? inside(path) : undefined),
    large: async (path, digest) => {
      const stored = join(gitFolder, 'lfs', 'objects', digest.slice(0, 2), digest.slice(2, 4), digest);
      for (const candidate of [inside(path), stored])
        if ((await digestOf(candidate, createHash('sha256'), '')) === digest) return candidate;
      return undefined;
    },
  };
}

/** Paths of either side whose content differs, ends of lines aside: what is checked out may have got others. */
export async function changedFiles(
  root: string,
  now: Store,
  files: ReadonlyMap<string, TreeFile>,
  objects: GitObjects,
): Promise<readonly string[]> {
  const stated = (await now.read(configPath)) === undefined ? [] : [configPath];
  const paths = new Set([...(await now.list('sops')), ...stated, ...files.keys()]);
  const changed: string[] = [];
  for (const path of [...paths].sort(byCodePoint)) {
    const file = files.get(path);
    const absolute = join(root, ...path.split('/'));
    if (file === undefined || !(await isSame(absolute, file, objects))) changed.push(path);
  }
  return changed;
}

async function isSame(absolute: string, file: TreeFile, objects: GitObjects): Promise<boolean> {
  if (file.kind === 'link') return linkId(absolute, file.id.length) === file.id;
  if ((await gitId(absolute, file.id.length)) === file.id) return true;
  if (file.size > longestText) return false;
  const now = readPlain(absolute);
  const then = now === undefined ? undefined : await objects.read(file.id);
  if (now === undefined || then === undefined) return false;
  const digest = /\noid sha256:([0-9a-f]{64})\n/.exec(file.size < 1024 ? then.toString('latin1') : '')?.[1];
  if (digest !== undefined && createHash('sha256').update(now).digest('hex') === digest) return true;
  return !now.includes(0) && withoutReturns(now) === withoutReturns(then);
}

function withoutReturns(bytes: Buffer): string {
  return bytes.toString('latin1').replaceAll('\r\n', '\n');
}

/** The id that git gives to the content of a plain file; undefined where there is none. */
function gitId(absolute: string, digits: number): Promise<string | undefined> {
  return digestOf(absolute, hashFor(digits), 'blob');
}

function hashFor(digits: number) {
  return createHash(digits === 64 ? 'sha256' : 'sha1');
}

function linkId(absolute: string, digits: number): string | undefined {
  try {
    const target = readlinkSync(absolute, 'buffer');
    return hashFor(digits).update(`blob ${target.length}\0`).update(target).digest('hex');
  } catch {
    return undefined;
  }
}

async function digestOf(
  absolute: string,
  hash: ReturnType<typeof createHash>,
  head: 'blob' | '',
): Promise<string | undefined> {
  const file = openPlain(absolute);
  if (file === undefined) return undefined;
  try {
    const { size } = fstatSync(file);
    if (head !== '') hash.update(`${head} ${size}\0`);
    if (size <= 1_000_000) return hash.update(readFileSync(file)).digest('hex');
    for await (const chunk of createReadStream(absolute, { fd: file, autoClose: false })) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } finally {
    closeSync(file);
  }
}

function readPlain(absolute: string): Buffer | undefined {
  const file = openPlain(absolute);
  if (file === undefined) return undefined;
  try {
    return fstatSync(file).size > longestText ? undefined : readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** No link is followed, and no pipe or device is opened. */
function openPlain(absolute: string): number | undefined {
  try {
    const file = openSync(absolute, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if (fstatSync(file).isFile()) return file;
    closeSync(file);
  } catch {
    // it is not there, or cannot be read: it has no content
  }
  return undefined;
}
