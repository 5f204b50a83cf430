import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { StagedFolder, Store } from '../model/ports.ts';
import { writeAtomically } from './disk-store.ts';

const name = '.staging';

/**
 * A folder whose files are replaced together: `base` on disk, `folder` in the paths of the store. Its `.staging` is there while that
 * lasts, and is left by a process that was killed.
 */
export function createStagedFolder(base: string, folder: string, store: Store): StagedFolder {
  const staging = join(base, name);
  return {
    state: () => stateOf(staging),
    replace: async (write, remove, last) => {
      if (write.length === 0 && remove.length === 0 && (await stateOf(staging)) === 'settled') {
        const before = await store.read(last.path);
        if (before?.kind === 'text' && before.text === last.text) return 'done';
      }
      await mkdir(base, { recursive: true });
      if (!(await take(base, staging))) return 'busy';
      for (const [at, { text }] of write.entries()) await writeAtomically(join(staging, String(at)), text);
      for (const [at, { path }] of write.entries()) await store.take(`${folder}/${name}/${at}`, path);
      for (const path of remove) {
        await store.remove(path);
        await removeEmpty(dirname(join(base, path.slice(folder.length + 1))), base);
      }
      await store.write(last.path, last.text);
      await rm(staging, { recursive: true, force: true });
      return 'done';
    },
  };
}

async function stateOf(staging: string): Promise<'settled' | 'interrupted' | 'busy'> {
  const owner = await ownerOf(staging);
  if (owner === 'none') return 'settled';
  return owner === 'alive' ? 'busy' : 'interrupted';
}

/** Whose folder it is: a process of this machine that runs, or nobody any more. */
async function ownerOf(staging: string): Promise<'none' | 'alive' | 'gone'> {
  const there = await readdir(staging).catch(() => undefined);
  if (there === undefined) return 'none';
  try {
    const { pid, host } = JSON.parse(await readFile(join(staging, 'owner.json'), 'utf8')) as Record<string, unknown>; // ours, or it throws below
    return host === hostname() && typeof pid === 'number' && pid !== process.pid && isRunning(pid) ? 'alive' : 'gone';
  } catch {
    return 'gone';
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Makes `.staging` in one step, with its owner in it; what a killed process left is put aside first. False: another one is at work. */
async function take(base: string, staging: string): Promise<boolean> {
  await clear(base);
  const own = join(base, `${name}-${randomUUID()}`);
  await mkdir(own);
  await writeFile(join(own, 'owner.json'), JSON.stringify({ pid: process.pid, host: hostname() }));
  for (let attempt = 0; attempt < 3; attempt++) {
    if (
      await rename(own, staging).then(
        () => true,
        () => false,
      )
    )
      return true;
    if ((await ownerOf(staging)) === 'alive') break;
    const aside = join(base, `${name}-${randomUUID()}`);
    await rename(staging, aside).catch(() => undefined);
    await rm(aside, { recursive: true, force: true });
  }
  await rm(own, { recursive: true, force: true });
  return false;
}

/** What killed processes had not yet made theirs. */
async function clear(base: string): Promise<void> {
  for (const entry of await readdir(base)) {
    if (!entry.startsWith(`${name}-`)) continue;
    if ((await ownerOf(join(base, entry))) !== 'alive') await rm(join(base, entry), { recursive: true, force: true });
  }
}

async function removeEmpty(folder: string, base: string): Promise<void> {
  for (let at = folder; at !== base && at.startsWith(base); at = dirname(at)) {
    const removed = await rmdir(at).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}
