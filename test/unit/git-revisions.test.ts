import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createDiskStore } from '../../src/host/disk-store.ts';
import { createGitRevisions } from '../../src/host/git-revisions.ts';
import type { Revision } from '../../src/model/ports.ts';
import { makeFolder, put } from '../support/folder.ts';
import { clone, commit, git, makeRepository } from '../support/git.ts';

const plain = { 'sops/desk.yaml': 'a: 1\n', 'sops/x/SOP.md': '# X\n', 'sops/x/cases/data/t.csv': 'a\n1\n' };
const environment = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

function revisions(root: string, env: NodeJS.ProcessEnv = {}) {
  return createGitRevisions(root, createDiskStore(root), { ...environment, ...env });
}

async function open(root: string, since = 'HEAD', env: NodeJS.ProcessEnv = {}): Promise<Revision> {
  const opened = await revisions(root, env).open(since);
  if (!opened.ok) throw new Error(JSON.stringify(opened.problem));
  return opened.revision;
}

describe('a commit is read as the disk is', () => {
  test('texts, limits, bytes that are none, names that are passed over', async () => {
    const root = await makeRepository({
      ...plain,
      'sops/large.md': 'x'.repeat(1_000_001),
      'sops/zero.yaml': Buffer.from([97, 0]),
      'sops/.hidden/a.md': 'no',
      'sops/node_modules/a.md': 'no',
      'sops/ünï/SOP.md': '\ufeffbom',
      'elsewhere/b.md': 'no',
    });
    const was = createDiskStore(root);
    const revision = await open(root);
    const paths = await was.list('sops');
    expect(await revision.store.list('sops')).toEqual(paths);
    for (const path of [...paths, 'sops/none.md', 'sops/x'])
      expect([path, await revision.store.read(path)]).toEqual([path, await was.read(path)]);
    expect(revision.changed).toEqual([]);
    await expect(revision.store.write('sops/a', '')).rejects.toThrow();
    revision.close();
  });

  test('links and submodules are not followed, and said', async () => {
    const root = await makeRepository(plain);
    await symlink('/etc/passwd', join(root, 'sops/x/cases/a.yaml'));
    await symlink('../../../../../etc/passwd', join(root, 'sops/x/cases/data/link.csv'));
    const inner = await makeRepository({ 'SOP.md': '#' });
    git(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', `file://${inner}`, 'sops/inner');
    commit(root);
    const revision = await open(root);
    expect(await revision.store.read('sops/x/cases/a.yaml')).toEqual({
      kind: 'unreadable',
      reason: 'it is a symbolic link',
    });
    expect(await revision.store.resolveInside('sops/x', 'cases/data/link.csv')).toEqual({ kind: 'missing' });
    expect(await revision.store.resolveInside('sops/x', '../../etc')).toEqual({ kind: 'outside' });
    expect(revision.remarks()).toEqual([
      '`sops/inner` was a submodule; nothing that lies in it is compared',
      '`sops/x/cases/data/link.csv` was a symbolic link, which is not followed',
    ]);
    revision.close();
  });

  test('a data file that is the same is used where it lies, another is written where nobody else reads', async () => {
    const root = await makeRepository(plain);
    const same = await open(root);
    const path = 'sops/x/cases/data/t.csv';
    expect(await same.store.resolveInside('sops/x', 'cases/data/t.csv')).toEqual({
      kind: 'file',
      absolute: join(root, path),
    });
    same.close();
    await put(root, path, 'a\n2\n');
    const other = await open(root);
    expect(other.changed).toEqual([path]);
    const placed = await other.store.resolveInside('sops/x', 'cases/data/t.csv');
    if (placed.kind !== 'file') throw new Error(placed.kind);
    expect(await readFile(placed.absolute, 'utf8')).toBe('a\n1\n');
    expect((await stat(placed.absolute)).mode & 0o777).toBe(0o600);
    expect((await stat(join(placed.absolute, '../..'))).mode & 0o777).toBe(0o700);
    other.close();
    await expect(stat(placed.absolute)).rejects.toThrow('ENOENT');
  });

  test('what Git LFS keeps: found by its digest, or said', async () => {
    const content = 'a\n7\n';
    const digest = createHash('sha256').update(content).digest('hex');
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${digest}\nsize ${content.length}\n`;
    const root = await makeRepository({ ...plain, 'sops/x/cases/data/t.csv': pointer });
    await put(root, 'sops/x/cases/data/t.csv', content);
    const smudged = await open(root);
    expect(smudged.changed).toEqual([]);
    expect(await smudged.store.resolveInside('sops/x', 'cases/data/t.csv')).toMatchObject({ kind: 'file' });
    smudged.close();
    await put(root, 'sops/x/cases/data/t.csv', 'a\n8\n');
    const gone = await open(root);
    expect(await gone.store.resolveInside('sops/x', 'cases/data/t.csv')).toEqual({ kind: 'missing' });
    expect(gone.remarks().join()).toContain('kept by Git LFS');
    gone.close();
    await put(root, `.git/lfs/objects/${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest}`, content);
    const stored = await open(root);
    expect(await stored.store.resolveInside('sops/x', 'cases/data/t.csv')).toMatchObject({ kind: 'file' });
    stored.close();
  });
});

describe('a repository cannot make us run anything, or read another one', () => {
  test('programs that its settings name', async () => {
    const root = await makeRepository({ ...plain, '.gitattributes': '* diff=x filter=x merge=x\n' });
    const mark = join(root, 'ran');
    await put(root, 'run.sh', `#!/bin/sh\ntouch '${mark}'\n`);
    await chmod(join(root, 'run.sh'), 0o755);
    const program = join(root, 'run.sh');
    for (const name of [
      'core.fsmonitor', 'core.pager', 'core.sshCommand', 'core.gitProxy', 'core.editor', 'diff.x.textconv', 'diff.external',
      'filter.x.clean', 'filter.x.smudge', 'filter.x.process', 'gpg.program', 'pager.rev-parse', 'uploadpack.packObjectsHook',
      'alias.rev-parse', 'credential.helper', 'remote.origin.uploadpack', 'core.alternateRefsCommand',
    ]) git(root, 'config', name, program); // biome-ignore format: one list
    git(root, 'config', 'log.showSignature', 'true');
    git(root, 'config', 'core.hooksPath', root);
    await put(root, 'sops/x/SOP.md', '# Y\n');
    const revision = await open(root, 'main');
    await revision.store.read('sops/x/SOP.md');
    revision.close();
    await expect(stat(mark)).rejects.toThrow('ENOENT');
  });

  test('variables that lead elsewhere, and objects that stand for others', async () => {
    const root = await makeRepository(plain);
    const other = await makeRepository({ 'sops/desk.yaml': 'other: 1\n' });
    const env = {
      GIT_DIR: join(other, '.git'),
      GIT_WORK_TREE: other,
      GIT_OBJECT_DIRECTORY: join(other, '.git/objects'),
      GIT_INDEX_FILE: '/x',
      GIT_TRACE: join(root, 'trace'),
      GIT_CONFIG_PARAMETERS: "'core.worktree=/'",
    };
    const first = git(root, 'rev-parse', 'HEAD');
    await put(root, 'sops/desk.yaml', 'a: 2\n');
    const second = commit(root, 'second');
    git(root, 'replace', first, second);
    const revision = await open(root, 'main', env);
    expect(revision.commit).toBe(first);
    expect(await revision.store.read('sops/desk.yaml')).toEqual({ kind: 'text', text: 'a: 1\n' });
    revision.close();
    await expect(stat(join(root, 'trace'))).rejects.toThrow('ENOENT');
  });

  test('a repository that lies among the files of another, and a git that lies in the project', async () => {
    const root = await makeFolder(plain);
    git(root, 'init', '--quiet', '--bare', '.');
    expect(await revisions(root).open('HEAD')).toEqual({ ok: false, problem: { reason: 'no_repository' } });
    const project = await makeRepository(plain);
    await put(project, 'git', '#!/bin/sh\ntouch ran\n');
    await chmod(join(project, 'git'), 0o755);
    const before = process.cwd();
    expect(before).not.toBe(project);
    const revision = await open(project, 'HEAD', { PATH: `.:${process.env['PATH'] ?? ''}` });
    revision.close();
    await expect(stat(join(project, 'ran'))).rejects.toThrow('ENOENT');
  });
});

/** Killed without a chance to tidy up: what was written is gone all the same. */
test.skipIf(process.platform === 'win32')('a private folder is gone when its process is killed', async () => {
  const module = fileURLToPath(new URL('../../src/host/private-folder.ts', import.meta.url));
  const code = `import { createPrivateFolder } from ${JSON.stringify(module)}; console.log(createPrivateFolder().make('x')); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const folder = await new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => resolve(text.trim()));
  });
  expect(folder.startsWith(join(tmpdir(), 'sopwright-base-'))).toBe(true);
  expect((await readdir(join(folder, '..'))).length).toBe(1);
  child.kill('SIGKILL');
  await expect
    .poll(
      () =>
        stat(join(folder, '..')).then(
          () => 'there',
          () => 'gone',
        ),
      { timeout: 5000 },
    )
    .toBe('gone');
});

test('a library that lay elsewhere is named', async () => {
  const root = await makeRepository({ 'old/sops/x/SOP.md': '# X\n' });
  await put(root, 'sops/x/SOP.md', '# X\n');
  const revision = await open(root);
  expect(revision.remarks()).toEqual([
    'there was no `sops` yet, so there is nothing to compare with; `old/sops` was there, and is not compared with',
  ]);
  revision.close();
});

test('the first commit: there is nothing before it', async () => {
  const root = await makeRepository(plain);
  await rm(join(root, 'none'), { force: true });
  await mkdir(join(root, 'empty'));
  const revision = await open(root, 'main');
  expect(revision).toMatchObject({
    commit: null,
    how: 'first_parent',
    changed: ['sops/desk.yaml', 'sops/x/SOP.md', 'sops/x/cases/data/t.csv'],
  });
  expect(revision.remarks()).toHaveLength(1);
});

test('a shallow clone whose oldest commits hide where the histories part', async () => {
  const root = await makeRepository(plain);
  git(root, 'branch', 'old');
  git(root, 'checkout', '--quiet', 'main');
  commit(root, 'newer');
  git(root, 'checkout', '--quiet', '-B', 'change');
  for (const message of ['one', 'two', 'three']) commit(root, message);
  git(root, 'checkout', '--quiet', 'old');
  commit(root, 'from before');
  git(root, 'checkout', '--quiet', 'change');
  git(root, 'merge', '--quiet', '--no-edit', 'old');
  const copy = await clone(root, '--depth=3', '--no-single-branch', '--branch=change');
  const cut = await revisions(copy).open('origin/main');
  expect(cut).toMatchObject({
    ok: false,
    problem: { reason: 'cut_off', fetch: expect.stringContaining('--unshallow') },
  });
  git(copy, 'fetch', '--quiet', '--unshallow', 'origin');
  expect((await open(copy, 'origin/main')).commit).toBe(git(root, 'rev-parse', 'main'));
});

test('a commit whose `sops` is a link, or a repository of its own, holds nothing to compare with', async () => {
  const linked = await makeRepository({ 'elsewhere/desk.yaml': 'a: 1\n' });
  await symlink('elsewhere', join(linked, 'sops'));
  commit(linked);
  expect(await revisions(linked).open('HEAD')).toEqual({
    ok: false,
    problem: { reason: 'not_a_folder', what: 'link' },
  });
  const apart = await makeRepository({ 'README.md': '#' });
  const inner = await makeRepository({ 'desk.yaml': 'a: 1\n' });
  git(apart, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', `file://${inner}`, 'sops');
  commit(apart);
  const opened = await revisions(apart).open('HEAD');
  expect(opened).toEqual({ ok: false, problem: { reason: 'not_a_folder', what: 'submodule' } });
});
