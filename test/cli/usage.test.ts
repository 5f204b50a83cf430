import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { builtFolder } from '../support/built-folder.ts';
import { filesIn, makeFolder, put } from '../support/folder.ts';
import { bundle, environment, expectPlain, green, greenFiles, run, sop, today } from '../support/sop.ts';

let root: string;
beforeAll(async () => {
  root = await makeFolder(greenFiles());
  await sop(root, ['build', '--as-of', today]);
});

describe('exit codes', () => {
  test.each([
    [[], 0],
    [['check'], 0],
    [['check', '--strict'], 0],
    [['test', 'demo'], 0],
    [['build', '--check'], 0],
    [['explain', 'SOP301'], 0],
    [['--help'], 0],
    [['backtest', '--help'], 0],
    [['--version'], 0],
    [['check', '--as-of', '2030-01-01', '--strict'], 1],
    [['test', '--as-of', '2030-01-01'], 1],
    [['check', '--as-of', 'yesterday'], 2],
    [['check', '--as-of', '2026-02-30'], 2],
    [['check', '--format', 'xml'], 2],
    [['frobnicate'], 2],
    [['backtest'], 2],
    [['backtest', 'demo'], 2],
    [['explain', 'SOP999'], 2],
    [['test', 'nobody'], 2],
    [['build', 'nobody'], 2],
    [['new', 'sop', 'No Name'], 2],
    [['new', 'sop', 'demo'], 2],
    [['new', 'case', 'demo', 'demo-two-owners'], 2],
    [['new', 'technique', 'WT-01'], 2],
    [['check', '--root', '/nowhere'], 2],
  ])('%j: %i', async (args, status) => {
    const dated = args.includes('--as-of') || args.includes('--help') ? args : [...args, '--as-of', today];
    const ran = await sop(root, args[0] === undefined || !args[0].startsWith('-') ? dated : args);
    expect(ran.status, ran.stdout + ran.stderr).toBe(status);
    expectPlain(ran);
    if (status === 2) expect([ran.stdout, ran.stderr === '']).toEqual(['', false]);
  });
});

