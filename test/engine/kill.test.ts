import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { execPath } from 'node:process';
import { afterEach, expect, test } from 'vitest';
import { createDuckDbEngine } from '../../src/engine/engine.ts';
import type { Limits, SqlEngine } from '../../src/model/ports.ts';
import { sqlChild } from '../support/sql-child.ts';
import {
  limits,
  openRows,
  parameters,
  problemOfBind,
  problemOfRun,
  rowsOf,
  tables,
  testEngine,
  trades,
} from './support.ts';

const engines: SqlEngine[] = [];
afterEach(() => Promise.all(engines.splice(0).map((engine) => engine.close())));

function engine(): SqlEngine {
  const made = testEngine();
  engines.push(made);
  return made;
}

const soon: Limits = { ...limits, milliseconds: 400, megabytes: 8000 };

test.each([
  ['a sort of a huge list', 'SELECT list_sort(range(200000000))[1] AS x'],
  [
    'a recursion without end',
    'WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT 1 FROM r) SELECT count(*) AS c FROM r',
  ],
  ['a cross join', 'SELECT count(*) AS c FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = 7'],
  [
    'a slow regular expression',
    "SELECT count(*) AS c FROM range(100000000) t(i) WHERE regexp_matches(repeat('ab', 500) || i, '(a|b)*c')",
  ],
])('%s is killed at its deadline, and the next call works', async (_, sql) => {
  const sops = engine();
  const data = await openRows(sops, trades(['trade_id'], ['t1']));
  expect(await rowsOf(data, 'SELECT trade_id FROM trades')).toEqual([['t1']]);
  const before = performance.now();
  expect(await problemOfRun(data, sql, soon)).toEqual({ reason: 'deadline', detail: 'stopped after 400 ms' });
  expect(performance.now() - before).toBeLessThan(5000);
  expect(await problemOfRun(data, 'SELECT trade_id FROM trades')).toEqual({
    reason: 'other',
    detail: 'the data set is gone: an earlier query was stopped at its deadline bound',
  });
  await data.close();
  expect(await problemOfBind(sops, 'SELECT qty FROM trades')).toBeUndefined();
  const again = await openRows(sops, trades(['trade_id'], ['t2']));
  expect(await rowsOf(again, 'SELECT trade_id FROM trades')).toEqual([['t2']]);
});

test.each([`SELECT ${'abs('.repeat(800)}1${')'.repeat(800)} AS a`, 'SELECT list_sort(range(200000000)) AS x'])(
  'a binding that takes too long is killed too: %#',
  async (sql) => {
    const sops = engine();
    expect((await problemOfBind(sops, 'SELECT qty FROM trades'))?.reason).toBeUndefined();
    expect((await problemOfBind(sops, sql, soon))?.reason).toBe('deadline');
    expect(await problemOfBind(sops, 'SELECT qty FROM trades')).toBeUndefined();
  },
);

test('memory: the engine refuses below its own bound, and the process is killed above the outer one', async () => {
  const sops = engine();
  const data = await openRows(sops, trades(['trade_id'], ['t1']));
  const inner = await problemOfRun(
    data,
    "SELECT max(len(x)) AS m FROM (SELECT repeat('x', 1000000) || i AS x FROM range(100000) t(i) ORDER BY 1)",
  );
  expect(inner?.reason).toBe('memory');
  expect(await rowsOf(data, 'SELECT trade_id FROM trades')).toEqual([['t1']]);
  // This bound is above an idle child and below what the list needs.
  const outer = await problemOfRun(data, 'SELECT len(list_sort(range(100000000))) AS n', { ...limits, megabytes: 500 });
  expect(outer).toEqual({ reason: 'memory', detail: 'stopped above 500 MB of memory' });
  expect(await problemOfBind(sops, 'SELECT qty FROM trades')).toBeUndefined();
});

test('more rows than allowed', async () => {
  const data = await openRows(engine(), trades(['trade_id'], ['t1']));
  expect(await problemOfRun(data, 'SELECT 1 AS a FROM range(10)', { ...limits, rows: 10 })).toBeUndefined();
  expect((await problemOfRun(data, 'SELECT 1 AS a FROM range(11)', { ...limits, rows: 10 }))?.reason).toBe('rows');
  expect((await problemOfRun(data, 'SELECT 1 AS a FROM range(100000000)', { ...limits, rows: 50_000 }))?.reason).toBe(
    'rows',
  );
  expect(await rowsOf(data, 'SELECT trade_id FROM trades')).toEqual([['t1']]);
});

