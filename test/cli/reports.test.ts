import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { linksOf } from '../../src/cli/repository.ts';
import { filesIn, makeFolder, put } from '../support/folder.ts';
import { expectPlain, green, greenFiles, sop, today } from '../support/sop.ts';
import { parseXml } from '../support/xml.ts';

/** The attack is not found any more: R1 asks for a market maker. */
const missing = () => ({
  ...greenFiles(),
  'sops/demo/SOP.md': green.sop.replace('| not("mm")    |', '| "mm"         |'),
});

let clean: string;
let red: string;
beforeAll(async () => {
  clean = await makeFolder(greenFiles());
  await sop(clean, ['build', '--as-of', today]);
  red = await makeFolder(missing());
  await sop(red, ['build', '--as-of', today]);
});

const dated = (args: readonly string[]) => [...args, '--as-of', today];
const read = (folder: string, path: string) => readFile(join(folder, path), 'utf8');

describe('--report', () => {
  test('several formats in one call, beside what the terminal shows', async () => {
    const bare = await sop(red, dated(['test']));
    const targets = ['junit=out/deep/er/sop.xml', 'sarif=out/sop.sarif', 'markdown=out/sop.md', 'json=out/sop.json', 'pretty=sop.txt']; // biome-ignore format: a list
    const ran = await sop(red, dated(['test', ...targets.flatMap((target) => ['--report', target])]));
    expect([ran.status, ran.stdout]).toEqual([bare.status, bare.stdout]);
    expect(ran.stderr).toBe(targets.map((target) => `wrote ${target.split('=')[1]}\n`).join(''));
    expect(await read(red, 'sop.txt')).toBe(bare.stdout);
    for (const [format, path] of [
      ['json', 'out/sop.json'],
      ['sarif', 'out/sop.sarif'],
      ['markdown', 'out/sop.md'],
      ['junit', 'out/deep/er/sop.xml'],
    ] as const)
      expect(await read(red, path)).toBe((await sop(red, dated(['test', '--format', format]))).stdout);
    expect([...(await filesIn(join(red, 'out'))).keys()].filter((path) => path.includes('tmp'))).toEqual([]);
  });

  test.each([[[]], [['check']], [['test', 'demo']]])('sop %j: each format says whether it failed', async (args) => {
    const formats = ['junit', 'sarif', 'markdown'];
    for (const folder of [clean, red]) {
      const isRed = folder === red && args[0] !== 'check';
      const targets = formats.flatMap((format) => ['--report', `${format}=each/${format}`]);
      const ran = await sop(folder, dated([...args, '--format', 'github', ...targets]));
      expect(ran.status).toBe(isRed ? 1 : 0);
      expect(ran.stdout.includes('\n::error ')).toBe(isRed);
      const { failures, errors } = parseXml(await read(folder, 'each/junit')).attributes;
      expect(Number(failures) + Number(errors) > 0).toBe(isRed);
      const title = `${isRed ? '✗' : '✓'} ${args.length === 0 ? 'sop' : `sop ${args[0]}`}: ${isRed ? 'failed' : 'passed'}`;
      expect((await read(folder, 'each/markdown')).split('\n')[0]).toBe(`## ${title}`);
      const { results } = JSON.parse(await read(folder, 'each/sarif')).runs[0];
      const open = results.filter(
        (result: { level: string; suppressions?: unknown }) => result.suppressions === undefined,
      );
      expect(open.some(({ level }: { level: string }) => level === 'error')).toBe(isRed);
    }
  });

  test('what cannot be written is said before any work, and nothing else is printed', async () => {
    const folder = await makeFolder({ ...greenFiles(), 'a-file': 'x', 'a-folder/b': 'x' });
    await symlink('nowhere', join(folder, 'a-link'));
    const refused: [string[], string][] = [
      [['xml=a.xml'], 'a file cannot be `xml`'],
      [['sarf=a.xml'], 'did you mean `sarif`?'],
      [['junit'], 'write FORMAT=FILE'],
      [['junit='], 'write FORMAT=FILE'],
      [['github=a.txt'], 'use `--format github`'],
      [['junit=a.xml', 'sarif=./a.xml'], 'two reports cannot be one file'],
      [['junit=a-folder'], 'a folder stands there'],
      [['junit=a-file/a.xml'], 'a file stands where a folder is needed'],
      [['junit=a-link'], 'a link that points to nothing'],
      [['junit=/dev/null'], 'no plain file'],
      [['junit=/proc/a.xml'], '--report junit=/proc/a.xml'],
      [['junit=sops/demo/SOP.md'], 'holds what the report is about'],
      [['junit=skills/a.xml'], 'holds what the report is about'],
      [[`junit=${'a'.repeat(300)}.xml`], 'the name is too long'],
    ];
    for (const [targets, says] of refused) {
      const ran = await sop(folder, dated(['test', ...targets.flatMap((target) => ['--report', target])]));
      expect([ran.status, ran.stdout], targets.join(' ')).toEqual([2, '']);
      expect(ran.stderr).toContain(says);
      expectPlain(ran);
    }
    expect([...(await filesIn(folder)).keys()].filter((path) => !/^(?:sops|a-)/.test(path))).toEqual([]);
  });

  test('an older report does not outlive a run that breaks off', async () => {
    const folder = await makeFolder({ ...greenFiles(), 'out/sop.xml': '<testsuites/>' });
    expect((await sop(folder, dated(['test', 'nobody', '--report', 'junit=out/sop.xml']))).status).toBe(2);
    expect([...(await filesIn(join(folder, 'out'))).keys()]).toEqual([]);
  });

  test('a link to a file stays a link', async () => {
    const folder = await makeFolder({ ...greenFiles(), 'real.xml': 'old' });
    await symlink('real.xml', join(folder, 'sop.xml'));
    await sop(folder, dated(['check', '--report', 'junit=sop.xml']));
    expect(await read(folder, 'real.xml')).toContain('<testsuites name="sop check"');
    expect(await read(folder, 'sop.xml')).toBe(await read(folder, 'real.xml'));
  });

  test('paths are the caller’s, wherever the project lies', async () => {
    const here = await makeFolder();
    await sop(here, dated(['check', '--root', clean, '--report', 'markdown=sop.md']));
    expect([...(await filesIn(here)).keys()]).toEqual(['sop.md']);
  });
});

