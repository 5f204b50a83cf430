import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { createDiskStore } from '../../src/host/disk-store.ts';
import type { Store } from '../../src/model/ports.ts';
import { createMemoryStore } from '../support/memory-store.ts';

export const folder = dirname(fileURLToPath(import.meta.url));

/** A library that differs from the green one (`base/`) by a mistake. */
export interface Input {
  /** The text to replace must occur exactly once. */
  readonly edits?: readonly Edit[];
  readonly files?: Readonly<Record<string, string>>;
  readonly generate?: readonly Generated[];
  readonly remove?: readonly string[];
  /** How much the analysis of a table may do, where the mistake is that it is too large. */
  readonly visits?: number;
}

interface Edit {
  readonly file: string;
  readonly replace: string;
  readonly by: string;
  /** `by` so many times; once where absent. */
  readonly times?: number;
}

/** Files that would be no text, too long, or no file at all in a YAML file. */
type Generated =
  | { readonly path: string; readonly bytes: string }
  | {
      readonly path: string;
      readonly repeat: string;
      readonly times: number;
      readonly before?: string;
      readonly after?: string;
    }
  | { readonly path: string; readonly copy: string }
  | { readonly path: string; readonly link: string };

export interface Scenario extends Input {
  readonly name: string;
  readonly code: string;
  readonly about: string;
  /** A right input that nearly looks like the wrong one; the green library where absent. */
  readonly ok: Input;
  /** Only a real folder can show it. */
  readonly disk: boolean;
  /** Skills stay as committed. Elsewhere they are built first, so that an edited SOP does not also have a stale skill. */
  readonly committed: boolean;
  /** What a change is measured against, as it differs from the green library; absent: nothing is. */
  readonly since?: Input;
}

const known = ['about', 'edits', 'files', 'generate', 'remove', 'ok', 'disk', 'committed', 'visits', 'since'];

export async function readScenarios(): Promise<Scenario[]> {
  const names = (await readdir(folder)).filter((name) => /^SOP\d{3}-[a-z0-9-]+$/.test(name)).sort();
  return Promise.all(names.map(readScenario));
}

async function readScenario(name: string): Promise<Scenario> {
  // Why the cast: the keys are checked below, and a wrong shape fails the scenario's own test.
  const read = parse(await readFile(join(folder, name, 'scenario.yaml'), 'utf8')) as Omit<
    Scenario,
    'ok' | 'name' | 'code'
  > & { ok?: Input | Input['edits'] };
  const unknown = Object.keys(read).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new Error(`${name}: unknown keys ${unknown.join(', ')}`);
  const ok = Array.isArray(read.ok) ? { edits: read.ok } : ((read.ok ?? {}) as Input);
  return { ...read, name, code: name.slice(0, 6), ok, disk: read.disk ?? false, committed: read.committed ?? false };
}

/** The green library's files, by path. */
export async function readBase(): Promise<Map<string, string>> {
  const paths = await readdir(join(folder, 'base'), { recursive: true, withFileTypes: true });
  const files = paths
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const base = join(folder, 'base');
  return new Map(
    await Promise.all(files.map(async (path) => [path.slice(base.length + 1), await readFile(path, 'utf8')] as const)),
  );
}

/** The green library with the mistakes made in it. */
export function applyInput(base: ReadonlyMap<string, string>, input: Input): Map<string, string> {
  const files = new Map(base);
  for (const path of input.remove ?? []) {
    const all = [...files.keys()].filter((file) => file === path || (path.endsWith('/') && file.startsWith(path)));
    if (all.length === 0) throw new Error(`there is no ${path} to remove`);
    for (const file of all) files.delete(file);
  }
  for (const [path, text] of Object.entries(input.files ?? {})) files.set(path, text);
  for (const made of input.generate ?? []) {
    if ('copy' in made) files.set(made.path, files.get(made.copy) ?? '');
    if ('repeat' in made)
      files.set(made.path, `${made.before ?? ''}${made.repeat.repeat(made.times)}${made.after ?? ''}`);
  }
  for (const edit of input.edits ?? []) files.set(edit.file, replaceOnce(files.get(edit.file), edit));
  return files;
}

function replaceOnce(text: string | undefined, { file, replace, by, times = 1 }: Edit): string {
  if (text === undefined) throw new Error(`there is no ${file} to edit`);
  const parts = text.split(replace);
  if (parts.length !== 2) throw new Error(`${JSON.stringify(replace)} occurs ${parts.length - 1} times in ${file}`);
  return parts.join(by.repeat(times));
}

/** Opens a store on the files: in memory, or in a temporary folder that `close` removes. */
export async function openStore(
  files: Map<string, string>,
  input: Input,
  disk: boolean,
): Promise<{ store: Store; close: () => Promise<void> }> {
  if (!disk) return { store: createMemoryStore(files), close: async () => undefined };
  const root = await mkdtemp(join(tmpdir(), 'sop-scenario-'));
  const place = async (path: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    return join(root, path);
  };
  for (const [path, text] of files) await writeFile(await place(path), text);
  for (const made of input.generate ?? []) {
    if ('bytes' in made) await writeFile(await place(made.path), Buffer.from(made.bytes, 'hex'));
    if ('link' in made) await symlink(made.link, await place(made.path));
  }
  return { store: createDiskStore(root), close: () => rm(root, { recursive: true, force: true }) };
}
