import { execFileSync } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createDiskStore } from '../../src/host/disk-store.ts';
import { makeFolder, put } from '../support/folder.ts';

test('files are listed by code point; links to folders, dot-files and node_modules are not entered', async () => {
  const outside = await makeFolder({ 'secret/SOP.md': 'x' });
  const root = await makeFolder({
    'sops/b/SOP.md': '',
    'sops/B/SOP.md': '',
    'sops/ä.md': '',
    'sops/a-b/SOP.md': '',
    'sops/a/SOP.md': '',
    'sops/.git/x': '',
    'sops/a/.env': '',
    'sops/node_modules/p/SOP.md': '',
  });
  await symlink(outside, join(root, 'sops/link'));
  await symlink(root, join(root, 'sops/a/loop'));
  const listed = await createDiskStore(root).list('sops');
  expect(listed).toEqual([
    'sops/B/SOP.md',
    'sops/a-b/SOP.md',
    'sops/a/SOP.md',
    'sops/a/loop',
    'sops/b/SOP.md',
    'sops/link',
    'sops/ä.md',
  ]);
  expect(await createDiskStore(root).list('nowhere')).toEqual([]);
});

describe('reading', () => {
  const read = async (content: string | Buffer, name = 'f.md') =>
    createDiskStore(await makeFolder({ [name]: content })).read(name);
  test.each<[string, Buffer, unknown]>([
    ['text', Buffer.from('aé😀\r\n'), { kind: 'text', text: 'aé😀\r\n' }],
    ['nothing', Buffer.from(''), { kind: 'text', text: '' }],
    ['a byte-order mark is dropped', Buffer.from('\ufeffid: x'), { kind: 'text', text: 'id: x' }],
    ['UTF-16', Buffer.from('\ufeffid', 'utf16le'), { kind: 'not_text', offset: 3 }],
    ['NUL', Buffer.from('abc\0d'), { kind: 'not_text', offset: 3 }],
    ['Latin-1', Buffer.from('caf\xe9 x', 'latin1'), { kind: 'not_text', offset: 3 }],
    ['a cut-off character', Buffer.from('a😀').subarray(0, 3), { kind: 'not_text', offset: 1 }],
    ['a lone surrogate', Buffer.from([0x61, 0xed, 0xa0, 0x80]), { kind: 'not_text', offset: 1 }],
    ['Latin-1 behind a byte-order mark', Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xe9]), { kind: 'not_text', offset: 4 }],
    ['a true replacement character', Buffer.from('a\ufffd'), { kind: 'text', text: 'a\ufffd' }],
  ])('%s', async (_, bytes, expected) => expect(await read(bytes)).toEqual(expected));

  test('nothing there, a folder, a file in the way', async () => {
    const store = createDiskStore(await makeFolder({ 'a/b.md': 'x' }));
    expect(await store.read('c.md')).toBeUndefined();
    expect(await store.read('a/b.md/c.md')).toBeUndefined();
    expect(await store.read('a')).toEqual({ kind: 'unreadable', reason: 'it is a folder' });
  });
  test('a link is not followed: a code frame could show any file of the machine', async () => {
    const root = await makeFolder({ 'real.md': 'x' });
    await symlink('/etc/passwd', join(root, 'link.md'));
    await symlink(join(root, 'real.md'), join(root, 'inside.md'));
    for (const path of ['link.md', 'inside.md'])
      expect(await createDiskStore(root).read(path)).toEqual({ kind: 'unreadable', reason: 'it is a symbolic link' });
  });
  test('a huge file is refused by its size, without being read', async () => {
    const root = await makeFolder({ 'f.md': '', 'g.yaml': '' });
    await truncate(join(root, 'f.md'), 50_000_000_000);
    await truncate(join(root, 'g.yaml'), 5_000_001);
    expect(await createDiskStore(root).read('f.md')).toEqual({
      kind: 'too_large',
      bytes: 50_000_000_000,
      limit: 1_000_000,
    });
    expect(await createDiskStore(root).read('g.yaml')).toEqual({
      kind: 'too_large',
      bytes: 5_000_001,
      limit: 5_000_000,
    });
  });
  test('a pipe that nobody writes to does not hang, and is not listed', async () => {
    const root = await makeFolder({ 'sops/x.md': '' });
    execFileSync('mkfifo', [join(root, 'sops/pipe.md')]);
    const store = createDiskStore(root);
    expect(await store.list('sops')).toEqual(['sops/x.md']);
    expect(await store.read('sops/pipe.md')).not.toMatchObject({ kind: 'too_large' });
    expect(await store.resolveInside('sops', 'pipe.md')).toEqual({ kind: 'missing' });
  });
});

