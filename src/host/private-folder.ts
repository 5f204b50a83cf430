import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder that nobody else can read, gone when it is closed, and also when this process is killed. */
export interface PrivateFolder {
  /** A new folder inside it. */
  make(name: string): string;
  close(): void;
}

/** The folder is made when it is first needed. */
export function createPrivateFolder(): PrivateFolder {
  let made: { readonly path: string; readonly keeper: ChildProcess | null } | undefined;
  const close = () => {
    if (made === undefined) return;
    rmSync(made.path, { recursive: true, force: true });
    made.keeper?.stdin?.destroy();
    made = undefined;
    process.removeListener('exit', close);
  };
  return {
    make(name) {
      if (made === undefined) {
        const path = mkdtempSync(join(tmpdir(), 'sopwright-base-')); // mode 0700
        made = { path, keeper: keep(path) };
        process.once('exit', close);
      }
      const folder = join(made.path, name);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    },
    close,
  };
}

/**
 * A process that does nothing until its input ends, which it does when we end in whatever way, and then removes the folder.
 * It has a session of its own, so that what interrupts us does not interrupt it. Windows has no `sh`; there a killed
 * process leaves the folder behind.
 */
function keep(path: string): ChildProcess | null {
  if (process.platform === 'win32') return null;
  const keeper = spawn('/bin/sh', ['-c', 'read -r never; rm -rf -- "$1"', 'sh', path], {
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  keeper.on('error', () => undefined); // without a shell, only being killed leaves the folder behind
  keeper.stdin?.on('error', () => undefined);
  keeper.unref();
  (keeper.stdin as unknown as { unref?: () => void } | null)?.unref?.(); // a pipe is a socket, whose types hide this
  return keeper;
}
