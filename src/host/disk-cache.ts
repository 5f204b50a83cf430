import { createHash, randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import type { Cache } from '../model/ports.ts';

/** Where results are remembered: outside every project, so that a pull request can't plant one. */
export function cacheFolder(environment: NodeJS.ProcessEnv): string {
  const stated = environment['XDG_CACHE_HOME'];
  const base = stated !== undefined && isAbsolute(stated) ? stated : join(homedir(), '.cache');
  return join(base, 'sopwright');
}

/**
 * A cache of JSON values in files. `build` is the digest of the running program: another program's results are never
 * read. An entry that does not match its own digest, or can't be read or written, is as good as none.
 */
export function createDiskCache(folder: string, build: string): Cache {
  const fileOf = (kind: string, key: string) => {
    const name = digest(`${build}\n${kind}\n${key}`);
    return join(folder, name.slice(0, 2), name.slice(2));
  };
  return {
    get(kind, key) {
      try {
        // As bytes: a library's results are tens of megabytes, and every text made of them would be as many again.
        const entry = readFileSync(fileOf(kind, key));
        const body = entry.subarray(65);
        return entry.toString('latin1', 0, 64) === digest(body) ? (JSON.parse(body.toString()) as unknown) : undefined;
      } catch {
        return undefined;
      }
    },
    set(kind, key, value) {
      const file = fileOf(kind, key);
      const body = bytesOf(value);
      if (body === undefined) return;
      const temporary = `${file}.${randomUUID()}.tmp`;
      try {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        writeFileSync(temporary, `${digest(body)}\n`, { mode: 0o600, flag: 'wx' });
        appendFileSync(temporary, body);
        renameSync(temporary, file);
      } catch {
        removeQuietly(temporary);
      }
    },
  };
}

/** Remembers nothing: for `--no-cache` and for tests that must see the work done. */
export const noCache: Cache = { get: () => undefined, set: () => undefined };

/** Undefined where the text would be longer than a text can be. */
function bytesOf(value: unknown): Buffer | undefined {
  try {
    return Buffer.from(JSON.stringify(value));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Removing fails, too, where a file stands in place of the cache's folder. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // nothing was written there
  }
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
