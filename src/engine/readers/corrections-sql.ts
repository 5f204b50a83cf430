import type { Corrections } from '../../model/mapping.ts';
import { quoteText } from '../quote.ts';
import { asText } from './expression-sql.ts';
import type { RawRelation } from './raw-relation.ts';

/** A correction of a correction of … : deeper chains are cut, which only hostile files have. */
const deepest = 20;

/**
 * Rows after busts and corrections, as a FROM item: rows that name each other are one execution. A bust takes all of it
 * away; of the rest the last row of the file stands, with the kept columns of the first. `filter` is a WHERE over `r`.
 */
export function keepCorrected(corrections: Corrections, raw: RawRelation, filter: string): string {
  const column = (name: string): string => {
    const value = raw.values.get(name);
    if (value === undefined) throw new Error(`the raw column ${name} was not read`);
    return asText(value);
  };
  const id = column(corrections.id);
  const refers = column(corrections.refersTo);
  const kind = column(corrections.kind);
  const list = (words: readonly string[]) => (words.length === 0 ? 'NULL' : words.map(quoteText).join(', '));
  const changing = list([...corrections.remove, ...corrections.replace]);
  const kept = new Set(corrections.keep.map((name) => bare(column(name))));
  const all = [...raw.values.values()].map((value) => bare(value.sql));
  const items = all.map((name) =>
    kept.has(name) ? `first_value(r.${name}) OVER w AS ${name}` : `r.${name} AS ${name}`,
  );
  return `(WITH RECURSIVE rows AS MATERIALIZED (SELECT r.*, coalesce(${id}, 'line ' || r.n) AS own FROM (${raw.sql}) AS r${filter}),
    changes AS (SELECT DISTINCT own, ${refers} AS of FROM rows AS r WHERE ${kind} IN (${changing}) AND ${refers} IS NOT NULL AND ${refers} <> own),
    walk AS (SELECT own, of, 1 AS steps FROM changes UNION SELECT walk.own, changes.of, walk.steps + 1 FROM walk JOIN changes ON changes.own = walk.of WHERE walk.steps < ${deepest}),
    roots AS (SELECT own, max_by(of, steps) AS root FROM walk GROUP BY own),
    grouped AS (SELECT ${items.join(', ')}, r.n AS n, bool_or(coalesce(${kind} IN (${list(corrections.remove)}), false)) OVER w2 AS gone, last_value(r.n) OVER w2 AS latest
      FROM rows AS r LEFT JOIN roots ON roots.own = r.own
      WINDOW w AS (PARTITION BY coalesce(roots.root, r.own) ORDER BY r.n), w2 AS (PARTITION BY coalesce(roots.root, r.own) ORDER BY r.n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))
    SELECT * FROM grouped WHERE NOT gone AND n = latest)`;
}

const bare = (sql: string): string => sql.replace(/^r\./, '');
