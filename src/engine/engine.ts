import { renameSync } from 'node:fs';
import type { Reading } from '../model/mapping.ts';
import type {
  BoundQuery,
  DataProblem,
  DataSet,
  EvidenceQuery,
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
  Window,
} from '../model/ports.ts';
import type { SqlMutants, SqlMutator } from '../model/sql-mutant.ts';
import type { DataSurveyor, LookResult, SurveyRequest, SurveyResult } from '../model/survey.ts';
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

/** Few enough that their deadline is far longer than they take. */
const bindsTogether = 16;

/** A query that is to be bound at the next turn. */
interface Waiting {
  readonly tables: readonly TableShape[];
  readonly query: SqlQuery;
  readonly limits: Limits;
  readonly settle: (result: SqlResult<BoundQuery>) => void;
  readonly fail: (error: unknown) => void;
}

/** DuckDB in a child process, started at the first call and replaced after it was killed. Calls run one after another. */
export function createDuckDbEngine(options: EngineOptions): SqlEngine & DataSurveyor & SqlMutator {
  let child: SqlChild | undefined;
  let warming: Promise<SqlChild> | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let closed = false;
  let openSets = 0;
  let lastSet = 0;
  /** Data sets of the child that nobody asks any more: it lets go of them when it opens the next one. */
  let done: number[] = [];
  const waiting: Waiting[] = [];

  /** Calls wait for each other, so that a deadline counts one call's own time. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (closed) return Promise.reject(new Error('the SQL engine is closed'));
    const turn = queue.then(work);
    queue = turn.catch(() => undefined);
    return turn;
  }

  async function living(bounds: CallBounds): Promise<SqlChild> {
    // Memory that earlier calls left behind is not this call's fault; data sets must stay where they are, though.
    if (child?.alive && openSets === 0 && ((await child.memory()) ?? 0) > bounds.megabytes) {
      // It counts as alive until the system has ended it: nothing more is asked of it.
      child.kill();
      child = undefined;
    }
    if (child === undefined || !child.alive) {
      const started = warming ?? startChild(options.command);
      warming = undefined;
      child = await started;
      openSets = 0;
      done = [];
    }
    if (closed) {
      child.kill();
      throw new Error('the SQL engine is closed');
    }
    return child;
  }

  function bind(tables: readonly TableShape[], query: SqlQuery, limits: Limits): Promise<SqlResult<BoundQuery>> {
    return new Promise((settle, fail) => {
      waiting.push({ tables, query, limits, settle, fail });
      // Those that are asked for while it waits for its turn go with it.
      inTurn(bindWaiting).catch(fail);
    });
  }

  /** Binds what waits in one call: a way to the child and back takes half as long as a query. */
  async function bindWaiting(): Promise<void> {
    const limits = waiting[0]?.limits;
    if (limits === undefined) return;
    const other = waiting.findIndex((entry) => !sameLimits(entry.limits, limits));
    const batch = waiting.splice(0, Math.min(bindsTogether, other < 0 ? waiting.length : other));
    try {
      const together = batch.length > 1 ? await callBind(batch, limits) : [];
      const results = Array.isArray(together) ? together : [];
      // Where a bound was passed or the engine broke, each of the others is judged alone.
      for (const [index, entry] of batch.entries()) entry.settle(results[index] ?? (await bindAlone(entry)));
    } catch (error) {
      for (const { fail } of batch) fail(error);
    }
  }

  async function bindAlone(entry: Waiting): Promise<SqlResult<BoundQuery>> {
    const answer = await callBind([entry], entry.limits);
    if ('kind' in answer) return { ok: false, problem: stoppedProblem(answer, entry.limits) };
    const [result] = answer;
    if (result === undefined) throw new Error('the SQL child answered nothing');
    return result;
  }

  async function callBind(batch: readonly Waiting[], limits: Limits): Promise<Results['bind'] | Stopped> {
    const target = await living(limits);
    const binds = batch.map(({ tables, query }) => ({ tables, query }));
    const outcome = await target.call({ op: 'bind', binds, megabytes: limits.megabytes }, limits);
    // The child answers `bind` with its result type.
    return outcome.kind === 'done' ? (outcome.result as Results['bind']) : outcome;
  }

  function open(tables: readonly TableShape[], content: readonly TableData[], how: OpenOptions): Promise<OpenResult> {
    const { limits, threads } = how;
    return inTurn(async () => {
      const target = await living(limits);
      lastSet++;
      const request: Request = {
        op: 'open',
        data: lastSet,
        closes: done,
        tables,
        content,
        views: how.views ?? [],
        covered: how.covered ?? [],
        threads,
        megabytes: limits.megabytes,
        loadBelowBytes: options.loadBelowBytes ?? defaultLoadBelowBytes,
      };
      done = [];
      const outcome = await target.call(request, limits);
      if (outcome.kind !== 'done') return { ok: false, problem: openProblem(outcome, content, limits) };
      // The child answers `open` with its result type.
      const result = outcome.result as Results['open'];
      if (!result.ok) return result;
      openSets++;
      const { files, covered } = result;
      return { ok: true, value: { files, covered, ...dataSet(target, request.data) } };
    });
  }

  async function look(file: string, reading: Reading, limits: Limits): Promise<LookResult> {
    return inTurn(async () => {
      const target = await living(limits);
      const outcome = await target.call({ op: 'look', file, reading, megabytes: limits.megabytes }, limits);
      if (outcome.kind !== 'done') return { ok: false, problem: openProblem(outcome, [], limits) };
      return outcome.result as Results['look']; // the child answers `look` with its result type
    });
  }

  async function survey(request: SurveyRequest, limits: Limits): Promise<SurveyResult> {
    return inTurn(async () => {
      const target = await living(limits);
      const outcome = await target.call({ op: 'survey', request, megabytes: limits.megabytes }, limits);
      if (outcome.kind !== 'done') return { ok: false, problem: openProblem(outcome, request.content, limits) };
      return outcome.result as Results['survey']; // the child answers `survey` with its result type
    });
  }

  async function mutants(sql: string, limits: Limits): Promise<SqlResult<SqlMutants>> {
    return inTurn(async () => {
      const target = await living(limits);
      const outcome = await target.call({ op: 'mutants', sql, megabytes: limits.megabytes }, limits);
      if (outcome.kind !== 'done') return { ok: false, problem: stoppedProblem(outcome, limits) };
      return outcome.result as Results['mutants']; // the child answers `mutants` with its result type
    });
  }

  function dataSet(home: SqlChild, data: number): Pick<DataSet, 'cut' | 'extents' | 'run' | 'close'> {
    let isOpen = true;
    // Nothing looks through a window before the next call: it goes with that, for each way to the child and back costs.
    let window: Window = { since: null, asOf: null };
    const living = () => {
      if (!isOpen) throw new Error('the data set is closed');
    };
    return {
      // A data set that went with its child says so at the next query.
      cut: (wanted) =>
        inTurn(async () => {
          living();
          window = wanted;
        }),
      extents: (requests, limits) =>
        inTurn(async () => {
          living();
          if (!home.alive) return { ok: false, problem: goneProblem(home.end) };
          const outcome = await home.call({ op: 'extents', data, window, requests }, limits);
          // The child answers `extents` with its result type.
          if (outcome.kind === 'done') return outcome.result as Results['extents'];
          return { ok: false, problem: stoppedProblem(outcome, limits) };
        }),
      run: (
        query: SqlQuery | EvidenceQuery,
        limits: Limits,
        onBatch: (batch: RowBatch) => void,
      ): Promise<SqlResult<readonly ResultColumn[]>> =>
        inTurn(async () => {
          living();
          if (!home.alive) return { ok: false, problem: goneProblem(home.end) };
          const outcome = await home.call({ op: 'run', data, window, query, rows: limits.rows }, limits, onBatch);
          // The child answers `run` with its result type.
          if (outcome.kind === 'done') return outcome.result as Results['run'];
          return { ok: false, problem: stoppedProblem(outcome, limits) };
        }),
      close: async () => {
        if (!isOpen || closed) return;
        isOpen = false;
        await inTurn(async () => {
          if (home !== child) return;
          openSets--;
          done.push(data);
        });
      },
    };
  }

  return {
    version: engineVersion,
    bind,
    open,
    writeParquet: (lines, path, columns) =>
      inTurn(async () => {
        const target = await living(writing);
        const partial = `${path}.${process.pid}.partial`;
        const outcome = await target.call({ op: 'parquet', lines, path: partial, columns }, writing);
        if (outcome.kind !== 'done') throw new Error(`${path} could not be written: ${outcome.kind}`);
        renameSync(partial, path);
      }),
    warm: () => {
      if (closed || child !== undefined) return;
      warming ??= startChild(options.command);
      warming.catch(() => undefined);
    },
    look,
    survey,
    mutants,
    close: async () => {
      closed = true;
      child?.kill();
      void warming?.then(
        (unused) => unused.kill(),
        () => undefined,
      );
      await queue;
    },
  };
}

/** A report of a million rows is written in seconds. */
const writing: CallBounds = { milliseconds: 600_000, megabytes: 4_000 };

type Stopped = Exclude<Outcome, { kind: 'done' }>;

function sameLimits(a: Limits, b: Limits): boolean {
  return a.milliseconds === b.milliseconds && a.megabytes === b.megabytes && a.rows === b.rows;
}

function stoppedProblem(outcome: Stopped, limits: Limits): SqlProblem {
  if (outcome.kind === 'died')
    return { reason: 'other', detail: `the SQL process ended unexpectedly (${outcome.how})` };
  const { reason, view } = outcome;
  return { reason, detail: boundWords(reason, limits), ...(view !== undefined && { view }) };
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
