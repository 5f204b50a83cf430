import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Agent, AgentReply, AgentTask } from '../model/agent.ts';

export interface ProgramLimits {
  /** For one question. */
  readonly milliseconds: number;
  /** Bytes of standard output. */
  readonly bytes: number;
}

/** The program could not be started at all: no question will fare better. */
export class NotStarted extends Error {}

/** The last bytes of standard error that are told. */
const mostSaid = 2000;

/**
 * An agent that is a program: started anew for each question, without a shell; the question on standard input, the answer on standard output. It is
 * the first of a process group of its own, which is killed as a whole when it has ended, is too slow or writes too much. It inherits the variables
 * that are named, and a few that programs need to run at all.
 */
export function createProgramAgent(
  words: readonly string[],
  limits: ProgramLimits,
  passed: readonly string[],
): Agent & { readonly close: () => void } {
  const base = mkdtempSync(join(tmpdir(), 'sop-eval-'));
  const running = new Set<ChildProcess>();
  const environment = environmentOf(passed);
  let asked = 0;
  const close = () => {
    for (const child of running) killGroup(child);
    rmSync(base, { recursive: true, force: true });
  };
  return {
    close,
    ask: async (task) => {
      const folder = join(base, String(asked++));
      await placeSkill(folder, task);
      const question = JSON.stringify({ ...task.question, skill_folder: join(folder, task.skill) });
      try {
        return await runProgram(words, `${question}\n`, limits, environment, running);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** Each question has a copy of its own: what one run of the agent changes in it, no other one sees. */
async function placeSkill(folder: string, { skill, files }: AgentTask): Promise<void> {
  for (const { path, text } of files) {
    const place = join(folder, skill, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, text);
  }
}

const needed = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TMPDIR', 'TEMP', 'SystemRoot', 'PATHEXT', 'COMSPEC'];

function environmentOf(passed: readonly string[]): Record<string, string> {
  const kept = [...needed, ...passed].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(kept);
}

function runProgram(
  [file = '', ...rest]: readonly string[],
  input: string,
  { milliseconds, bytes }: ProgramLimits,
  env: Record<string, string>,
  running: Set<ChildProcess>,
): Promise<AgentReply> {
  return new Promise((settle, fail) => {
    const child = spawn(file, rest, { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true, windowsHide: true });
    running.add(child);
    const chunks: Buffer[] = [];
    let read = 0;
    let said = Buffer.alloc(0);
    let killed: 'too_slow' | 'too_much' | undefined;
    const kill = (why: typeof killed) => {
      killed ??= why;
      killGroup(child);
    };
    const deadline = setTimeout(() => kill('too_slow'), milliseconds);
    const end = () => {
      clearTimeout(deadline);
      running.delete(child);
    };
    child.stdout.on('data', (chunk: Buffer) => {
      read += chunk.length;
      if (read > bytes) kill('too_much');
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said = Buffer.concat([said, chunk]).subarray(-mostSaid);
    });
    // Whoever reads no question closes its end of the pipe: no fault of ours.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('error', (error: NodeJS.ErrnoException) => {
      end();
      fail(new NotStarted(startWords[error.code ?? ''] ?? 'the system refuses to start it'));
    });
    // What the program leaves behind would hold its output open, and run on.
    child.on('exit', () => killGroup(child));
    child.on('close', (code, signal) => {
      end();
      if (killed === 'too_slow')
        return settle(failed('too_slow', `it was stopped after ${milliseconds / 1000} seconds`));
      if (killed === 'too_much') return settle(failed('too_much', `it was stopped after ${bytes} bytes`));
      if (code === 0) return settle({ kind: 'answered', text: Buffer.concat(chunks).toString('utf8') });
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      const told = said.toString('utf8').trim().split('\n').at(-1) ?? '';
      return settle(failed('ended_badly', told === '' ? how : `${how}: ${told}`));
    });
  });
}

const startWords: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such program',
  EACCES: 'it may not be run',
  ENOEXEC: 'it is no program',
};

function failed(reason: Extract<AgentReply, { kind: 'failed' }>['reason'], detail: string): AgentReply {
  return { kind: 'failed', reason, detail };
}

/** The program and all that it started and that stayed in its group. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
}
