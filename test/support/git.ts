import { execFileSync } from 'node:child_process';
import { makeFolder } from './folder.ts';

/** Nothing of the person who runs the tests: no settings, no names, no dates. */
const environment: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'analyst',
  GIT_AUTHOR_EMAIL: 'analyst@desk.example',
  GIT_AUTHOR_DATE: '2026-10-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'analyst',
  GIT_COMMITTER_EMAIL: 'analyst@desk.example',
  GIT_COMMITTER_DATE: '2026-10-01T00:00:00Z',
};

/** Runs git in a folder and gives what it says. */
export function git(folder: string, ...args: string[]): string {
  return execFileSync('git', args, {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** Commits all that lies in the folder; gives the commit's id. */
export function commit(folder: string, message = 'change'): string {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', message);
  return git(folder, 'rev-parse', 'HEAD');
}

/** A repository whose branch `main` has these files, with a branch `change` checked out. */
export async function makeRepository(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const root = await makeFolder(files);
  git(root, 'init', '--quiet', '--initial-branch=main');
  git(root, 'config', 'uploadpack.allowFilter', 'true');
  commit(root, 'library');
  git(root, 'checkout', '--quiet', '-b', 'change');
  return root;
}

/** Another copy of a repository, over the protocol that leaves things out when it is asked to. */
export async function clone(from: string, ...options: string[]): Promise<string> {
  const folder = await makeFolder();
  git(folder, 'clone', '--quiet', ...options, `file://${from}`, 'copy');
  return `${folder}/copy`;
}
