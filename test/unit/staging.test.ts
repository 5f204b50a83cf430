import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { createDiskStore } from '../../src/host/disk-store.ts';
import { createStagedFolder } from '../../src/host/staging.ts';
import type { StagedFolder } from '../../src/model/ports.ts';
import { filesIn, makeFolder, put } from '../support/folder.ts';

const before = { 'a/one.md': 'old', 'a/deep/two.md': 'old', 'gone/three.md': 'old', lock: 'old' };
const after = { 'a/one.md': 'new', 'a/deep/two.md': 'new', 'b/four.md': 'new', lock: 'new' };
/** What stands in other people's folder, which nothing may touch. */
const precious = {
  'one.md': 'precious',
  'deep/two.md': 'precious',
  '.staging/0': 'precious',
  '.staging-1/x': 'precious',
};

let root: string;
let outside: string;
let folder: StagedFolder;
beforeEach(async () => {
  root = await makeFolder(Object.fromEntries(Object.entries(before).map(([path, text]) => [`out/${path}`, text])));
  outside = await makeFolder(precious);
  folder = createStagedFolder(join(root, 'out'), 'out', createDiskStore(root));
});

const at = (path: string) => join(root, 'out', path);
const replace = () =>
  folder.replace(
    Object.entries(after).flatMap(([path, text]) => (path === 'lock' ? [] : [{ path: `out/${path}`, text }])),
    ['out/gone/three.md'],
    { path: 'out/lock', text: after.lock },
  );
const found = async (path: string) => Object.fromEntries(await filesIn(path));

async function expectDone(): Promise<void> {
  expect(await replace()).toBe('done');
  expect(await found(join(root, 'out'))).toEqual(after);
  expect(existsSync(at('gone'))).toBe(false);
  expect(await folder.state()).toBe('settled');
  expect(await found(outside)).toEqual(precious);
}

async function expectRefused(code: string, path: string): Promise<void> {
  const all = await found(root);
  await expect(replace()).rejects.toMatchObject({ code, path: at(path).replace(/\/$/, '') });
  expect(await found(root)).toEqual(all);
  expect(await found(outside)).toEqual(precious);
}

test('files are replaced, made and taken away; nothing is left beside them', expectDone);

describe('links that lead out of the project', () => {
  test('in the place of the folder itself', async () => {
    await rm(at(''), { recursive: true });
    await symlink(outside, at('').replace(/\/$/, ''));
    const all = await found(outside);
    await expectRefused('ELOOP', '');
    expect(await found(outside)).toEqual(all);
  });
  test.each(['a', 'a/deep', 'gone'])('in the place of %s', async (path) => {
    await rm(at(path), { recursive: true });
    await symlink(outside, at(path));
    await expectRefused('ELOOP', path);
    expect(await folder.state()).toBe('settled');
  });
  test('in the place of `.staging`: the link goes, what it leads to stays', async () => {
    await symlink(join(outside, 'deep'), at('.staging'));
    expect(await folder.state()).toBe('interrupted');
    await expectDone();
  });
  test('in the place of what a killed process left beside it', async () => {
    await symlink(outside, at('.staging-1'));
    await expectDone();
    expect(existsSync(at('.staging-1'))).toBe(false);
  });
  test('in the place of files: the link is replaced, not written through', async () => {
    for (const path of ['a/one.md', 'gone/three.md', 'lock']) {
      await rm(at(path));
      await symlink(join(outside, 'one.md'), at(path));
    }
    await expectDone();
  });
});

describe('what stands in the way is told, and all stays as it was', () => {
  test.each(['', 'a', 'a/deep', 'gone', 'b'])('a file for the folder %j', async (path) => {
    await rm(at(path), { recursive: true, force: true });
    await put(root, `out/${path}`.replace(/\/$/, ''), 'mine');
    await expectRefused('ENOTDIR', path);
  });
  test.each(['a/one.md', 'b/four.md', 'lock'])('a folder for the file %s', async (path) => {
    await rm(at(path), { force: true });
    await mkdir(at(path), { recursive: true });
    await expectRefused('EISDIR', path);
  });
  test('a folder for a file that goes', async () => {
    await rm(at('gone/three.md'));
    await put(root, 'out/gone/three.md/x', 'mine');
    await replace().catch(() => undefined);
    expect(await readFile(at('gone/three.md/x'), 'utf8')).toBe('mine');
  });
});

describe('what a process left', () => {
  const owners = ['', 'no JSON', '[]', 'null', '{"pid": "1"}', JSON.stringify({ pid: 1, host: `${hostname()}x` })];
  const numbers = [0, -1, 1.5, 2 ** 31, 1e99, process.pid].map((pid) => JSON.stringify({ pid, host: hostname() }));
  test.each([...owners, ...numbers])('of %j is nobody’s', async (owner) => {
    await put(root, 'out/.staging/owner.json', owner);
    expect(await folder.state()).toBe('interrupted');
    await expectDone();
  });
  test.each(['file', 'empty folder', 'folder for the owner'])('is a %s', async (kind) => {
    if (kind === 'file') await put(root, 'out/.staging', 'x');
    else await mkdir(at(kind === 'empty folder' ? '.staging' : '.staging/owner.json'), { recursive: true });
    expect(await folder.state()).toBe('interrupted');
    await expectDone();
  });
  test('belongs to a process that runs: nothing changes', async () => {
    await put(root, 'out/.staging/owner.json', JSON.stringify({ pid: process.ppid, host: hostname() }));
    const all = await found(root);
    expect([await folder.state(), await replace()]).toEqual(['busy', 'busy']);
    expect(await found(root)).toEqual(all);
  });
  test('beside it goes with the next call, unless its process runs', async () => {
    for (const name of ['.staging-999999999-x', '.staging-half', `.staging-${process.ppid}-x`])
      await put(root, `out/${name}/0`, '#');
    expect(await folder.replace([], [], { path: 'out/lock', text: 'old' })).toBe('done');
    expect(
      ['.staging-999999999-x', '.staging-half', `.staging-${process.ppid}-x`].map((name) => existsSync(at(name))),
    ).toEqual([false, false, true]);
  });
});
