import type {
  DataSet,
  ResultColumn,
  RowBatch,
  SqlQuery,
  SqlResult,
  TableShape,
  ViewShape,
  Window,
} from '../model/ports.ts';

/** What was opened. `filled`: the tables that have rows. */
interface Opened {
  readonly shapes: readonly TableShape[];
  readonly views: readonly ViewShape[];
  readonly filled: readonly string[];
}

interface Answer {
  readonly result: SqlResult<readonly ResultColumn[]>;
  readonly batches: readonly RowBatch[];
}

/**
 * The same data set, which is not asked twice. A case is decided again as of several moments, and most of them come after all its
 * rows: the same rows give the same answer. It takes the data's end from `extents` when these are asked of the whole.
 */
export function reuseAnswers(data: DataSet, { shapes, views, filled }: Opened): DataSet {
  const answers = new Map<string, Answer>();
  // A value that becomes known later than its row is not told by the end of the rows.
  const dated = shapes.some(({ columns }) => columns.some(({ knownAt }) => knownAt !== undefined));
  let window: Window = { since: null, asOf: null };
  let end: number | null = null;
  /** The same window, without an end that comes after all rows. */
  const plain = (to: Window) =>
    !dated && end !== null && to.asOf !== null && to.asOf >= end ? { ...to, asOf: null } : to;
  const keyOf = ({ sql, parameters }: SqlQuery) => {
    const read = textsOf(sql, views).join('\n');
    const given = namesTime.test(read) ? parameters : parameters.filter(({ type }) => type !== 'timestamp');
    const { brokenOff, ...rest } = window;
    const isShort = brokenOff !== undefined && names(read, brokenOff.table);
    return JSON.stringify([sql, given, rest, isShort ? brokenOff : null]);
  };
  return {
    ...data,
    cut: async (to) => {
      window = plain(to);
      await data.cut(window);
    },
    extents: async (requests, limits) => {
      const result = await data.extents(requests, limits);
      const isAll = window.asOf === null && filled.every((name) => requests.some(({ table }) => table === name));
      if (result.ok && isAll) end = Math.max(...result.value.map(({ known }) => known ?? Number.NEGATIVE_INFINITY));
      return result;
    },
    run: async (query, limits, onBatch) => {
      if ('keys' in query) return data.run(query, limits, onBatch);
      const key = keyOf(query);
      const known = answers.get(key);
      if (known === undefined) {
        const batches: RowBatch[] = [];
        const result = await data.run(query, limits, (batch) => {
          batches.push(batch);
          onBatch(batch);
        });
        if (result.ok) answers.set(key, { result, batches });
        return result;
      }
      known.batches.forEach(onBatch);
      return known.result;
    },
  };
}

const namesTime = /\$(from|as_of)\b/i;

/** The SQL, and that of each view that it could read: a name that stands anywhere counts, so at most too many. */
function textsOf(sql: string, views: readonly ViewShape[]): string[] {
  const texts = [sql];
  const rest = new Set(views);
  for (const text of texts)
    for (const view of rest)
      if (names(text, view.name)) {
        rest.delete(view);
        texts.push(view.query.sql);
      }
  return texts;
}

function names(text: string, table: string): boolean {
  return text.toLowerCase().includes(table.toLowerCase());
}
