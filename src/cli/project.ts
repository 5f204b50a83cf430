import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ports } from '../compile.ts';
import { createDuckDbEngine } from '../engine/engine.ts';
import { dialect } from '../engine/version.ts';
import { cacheFolder, createDiskCache, noCache } from '../host/disk-cache.ts';
import { createDiskStore } from '../host/disk-store.ts';
import { createProjectCache } from '../host/project-cache.ts';
import { createStagedFolder } from '../host/staging.ts';
import type { Cache, SqlEngine, StagedFolder } from '../model/ports.ts';
import type { SqlMutator } from '../model/sql-mutant.ts';
import type { DataSurveyor } from '../model/survey.ts';
import { nearest } from '../text/nearest.ts';
import { isDate } from '../text/time.ts';
import { UsageError } from './exit.ts';

export interface CommonOptions {
  readonly root?: string;
  readonly asOf?: string;
  readonly cache: boolean;
}

/** Set by the build: the digest of everything that the shipped file was made of. */
declare const SOPWRIGHT_BUILD: string | undefined;

/** Opens the project that a command works on. */
export function openProject(options: CommonOptions): Ports & {
  readonly root: string;
  readonly engine: Ports['engine'] & DataSurveyor & SqlMutator;
  /** More SQL engines, for cases that run beside each other; they end with the first one. */
  readonly lanes: readonly SqlEngine[];
  readonly skills: StagedFolder;
  /** The SQL engine as people call it. */
  readonly dialect: string;
} {
  const root = findRoot(options.root);
  const build = typeof SOPWRIGHT_BUILD === 'string' ? SOPWRIGHT_BUILD : undefined;
  const remembers = options.cache && build !== undefined;
  const store = createDiskStore(root);
  const command = sqlChildCommand();
  const engine = createDuckDbEngine({ command });
  const lanes = Array.from({ length: laneCount() - 1 }, () => createDuckDbEngine({ command }));
  return {
    root,
    store,
    skills: createStagedFolder(join(root, 'skills'), 'skills', store),
    dialect,
    cache: remembers ? openCache(root, build) : noCache,
    engine: { ...engine, close: async () => void (await Promise.all([engine, ...lanes].map((each) => each.close()))) },
    lanes,
    today: dayOf(options.asOf),
  };
}

/** An engine takes a processor, and some hundred megabytes: with more than four of them little is won. A process starts at the first call. */
function laneCount(): number {
  return Math.max(1, Math.min(4, process.getBuiltinModule('node:os').availableParallelism()));
}

/**
 * Opens the project for a command that looks at data: the SQL process starts while the SOPs are read. `--as-of` may be a
 * moment; sunset dates are judged by its day.
 */
export function openForData(options: CommonOptions): ReturnType<typeof openProject> {
  const project = openProject({ ...options, ...(options.asOf !== undefined && { asOf: options.asOf.slice(0, 10) }) });
  project.engine.warm();
  return project;
}

/** What a command makes is kept when it ends, however it ends. */
function openCache(root: string, build: string): Cache {
  const cache = createProjectCache(createDiskCache(cacheFolder(process.env), build), root);
  process.once('exit', cache.save);
  return cache;
}

/** How the SQL process is started: this very program, or its source under a TypeScript loader. */
export function sqlChildCommand(): string[] {
  const self = fileURLToPath(import.meta.url);
  if (!self.endsWith('.ts')) return [process.execPath, self, '--sql-child'];
  return [process.execPath, '--import', 'tsx', join(dirname(self), '../engine/child-main.ts')];
}

/** The nearest folder upwards that holds `sops/`. */
function findRoot(stated: string | undefined): string {
  if (stated !== undefined) {
    const root = resolve(stated);
    if (!isFolder(join(root, 'sops')))
      throw new UsageError(`there is no folder \`sops\` in ${root}; \`sop init\` makes one`);
    return root;
  }
  for (let at = process.cwd(); ; at = dirname(at)) {
    if (isFolder(join(at, 'sops'))) return at;
    if (dirname(at) === at)
      throw new UsageError(
        'no folder `sops` here or above: run `sop init` to start a repository of SOPs, or name one with `--root DIR`',
      );
  }
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** Dates are judged on one stated day; without `--as-of` it is today in UTC. */
export function dayOf(stated: string | undefined): string {
  if (stated === undefined) return new Date().toISOString().slice(0, 10);
  if (!isDate(stated)) throw new UsageError(`\`--as-of ${stated}\` is no date; write it as 2026-11-01`);
  return stated;
}

/** Refuses ids that no SOP has, with the nearest ones. */
export function requireIds(ids: readonly string[], known: readonly string[]): void {
  for (const id of ids) {
    if (known.includes(id)) continue;
    const near = nearest(id, known);
    throw new UsageError(
      `there is no SOP \`${id}\`${near.length > 0 ? `; did you mean \`${near[0]}\`?` : `; there are: ${known.join(', ') || 'none'}`}`,
    );
  }
}
