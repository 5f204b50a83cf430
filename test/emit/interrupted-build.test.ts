import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { filesIn, makeFolder, put } from '../support/folder.ts';
import { upTo } from '../support/long.ts';
import { generator } from '../support/random-points.ts';
import { bundle, environment, green, greenFiles, sop, sopWith, today } from '../support/sop.ts';

/** What the SOPs say before and after: every file changes, and a skill comes or goes. */
interface State {
  readonly sops: Readonly<Record<string, string>>;
  readonly skills: ReadonlyMap<string, string>;
}

const other = 'sops/other/SOP.md';
const sops = {
  old: { ...greenFiles(), [other]: sopWith('other', 'Feigned volume', 'Another SOP: feigned volume') },
  new: { ...greenFiles(), 'sops/demo/SOP.md': green.sop.replace('version: 1.0.0', 'version: 1.1.0') },
};
let states: readonly [State, State];
/** Milliseconds of a build that nobody disturbs. */
let usual = 0;

const build = (root: string, ...more: string[]) => sop(root, ['build', '--as-of', today, ...more]);

async function stateOf(files: Readonly<Record<string, string>>): Promise<State> {
  const root = await makeFolder(files);
  const start = performance.now();
  const ran = await build(root);
  usual = performance.now() - start;
  if (ran.status !== 0) throw new Error(ran.stdout + ran.stderr);
  return { sops: files, skills: await filesIn(join(root, 'skills')) };
}

beforeAll(async () => {
  states = [await stateOf(sops.old), await stateOf(sops.new)];
});

async function folderOf({ sops: texts, skills }: State): Promise<string> {
  return makeFolder({ ...texts, ...Object.fromEntries([...skills].map(([path, text]) => [`skills/${path}`, text])) });
}

async function become(root: string, { sops: texts }: State): Promise<void> {
  await rm(join(root, 'sops'), { recursive: true });
  for (const [path, text] of Object.entries(texts)) await put(root, path, text);
}

function start(root: string): ChildProcess {
  return spawn(process.execPath, [bundle, 'build', '--as-of', today], {
    cwd: root,
    env: environment(),
    stdio: 'ignore',
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.on('close', () => resolve()));
}

const breathe = () => new Promise((resolve) => setImmediate(resolve));

/** Until it writes; false where it ends before that is seen. */
async function untilItWrites(root: string, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    if (existsSync(join(root, 'skills/.staging'))) return true;
    await breathe();
  }
  return false;
}

async function wait(milliseconds: number): Promise<void> {
  for (const until = performance.now() + milliseconds; performance.now() < until; ) await breathe();
}

/** Each file is of one state, whole; all are of one state unless the folder says that it is not done. */
async function expectWhole(root: string, [from, to]: readonly [State, State]): Promise<'settled' | 'interrupted'> {
  const found = [...(await filesIn(join(root, 'skills')))].filter(([path]) => !path.startsWith('.'));
  for (const [path, text] of found) {
    const isKnown = from.skills.get(path) === text || to.skills.get(path) === text;
    expect(isKnown, `${path} is neither the old nor the new one: ${text.length} characters`).toBe(true);
  }
  if (existsSync(join(root, 'skills/.staging'))) return 'interrupted';
  const isOf = ({ skills }: State) =>
    found.length === skills.size && found.every(([path, text]) => skills.get(path) === text);
  expect(isOf(from) || isOf(to), `a mixture, and nothing says so: ${found.map(([path]) => path).join(', ')}`).toBe(
    true,
  );
  return 'settled';
}

async function expectDone(root: string, { skills }: State): Promise<void> {
  expect(await filesIn(join(root, 'skills'))).toEqual(skills);
  expect((await readdir(join(root, 'skills'))).filter((name) => name.startsWith('.'))).toEqual([]);
}

