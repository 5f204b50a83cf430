import { serialize } from 'node:v8';
import type {
  DataSet,
  ResultColumn,
  RowBatch,
  SqlEngine,
  SqlResult,
  TableData,
  Window,
} from '../../src/model/ports.ts';

/** What was answered of a data set, by how it was cut and what was asked. */
type Answers = Map<string, unknown>;
type Opened = Pick<DataSet, 'files' | 'covered'> & { readonly answers: Answers };
interface Rows {
  readonly columns: SqlResult<readonly ResultColumn[]>;
  readonly batches: readonly RowBatch[];
}

const keyOf = (...asked: readonly unknown[]) => serialize(asked).toString('latin1');
const hasFiles = (data: readonly TableData[]) => data.some(({ kind }) => kind === 'files');

/**
 * The same engine, which is not asked twice: where a data set was opened before with the same rows, it is opened again only
 * for what nobody has asked of it. Answers that are problems are not remembered, and files may change.
 */
export function remembering(engine: SqlEngine): SqlEngine {
  const seen = new Map<string, Opened>();
  return {
    ...engine,
    open: async (...asked) => {
      if (hasFiles(asked[1])) return engine.open(...asked);
      const known = seen.get(keyOf(asked));
      if (known !== undefined)
        return { ok: true, value: dataSet(known, undefined, async () => orThrow(await engine.open(...asked))) };
      const opened = await engine.open(...asked);
      if (!opened.ok) return opened;
      const { files, covered } = opened.value;
      const first: Opened = { files, covered, answers: new Map() };
      seen.set(keyOf(asked), first);
      return { ok: true, value: dataSet(first, opened.value) };
    },
  };
}

function orThrow(opened: Awaited<ReturnType<SqlEngine['open']>>): DataSet {
  if (!opened.ok) throw new Error(`a data set cannot be opened again: ${JSON.stringify(opened.problem)}`);
  return opened.value;
}

/** Either it is open, or it can be opened. */
function dataSet(of: Opened, opened: DataSet): DataSet;
function dataSet(of: Opened, opened: undefined, open: () => Promise<DataSet>): DataSet;
function dataSet({ files, covered, answers }: Opened, opened?: DataSet, open?: () => Promise<DataSet>): DataSet {
  let real = opened;
  let window: Window | null = null;
  let isCut = true;
  let hasFailed = false;
  const there = async () => {
    real ??= await open?.();
    if (real === undefined) throw new Error('neither open nor to be opened');
    if (!isCut && window !== null) await real.cut(window);
    isCut = true;
    return real;
  };
  async function remembered<T>(asked: string, isGood: (answer: T) => boolean, ask: (data: DataSet) => Promise<T>) {
    const key = keyOf(window, asked);
    // Why the cast: what is asked says what the answer is.
    if (!hasFailed && answers.has(key)) return answers.get(key) as T;
    const answer = await ask(await there());
    if (isGood(answer)) answers.set(key, answer);
    else hasFailed = true;
    return answer;
  }
  return {
    files,
    covered,
    cut: async (to) => {
      window = to;
      isCut = false;
    },
    extents: (requests, limits) =>
      remembered(keyOf('extents', requests, limits), ({ ok }) => ok, (data) => data.extents(requests, limits)), // biome-ignore format: one question
    run: async (query, limits, onBatch) => {
      const rows = await remembered<Rows>(
        keyOf('run', query, limits),
        ({ columns }) => columns.ok,
        async (data) => {
          const batches: RowBatch[] = [];
          return { columns: await data.run(query, limits, (batch) => void batches.push(batch)), batches };
        },
      );
      rows.batches.forEach(onBatch);
      return rows.columns;
    },
    close: async () => {
      await real?.close();
    },
  };
}
