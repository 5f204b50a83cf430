import { resolve } from 'node:path';
import type { OpenedRevision, Revision, RevisionProblem, Revisions, Store } from '../model/ports.ts';
import { createGit, type Git } from './git.ts';
import { openObjects } from './git-objects.ts';
import { librariesIn, readTree, type TreeFile } from './git-tree.ts';
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
  const place: Place = { git, root, now, prefix, gitFolder };
  if (how !== 'contained') return openCommit(place, commit, how, remarks);
  const opened = await openCommit(place, commit, 'itself', remarks);
  if (await isEdited(git, opened)) return opened;
  opened.close();
  const parent = await firstParent(git, commit);
  return parent === null ? beforeTheFirst(now) : openCommit(place, parent, 'first_parent', remarks);
}

interface Place {
  readonly git: Git;
  readonly root: string;
  readonly now: Store;
  readonly prefix: string;
  readonly gitFolder: string;
}

interface Opened extends Revision {
  readonly files: ReadonlyMap<string, TreeFile>;
}

async function openCommit(
  { git, root, now, prefix, gitFolder }: Place,
  commit: string,
  how: Revision['how'],
  before: readonly string[],
): Promise<Opened> {
  const tree = await readTree(git, commit, prefix);
  if (!tree.ok) {
    if (tree.why !== 'incomplete') throw new Unavailable({ reason: 'not_a_folder', what: tree.why });
    throw new Unavailable({ reason: 'incomplete', fetch: await fetchWhole(git) });
  }
  const { files } = tree;
  const remarks = [...before];
  for (const path of tree.submodules) remarks.push(`\`${path}\` was a submodule; nothing that lies in it is compared`);
  if (![...files.keys()].some((path) => path.startsWith('sops/'))) {
    const elsewhere = await librariesIn(git, commit);
    const other = elsewhere.length === 0 ? '' : `; ${elsewhere.join(', ')} was there, and is not compared with`;
    remarks.push(`there was no \`${prefix}sops\` yet, so there is nothing to compare with${other}`);
  }
  const objects = openObjects(git);
  const folder = createPrivateFolder();
  const close = () => {
    objects.close();
    folder.close();
  };
  try {
    const changed = await changedFiles(root, now, files, objects);
    const present = openPresentFiles(root, gitFolder);
    const remark = (text: string) => void (remarks.includes(text) || remarks.push(text));
    const store = createRevisionStore({ files, git, objects, present, folder, remark });
    return { commit, how, store, changed, files, remarks: () => remarks, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Something is not committed yet: a file that git knows, or that it is not told to ignore. */
async function isEdited(git: Git, { changed, files }: Opened): Promise<boolean> {
  if (changed.some((path) => files.has(path))) return true;
  if (changed.length === 0) return false;
  const { code, out } = await git.run(['check-ignore', '--no-index', '-z', '--stdin'], `${changed.join('\0')}\0`);
  const ignored = code === 0 ? new Set(out.toString('utf8').split('\0')) : new Set<string>();
  return changed.some((path) => !ignored.has(path));
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

/** The commit to compare with; `contained`: the newest one, which `since` holds already. */
async function findBase(
  git: Git,
  since: string,
  remarks: string[],
): Promise<{ readonly commit: string; readonly how: 'parted' | 'itself' | 'contained' }> {
  const head = await commitOf(git, 'HEAD');
  if (head === undefined) throw new Unavailable({ reason: 'no_commit' });
  if (since === 'HEAD' || since === '@') return { commit: head, how: 'itself' };
  const stated = await commitOf(git, since);
  if (stated === undefined) {
    const near = await nearRevisions(git, since);
    throw new Unavailable({ reason: 'unknown', near, fetch: await fetchRevision(git, since) });
  }
  const answer = await git.run(['merge-base', '--all', head, stated]);
  const all = text(answer.out).split('\n');
  const [base, ...more] = all.filter((line) => line !== '').sort();
  if (base === undefined)
    throw new Unavailable({ reason: 'nothing_in_common', fetch: await fetchRevision(git, since, 'shallow') });
  if (await isCutOff(git, [head, stated], base))
    throw new Unavailable({ reason: 'cut_off', fetch: await fetchRevision(git, since, 'shallow') });
  if (more.length > 0)
    remarks.push(`the histories part at ${more.length + 1} commits; the one with the smallest id is the base`);
  if (base === head) return { commit: head, how: 'contained' };
  return { commit: base, how: base === stated ? 'itself' : 'parted' };
}

/** A shallow clone holds no parents of some commits. Where one of them lies above the base, the histories may part later than it seems. */
async function isCutOff(git: Git, ends: readonly string[], base: string): Promise<boolean> {
  const shallow = await git.run(['rev-parse', '--is-shallow-repository']);
  if (text(shallow.out) !== 'true') return false;
  const between = await mustRun(git, ['rev-list', '--parents', ...ends, `^${base}`]);
  for (const line of text(between).split('\n')) {
    const [commit = '', ...parents] = line.split(' ');
    if (commit === '' || parents.length > 0) continue;
    const written = await mustRun(git, ['cat-file', 'commit', commit]);
    if (hasParent(written)) return true;
  }
  return false;
}

function hasParent(written: Buffer): boolean {
  return /^parent /m.test(written.toString('utf8').split('\n\n')[0] ?? '');
}

/** On the default branch the change is what the newest commit brought. Null: it is the first. */
async function firstParent(git: Git, head: string): Promise<string | null> {
  const parent = await commitOf(git, `${head}^1`);
  if (parent !== undefined) return parent;
  const written = await mustRun(git, ['cat-file', 'commit', head]);
  if (hasParent(written)) throw new Unavailable({ reason: 'no_parent', fetch: await fetchParent(git, head) });
  return null;
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
      take: none,
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
