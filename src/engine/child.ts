import { bindQuery } from './bind-query.ts';
import { engineBroke } from './engine-problem.ts';
import { readExtents } from './extents.ts';
import { lookAt } from './file-source.ts';
import { createInstances } from './instances.ts';
import { type OpenData, openData } from './open-data.ts';
import type { Envelope, OpenedData, Reply, Request, Results } from './protocol.ts';
import { runEvidence } from './run-evidence.ts';
import { type RunOptions, runQuery } from './run-query.ts';
import { createSession, type Session } from './session.ts';
import { survey } from './survey/survey.ts';
import { writeParquet } from './write-parquet.ts';

/** What the child holds between requests. */
interface Held {
  readonly session: Session;
  readonly data: Map<number, OpenedSet>;
}

interface OpenedSet {
  readonly open: OpenData;
  readonly megabytes: number;
}

/**
 * The child's whole life: loads DuckDB, answers requests in the order they come, and ends at once when its parent goes.
 * SIGKILL, not exit: a thread of the engine may be deep in a query and would be waited for.
 */
export function runSqlChild(): void {
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  if (!process.connected) throw new Error('the SQL child is started by its parent only');
  const started = start();
  let last: Promise<void> = started.then(
    () => send({ kind: 'ready' }),
    (error) => {
      process.stderr.write(`${String(error)}\n`, () => process.exit(1));
    },
  );
  process.on('message', (message) => {
    // Only our parent holds the other end of the channel, and it sends envelopes.
    const envelope = message as Envelope;
    last = last.then(async () => answer(await started, envelope));
  });
}

async function start(): Promise<Held> {
  const duckdb = await import('@duckdb/node-api');
  return { session: createSession(createInstances(duckdb)), data: new Map() };
}

async function answer(held: Held, { id, request }: Envelope): Promise<void> {
  try {
    const result = await handle(held, id, request);
    await send({ kind: 'done', id, result });
    if (saysBroken(Array.isArray(result) ? result.at(-1) : result)) process.kill(process.pid, 'SIGKILL');
  } catch (error) {
    await send({
      kind: 'failed',
      id,
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}

/** After an internal error the engine refuses all work; the parent starts another child at its next call. */
function saysBroken(result: unknown): boolean {
  if (typeof result !== 'object' || result === null || !('problem' in result)) return false;
  const { problem } = result;
  return typeof problem === 'object' && problem !== null && 'detail' in problem && problem.detail === engineBroke;
}

async function handle(held: Held, id: number, request: Request): Promise<unknown> {
  switch (request.op) {
    case 'bind':
      return bindAll(held, request);
    case 'open':
      return open(held, request);
    case 'extents':
      return readExtents(opened(held, request.data).open, request.window.asOf, request.requests);
    case 'run': {
      const data = opened(held, request.data);
      data.open.window.wanted = request.window;
      const options: RunOptions = {
        rows: request.rows,
        megabytes: data.megabytes,
        send: (batch) => send({ kind: 'batch', id, batch }),
        tell: (view) => send({ kind: 'computes', id, view }),
      };
      const { query } = request;
      return 'keys' in query
        ? runEvidence(held.session, data.open, query, options)
        : runQuery(held.session, data.open, query, options);
    }
    case 'parquet':
      return writeParquet(held.session.instances, request.lines, request.path, request.columns);
    case 'mutants':
      return held.session.mutants(request.sql, request.megabytes);
    case 'look':
      return lookAt(await held.session.instances.loader(request.megabytes), request.file, request.reading);
    case 'survey':
      return survey(await held.session.instances.loader(request.megabytes), request.request);
  }
}

function opened(held: Held, id: number): OpenedSet {
  const data = held.data.get(id);
  if (data === undefined) throw new Error('the data set is closed');
  return data;
}

/** While the engine binds one query on a thread of its own, the next one is inspected here. */
async function bindAll({ session }: Held, request: Extract<Request, { op: 'bind' }>): Promise<Results['bind']> {
  const { binds, megabytes } = request;
  const results: Results['bind'][number][] = [];
  const inspect = (index: number) => {
    const bind = binds[index];
    const inspection = bind && session.inspect(bind.tables, bind.query, megabytes);
    // What it throws is thrown where it is awaited, unless nobody gets there.
    inspection?.catch(() => undefined);
    return inspection;
  };
  let next = inspect(0);
  for (const [index, { tables, query }] of binds.entries()) {
    const inspection = await next;
    if (inspection === undefined) break;
    next = inspect(index + 1);
    const result = await bindQuery(session, tables, query, megabytes, inspection);
    results.push(result);
    if (saysBroken(result)) break;
  }
  return results;
}

async function open(held: Held, request: Extract<Request, { op: 'open' }>): Promise<OpenedData> {
  for (const id of request.closes) close(held, id);
  const opened = await openData(held.session.instances, request);
  if (!opened.ok) return opened;
  held.data.set(request.data, { open: opened.value, megabytes: request.megabytes });
  return { ok: true, files: opened.value.files, covered: opened.value.covered };
}

function close({ data }: Held, id: number): void {
  const set = data.get(id);
  data.delete(id);
  set?.open.connection.closeSync();
  set?.open.instance?.closeSync();
}

function send(reply: Reply): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) return resolve();
    process.send(reply, undefined, undefined, () => resolve());
  });
}
