import type { DataSet, EvidenceQuery, ResultColumn, RowBatch, SqlQuery, Window } from '../../model/ports.ts';

/** What a query gave on the data of a case. */
export interface Answer {
  readonly columns: readonly ResultColumn[];
  readonly batches: readonly RowBatch[];
}

export type Answers = Map<string, Answer>;

/** An open data set, and what is known of the state that it is in. */
export interface Held {
  readonly data: DataSet;
  /** The window to which it is cut, as text. */
  cutTo: string;
  /** A query passed a bound or broke the engine: nothing that is open may be there any more. */
  isLost: boolean;
}

/**
 * A data set that answers what it was asked before without asking again. It is cut only once a query has to run. `isStale`
 * tells queries whose answers are of no use, because a view behind them has changed; `keep` says whether new answers are kept.
 */
export function remembering(
  held: Held,
  answers: Answers,
  { isStale, keep }: { readonly isStale: (sql: string) => boolean; readonly keep: boolean },
): DataSet {
  const { data } = held;
  let window: Window | null = null;
  const cut = async () => {
    const wanted = JSON.stringify(window);
    if (window === null || wanted === held.cutTo) return;
    await data.cut(window);
    held.cutTo = wanted;
  };
  return {
    files: data.files,
    covered: data.covered,
    cut: async (wanted) => {
      window = wanted;
    },
    extents: async (requests, limits) => {
      await cut();
      return data.extents(requests, limits);
    },
    run: async (query, limits, onBatch) => {
      const key = keyOf(query, window);
      const known = isStale(query.sql) ? undefined : answers.get(key);
      if (known !== undefined) {
        for (const batch of known.batches) onBatch(batch);
        return { ok: true, value: known.columns };
      }
      await cut();
      const batches: RowBatch[] = [];
      const result = await data.run(query, limits, (batch) => {
        batches.push(batch);
        onBatch(batch);
      });
      if (result.ok && keep) answers.set(key, { columns: result.value, batches });
      if (!result.ok && ['deadline', 'memory', 'other'].includes(result.problem.reason)) held.isLost = true;
      return result;
    },
    close: () => data.close(),
  };
}

/** The text, the values of the parameters that it names, and the window: a query sees nothing else. */
function keyOf(query: SqlQuery | EvidenceQuery, window: Window | null): string {
  const words = new Set([...query.sql.matchAll(/\$(\w+)/g)].map(([, word = '']) => word.toLowerCase()));
  // A view has the times of the query that reads it.
  const used = query.parameters.filter(({ name, type }) => type === 'timestamp' || words.has(name.toLowerCase()));
  return JSON.stringify([query.sql, used, window]);
}
