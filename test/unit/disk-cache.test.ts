import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cacheFolder, createDiskCache, noCache } from '../../src/host/disk-cache.ts';
import { makeFolder, put } from '../support/folder.ts';

/** Paths of all entries below a folder. */
function entries(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test('it lies outside every project', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/var/cache' })).toBe('/var/cache/sopwright');
  expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toBe(join(homedir(), '.cache/sopwright'));
  expect(cacheFolder({})).toBe(join(homedir(), '.cache/sopwright'));
});

test('what was set comes back, by kind and key', async () => {
  const cache = createDiskCache(await makeFolder(), 'one');
  const value = { a: [1, null, 'é\n😀'], b: { c: false } };
  cache.set('yaml', 'key', value);
  expect(cache.get('yaml', 'key')).toEqual(value);
  expect([cache.get('bind', 'key'), cache.get('yaml', 'other')]).toEqual([undefined, undefined]);
  cache.set('yaml', 'key', 2);
  expect(cache.get('yaml', 'key')).toBe(2);
});

describe('an entry that is not as it was written is as good as none', () => {
  test.each<[string, (text: string) => string]>([
    ['empty', () => ''],
    ['cut off', (text) => text.slice(0, -3)],
    ['one letter changed', (text) => text.replace('"v":1', '"v":2')],
    ['the digest alone', (text) => text.slice(0, 64)],
    ['something else', () => 'hello'],
    [
      'a digest of something that is no JSON',
      () => '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\nhello',
    ],
  ])('%s', async (_, damage) => {
    const folder = await makeFolder();
    const cache = createDiskCache(folder, 'one');
    cache.set('yaml', 'key', { v: 1 });
    const [file = ''] = entries(folder);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, damage(text));
    expect(cache.get('yaml', 'key')).toBeUndefined();
    cache.set('yaml', 'key', { v: 3 });
    expect(cache.get('yaml', 'key')).toEqual({ v: 3 });
  });
  test('binary bytes', async () => {
    const folder = await makeFolder();
    const cache = createDiskCache(folder, 'one');
    cache.set('yaml', 'key', 1);
    for (const file of entries(folder)) writeFileSync(file, Buffer.from([0xff, 0, 0xfe]));
    expect(cache.get('yaml', 'key')).toBeUndefined();
  });
});

test('another build never reads what this one wrote, planted under its name or not', async () => {
  const folder = await makeFolder();
  createDiskCache(folder, 'evil').set('bind', 'key', 'planted');
  const cache = createDiskCache(folder, 'good');
  expect(cache.get('bind', 'key')).toBeUndefined();
  cache.set('bind', 'key', 'own');
  expect([cache.get('bind', 'key'), createDiskCache(folder, 'evil').get('bind', 'key')]).toEqual(['own', 'planted']);
});

test('two writers of one entry leave one whole entry and nothing half done', async () => {
  const folder = await makeFolder();
  const [one, two] = [createDiskCache(folder, 'b'), createDiskCache(folder, 'b')];
  const big = (letter: string) => letter.repeat(300_000);
  for (let turn = 0; turn < 20; turn++) {
    one.set('yaml', 'key', big('a'));
    two.set('yaml', 'key', big('b'));
    expect(one.get('yaml', 'key')).toBe(big('b'));
  }
  expect(entries(folder)).toHaveLength(1);
});

describe('a cache that cannot be written remembers nothing and breaks nothing', () => {
  test('a file stands where its folder must be', async () => {
    const root = await makeFolder({ cache: 'a file' });
    const cache = createDiskCache(join(root, 'cache'), 'b');
    expect(() => cache.set('yaml', 'key', 1)).not.toThrow();
    expect(cache.get('yaml', 'key')).toBeUndefined();
  });
  test('a folder stands where an entry must be', async () => {
    const folder = await makeFolder();
    const cache = createDiskCache(folder, 'b');
    cache.set('yaml', 'key', 1);
    const [file = ''] = entries(folder);
    const root = await makeFolder();
    await put(root, join(file.slice(folder.length + 1), 'inside'), 'x');
    const blocked = createDiskCache(root, 'b');
    expect(() => blocked.set('yaml', 'key', 1)).not.toThrow();
    expect(blocked.get('yaml', 'key')).toBeUndefined();
    expect(entries(root)).toHaveLength(1);
  });
  test('the value is longer than a text can be', async () => {
    const cache = createDiskCache(await makeFolder(), 'b');
    const toJSON = () => {
      throw new RangeError('Invalid string length');
    };
    expect(() => cache.set('yaml', 'key', { toJSON })).not.toThrow();
    expect(cache.get('yaml', 'key')).toBeUndefined();
  });
  test('the folder goes while it runs', async () => {
    const root = await makeFolder();
    const cache = createDiskCache(join(root, 'not', 'yet'), 'b');
    expect(cache.get('yaml', 'key')).toBeUndefined();
    cache.set('yaml', 'key', 1);
    expect(cache.get('yaml', 'key')).toBe(1);
  });
});

test('no cache', () => {
  noCache.set('yaml', 'key', 1);
  expect(noCache.get('yaml', 'key')).toBeUndefined();
});