describe('--format github', () => {
  test('annotations, the log between marks, and a summary where GitHub asks for one', async () => {
    const folder = await makeFolder({ ...missing(), 'summary.md': 'of another step\n' });
    await sop(folder, ['build', '--as-of', today]);
    const bare = await sop(folder, dated([]));
    const summary = join(folder, 'summary.md');
    const ran = await sop(folder, dated(['--format', 'github']), { GITHUB_STEP_SUMMARY: summary });
    const [, mark, log, rest] = /^::stop-commands::(\w{64})\n([\s\S]*)::\1::\n([\s\S]*)$/.exec(ran.stdout) ?? [];
    expect([ran.status, mark?.length, log]).toEqual([1, 64, bare.stdout]);
    for (const line of (rest ?? '').trimEnd().split('\n')) expect(line).toMatch(/^::(?:error|warning|notice) /);
    const markdown = await sop(folder, dated(['--format', 'markdown']));
    expect(await readFile(summary, 'utf8')).toBe(`of another step\n${markdown.stdout}\n`);
    await sop(folder, dated(['--format', 'markdown']), { GITHUB_STEP_SUMMARY: summary });
    expect((await sop(folder, dated(['--format', 'github']))).stdout).toBe(ran.stdout);
    expect((await readFile(summary, 'utf8')).length).toBe(`of another step\n${markdown.stdout}\n`.length);
  });

  test('a summary never grows past what GitHub takes', async () => {
    const folder = await makeFolder({ ...missing(), 'summary.md': 'x'.repeat(1_048_000) });
    const summary = join(folder, 'summary.md');
    const ran = await sop(folder, dated(['test', '--format', 'github']), { GITHUB_STEP_SUMMARY: summary });
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain('the step summary is full');
    expect((await readFile(summary)).length).toBe(1_048_000);
    const gone = await sop(folder, dated(['test', '--format', 'github']), { GITHUB_STEP_SUMMARY: folder });
    expect([gone.status, gone.stderr]).toEqual([
      1,
      'the step summary cannot be written; the exit code and the log stand\n',
    ]);
  });

  test('places are those of the repository, and links lead to its commit', async () => {
    const top = await makeFolder({ '.git/HEAD': 'ref: refs/heads/main\n' });
    for (const [path, text] of Object.entries(missing())) await put(top, `desks/risk/${path}`, text);
    const inside = join(top, 'desks/risk');
    await mkdir(join(inside, 'deep'));
    expect((await sop(join(inside, 'deep'), dated(['test', '--format', 'github']))).stdout).toContain(
      '::error file=desks/risk/sops/demo/cases/',
    );
    const env = { GITHUB_SERVER_URL: 'https://git.example.org', GITHUB_REPOSITORY: 'desk/sops', GITHUB_SHA: 'abc123' };
    expect((await sop(inside, dated(['test', '--format', 'markdown']), env)).stdout).toContain(
      '(https://git.example.org/desk/sops/blob/abc123/desks/risk/sops/demo/cases/',
    );
  });

  test('what is no address makes no link', () => {
    const onGithub = { GITHUB_SERVER_URL: 'https://git.example.org', GITHUB_REPOSITORY: 'desk/sops' };
    for (const sha of ['a) [b](x', 'a b', '<x>', 'a"b', 'a\nb'])
      expect(linksOf({ ...onGithub, GITHUB_SHA: sha })).toBe(null);
    expect(linksOf({ ...onGithub, GITHUB_SERVER_URL: 'javascript://x', GITHUB_SHA: 'a' })).toBe(null);
    expect(linksOf(onGithub)).toBe(null);
    const onGitlab = { CI_PROJECT_URL: 'https://git.example.org/desk/sops', CI_COMMIT_SHA: 'abc123' };
    expect(linksOf(onGitlab)).toEqual({ before: 'https://git.example.org/desk/sops/-/blob/abc123/' });
  });
});

