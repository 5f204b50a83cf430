import { spawn } from 'node:child_process';
import type { Ran } from './sop.ts';

/** Runs a command that reads `input`; what it leaves unread is nobody's fault. */
export function feed(command: readonly string[], input: string | Buffer, cwd?: string): Promise<Ran> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: 'pipe', env: { PATH: process.env['PATH'] } });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => (said.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (said.stderr += text));
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...said }));
    child.stdin.end(input);
  });
}
