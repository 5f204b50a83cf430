import { nearest } from '../text/nearest.ts';
import type { Git } from './git.ts';

/** What no revision is called, in plain words; undefined where it may name one. */
export function refused(since: string): string | undefined {
  if (since.trim() === '') return 'it is empty; was a variable not set?';
  if (since.startsWith('-')) return 'it begins with a hyphen';
  if (/\p{C}/u.test(since)) return 'it holds a character that cannot be seen';
  if (since.length > 250) return 'it is longer than 250 characters';
  if (since.includes('..'))
    return 'it is a range; name the one revision to compare with, the end of the range is what lies here';
  if (since.startsWith(':') || since.includes(':'))
    return 'it names a file or a message; name a branch, a tag or a commit';
  if (/^0{7,64}$/.test(since))
    return 'it is all zeros, which a build server says of a branch that is new; name the branch it goes to, such as origin/main';
  return undefined;
}

/** Names that are near, of branches and tags; a branch of a remote by its own name, too. */
export async function nearRevisions(git: Git, since: string): Promise<readonly string[]> {
  const { code, out } = await git.run([
    'for-each-ref',
    '--format=%(refname)',
    'refs/heads',
    'refs/remotes',
    'refs/tags',
  ]);
  if (code !== 0) return [];
  const names = out
    .toString('utf8')
    .split('\n')
    .filter((name) => name !== '' && !name.endsWith('/HEAD'))
    .map((name) => name.replace(/^refs\/(?:heads|remotes|tags)\//, ''));
  const remote = names.filter((name) => name.endsWith(`/${since}`));
  return [...new Set([...remote, ...nearest(since, names)])].filter((name) => name !== since).slice(0, 3);
}

/**
 * The command that brings a revision. It names where the branch is kept, because a clone of one branch keeps no other; and all
 * of history where the clone is shallow, because where two branches part may lie anywhere in it. `only` shallow: there is
 * nothing to fetch where history is here.
 */
export async function fetchRevision(git: Git, since: string, only?: 'shallow'): Promise<string | null> {
  const shallow = await isShallow(git);
  if (only === 'shallow' && !shallow) return null;
  const remotes = await remotesOf(git);
  const named = remotes.find((remote) => since.startsWith(`${remote}/`));
  const remote = named ?? (remotes.includes('origin') ? 'origin' : remotes[0]);
  if (remote === undefined) return null;
  const how = shallow ? 'git fetch --unshallow' : 'git fetch';
  if (/^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(since)) return `${how} ${remote} ${since}`;
  if (named === undefined) return `${how} ${remote}`;
  const branch = since.slice(named.length + 1).replace(/[~^@].*$/, '');
  return isHarmless(branch) ? `${how} ${remote} +refs/heads/${branch}:refs/remotes/${remote}/${branch}` : null;
}

/** The command that brings the commit before the newest one. */
export async function fetchParent(git: Git, head: string): Promise<string | null> {
  const remotes = await remotesOf(git);
  const remote = remotes.includes('origin') ? 'origin' : remotes[0];
  return remote === undefined ? null : `git fetch --deepen=1 ${remote} ${head}`;
}

/** The command that brings what a partial clone left out. */
export async function fetchWhole(git: Git): Promise<string | null> {
  const remotes = await remotesOf(git);
  const remote = remotes.includes('origin') ? 'origin' : remotes[0];
  return remote === undefined ? null : `git fetch --refetch --no-filter ${remote}`;
}

async function isShallow(git: Git): Promise<boolean> {
  return (await git.run(['rev-parse', '--is-shallow-repository'])).out.toString('utf8').trim() === 'true';
}

/** Only those that can be put into a command as they are. */
async function remotesOf(git: Git): Promise<readonly string[]> {
  const { out } = await git.run(['remote']);
  return out.toString('utf8').split('\n').filter(isHarmless).sort();
}

function isHarmless(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/.test(name) && !name.includes('..');
}
