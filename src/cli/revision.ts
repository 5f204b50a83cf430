import { createGitRevisions } from '../host/git-revisions.ts';
import type { Revision, RevisionProblem, Store } from '../model/ports.ts';
import { UsageError } from './exit.ts';

/** Opens the state that a change is measured against, or says in plain words why it cannot be had, and what to do. */
export async function openRevision(
  project: { readonly root: string; readonly store: Store },
  since: string,
): Promise<Revision> {
  const opened = await createGitRevisions(project.root, project.store, process.env).open(since);
  if (opened.ok) return opened.revision;
  throw new UsageError(sayProblem(opened.problem, since, project.root));
}

function sayProblem(problem: RevisionProblem, since: string, root: string): string {
  const name = `\`--since ${since.replace(/\p{C}+/gu, '·').slice(0, 80)}\``;
  switch (problem.reason) {
    case 'no_program':
      return '`--since` needs git, and there is no program `git` on the PATH';
    case 'no_repository':
      return `\`--since\` needs a git repository, and ${root} lies in none`;
    case 'not_ours':
      return `git does not read the repository in ${problem.folder}, because it belongs to another user; if you trust it, run\n\n    git config --global --add safe.directory '${problem.folder.replaceAll("'", "'\\''")}'\n`;
    case 'no_commit':
      return `\`--since\` needs a commit to compare with, and the repository has none yet; commit first`;
    case 'refused':
      return `${name} names no revision: ${problem.why}`;
    case 'unknown':
      return `${name}: git knows no such commit here${problem.near.length === 0 ? (problem.fetch === null ? '; name a branch, a tag or a commit that `git log --all` shows' : '') : `; did you mean ${problem.near.map((near) => `\`${near}\``).join(' or ')}?`}${run(problem.fetch, 'A build server often fetches the newest commit only. Run')}`;
    case 'nothing_in_common':
      return `${name}: its history and that of what lies here have no commit in common${problem.fetch === null ? '' : ' as far as this clone reaches'}${run(problem.fetch, 'Run')}`;
    case 'cut_off':
      return `${name}: this clone ends before it can be told where the histories part${run(problem.fetch, 'Run')}`;
    case 'not_a_folder':
      return `${name}: \`sops\` was ${problem.what === 'link' ? 'a symbolic link' : 'a submodule'} then, so the commit does not hold what lay in it, and nothing can be compared; commit the folder itself`;
    case 'no_parent':
      return `${name} holds the newest commit already, so it is compared with the commit before it, and this clone has no commit but one${run(problem.fetch, 'Run')}`;
    case 'incomplete':
      return `${name}: this clone lacks the contents of some files of that time${run(problem.fetch, 'Run')}`;
    case 'failed':
      return `git could not tell what ${name} is: ${problem.detail}`;
  }
}

function run(command: string | null, lead: string): string {
  return command === null ? '' : `\n${lead}\n\n    ${command}\n`;
}
