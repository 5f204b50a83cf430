import { lstat, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** What `owner.json` of this process holds. */
export function ownerText(): string {
  return JSON.stringify({ pid: process.pid, host: hostname() });
}

/** What the folder says of its owner; undefined where it says nothing, and where it is none. */
export async function ownerOf(staging: string): Promise<string | undefined> {
  if (!(await lstat(staging).catch(() => undefined))?.isDirectory()) return undefined;
  return readFile(join(staging, 'owner.json'), 'utf8').catch(() => undefined);
}

/** Whether the owner is a process of this machine that runs. */
export function isAlive(owner: string | undefined): boolean {
  try {
    const { pid, host } = JSON.parse(owner ?? '') as Record<string, unknown>; // ours, or it throws
    return host === hostname() && typeof pid === 'number' && isAnotherRunning(pid);
  } catch {
    return false;
  }
}

export function isAnotherRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false; // 0 and less are groups of processes
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
