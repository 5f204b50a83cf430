import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Command } from './pairs.ts';

/** What a whole run cost. */
export interface Watched {
  readonly seconds: number;
  /**
   * The highest resident memory of each process of the run, summed up: never less than what they held at once. In megabytes of
   * 10^6 bytes; null where the system does not tell (only Linux does).
   */
  readonly megabytes: number | null;
  /** Of these, the processes that the command started. */
  readonly below: number | null;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How often the processes are looked at. Their highest mark is the system's own, so only a short last rise can be missed. */
const every = 20;

/** Runs a command and all that it starts to the end, and watches their memory. */
export function watch({ argv, cwd, prepare }: Command): Promise<Watched> {
  const [file, ...rest] = argv;
  const marks = new Map<number, number>();
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(file, rest, {
      cwd,
      env: { ...process.env, ...prepare?.() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stdout: string[] = [];
    const stderr: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => stdout.push(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => stderr.push(text));
    const timer = setInterval(() => look(child.pid, marks), every);
    child.on('error', (error) => {
      clearInterval(timer);
      reject(error);
    });
    child.on('close', (code) => {
      clearInterval(timer);
      const sum = (pids: readonly number[]) => pids.reduce((bytes, pid) => bytes + (marks.get(pid) ?? 0), 0) / 1e6;
      const pids = [...marks.keys()];
      resolve({
        seconds: (performance.now() - start) / 1000,
        megabytes: marks.size === 0 ? null : sum(pids),
        below: marks.size === 0 ? null : sum(pids.filter((pid) => pid !== child.pid)),
        code,
        stdout: stdout.join(''),
        stderr: stderr.join(''),
      });
    });
  });
}

/** Notes the highest resident memory of a process and of all below it. */
function look(pid: number | undefined, marks: Map<number, number>): void {
  if (pid === undefined) return;
  const mark = /^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1];
  if (mark !== undefined) marks.set(pid, Math.max(marks.get(pid) ?? 0, Number(mark) * 1024));
  for (const below of read(`/proc/${pid}/task/${pid}/children`).split(' ')) {
    if (below !== '') look(Number(below), marks);
  }
}

/** Empty where the process is gone, or the system has no such file. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