describe('sop.config.yaml', () => {
  const configured = async (config: string, args: readonly string[], asOf = today) => {
    const folder = await makeFolder({ ...greenFiles(), 'sop.config.yaml': config });
    return sop(folder, [...args, '--as-of', asOf]);
  };

  test('a warning can be made an error, and a level lowered', async () => {
    const later = '2030-01-01';
    expect((await configured('', ['check'], later)).status).toBe(0);
    const raised = await configured('levels: {SOP901: error}', ['check'], later);
    expect([raised.status, raised.stdout.includes('error SOP901')]).toEqual([1, true]);
    const off = await configured('levels: {SOP901: off}', ['check', '--strict'], later);
    expect([off.status, off.stdout]).toEqual([0, '0 errors, 0 warnings in 1 SOP\n']);
    expect((await configured('', ['test'], later)).status).toBe(1);
    const lowered = await configured('levels: {SOP706: warning}', ['test', '--format', 'junit'], later);
    expect([lowered.status, lowered.stdout.includes('failures="0" errors="0" skipped="1"')]).toEqual([0, true]);
    expect((await configured('levels: {SOP604: note}', ['build', '--check'])).status).toBe(0);
  });

  test('a floor that is not reached fails, in every form', async () => {
    for (const args of [[], ['test', 'demo']]) {
      const ran = await configured('floors: {mutation: 100, rules: 0}\n', [...args, '--format', 'junit']);
      expect([ran.status, ran.stdout.includes('classname="diagnostics.SOP770"')], args.join(' ')).toEqual([1, true]);
    }
    expect((await configured('floors: {mutation: 100}\n', [])).stdout).toContain(
      '✗ 1 floor not reached\n    sop.config.yaml:1:20 SOP770',
    );
    expect((await configured('floors: {mutation: 100, sops: {demo: {mutation: 0}}}\n', ['test'])).status).toBe(0);
  });

  test('whatever is wrong in it fails every command that judges', async () => {
    for (const args of [[], ['check'], ['test', 'demo'], ['build', 'demo', '--check']]) {
      const ran = await configured('levels:\n  SOP701: off\n', args);
      expect([ran.status, ran.stdout.includes('SOP381')], args.join(' ')).toEqual([1, true]);
    }
  });
});
