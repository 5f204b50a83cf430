import { existsSync } from 'node:fs';
import { readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readLock } from '../../src/emit/skill/lock.ts';
import { planSkills } from '../../src/emit/skill/plan-skills.ts';
import { filesIn, makeFolder, put } from '../support/folder.ts';
import { expectPlain, green, greenFiles, type Ran, sop, today } from '../support/sop.ts';
import { check, emit } from './support.ts';

const lockPath = 'skills/skills.lock.json';
const build = (root: string, ...more: string[]): Promise<Ran> => sop(root, ['build', '--as-of', today, ...more]);
const retired = green.sop.replace('status: approved', 'status: retired');

/** The skills that the green SOP gives. */
let built: ReadonlyMap<string, string>;
/** A folder with them. */
let root: string;
beforeAll(async () => {
  const first = await makeFolder(greenFiles());
  await build(first);
  built = await filesIn(join(first, 'skills'));
});
beforeEach(async () => {
  const skills = [...built].map(([path, text]) => [`skills/${path}`, text]);
  root = await makeFolder({ ...greenFiles(), ...Object.fromEntries(skills) });
});

test('`skills` that is a link is told in a line, and nothing is touched where it leads', async () => {
  const precious = { 'demo/SKILL.md': 'precious', '.staging-1/x': 'precious', '.staging/0': 'precious' };
  const outside = await makeFolder(precious);
  await rm(join(root, 'skills'), { recursive: true });
  await symlink(outside, join(root, 'skills'));
  const ran = await build(root);
  expectPlain(ran);
  expect([ran.status, ran.stdout]).toEqual([2, '']);
  expect(ran.stderr).toMatch(
    /^sop: files are written into plain folders only, and this is a symbolic link: .*skills\n$/,
  );
  expect(Object.fromEntries(await filesIn(outside))).toEqual(precious);
});

describe('files that a person put there', () => {
  const own = {
    'skills/demo/notes.md': 'mine',
    'skills/demo/.hidden': 'mine',
    'skills/mine/SKILL.md': 'mine',
    'skills/README.md': 'mine',
  };
  beforeEach(async () => {
    for (const [path, text] of Object.entries(own)) await put(root, path, text);
  });
  const expectKept = async () => {
    for (const [path, text] of Object.entries(own)) expect(await readFile(join(root, path), 'utf8')).toBe(text);
  };
  test('stay and are named where they lie in a skill of ours', async () => {
    const ran = await build(root);
    expect([ran.status, ran.stdout]).toEqual([
      0,
      expect.stringContaining('left skills/demo/notes.md: no SOP makes it\n'),
    ]);
    await expectKept();
    expect((await build(root, '--check')).stdout).toContain('SOP607');
  });
  test('stay when the skill goes', async () => {
    await put(root, 'sops/demo/SOP.md', retired);
    expect((await build(root)).stdout).toContain('removed skills/demo/SKILL.md\n');
    await expectKept();
    expect(existsSync(join(root, 'skills/demo/scripts'))).toBe(false);
  });
});

const entry = (name: string, uris: readonly string[]) => ({
  name,
  digest: 'x',
  files: uris.map((uri) => ({ uri, sha256: 'x', size: 1 })),
});
const lockOf = (...skills: unknown[]) => JSON.stringify({ version: 1, skills });

describe('a lock from a stranger', () => {
  const skill = emit(green.sop);
  const { sop: demo } = check(green.sop);
  const others = ['sops/demo/SOP.md', 'sops/desk.yaml', 'skills/mine/SKILL.md', 'skills/README.md', lockPath];
  const files = new Map([
    ...skill.files.map(({ path, text }) => [`skills/demo/${path}`, text] as const),
    ...others.map((path) => [path, 'mine'] as const),
  ]);
  const plan = (lockFile: string) =>
    planSkills([{ sop: demo, skill }], { files, lock: readLock(lockFile) ?? null, lockFile }, new Set());

  test.each(
    [
      'skill://../sops/demo/SOP.md',
      'skill://demo/../../sops/demo/SOP.md',
      'skill://demo/../mine/SKILL.md',
      'skill://demo/..%2f..%2fsops/desk.yaml',
      'skill://demo\\..\\..\\sops\\desk.yaml',
      'skill:///etc/passwd',
      'skill://mine//SKILL.md',
      'skill://mine/./SKILL.md',
      'skill://mine/SKILL.md',
      'skill://demo/.staging/0',
      'skill://.staging/0',
      'skill://skills.lock.json',
      'skill://README.md',
      'file:///etc/passwd',
      'sops/demo/SOP.md',
      'skill://demo/a\u0000b',
      'skill://demo/a\nb',
      `skill://demo/${'x/'.repeat(50_000)}x`,
      `skill://demo/${'x'.repeat(100_000)}/../x`,
      'skill://DEMO/SKILL.md',
      '',
    ].map((uri) => [uri.slice(0, 60), uri]),
  )('%j names nothing', (_, uri) => {
    const lock = lockOf(entry('demo', ['skill://demo/SKILL.md']), entry('gone', [uri]));
    expect(readLock(lock)).toBeUndefined();
    const { write, remove, lock: next } = plan(lock);
    expect([write, remove]).toEqual([[], []]);
    expect(readLock(next.text)?.skills.map(({ name }) => name)).toEqual(['demo']);
  });

  test.each<[string, string]>([
    ['nothing', ''],
    ['no JSON', '{"version": 1, "skills": ['],
    ['another version', '{"version": 2, "skills": []}'],
    ['a list', '[]'],
    ['a hundred thousand brackets', `{"version": 1, "skills": ${'['.repeat(1e5)}${']'.repeat(1e5)}}`],
    ['a hundred thousand skills', lockOf(...Array(1e5).fill(entry('gone', [])))],
    ['a file fifty thousand times', lockOf(entry('gone', Array(5e4).fill('skill://gone/SKILL.md')))],
    ['a name twice', lockOf(entry('demo', []), entry('demo', []))],
    [
      'names of prototypes',
      `{"version": 1, "__proto__": {"skills": []}, "skills": [${JSON.stringify(entry('__proto__', []))}]}`,
    ],
    ['a name for a terminal', lockOf(entry('\u001b[31m', []))],
  ])('%s: the lock is made anew and nothing is taken away', (_, lock) => {
    const { write, remove, lock: next, diagnostics } = plan(lock);
    expect([write, remove]).toEqual([[], []]);
    expect(diagnostics.map(({ code }) => code)).toEqual(['SOP608']);
    expect(readLock(next.text)?.skills.map(({ name }) => name)).toEqual(['demo']);
  });

  test('as a file: refused, made anew', async () => {
    await put(root, 'skills/mine/SKILL.md', 'mine');
    const before = await filesIn(root);
    for (const lock of [lockOf(entry('gone', ['skill://mine/SKILL.md'])), `${lockOf()}${' '.repeat(6_000_000)}`]) {
      await put(root, lockPath, lock);
      const ran = await build(root);
      expectPlain(ran);
      expect([ran.status, ran.stderr]).toEqual([0, '']);
      expect(await filesIn(root)).toEqual(before);
    }
  });
});
