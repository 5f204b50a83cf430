import type { SqlEngine } from '../../model/ports.ts';
import { CallError, ToolFailure } from './call-error.ts';

/** Computations at once, and those that wait; each has a SQL process of its own, so that stopping one hurts no other. */
const atOnce = 2;
const mayWait = 16;

export interface Sandbox {
  /** Runs `work` with a fresh engine. Stops it, and whatever it started, at the deadline or when the caller goes away. */
  run<T>(work: (engine: SqlEngine) => Promise<T>, caller: AbortSignal): Promise<T>;
  /** Stops all. */
  close(): Promise<void>;
}

export function createSandbox(newEngine: () => SqlEngine, milliseconds: number): Sandbox {
  const waiting: (() => void)[] = [];
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  let busy = 0;

  async function take(caller: AbortSignal): Promise<void> {
    if (busy < atOnce) {
      busy++;
      return;
    }
    if (waiting.length >= mayWait)
      throw new CallError('busy', `${atOnce + mayWait} computations are running or waiting; try again later`);
    await new Promise<void>((resolve, reject) => {
      const go = () => {
        caller.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(go), 1);
        reject(gone());
      };
      waiting.push(go);
      caller.addEventListener('abort', leave, { once: true });
    });
  }

  /** Hands the place over to whoever waits longest. */
  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) busy--;
    else next();
  }

  async function inPlace<T>(work: (engine: SqlEngine) => Promise<T>, caller: AbortSignal): Promise<T> {
    const engine = newEngine();
    const late = AbortSignal.timeout(milliseconds);
    const stop = AbortSignal.any([caller, closing.signal, late]);
    // Closing the engine ends its process; what waits for an answer then fails, and is told below why.
    const kill = () => void engine.close();
    stop.addEventListener('abort', kill, { once: true });
    try {
      if (stop.aborted) throw gone();
      return await work(engine);
    } catch (error) {
      if (caller.aborted || closing.signal.aborted) throw gone();
      if (late.aborted)
        throw new ToolFailure(`stopped after ${milliseconds / 1000} seconds; ask for less data at once`);
      throw error;
    } finally {
      stop.removeEventListener('abort', kill);
      await engine.close();
    }
  }

  return {
    run: async (work, caller) => {
      const both = AbortSignal.any([caller, closing.signal]);
      if (both.aborted) throw gone();
      await take(both);
      const done = inPlace(work, caller).finally(leave);
      running.add(done);
      done.catch(() => undefined).finally(() => running.delete(done));
      return done;
    },
    close: async () => {
      closing.abort();
      await Promise.allSettled(running);
    },
  };
}

function gone(): CallError {
  return new CallError('busy', 'the computation was stopped, because nobody waits for it any more');
}