describe('what was meant', () => {
  test.each([
    [['check', '--fromat', 'json'], '--format'],
    [['test', 'dmo'], 'did you mean `demo`?'],
    [['build', 'demos'], 'did you mean `demo`?'],
    [['backtest', 'deno', '--table', 'trades=x'], 'did you mean `demo`?'],
    [['explain', 'SOP3O1'], 'SOP301'],
    [['test', 'zzzzzz'], 'there are: demo'],
    [['new', 'case', 'demoo', 'x'], 'did you mean `demo`?'],
    [['new', 'sop', 'BigWithdrawals'], 'such as `big-withdrawals`'],
    [['new', 'case', 'demo', 'x', '--technique', 'WT-0'], 'did you mean WT-01'],
  ])('%j', async (args, says) => {
    const ran = await sop(root, args);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain(says);
  });
  test('a misspelt command', async () => {
    const [near, far] = await Promise.all([sop(root, ['chek']), sop(root, ['frobnicate'])]);
    expect([near.status, far.status]).toEqual([2, 2]);
    expect(near.stderr).toContain('did you mean `sop check`?');
    expect(far.stderr).toContain('there are: check, test, coverage, build');
  });
  test('a SOP to check that does not exist is no clean check', async () => {
    const ran = await sop(root, ['check', 'dmo', '--as-of', today]);
    expect([ran.status, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toContain('demo');
  });
});

describe('where it is called', () => {
  test('outside any project', async () => {
    const empty = await makeFolder();
    for (const args of [[], ['check'], ['test'], ['build'], ['new', 'sop', 'x'], ['backtest', 'x']]) {
      const ran = await sop(empty, args);
      expect([ran.status, ran.stdout]).toEqual([2, '']);
      expect(ran.stderr).toContain('no folder `sops` here or above: run `sop init`');
    }
    expect(await filesIn(empty)).toEqual(new Map());
  });
  test('below the project, and from elsewhere with --root', async () => {
    await mkdir(join(root, 'deep/er'), { recursive: true });
    const [here, below, elsewhere] = await Promise.all([
      sop(root, ['test', '--as-of', today]),
      sop(join(root, 'deep/er'), ['test', '--as-of', today]),
      sop('/', ['test', '--root', root, '--as-of', today]),
    ]);
    expect(below).toEqual(here);
    expect(elsewhere).toEqual(here);
  });
  test('`sops` is a file', async () => {
    const ran = await sop(await makeFolder({ sops: 'a file' }), ['check']);
    expect(ran.status).toBe(2);
    expectPlain(ran);
  });
  test('an empty `sops`', async () => {
    const folder = await makeFolder({ 'sops/README.txt': '' });
    const ran = await sop(folder, ['check']);
    expect([ran.status, ran.stdout]).toEqual([0, '0 errors, 0 warnings in 0 SOPs\n']);
  });
});

test('a pipe that closes early is no error', async () => {
  for (const command of ['check --format json', 'test', 'explain', '--help']) {
    const ran = await run(
      'bash',
      [
        '-c',
        `set -o pipefail; "${process.execPath}" "${bundle}" ${command} | head -1 >/dev/null; echo "\${PIPESTATUS[0]}"`,
      ],
      root,
      environment(),
    );
    expect(ran.stdout.trim(), command).toBe('0');
    expect(ran.stderr, command).toBe('');
  }
});

describe('a place that cannot be written', () => {
  const blocked = async (files: Record<string, string>, args: readonly string[]) => {
    const folder = await makeFolder({ ...greenFiles(), ...files });
    const ran = await sop(folder, [...args, '--as-of', today]);
    expect(ran.status).toBe(2);
    expectPlain(ran);
    return ran.stderr;
  };
  test('a file stands where a folder must be', async () => {
    expect(await blocked({ skills: 'a file' }, ['build'])).toContain('a file stands where a folder is needed');
    expect(await blocked({ 'skills/demo': 'a file' }, ['build'])).toContain('a file stands where a folder is needed');
  });
  test('a folder stands where the skill must be', async () => {
    expect(await blocked({ 'skills/demo/SKILL.md/x': 'x' }, ['build'])).toContain(
      'a folder stands where a file is needed',
    );
  });
  test('a cache that cannot be written only costs time', async () => {
    const folder = await builtFolder({ cache: 'a file' });
    const ran = await sop(folder, ['--as-of', today], { XDG_CACHE_HOME: join(folder, 'cache') });
    expect([ran.status, ran.stderr]).toEqual([0, '']);
  });
});

describe('--fix', () => {
  test('mends what has one answer, keeps every other byte, and a second time there is nothing left', async () => {
    const broken = green.sop
      .replace('| F    | self_ratio |', '| F    | self_ratoi |')
      .replace('markets: [spot]', 'markets: [spo]');
    for (const end of ['\n', '\r\n']) {
      const folder = await makeFolder({ ...greenFiles(), 'sops/demo/SOP.md': broken.replaceAll('\n', end) });
      const before = await sop(folder, ['check', '--as-of', today]);
      const fixed = await sop(folder, ['check', '--fix', '--as-of', today]);
      expect([before.status, fixed.status]).toEqual([1, 0]);
      expect(fixed.stderr).toBe('fixed 2 places in sops/demo/SOP.md\n');
      expect(await readFile(join(folder, 'sops/demo/SOP.md'), 'utf8')).toBe(green.sop.replaceAll('\n', end));
      expect((await sop(folder, ['check', '--fix', '--as-of', today])).stderr).toBe('');
    }
  });
  test('touches only what was named', async () => {
    const folder = await makeFolder({
      ...greenFiles(),
      'sops/demo/SOP.md': green.sop.replace('markets: [spot]', 'markets: [spo]'),
    });
    await put(
      folder,
      'sops/other/SOP.md',
      green.sop.replace('id: demo', 'id: other').replace('markets: [spot]', 'markets: [spo]'),
    );
    await sop(folder, ['check', 'demo', '--fix', '--as-of', today]);
    expect(await readFile(join(folder, 'sops/demo/SOP.md'), 'utf8')).toContain('[spot]');
    expect(await readFile(join(folder, 'sops/other/SOP.md'), 'utf8')).toContain('[spo]');
  });
});
