import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { planFor } from '../../src/cli/skills.ts';
import { compile } from '../../src/compile.ts';
import { createDuckDbEngine } from '../../src/engine/engine.ts';
import { dialect } from '../../src/engine/version.ts';
import { noCache } from '../../src/host/disk-cache.ts';
import { createDiskStore } from '../../src/host/disk-store.ts';
import type { Store } from '../../src/model/ports.ts';
import { filesIn, makeFolder } from './folder.ts';
import { isLong } from './long.ts';
import { createMemoryStaging } from './memory-store.ts';
import { today } from './sop.ts';
import { sqlChild } from './sql-child.ts';

const sops = fileURLToPath(new URL('../../sops', import.meta.url));

/** The SOPs of this repository. */
export const allShipped: readonly string[] = readdirSync(sops)
  .filter((name) => existsSync(join(sops, name, 'SOP.md')))
  .sort();

/** Those that tests have the command read: all of them take half a minute, so only `npm run test:long` takes all. */
export const someShipped: readonly string[] = isLong
  ? allShipped
  : ['liquidation-suicide', 'pump-and-dump', 'sybil-clusters', 'wash-trading'];

/** The files of these SOPs with all that they share, by their path in a project. Sets have only these; without any, there are none. */
export async function filesOf(ids: readonly string[]): Promise<Map<string, string>> {
  const left = allShipped.filter((id) => !ids.includes(id));
  const kept = [...(await filesIn(sops))].filter(([path]) => !left.some((id) => path.startsWith(`${id}/`)));
  const files = new Map(kept.map(([path, text]) => [`sops/${path}`, text]));
  const sets = (files.get('sops/sets.yaml') ?? '').replace(/skills: \[(.*)\]/g, (_, names: string) => {
    const own = names.split(', ').filter((name) => !left.includes(name));
    return `skills: [${own.join(', ')}]`;
  });
  if (sets.includes('skills: []')) files.delete('sops/sets.yaml');
  else files.set('sops/sets.yaml', sets);
  return files;
}

let compiled: Promise<Map<string, string>> | undefined;

/** A temporary folder with the skills of all SOPs, compiled now by the sources: once for the files that one process runs. */
export async function shippedSkills(): Promise<string> {
  compiled ??= compileAll();
  return makeFolder(await compiled);
}

/** What the analysis says of tables is in no skill, so it is left out. */
async function compileAll(): Promise<Map<string, string>> {
  const engine = createDuckDbEngine({ command: sqlChild });
  const store = createDiskStore(fileURLToPath(new URL('../..', import.meta.url)));
  const { checked, files } = await compile({ store, cache: noCache, engine, today, budget: { visits: 1 } });
  await engine.close();
  // As if none were built yet: whatever lies under `skills/` is not looked at.
  const bare: Store = {
    ...store,
    list: async (folder) => (folder === 'skills' ? [] : store.list(folder)),
    read: async (path) => (path.startsWith('skills/') ? undefined : store.read(path)),
  };
  const world = { files, store: bare, skills: createMemoryStaging(bare), dialect };
  const { write } = await planFor(checked, world, [], false);
  return new Map(write.map(({ path, text }) => [path, text]));
}
