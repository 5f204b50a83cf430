import { configPath } from '../model/config.ts';
import type { Git } from './git.ts';

/** A file as a commit holds it. */
export interface TreeFile {
  readonly path: string;
  readonly id: string;
  readonly kind: 'file' | 'link';
  /** Bytes. */
  readonly size: number;
}

export type Tree =
  | {
      readonly ok: true;
      /** By path, relative to the project. */
      readonly files: ReadonlyMap<string, TreeFile>;
      /** Folders that are repositories of their own: a commit names them, and holds nothing of them. */
      readonly submodules: readonly string[];
    }
  /** `incomplete`: objects are not here, in a clone that leaves some out. Else `sops` itself is no folder: what it leads to is not in the commit. */
  | { readonly ok: false; readonly why: 'incomplete' | 'link' | 'submodule' };

/** The files of a commit that a project reads: those below `sops`, and its configuration. Names that the disk store would pass over are passed over here. */
export async function readTree(git: Git, commit: string, prefix: string): Promise<Tree> {
  const listed = await git.run([
    'ls-tree',
    '-r',
    '-z',
    '--full-tree',
    commit,
    '--',
    `${prefix}sops`,
    `${prefix}${configPath}`,
  ]);
  if (listed.code !== 0) return { ok: false, why: 'incomplete' };
  const lines = listed.out.toString('utf8').split('\0');
  const itself = lines.find((line) => line.endsWith(`\t${prefix}sops`));
  if (itself?.startsWith('120000') === true) return { ok: false, why: 'link' };
  if (itself?.startsWith('160000') === true) return { ok: false, why: 'submodule' };
  const entries = lines.flatMap((line) => {
    const [, mode = '', id = '', path = ''] = /^(\d+) \w+ ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? [];
    const own = path.slice(prefix.length);
    const isOurs = path.startsWith(`${prefix}sops/`) || path === `${prefix}${configPath}`;
    return isOurs && isRead(own) ? [{ mode, id, path: own }] : [];
  });
  const submodules = entries.filter(({ mode }) => mode === '160000').map(({ path }) => path);
  const blobs = entries.filter(({ mode }) => mode !== '160000');
  const sizes = await sizesOf(git, [...new Set(blobs.map(({ id }) => id))]);
  const files = new Map<string, TreeFile>();
  for (const { mode, id, path } of blobs) {
    const size = sizes.get(id);
    if (size === undefined) return { ok: false, why: 'incomplete' };
    files.set(path, { path, id, size, kind: mode === '120000' ? 'link' : 'file' });
  }
  return { ok: true, files, submodules };
}

/** Folders of a commit that hold SOPs, wherever they lie; at most three. */
export async function librariesIn(git: Git, commit: string): Promise<readonly string[]> {
  const { code, out } = await git.run(['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit]);
  if (code !== 0) return [];
  const paths = out.toString('utf8').split('\0');
  const folders = paths.flatMap((path) => /^((?:.*\/)?sops)\/[^/]+\/SOP\.md$/.exec(path)?.[1] ?? []);
  return [...new Set(folders)].slice(0, 3).map((folder) => `\`${folder}\``);
}

/** As on disk: what begins with a dot, and installed packages, are no part of a library. */
function isRead(path: string): boolean {
  return !path.split('/').some((part) => part === '' || part.startsWith('.') || part === 'node_modules');
}

async function sizesOf(git: Git, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const { out } = await git.run(['cat-file', '--batch-check'], `${ids.join('\n')}\n`);
  return new Map(
    out
      .toString('latin1')
      .split('\n')
      .flatMap((line) => {
        const [, id, size] = /^([0-9a-f]+) blob (\d+)$/.exec(line) ?? [];
        return id === undefined ? [] : [[id, Number(size)] as const];
      }),
  );
}
