import { resolve } from 'node:path';
import type { OpenedRevision, Revision, RevisionProblem, Revisions, Store } from '../model/ports.ts';
import { createGit, type Git } from './git.ts';
import { openObjects } from './git-objects.ts';
import { readTree } from './git-tree.ts';
import { changedFiles, openPresentFiles } from './present-files.ts';
import { createPrivateFolder } from './private-folder.ts';
import { createRevisionStore } from './revision-store.ts';
import { fetchParent, fetchRevision, fetchWhole, nearRevisions, refused } from './which-revision.ts';

/** A problem on its way up. */
class Unavailable extends Error {
  constructor(readonly problem: RevisionProblem) {
    super(problem.reason);
  }
}

/** Commits of the git repository in which the project lies, at its top or below. Nothing is checked out, nothing is written. */
export function createGitRevisions(root: string, now: Store, environment: NodeJS.ProcessEnv): Revisions {
  const git = createGit(root, environment);
  return {
    async open(since): Promise<OpenedRevision> {
      try {
        return { ok: true, revision: await openRevision(git, root, now, since) };
      } catch (error) {
        if (error instanceof Unavailable) return { ok: false, problem: error.problem };
        throw error;
      }
    },
  };
}

async function openRevision(git: Git, root: string, now: Store, since: string): Promise<Revision> {
  const why = refused(since);
  if (why !== undefined) throw new Unavailable({ reason: 'refused', why });
  const { prefix, gitFolder } = await findRepository(git, root);
  const remarks: string[] = [];
  const { commit, how } = await findBase(git, since, remarks);
  if (commit === null) return beforeTheFirst(now);
  const tree = await readTree(git, commit, prefix);
  if (!tree.ok) throw new Unavailable({ reason: 'incomplete', fetch: await fetchWhole(git) });
  for (const path of tree.submodules) remarks.push(`\`${path}\` was a submodule; nothing that lies in it is compared`);
  if (tree.files.size === 0) remarks.push(`there was no \`${prefix}sops\` yet, so there is nothing to compare with`);
  const objects = openObjects(git);
  const folder = createPrivateFolder();
  const close = () => {
    objects.close();
    folder.close();
  };
  try {
    const changed = await changedFiles(root, now, tree.files, objects);
    const present = openPresentFiles(root, gitFolder);
    const remark = (text: string) => void (remarks.includes(text) || remarks.push(text));
    const store = createRevisionStore({ files: tree.files, git, objects, present, folder, remark });
    return { commit, how, store, changed, remarks: () => remarks, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Where the project lies in its repository, and where the repository keeps its own files. */
async function findRepository(
  git: Git,
  root: string,
): Promise<{ readonly prefix: string; readonly gitFolder: string }> {
  const asked = await git.run(['rev-parse', '--is-inside-work-tree']);
  if (asked.code === null) throw new Unavailable({ reason: 'no_program' });
  const foreign = /dubious ownership in repository at '(.*)'/.exec(asked.said)?.[1];
  if (foreign !== undefined) throw new Unavailable({ reason: 'not_ours', folder: foreign });
  if (asked.code !== 0 || text(asked.out) !== 'true') {
    if (asked.code === 0 || /not a git repository|bare repository/.test(asked.said))
      throw new Unavailable({ reason: 'no_repository' });
    throw failed(asked.said);
  }
  const prefix = text(await mustRun(git, ['rev-parse', '--show-prefix']));
  const gitFolder = text(await mustRun(git, ['rev-parse', '--git-common-dir']));
  return { prefix, gitFolder: resolve(root, gitFolder) };
}

/** The commit to compare with. */
async function findBase(
  git: Git,
  since: string,
  remarks: string[],
): Promise<{ readonly commit: string | null; readonly how: Revision['how'] }> {
  const head = await commitOf(git, 'HEAD');
  if (head === undefined) throw new Unavailable({ reason: 'no_commit' });
  if (since === 'HEAD' || since === '@') return { commit: head, how: 'itself' };
  const stated = await commitOf(git, since);
  if (stated === undefined) {
    const near = await nearRevisions(git, since);
    throw new Unavailable({ reason: 'unknown', near, fetch: await fetchRevision(git, since) });
  }
  const answer = await git.run(['merge-base', '--all', head, stated]);
  const [base, ...more] = text(answer.out)
    .split('\n')
    .filter((line) => line !== '')
    .sort();
  if (base === undefined)
    throw new Unavailable({ reason: 'nothing_in_common', fetch: await fetchRevision(git, since, 'shallow') });
  if (more.length > 0)
    remarks.push(`the histories part at ${more.length + 1} commits; the one with the smallest id is the base`);
  return base === head ? firstParent(git, head) : { commit: base, how: base === stated ? 'itself' : 'parted' };
}

/** On the default branch the change is what the newest commit brought. */
async function firstParent(git: Git, head: string): ReturnType<typeof findBase> {
  const parent = await commitOf(git, `${head}^1`);
  if (parent !== undefined) return { commit: parent, how: 'first_parent' };
  const written = await mustRun(git, ['cat-file', 'commit', head]);
  if (/^parent /m.test(written.toString('utf8').split('\n\n')[0] ?? ''))
    throw new Unavailable({ reason: 'no_parent', fetch: await fetchParent(git, head) });
  return { commit: null, how: 'first_parent' };
}

async function commitOf(git: Git, name: string): Promise<string | undefined> {
  const { code, out } = await git.run(['rev-parse', '--verify', '--quiet', `${name}^{commit}`]);
  return code === 0 ? text(out) : undefined;
}

/** A base without any file. */
async function beforeTheFirst(now: Store): Promise<Revision> {
  const none = () => Promise.reject(new Error('what is committed is not written to'));
  return {
    commit: null,
    how: 'first_parent',
    store: {
      list: async () => [],
      read: async () => undefined,
      resolveInside: async () => ({ kind: 'missing' }),
      write: none,
      remove: none,
    },
    changed: await now.list('sops'),
    remarks: () => ['there is nothing to compare with, so nothing is known to be lost'],
    close: () => undefined,
  };
}

async function mustRun(git: Git, args: readonly string[]): Promise<Buffer> {
  const { code, out, said } = await git.run(args);
  if (code !== 0) throw failed(said);
  return out;
}

function failed(said: string): Unavailable {
  const [first = ''] = said.split('\n').filter((line) => line.trim() !== '');
  return new Unavailable({ reason: 'failed', detail: first.replace(/^(?:fatal|error): /, '') || 'git gave no answer' });
}

function text(out: Buffer): string {
  return out.toString('utf8').replace(/\n$/, '');
}
