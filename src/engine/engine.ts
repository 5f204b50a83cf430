import type {
  BoundQuery,
  DataProblem,
  DataSet,
  Limits,
  OpenOptions,
  OpenResult,
  ResultColumn,
  RowBatch,
  SqlEngine,
  SqlProblem,
  SqlQuery,
  SqlResult,
  TableData,
  TableShape,
} from '../model/ports.ts';
import { type CallBounds, type Outcome, type SqlChild, startChild } from './child-process.ts';
import type { Request, Results } from './protocol.ts';
import { engineVersion } from './version.ts';

export interface EngineOptions {
  /** The command that runs `runSqlChild`: `[process.execPath, 'dist/sop.cjs', '--sql-child']`. */
  readonly command: readonly string[];
  /** Files of a table that together are smaller are loaded when opened, larger ones are read at each query. */
  readonly loadBelowBytes?: number;
}

const defaultLoadBelowBytes = 32 * 2 ** 20;

/** DuckDB in a child process, started at the first call and replaced after it was killed. Calls run one after another. */
export function createDuckDbEngine(options: EngineOptions): SqlEngine {
  let child: SqlChild | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let closed = false;
  let openSets = 0;
  let lastSet = 0;

  /** Calls wait for each other, so that a deadline counts one call's own time. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (closed) return Promise.reject(new Error('the SQL engine is closed'));
    const turn = queue.then(work);
    queue = turn.catch(() => undefined);
    return turn;
  }

  async function living(bounds: CallBounds): Promise<SqlChild> {
    // Memory that earlier calls left behind is not this call's fault; data sets must stay where they are, though.
    if (child?.alive && openSets === 0 && ((await child.memory()) ?? 0) > bounds.megabytes) child.kill();
    if (child === undefined || !child.alive) {
      child = await startChild(options.command);
      openSets = 0;
    }
    if (closed) {
      child.kill();
      throw new Error('the SQL engine is closed');
    }
    return child;
  }

  function bind(tables: readonly TableShape[], query: SqlQuery, limits: Limits): Promise<SqlResult<BoundQuery>> {
    return inTurn(async () => {
      const target = await living(limits);
      const outcome = await target.call({ op: 'bind', tables, query, megabytes: limits.megabytes }, limits);
      return sqlResult<'bind'>(outcome, limits);
    });
  }

  function open(tables: readonly TableShape[], content: readonly TableData[], how: OpenOptions): Promise<OpenResult> {
    const { limits, threads } = how;
    return inTurn(async () => {
      const target = await living(limits);
      lastSet++;
      const request: Request = {
        op: 'open',
        data: lastSet,
        tables,
        content,
        threads,
        megabytes: limits.megabytes,
        loadBelowBytes: options.loadBelowBytes ?? defaultLoadBelowBytes,
      };
      const outcome = await target.call(request, limits);
      if (outcome.kind !== 'done') return { ok: false, problem: openProblem(outcome, content, limits) };
      // The child answers `open` with its result type.
      const result = outcome.result as Results['open'];
      if (!result.ok) return result;
      openSets++;
      return { ok: true, value: { files: result.files, ...dataSet(target, request.data) } };
    });
  }

  function dataSet(home: SqlChild, data: number): Pick<DataSet, 'run' | 'close'> {
    let isOpen = true;
    return {
      run: (
        query: SqlQuery,
        limits: Limits,
        onBatch: (batch: RowBatch) => void,
      ): Promise<SqlResult<readonly ResultColumn[]>> =>
        inTurn(async () => {
          if (!isOpen) throw new Error('the data set is closed');
          if (!home.alive) return { ok: false, problem: goneProblem(home.end) };
          const outcome = await home.call({ op: 'run', data, query, rows: limits.rows }, limits, onBatch);
          return sqlResult<'run'>(outcome, limits);
        }),
      close: async () => {
        if (!isOpen || closed) return;
        isOpen = false;
        if (home === child) openSets--;
        await inTurn(async () => {
          if (home.alive)
            await home.call({ op: 'close', data }, { milliseconds: 30_000, megabytes: Number.POSITIVE_INFINITY });
        });
      },
    };
  }

  return {
    version: engineVersion,
    bind,
    open,
    close: async () => {
      closed = true;
      child?.kill();
      await queue;
    },
  };
}

function sqlResult<Op extends 'bind' | 'run'>(outcome: Outcome, limits: Limits): Results[Op] {
  // The child answers each operation with its result type; a problem fits both.
  if (outcome.kind === 'done') return outcome.result as Results[Op];
  return { ok: false, problem: stoppedProblem(outcome, limits) } as Results[Op];
}

type Stopped = Exclude<Outcome, { kind: 'done' }>;

function stoppedProblem(outcome: Stopped, limits: Limits): SqlProblem {
  if (outcome.kind === 'died')
    return { reason: 'other', detail: `the SQL process ended unexpectedly (${outcome.how})` };
  return { reason: outcome.reason, detail: boundWords(outcome.reason, limits) };
}

function goneProblem(end: string): SqlProblem {
  const why =
    end === 'deadline' || end === 'memory'
      ? `an earlier query was stopped at its ${end} bound`
      : `the SQL process ended (${end})`;
  return { reason: 'other', detail: `the data set is gone: ${why}` };
}

function openProblem(outcome: Stopped, content: readonly TableData[], limits: Limits): DataProblem {
  const data = content.find((entry) => entry.kind === 'files') ?? content[0];
  const place = { file: data?.kind === 'files' ? (data.absolute[0] ?? '') : '', table: data?.table ?? '' };
  if (outcome.kind === 'died') {
    return { reason: 'unreadable', ...place, detail: `the SQL process ended while it read the data (${outcome.how})` };
  }
  return { reason: outcome.reason, ...place, detail: boundWords(outcome.reason, limits) };
}

function boundWords(reason: 'deadline' | 'memory', limits: Limits): string {
  return reason === 'deadline'
    ? `stopped after ${limits.milliseconds} ms`
    : `stopped above ${limits.megabytes} MB of memory`;
}
