import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { builtFolder } from '../support/built-folder.ts';
import { filesIn, makeFolder, put } from '../support/folder.ts';
import { bundle, environment, green, greenFiles, type Ran, sop, today } from '../support/sop.ts';

const everything = ['--format', 'json', '--as-of', today];

let root: string;
/** What everything says in a usual environment. */
let usual: Ran;
beforeAll(async () => {
  root = await makeFolder({ ...greenFiles() });
  await sop(root, ['build', '--as-of', today]);
  usual = await sop(root, everything);
});

describe('the same input gives the same bytes', () => {
  test.each<[string, NodeJS.ProcessEnv]>([
    ['far east', { TZ: 'Pacific/Kiritimati', LANG: 'ja_JP.UTF-8', LC_ALL: 'ja_JP.UTF-8' }],
    ['far west', { TZ: 'Pacific/Niue', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }],
    ['half an hour off, C locale', { TZ: 'Asia/Kolkata', LANG: 'C', LC_ALL: 'C' }],
  ])('%s', async (_, env) => {
    const runs = await Promise.all([sop(root, ['--no-cache', ...everything], env), sop(root, everything, env)]);
    expect(usual.status).toBe(0);
    expect(runs).toEqual([usual, usual]);
    const copy = await makeFolder({ ...greenFiles() });
    await sop(copy, ['build', '--as-of', today], env);
    expect(await readFile(join(copy, 'skills/demo/SKILL.md'), 'utf8')).toBe(
      await readFile(join(root, 'skills/demo/SKILL.md'), 'utf8'),
    );
  });
  test('another folder, another cache', async () => {
    const copy = await makeFolder();
    await cp(root, join(copy, 'elsewhere'), { recursive: true });
    expect(await sop(join(copy, 'elsewhere'), everything, { XDG_CACHE_HOME: join(copy, 'cache') })).toEqual(usual);
  });
  test('a skill has no byte of the day on which it is built', async () => {
    const late = await makeFolder(greenFiles());
    await sop(late, ['build', '--as-of', '2026-12-31']);
    expect(await readFile(join(late, 'skills/demo/SKILL.md'), 'utf8')).toBe(
      await readFile(join(root, 'skills/demo/SKILL.md'), 'utf8'),
    );
  });
});

test('a SOP with CRLF and a byte-order mark is the same SOP', async () => {
  const windows = Object.fromEntries(
    Object.entries(greenFiles()).map(([path, text]) => [path, `\ufeff${text.replaceAll('\n', '\r\n')}`]),
  );
  const folder = await makeFolder(windows);
  const built = await sop(folder, ['build', '--as-of', today]);
  expect([built.status, built.stdout]).toEqual([
    0,
    'wrote skills/demo: 10 files\n1 skill: 1 written, 0 unchanged; 0 files removed\n',
  ]);
  expect(await readFile(join(folder, 'skills/demo/SKILL.md'), 'utf8')).toBe(
    await readFile(join(root, 'skills/demo/SKILL.md'), 'utf8'),
  );
  expect(await sop(folder, everything)).toEqual(usual);
});

describe('runs that share a cache', () => {
  const cold = async () => ({
    folder: await builtFolder(),
    cache: await makeFolder(),
  });
  test('at once, the first time', async () => {
    const { folder, cache } = await cold();
    const runs = await Promise.all([1, 2, 3].map(() => sop(folder, everything, { XDG_CACHE_HOME: cache })));
    for (const ran of runs) expect(ran).toEqual(runs[0]);
    expect(runs[0]?.status).toBe(0);
    for (const [path] of await filesIn(cache)) expect(path).not.toContain('.tmp');
  });
  test('while it is damaged and taken away', async () => {
    const { folder, cache } = await cold();
    const first = await sop(folder, everything, { XDG_CACHE_HOME: cache });
    for (const [path, text] of await filesIn(cache)) await writeFile(join(cache, path), text.slice(0, text.length / 2));
    expect(await sop(folder, everything, { XDG_CACHE_HOME: cache })).toEqual(first);
    const running = sop(folder, everything, { XDG_CACHE_HOME: cache });
    await rm(cache, { recursive: true, force: true, maxRetries: 5 });
    expect(await running).toEqual(first);
  });
  test('an entry that a pull request brings along is not looked at', async () => {
    const { folder, cache } = await cold();
    await put(folder, '.cache/sopwright/ab/cd', 'x');
    await put(folder, 'sopwright/ab/cd', 'x');
    expect((await sop(folder, everything, { XDG_CACHE_HOME: cache })).status).toBe(0);
  });
  test('--no-cache writes none', async () => {
    const { folder, cache } = await cold();
    await sop(folder, ['--no-cache', ...everything], { XDG_CACHE_HOME: cache });
    expect(await filesIn(cache)).toEqual(new Map());
  });
  test('a value that JSON cannot hold is judged alike, remembered or not', async () => {
    const { folder, cache } = await cold();
    await put(
      folder,
      'sops/demo/cases/c.yaml',
      'case: c\ntitle: t\ntechnique: WT-01\nmarket: spot\nkind: attack\nsource: t\nsignals: {self_ratio: .nan, self_notional: 1e999}\nexpect: [{disposition: escalate}]\n',
    );
    const first = await sop(folder, everything, { XDG_CACHE_HOME: cache });
    expect(await sop(folder, everything, { XDG_CACHE_HOME: cache })).toEqual(first);
  });
});

test('`sop build` that is killed at any moment leaves no half skill', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [
      `sops/demo-${index}/SOP.md`,
      green.sop.replace('id: demo', `id: demo-${index}`).replace(/## Blind spots[\s\S]*?(?=## References)/, ''),
    ]),
  );
  const folder = await makeFolder({ ...greenFiles(), ...many });
  await sop(folder, ['build', '--as-of', today]);
  const whole = await filesIn(join(folder, 'skills'));
  expect(whole.size).toBe(13 * 10 + 1);
  let cut = 0;
  for (const after of [1, 6]) {
    await rm(join(folder, 'skills'), { recursive: true });
    await killedAfter(after, folder);
    const left = [...(await filesIn(folder))].filter(([path]) => path.endsWith('SKILL.md'));
    for (const [path, text] of left) expect(text, path).toBe(whole.get(path.replace('skills/', '')));
    if (left.length < whole.size) cut++;
    expect((await sop(folder, ['build', '--as-of', today])).status).toBe(0);
    expect(await sop(folder, ['build', '--check', '--as-of', today])).toMatchObject({ status: 0 });
    expect((await filesIn(join(folder, 'skills'))).size, 'what was left behind is no skill').toBeGreaterThanOrEqual(
      whole.size,
    );
  }
  expect(cut, 'at least one of the kills came in the middle').toBeGreaterThan(0);
});

/** Kills the command as soon as so many skills, whole or not, can be seen. */
function killedAfter(skills: number, folder: string): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bundle, 'build', '--as-of', today], {
      cwd: folder,
      env: environment(),
      stdio: 'ignore',
    });
    const seen = () => (existsSync(join(folder, 'skills')) ? readdirSync(join(folder, 'skills')).length : 0);
    const watch = setInterval(() => {
      if (seen() >= skills) child.kill('SIGKILL');
    }, 1);
    child.on('close', () => {
      clearInterval(watch);
      resolve();
    });
  });
}
