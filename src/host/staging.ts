import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { StagedFolder, Store } from '../model/ports.ts';
import { refuseLinks } from './disk-store.ts';
import { isAlive, isAnotherRunning, ownerOf, ownerText } from './staging-owner.ts';

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
      await refuseInTheWay(base, folder, [...write, last], remove);
      await clear(base);
      const isSettled = write.length === 0 && remove.length === 0 && (await stateOf(staging)) === 'settled';
      if (isSettled && (await isText(store, last))) return 'done';
      await mkdir(base, { recursive: true });
      const taken = await take(base, staging);
      if (taken === 'busy') return 'busy';
      await stage(staging, [...write, last], taken);
      for (const [at, { path }] of write.entries()) await store.take(`${folder}/${name}/${at}`, path);
      for (const path of remove) {
        await store.remove(path);
        await removeEmpty(dirname(join(base, path.slice(folder.length + 1))), base);
      }
      await store.take(`${folder}/${name}/${write.length}`, last.path);
      const done = ownName(base);
      await rename(staging, done); // in one step: nobody takes what is half removed for a build that was cut short
      await rm(done, { recursive: true, force: true });
      return 'done';
    },
  };
}

interface Text {
  readonly path: string;
  readonly text: string;
}

/** What stands in the way is told before anything is made. */
async function refuseInTheWay(
  base: string,
  folder: string,
  files: readonly Text[],
  remove: readonly string[],
): Promise<void> {
  const below = (path: string) => path.slice(folder.length + 1);
  await refuseLinks(dirname(base), `${basename(base)}/x`);
  for (const path of [...files.map((file) => file.path), ...remove]) await refuseLinks(base, below(path));
  for (const file of files) {
    const path = join(base, below(file.path));
    if ((await lstat(path).catch(() => undefined))?.isDirectory())
      throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR', path });
  }
}

async function isText(store: Store, { path, text }: Text): Promise<boolean> {
  const before = await store.read(path);
  return before?.kind === 'text' && before.text === text;
}

/** The files by their places in the list. Where that fails nothing was replaced; what a killed process left half done stays so. */
async function stage(staging: string, files: readonly Text[], taken: 'free' | 'left'): Promise<void> {
  try {
    for (const [at, { text }] of files.entries()) await writeNew(join(staging, String(at)), text);
  } catch (error) {
    if (taken === 'free') await rm(staging, { recursive: true, force: true });
    throw error;
  }
}

async function stateOf(staging: string): Promise<'settled' | 'interrupted' | 'busy'> {
  if ((await lstat(staging).catch(() => undefined)) === undefined) return 'settled';
  return isAlive(await ownerOf(staging)) ? 'busy' : 'interrupted';
}

/** Says whose it is from its first moment on. */
function ownName(base: string): string {
  return join(base, `${name}-${process.pid}-${randomUUID()}`);
}

/** Makes `.staging` in one step, with its owner in it. `left`: a process that was killed had left one; `busy`: another one is at work. */
async function take(base: string, staging: string): Promise<'free' | 'left' | 'busy'> {
  const own = ownName(base);
  await mkdir(own);
  await writeFile(join(own, 'owner.json'), ownerText());
  let taken: 'free' | 'left' = 'free';
  for (let attempt = 0; attempt < 5; attempt++) {
    if (await succeeds(rename(own, staging))) return taken;
    const owner = await ownerOf(staging);
    if (isAlive(owner)) break;
    if ((await lstat(staging).catch(() => undefined)) === undefined) continue; // another one has just ended
    taken = 'left';
    if (!(await putAside(base, staging, owner))) break;
  }
  await rm(own, { recursive: true, force: true });
  return 'busy';
}

/** Takes away what `owner` left. False: in this very moment another process has taken it over; it gets it back. */
async function putAside(base: string, staging: string, owner: string | undefined): Promise<boolean> {
  const aside = ownName(base);
  if (!(await succeeds(rename(staging, aside)))) return true;
  const isSame = (await ownerOf(aside)) === owner;
  if (!isSame && (await succeeds(rename(aside, staging)))) return false;
  await rm(aside, { recursive: true, force: true });
  return isSame;
}

/** What killed processes had not yet made theirs, or were about to take away. */
async function clear(base: string): Promise<void> {
  for (const entry of await readdir(base).catch(() => [])) {
    if (!entry.startsWith(`${name}-`)) continue;
    const pid = Number(/^\.staging-(\d{1,10})-/.exec(entry)?.[1] ?? 0);
    if (pid === 0 || !isAnotherRunning(pid)) await rm(join(base, entry), { recursive: true, force: true });
  }
}

/** Into a folder that is there: were it made anew, it would be nobody's. */
async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    throw error instanceof Error ? Object.assign(error, { path }) : error; // a full disk names no file
  } finally {
    await file.close();
  }
}

function succeeds(work: Promise<void>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

async function removeEmpty(folder: string, base: string): Promise<void> {
  for (let at = folder; at !== base && at.startsWith(base); at = dirname(at)) {
    if (!(await succeeds(rmdir(at)))) return;
  }
}
