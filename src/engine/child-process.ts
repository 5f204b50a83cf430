import { type ChildProcess, spawn } from 'node:child_process';
import type { RowBatch } from '../model/ports.ts';
import { decodeBatch } from './decode-batch.ts';
import type { Envelope, Reply, Request } from './protocol.ts';
import { residentMegabytes } from './resident.ts';

/** How a call to the child ended. `died`: nobody here killed it. */
export type Outcome =
  | { readonly kind: 'done'; readonly result: unknown }
  /** `view` is what was being computed for the query. */
  | { readonly kind: 'killed'; readonly reason: 'deadline' | 'memory'; readonly view?: string }
  | { readonly kind: 'died'; readonly how: string };

export interface CallBounds {
  readonly milliseconds: number;
  readonly megabytes: number;
}

/** The process that holds DuckDB. One call at a time. */
export interface SqlChild {
  readonly alive: boolean;
  /** Why it is no longer alive, for the data sets that went with it. */
  readonly end: string;
  /** Resident megabytes, where that can be told. */
  memory(): Promise<number | undefined>;
  call(request: Request, bounds: CallBounds, onBatch?: (batch: RowBatch) => void): Promise<Outcome>;
  kill(): void;
}

/** Importing DuckDB takes 0.1–0.5 s; a machine under load ten times that. */
const startMilliseconds = 60_000;
const pollMilliseconds = 25;

/**
 * Starts the child and waits until DuckDB is loaded. Throws if the command does not start one. Neither the process nor its
 * channel keeps our own process running between calls.
 */
export async function startChild(command: readonly string[]): Promise<SqlChild> {
  const [file, ...rest] = command;
  if (file === undefined) throw new Error('the SQL child has no command');
  const spawned = spawn(file, rest, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    env: childEnvironment(),
    windowsHide: true,
  });
  const child = childOf(spawned);
  await child.ready;
  return child;
}

/** Nothing of ours goes in: no token, no proxy, no NODE_OPTIONS. Windows needs two variables to load a library. */
function childEnvironment(): Record<string, string> {
  const kept = ['SystemRoot', 'TEMP', 'TMPDIR'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(kept), TZ: 'UTC' };
}

interface Pending {
  readonly id: number;
  readonly settle: (outcome: Outcome) => void;
  readonly fail: (error: Error) => void;
  readonly onBatch: ((batch: RowBatch) => void) | undefined;
  /** The view that the child is computing for the query. */
  view: string | null;
  /** What `onBatch` threw. The rest is read and dropped: the child can't be told to stop. */
  thrown?: Error;
}

function childOf(child: ChildProcess): SqlChild & { readonly ready: Promise<void> } {
  let pending: Pending | undefined;
  let killed: 'deadline' | 'memory' | undefined;
  let end = '';
  let said = '';
  let calls = 0;
  let settleReady: { resolve: () => void; reject: (error: Error) => void } | undefined;
  const ready = new Promise<void>((resolve, reject) => {
    settleReady = { resolve, reject };
  });
  const starting = setTimeout(() => child.kill('SIGKILL'), startMilliseconds);

  child.stderr?.on('data', (data) => {
    said = (said + String(data)).slice(-2000);
  });
  child.on('message', (message) => {
    // The child sends nothing but replies.
    receive(message as Reply);
  });
  child.on('error', (error) => finish(error.message));
  child.on('exit', (code, signal) => finish(signal === null ? `exit code ${code}` : `signal ${signal}`));

  function finish(how: string): void {
    clearTimeout(starting);
    if (end !== '') return;
    end = killed === undefined ? how : killed;
    settleReady?.reject(new Error(`the SQL child did not start (${how})${said === '' ? '' : `: ${said.trim()}`}`));
    if (killed === undefined) pending?.settle({ kind: 'died', how });
    else pending?.settle({ kind: 'killed', reason: killed, ...(pending.view !== null && { view: pending.view }) });
  }

  function receive(reply: Reply): void {
    if (reply.kind === 'ready') {
      clearTimeout(starting);
      idle(child);
      settleReady?.resolve();
      return;
    }
    if (pending === undefined || reply.id !== pending.id) return;
    if (reply.kind === 'computes') pending.view = reply.view;
    else if (reply.kind === 'done') {
      if (pending.thrown === undefined) pending.settle({ kind: 'done', result: reply.result });
      else pending.fail(pending.thrown);
    } else if (reply.kind === 'failed') pending.fail(new Error(`the SQL child failed: ${reply.message}`));
    else if (pending.thrown === undefined) {
      try {
        pending.onBatch?.(decodeBatch(reply.batch));
      } catch (error) {
        pending.thrown = error instanceof Error ? error : new Error(String(error));
      }
    }
  }

  async function call(request: Request, bounds: CallBounds, onBatch?: (batch: RowBatch) => void): Promise<Outcome> {
    if (end !== '') return { kind: 'died', how: end };
    busy(child);
    const watch = watchBounds(child, bounds, (reason) => {
      killed = reason;
      child.kill('SIGKILL');
    });
    try {
      return await new Promise<Outcome>((settle, fail) => {
        calls++;
        pending = { id: calls, settle, fail, onBatch, view: null };
        const envelope: Envelope = { id: calls, request };
        child.send(envelope, (error) => {
          if (error !== null && end === '') child.kill('SIGKILL');
        });
      });
    } finally {
      pending = undefined;
      watch.stop();
      idle(child);
    }
  }

  return {
    ready,
    get alive() {
      return end === '';
    },
    get end() {
      return end;
    },
    memory: async () => (child.pid === undefined ? undefined : residentMegabytes(child.pid)),
    call,
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}

/** Kills at the deadline, or at the first poll that finds too much memory. */
function watchBounds(child: ChildProcess, bounds: CallBounds, kill: (reason: 'deadline' | 'memory') => void) {
  let stopped = false;
  const deadline = setTimeout(() => kill('deadline'), bounds.milliseconds);
  let next: NodeJS.Timeout | undefined;
  const poll = async () => {
    const used = child.pid === undefined ? undefined : await residentMegabytes(child.pid);
    if (stopped) return;
    if (used !== undefined && used > bounds.megabytes) kill('memory');
    else next = setTimeout(poll, pollMilliseconds);
  };
  next = setTimeout(poll, pollMilliseconds);
  return {
    stop: () => {
      stopped = true;
      clearTimeout(deadline);
      clearTimeout(next);
    },
  };
}

function busy(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}

function idle(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
  // A pipe that is read keeps the process running; its type here is the wider Readable.
  const { stderr } = child;
  if (stderr !== null && 'unref' in stderr && typeof stderr.unref === 'function') stderr.unref();
}
