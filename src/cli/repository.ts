import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { SourceLinks } from '../report/results.ts';

/** Where the project lies in its repository, with a slash at its end; empty at the top, and where there is none. */
export function prefixOf(root: string): string {
  for (let at = root; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) {
      const path = relative(at, root).split(sep).join('/');
      return path === '' ? '' : `${path}/`;
    }
    if (dirname(at) === at) return '';
  }
}

/** The address of the commit that GitHub Actions or GitLab CI runs on, as they say it; null elsewhere. */
export function linksOf(env: NodeJS.ProcessEnv): SourceLinks | null {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_SHA: sha } = env;
  if (server !== undefined && repository !== undefined && sha !== undefined)
    return checked(`${server}/${repository}/blob/${sha}/`);
  const { CI_PROJECT_URL: project, CI_COMMIT_SHA: commit } = env;
  return project === undefined || commit === undefined ? null : checked(`${project}/-/blob/${commit}/`);
}

/** What could end a link of Markdown, or lead elsewhere, is no address. */
function checked(before: string): SourceLinks | null {
  return /^https?:\/\/[\w.~:/%-]+\/$/.test(before) ? { before } : null;
}
