import { expect, test } from 'vitest';
import { createSandbox } from '../../src/cli/mcp/sandbox.ts';
import type { SqlEngine } from '../../src/model/ports.ts';

/** An engine that only knows that it was closed. */
function engines() {
  const closed: number[] = [];
  let made = 0;
  return {
    closed,
    make: () => {
      const own = made++;
      return { close: async () => void (closed.includes(own) || closed.push(own)) } as unknown as SqlEngine;
    },
  };
}

const nobodyLeaves = () => new AbortController().signal;

/** Work that fails once its engine is closed, as SQL does. */
function untilClosed(closed: readonly number[], own: number): () => Promise<never> {
  return async () => {
    while (!closed.includes(own)) await new Promise((resolve) => setTimeout(resolve, 5));
    throw new Error('the SQL engine is closed');
  };
}

test('two run at once, others wait, too many are refused', async () => {
  const { make } = engines();
  const sandbox = createSandbox(make, 10_000);
  let running = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running--;
  };
  const asked = Array.from({ length: 30 }, () => sandbox.run(work, nobodyLeaves()));
  const results = await Promise.allSettled(asked);
  expect(most).toBe(2);
  expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(18);
  expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: -32011 } });
  await sandbox.run(work, nobodyLeaves());
});

test('the deadline ends the engine, and says so', async () => {
  const { closed, make } = engines();
  const sandbox = createSandbox(make, 30);
  await expect(sandbox.run(untilClosed(closed, 0), nobodyLeaves())).rejects.toThrow(
    'stopped after 0.03 seconds; ask for less data',
  );
});

test('who leaves while waiting takes no place', async () => {
  const { closed, make } = engines();
  const sandbox = createSandbox(make, 10_000);
  const leave = new AbortController();
  const first = [0, 1].map((own) => sandbox.run(untilClosed(closed, own), own === 0 ? leave.signal : nobodyLeaves()));
  const waits = new AbortController();
  const third = sandbox.run(async () => 'never', waits.signal);
  waits.abort();
  await expect(third).rejects.toMatchObject({ code: -32011 });
  leave.abort();
  await expect(first[0]).rejects.toMatchObject({ code: -32011 });
  expect(await sandbox.run(async () => 'done', nobodyLeaves())).toBe('done');
  const ended = expect(first[1]).rejects.toMatchObject({ code: -32011 });
  await sandbox.close();
  await ended;
  await expect(sandbox.run(async () => 'late', nobodyLeaves())).rejects.toMatchObject({ code: -32011 });
});