describe('writing', () => {
  test('makes folders, replaces, leaves nothing else behind', async () => {
    const root = await makeFolder();
    const store = createDiskStore(root);
    await store.write('skills/a/SKILL.md', 'one');
    await store.write('skills/a/SKILL.md', 'two');
    expect(await readFile(join(root, 'skills/a/SKILL.md'), 'utf8')).toBe('two');
    expect(await readdir(join(root, 'skills/a'))).toEqual(['SKILL.md']);
    await store.remove('skills/a/SKILL.md');
    await store.remove('skills/a/SKILL.md');
    expect(await readdir(join(root, 'skills/a'))).toEqual([]);
  });
  test('a folder in the way: an error, the folder stays, no temporary file', async () => {
    const root = await makeFolder({ 'skills/a/SKILL.md/x': 'x' });
    await expect(createDiskStore(root).write('skills/a/SKILL.md', 'text')).rejects.toMatchObject({ code: 'EISDIR' });
    expect(await readdir(join(root, 'skills/a'))).toEqual(['SKILL.md']);
  });
  test('a link is replaced, not written through', async () => {
    const outside = await makeFolder({ 'target.md': 'old' });
    const root = await makeFolder({ 'skills/a/x': '' });
    await symlink(join(outside, 'target.md'), join(root, 'skills/a/SKILL.md'));
    await createDiskStore(root).write('skills/a/SKILL.md', 'new');
    expect(await readFile(join(outside, 'target.md'), 'utf8')).toBe('old');
    expect((await lstat(join(root, 'skills/a/SKILL.md'))).isSymbolicLink()).toBe(false);
  });
});

describe('a data file lies inside the folder, or it is none', () => {
  test('paths', async () => {
    const outside = await makeFolder({ 'trades.csv': 'a' });
    const root = await makeFolder({ 'sops/a/cases/data/t.csv': 'a', 'sops/b/t.csv': 'b', 'sops/a-evil/t.csv': 'c' });
    await mkdir(join(root, 'sops/a/cases/empty'));
    const links: [string, string][] = [
      ['out.csv', join(outside, 'trades.csv')],
      ['up.csv', '../../b/t.csv'],
      ['in.csv', 'data/t.csv'],
      ['gone.csv', '/nowhere'],
      ['dir', outside],
    ];
    for (const [name, target] of links) await symlink(target, join(root, 'sops/a/cases', name));
    const resolve = async (path: string) => (await createDiskStore(root).resolveInside('sops/a', `cases/${path}`)).kind;
    const kinds = {
      'data/t.csv': 'file',
      'in.csv': 'file',
      'none.csv': 'missing',
      empty: 'missing',
      'out.csv': 'outside',
      'up.csv': 'outside',
      'gone.csv': 'outside',
      'dir/trades.csv': 'outside',
      '../../b/t.csv': 'outside',
      'data/../data/t.csv': 'outside',
      '..\\..\\b\\t.csv': 'outside',
    };
    for (const [path, kind] of Object.entries(kinds)) expect([path, await resolve(path)]).toEqual([path, kind]);
    expect((await createDiskStore(root).resolveInside('sops/a', '/etc/passwd')).kind).toBe('outside');
    expect((await createDiskStore(root).resolveInside('sops/a', '../a-evil/t.csv')).kind).toBe('outside');
  });
  test('its real path is given, so that a link changed later changes nothing', async () => {
    const root = await makeFolder({ 'sops/a/data/t.csv': 'a' });
    await symlink('data', join(root, 'sops/a/link'));
    const found = await createDiskStore(root).resolveInside('sops/a', 'link/t.csv');
    expect(found).toMatchObject({ kind: 'file', absolute: expect.stringMatching(/sops\/a\/data\/t\.csv$/) });
  });
  test('a folder of links that is itself a link', async () => {
    const outside = await makeFolder({ 't.csv': 'x' });
    const root = await makeFolder({ 'sops/a/SOP.md': '' });
    await symlink(outside, join(root, 'sops/a/cases'));
    expect(await createDiskStore(root).resolveInside('sops/a', 'cases/t.csv')).toEqual({ kind: 'outside' });
    await put(root, 'x', 'y');
  });
});

test('links that wait under the names of temporary files lead no write away', async () => {
  const outside = await makeFolder({ 'victim.txt': 'mine' });
  const root = await makeFolder({ 'skills/demo/README.md': '' });
  const victim = join(outside, 'victim.txt');
  await symlink(victim, join(root, `skills/demo/SKILL.md.${process.pid}.tmp`));
  await createDiskStore(root).write('skills/demo/SKILL.md', 'skill');
  expect(await readFile(victim, 'utf8')).toBe('mine');
  expect(await readFile(join(root, 'skills/demo/SKILL.md'), 'utf8')).toBe('skill');
});
