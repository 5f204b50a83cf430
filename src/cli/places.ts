import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { type Client, clientFolders, clients } from '../emit/skill/clients.ts';
import { homePlace, type Place } from '../emit/skill/plan-skills.ts';
import { createDiskStore } from '../host/disk-store.ts';
import { createStagedFolder } from '../host/staging.ts';
import type { StagedFolder, Store } from '../model/ports.ts';
import { nearest } from '../text/nearest.ts';
import { UsageError } from './exit.ts';

/** A folder into which skills are placed. */
export interface SkillPlace extends Place {
  readonly store: Store;
  readonly skills: StagedFolder;
  /** Null: no client's own folder. */
  readonly client: Client | null;
}

interface Project {
  readonly root: string;
  readonly store: Store;
  readonly skills: StagedFolder;
}

/** A folder on disk, and what its paths are called. */
interface Base {
  readonly root: string;
  /** Below the root, with `/`; empty: the root itself. */
  readonly inside: string;
  readonly store: Store;
  /** As paths of the store begin. */
  readonly called: string;
}

/** The folders that `--out` and `--client` name; `skills/` where they name none. */
export function placesOf(
  project: Project,
  { out, client }: { readonly out?: string; readonly client: readonly string[] },
): SkillPlace[] {
  const wanted = [...new Set(client.map(clientOf))];
  const base = out === undefined ? ofProject(project) : baseOf(project, out);
  const option = out === undefined ? '' : ` --out ${out}`;
  if (wanted.length === 0) {
    if (out === undefined) return [{ ...homePlace, store: project.store, skills: project.skills, client: null }];
    return [placeIn(refuseSources(base, out), '', `sop build${option}`, null)];
  }
  return wanted.map((name) => placeIn(base, clientFolders[name], `sop build --client ${name}${option}`, name));
}

function clientOf(name: string): Client {
  const known = clients.find((client) => client === name);
  if (known !== undefined) return known;
  const near = nearest(name, clients);
  throw new UsageError(
    `\`--client ${name}\`: no such client${near.length > 0 ? `; did you mean \`${near[0]}\`?` : `; there are: ${clients.join(', ')}`}`,
  );
}

function ofProject({ root, store }: Project): Base {
  return { root, inside: '', store, called: '' };
}

/** What a person names outside the project may be reached through links of theirs; inside it none is followed. */
function baseOf(project: Project, out: string): Base {
  const absolute = resolve(out);
  if (out === '') throw new UsageError('`--out` needs a folder');
  const way = wayBelow(realpathSync(project.root), absolute);
  if (way !== null) return { ...ofProject(project), inside: way, called: way };
  const root = realOf(absolute);
  const called = out.replaceAll('\\', '/').replace(/(?<=.)\/+$/, '');
  return { root, inside: '', store: createDiskStore(root, called), called };
}

/** Null: it does not lie below. The topmost folder that is the root counts, so that all links below it are seen as links. */
function wayBelow(root: string, absolute: string): string | null {
  const above = [absolute];
  for (let at = absolute; dirname(at) !== at; at = dirname(at)) above.unshift(dirname(at));
  const top = above.find((folder) => existsSync(folder) && realpathSync(folder) === root);
  return top === undefined ? null : relative(top, absolute).split(sep).join('/');
}

/** The real path of what need not exist yet. */
function realOf(absolute: string): string {
  if (existsSync(absolute)) return realpathSync(absolute);
  return dirname(absolute) === absolute ? absolute : join(realOf(dirname(absolute)), basename(absolute));
}

/** Skills in the midst of sources would be read as such, or have them removed. */
function refuseSources(base: Base, out: string): Base {
  const first = base.inside.split('/')[0];
  const isRoot = base.inside === '' && base.called === '';
  if (isRoot || first === 'sops' || first === '.git')
    throw new UsageError(
      `\`--out ${out}\`: ${isRoot ? 'this is the project itself' : `\`${first}/\` is no place for skills`}; name another folder`,
    );
  return base;
}

function placeIn(base: Base, below: string, command: string, client: Client | null): SkillPlace {
  const joined = (...parts: readonly string[]) => parts.filter((part) => part !== '').join('/');
  const way = joined(base.inside, below);
  refuseLinked(base.root, way, joined(base.called, below));
  const folder = joined(base.called, below);
  return {
    folder,
    command,
    client,
    store: base.store,
    skills: createStagedFolder(join(base.root, way), folder, base.store),
  };
}

/** A link could lead reads and writes anywhere on the machine: links arrive in pull requests, too. */
function refuseLinked(root: string, way: string, shown: string): void {
  const parts = way === '' ? [] : way.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const found = lstatSync(join(root, ...parts.slice(0, depth)), { throwIfNoEntry: false });
    const named = shown.split('/').slice(0, shown.split('/').length - parts.length + depth);
    if (found?.isSymbolicLink())
      throw new UsageError(
        `\`${named.join('/')}\` is a link, and skills are written into plain folders only: what it leads to may be anywhere`,
      );
    if (found !== undefined && !found.isDirectory())
      throw new UsageError(`\`${named.join('/')}\` is a file, and a folder is needed`);
  }
}