/** Process ids of our children that run SQL; Linux only. */
function childrenNow(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const parent = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]);
        return parent === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--sql-child');
      } catch {
        return false;
      }
    });
}

test.runIf(process.platform === 'linux')('a child killed from outside half-way', async () => {
  const sops = engine();
  const data = await openRows(sops, trades(['trade_id'], ['t1']));
  const running = problemOfRun(
    data,
    'SELECT count(*) AS c FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = 7',
  );
  const waiting = problemOfBind(sops, 'SELECT qty FROM trades');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const [pid] = childrenNow();
  expect(pid).toBeDefined();
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
  expect(await running).toEqual({ reason: 'other', detail: 'the SQL process ended unexpectedly (signal SIGKILL)' });
  expect(await waiting).toBeUndefined();
  expect((await problemOfRun(data, 'SELECT 1 AS a'))?.detail).toBe(
    'the data set is gone: the SQL process ended (signal SIGKILL)',
  );
});

test.runIf(process.platform === 'linux')('closing ends the child; nothing starts before the first call', async () => {
  const before = new Set(childrenNow());
  const sops = engine();
  const mine = () => childrenNow().filter((pid) => !before.has(pid));
  expect(mine()).toEqual([]);
  await problemOfBind(sops, 'SELECT 1 AS a');
  expect(mine()).toHaveLength(1);
  await sops.close();
  await expect.poll(mine).toEqual([]);
  await expect(sops.bind(tables, { sql: 'SELECT 1', parameters }, limits)).rejects.toThrow('closed');
});

test.runIf(process.platform === 'linux')('the child ends with its parent, even in the middle of a query', async () => {
  const script = `
    import { createDuckDbEngine } from ${JSON.stringify(new URL('../../src/engine/engine.ts', import.meta.url).href)};
    const engine = createDuckDbEngine({ command: ${JSON.stringify(sqlChild)} });
    const limits = { milliseconds: 60000, megabytes: 8000, rows: 1 };
    engine.open([], [], { limits, threads: 1 }).then((opened) => {
      opened.value.run({ sql: 'SELECT count(*) AS c FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = 7', parameters: [] }, limits, () => {});
      setTimeout(() => console.log('running'), 200);
    });`;
  const parent = spawn(execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => parent.stdout.once('data', resolve));
  const pid = childOf(parent.pid ?? 0);
  expect(pid).toBeDefined();
  parent.kill('SIGKILL');
  await expect.poll(() => isRunning(pid ?? 0), { timeout: 5000 }).toBe(false);
});

function childOf(parent: number): number | undefined {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => {
      try {
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ');
        return Number(fields?.[1]) === parent && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--sql-child');
      } catch {
        return false;
      }
    });
}

/** A process that ended but whose parent has not asked yet is a zombie. */
function isRunning(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.charAt(0) !== 'Z';
  } catch {
    return false;
  }
}

test('a command that starts no child is our mistake and throws', async () => {
  const broken = createDuckDbEngine({ command: [execPath, '-e', 'process.exit(3)'] });
  await expect(broken.bind(tables, { sql: 'SELECT 1', parameters }, limits)).rejects.toThrow(
    'did not start (exit code 3)',
  );
  const missing = createDuckDbEngine({ command: ['/nowhere/node'] });
  await expect(missing.bind(tables, { sql: 'SELECT 1', parameters }, limits)).rejects.toThrow('did not start');
});

test('what onBatch throws comes out, and the data set works on', async () => {
  const data = await openRows(engine(), trades(['trade_id'], ['t1']));
  const run = data.run({ sql: 'SELECT 1 AS a FROM range(50000)', parameters }, limits, () => {
    throw new Error('enough');
  });
  await expect(run).rejects.toThrow('enough');
  expect(await rowsOf(data, 'SELECT trade_id FROM trades')).toEqual([['t1']]);
});

test('a process that holds more than the next call may use is replaced, and never asked', async () => {
  const sops = engine();
  const bound = { ...limits, megabytes: 60 }; // less than any process of the engine holds
  for (let turn = 0; turn < 3; turn++) {
    expect(await problemOfBind(sops, 'SELECT qty FROM trades')).toBeUndefined();
    // A new process is within or beyond the bound; what it must not be is one that was killed before it was asked.
    const opened = await sops.open(tables, [trades(['trade_id'], ['t1'])], { limits: bound, threads: 1 });
    const detail = opened.ok ? '' : (opened.problem.detail ?? '');
    expect(detail).not.toContain('signal SIGKILL');
    if (opened.ok) await opened.value.close();
  }
});
