import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Resident memory of a process in megabytes; undefined where it can't be told (the process is gone, or Windows). */
export function residentMegabytes(pid: number): number | undefined | Promise<number | undefined> {
  if (process.platform === 'linux') return fromProc(pid);
  return process.platform === 'win32' ? undefined : fromPs(pid);
}

/** VmRSS is in kilobytes whatever the size of a page, which statm would need. */
function fromProc(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'rss=', '-p', String(pid)], (error, output) => {
      resolve(error === null ? Number(output.trim()) / 1024 : undefined);
    });
  });
}