/** Kills builds one after the other in a folder of their own. Returns how many were found half done. */
async function killMany(times: number, seed: number, signal: NodeJS.Signals): Promise<number> {
  const next = generator(seed);
  let [from, to] = states;
  const root = await folderOf(from);
  let halfDone = 0;
  for (let time = 0; time < times; time++) {
    await become(root, to);
    const child = start(root);
    // Every fourth in any moment of its life; the others once they write, which takes the tenth part of it.
    if (time % 4 === 3) await wait(next(Math.ceil(usual * 1.2)));
    else if (await untilItWrites(root, child)) await wait(next(240) / 10);
    child.kill(signal);
    await ended(child);
    const found = await expectWhole(root, [from, to]);
    if (found === 'interrupted') {
      halfDone++;
      const checked = await build(root, '--check');
      expect([checked.status, checked.stdout]).toEqual([1, expect.stringContaining('SOP606')]);
    }
    const finished = await build(root);
    expect([finished.status, finished.stderr]).toEqual([0, '']);
    if (found === 'interrupted') expect(finished.stdout).toContain('An earlier build was cut short');
    await expectDone(root, to);
    [from, to] = [to, from];
  }
  return halfDone;
}

describe('a build that is killed', () => {
  test('leaves no half file, is told, and is finished by the next build', async () => {
    const each = upTo(100, 2);
    const halfDone = await Promise.all([killMany(each, 5, 'SIGKILL'), killMany(each, 6, 'SIGKILL')]);
    expect(halfDone.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(each / 4);
  }, 600_000);
  test('by a polite signal, too', async () => {
    await killMany(upTo(20, 1), 7, 'SIGTERM');
  }, 120_000);
});

describe('two builds', () => {
  test('at once: one writes, the others are told or find nothing to do', async () => {
    const [from, to] = states;
    const root = await folderOf(from);
    for (let time = 0; time < upTo(60, 1); time++) {
      const next = time % 2 === 0 ? to : from;
      await become(root, next);
      const all = await Promise.all([build(root), build(root), build(root)]);
      for (const { status, stderr } of all)
        if (status !== 0) expect([status, stderr]).toEqual([2, expect.stringContaining('another build is writing')]);
      expect(all.some(({ status }) => status === 0)).toBe(true);
      await expectDone(root, next);
    }
  }, 120_000);
  test('while one stands still in the middle, the other changes nothing and a check says so', async () => {
    const [from, to] = states;
    const root = await folderOf(from);
    await become(root, to);
    const child = start(root);
    const seen = await untilItWrites(root, child);
    child.kill('SIGSTOP');
    try {
      if (!seen || !existsSync(join(root, 'skills/.staging'))) return; // it was quicker than this test
      const before = await filesIn(join(root, 'skills'));
      const [second, check] = [await build(root), await build(root, '--check')];
      expect([second.status, second.stderr]).toEqual([2, expect.stringContaining('another build is writing')]);
      expect([check.status, check.stdout]).toEqual([1, expect.stringContaining('SOP606')]);
      expect(await filesIn(join(root, 'skills'))).toEqual(before);
    } finally {
      child.kill('SIGCONT');
      await ended(child);
    }
    await expectDone(root, to);
  }, 60_000);
});

test('what killed builds left beside it is taken away by a build that has nothing to write', async () => {
  const [, to] = states;
  const root = await folderOf(to);
  await put(root, 'skills/.staging-999999999-x/owner.json', '{}');
  await put(root, 'skills/.staging-half/0', '#');
  expect((await build(root)).status).toBe(0);
  await expectDone(root, to);
});

test('a folder that was copied in the middle of a build is finished elsewhere', async () => {
  const [from, to] = states;
  const root = await folderOf(from);
  await become(root, to);
  await put(root, 'skills/.staging/owner.json', JSON.stringify({ pid: process.pid, host: 'another machine' }));
  const copy = await makeFolder();
  await cp(root, join(copy, 'copied'), { recursive: true });
  expect((await build(join(copy, 'copied'))).stdout).toContain('An earlier build was cut short');
  await expectDone(join(copy, 'copied'), to);
});
