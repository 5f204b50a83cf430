import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { FileContent, ResolvedPath, Store } from '../model/ports.ts';
import type { Git } from './git.ts';
import type { GitObjects } from './git-objects.ts';
import type { TreeFile } from './git-tree.ts';
import type { PresentFiles } from './present-files.ts';
import type { PrivateFolder } from './private-folder.ts';
import { byCodePoint, decodeText, limitFor } from './text-file.ts';

export interface RevisionParts {
  readonly files: ReadonlyMap<string, TreeFile>;
  readonly git: Git;
  readonly objects: GitObjects;
  /** The project's files as they are now: most are as they were, and need not be written again. */
  readonly present: PresentFiles;
  readonly folder: PrivateFolder;
  readonly remark: (text: string) => void;
}

/** A commit as a store. Texts are read from git; data files, which SQL opens by name, are written into a private folder. */
export function createRevisionStore(parts: RevisionParts): Store {
  const { files, objects } = parts;
  const data = new Map<string, Promise<ResolvedPath>>();
  const refuse = (): Promise<never> => Promise.reject(new Error('what is committed is not written to'));
  return {
    list: async (folder) => [...files.keys()].filter((path) => path.startsWith(`${folder}/`)).sort(byCodePoint),
    read: async (path): Promise<FileContent | undefined> => {
      const file = files.get(path);
      if (file === undefined) {
        const isFolder = [...files.keys()].some((other) => other.startsWith(`${path}/`));
        return isFolder ? { kind: 'unreadable', reason: 'it is a folder' } : undefined;
      }
      if (file.kind === 'link') return { kind: 'unreadable', reason: 'it is a symbolic link' };
      const limit = limitFor(path);
      if (file.size > limit) return { kind: 'too_large', bytes: file.size, limit };
      const content = await objects.read(file.id);
      return content === undefined ? { kind: 'unreadable', reason: 'git does not have it' } : decodeText(content);
    },
    write: refuse,
    remove: refuse,
    take: refuse,
    resolveInside: async (folder, path) => {
      if (path.startsWith('/') || path.split(/[\\/]/).includes('..')) return { kind: 'outside' };
      const full = [...folder.split('/'), ...path.split('/')].filter((part) => part !== '' && part !== '.').join('/');
      const file = files.get(full);
      if (file === undefined) return { kind: 'missing' };
      // What it leads to need not be committed; on disk such a link is followed, here nobody knows where to.
      if (file.kind === 'link') {
        parts.remark(`\`${full}\` was a symbolic link, which is not followed`);
        return { kind: 'missing' };
      }
      const resolved = data.get(full) ?? placeData(file, parts);
      data.set(full, resolved);
      return resolved;
    },
  };
}

async function placeData(file: TreeFile, parts: RevisionParts): Promise<ResolvedPath> {
  const same = await parts.present.withContent(file.path, file.id);
  if (same !== undefined) return { kind: 'file', absolute: same };
  const pointer = file.size < 1024 ? readPointer(await parts.objects.read(file.id)) : undefined;
  if (pointer !== undefined) return placeLarge(file, pointer, parts);
  const absolute = placeFor(file, parts.folder);
  const output = openSync(absolute, 'wx', 0o600);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      const child = parts.git.start(['cat-file', 'blob', file.id], output);
      child.on('error', reject);
      child.on('close', resolve);
      child.stdin?.end();
    });
    if (code !== 0) throw new Error(`git could not give ${file.path} of the base`);
  } finally {
    closeSync(output);
  }
  return { kind: 'file', absolute };
}

/** Git LFS keeps large files elsewhere, and their SHA-256 in the commit. */
function readPointer(content: Buffer | undefined): string | undefined {
  return /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(?:.+\n)*?oid sha256:([0-9a-f]{64})\n/.exec(
    content?.toString('latin1') ?? '',
  )?.[1];
}

async function placeLarge(file: TreeFile, digest: string, { present, remark }: RevisionParts): Promise<ResolvedPath> {
  const found = await present.large(file.path, digest);
  if (found !== undefined) return { kind: 'file', absolute: found };
  remark(
    `\`${file.path}\` is kept by Git LFS, and its content of that time is not here; \`git lfs fetch\` with the id of the base brings it`,
  );
  return { kind: 'missing' };
}

/** Under its own name, as far as that is harmless: what reads it goes by the ending. */
function placeFor({ path, id }: TreeFile, folder: PrivateFolder): string {
  const name = (path.split('/').at(-1) ?? '').replace(/[^A-Za-z0-9._-]/g, '_').slice(-100);
  return join(folder.make(createHash('sha256').update(`${id} ${path}`).digest('hex').slice(0, 16)), name);
}
