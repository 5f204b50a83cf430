import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableShape } from '../../model/ports.ts';
import type { FileFacts } from '../../model/survey.ts';
import { readEngineError } from '../engine-problem.ts';
import { columnIn, fileProblem, rawTexts, type SourceFile, selectFrom } from '../file-source.ts';
import { lineCount } from '../looks-like.ts';
import { quoteName } from '../quote.ts';
import { readError } from '../readers/errors.ts';
import { ask } from './ask.ts';

/** A file as far as it can be read: without the columns that hold what nobody can read, without lines that are broken. */
export interface Readable {
  readonly file: SourceFile;
  readonly shape: TableShape;
}

/** Looks at one file. What can't be read is told, and the rest is looked at all the same. */
export async function surveyFile(
  connection: DuckDBConnection,
  source: SourceFile,
  shape: TableShape,
  ignored: readonly string[],
): Promise<readonly [FileFacts, Readable]> {
  const present = shape.columns.filter((column) => columnIn(source, column.name) !== undefined);
  const found: Troubles = { unreadable: [], broken: null };
  let readable: Readable = { file: source, shape: { ...shape, columns: present } };
  for (;;) {
    try {
      const facts: FileFacts = {
        file: source.path,
        mapping: source.mapped?.mapping.name ?? null,
        ...(await countFile(connection, readable.file, readable.shape)),
        present: present.map(({ name }) => name),
        ignored,
        zones: await zonesOf(connection, readable.file, readable.shape),
        ...found,
      };
      return [facts, readable];
    } catch (error) {
      const next = withoutTrouble(error, readable, found);
      if (next === undefined) throw error;
      readable = next;
    }
  }
}

interface Troubles {
  unreadable: FileFacts['unreadable'][number][];
  broken: FileFacts['broken'];
}

/** Notes what could not be read, and leaves it out; undefined where nothing can be left out any more. */
function withoutTrouble(error: unknown, { file, shape }: Readable, found: Troubles): Readable | undefined {
  const message = readEngineError(error)?.message ?? '';
  const cell = readError(message);
  const problem = fileProblem(error, shape.name, file.path, shape);
  const words = problem.detail ?? 'it can not be read';
  if (cell !== undefined && shape.columns.some((column) => column.name === cell.column)) {
    found.unreadable.push({ column: cell.column, value: cell.said ? null : cell.text, words });
    return { file, shape: { ...shape, columns: shape.columns.filter((column) => column.name !== cell.column) } };
  }
  if (file.start.format !== 'csv' || file.lenient === true || problem.reason !== 'unreadable') return undefined;
  const line = Number(/CSV Error on Line: (\d+)/.exec(message)?.[1] ?? Number.NaN);
  const known = Number.isFinite(line);
  found.broken = { words, line: known ? line : null, last: known && line >= lineCount(file.path) };
  return { file: { ...file, lenient: true }, shape };
}

async function countFile(connection: DuckDBConnection, file: SourceFile, shape: TableShape) {
  const time = shape.columns.find((column) => column.name === shape.time)?.name;
  const symbol = shape.columns.some((column) => column.name === 'symbol') ? 'symbol' : undefined;
  const counts = shape.columns.map((column, at) => `count(${quoteName(column.name)}) AS n${at}`);
  const ts = time === undefined ? 'CAST(NULL AS TIMESTAMP)' : quoteName(time);
  const sym = symbol === undefined ? "''" : 'symbol';
  const rows = `SELECT *, ${ts} AS "sop t", lag(${ts}) OVER () AS "sop before", coalesce(${sym}, '') <> coalesce(lag(${sym}) OVER (), '') AS "sop other" FROM (${selectFrom(file, shape)})`;
  const back = '"sop t" < "sop before"';
  const [row] = await ask(
    connection,
    `SELECT count(*) AS n, epoch_us(min("sop t")) AS lo, epoch_us(max("sop t")) AS hi,
      CAST(sum(CAST(hash(${shape.columns.length === 0 ? '1' : shape.columns.map(({ name }) => quoteName(name)).join(', ')}) AS HUGEINT)) AS VARCHAR) AS print,
      count(*) FILTER (${back} AND NOT "sop other") AS same, count(*) FILTER (${back} AND "sop other") AS across,
      count(*) FILTER ("sop t" > "sop before") AS forth, count(*) FILTER ("sop other") AS changes, count(DISTINCT ${sym}) AS symbols,
      max(date_diff('microsecond', "sop t", "sop before")) FILTER (${back} AND NOT "sop other") / 1e6 AS far,
      max(date_diff('microsecond', "sop t", "sop before")) FILTER (${back}) / 1e6 AS farther${counts.length === 0 ? '' : `, ${counts.join(', ')}`} FROM (${rows})`,
  );
  if (row === undefined) throw new Error('a count without a row');
  // Rows sorted by symbol and then by time step back wherever a symbol begins: that is no disorder.
  const sorted = row.number('changes') <= 2 * row.number('symbols') + 1;
  const steps = row.number('same') + (sorted ? 0 : row.number('across'));
  const newestFirst = steps > 10 * row.number('forth') && steps > 0;
  return {
    rows: row.number('n'),
    from: row.maybe('lo'),
    to: row.maybe('hi'),
    fingerprint: `${row.number('n')}:${row.text('print')}`,
    back: { rows: steps, seconds: row.number(sorted ? 'far' : 'farther'), newestFirst },
  };
}

/** Zones that written times name, as the file writes them; null where the file holds no written times. */
async function zonesOf(connection: DuckDBConnection, file: SourceFile, shape: TableShape): Promise<FileFacts['zones']> {
  const raw = shape.time === undefined ? undefined : rawTexts(file, shape.time);
  if (raw === undefined) return null;
  const zone = `regexp_extract(t, '[0-9] ?([Zz]|[+-][0-9]{2}:?[0-9]{0,2})$', 1)`;
  const rows = await ask(
    connection,
    `SELECT z, count(*) AS n FROM (SELECT CASE WHEN contains(t, ':') THEN ${zone} ELSE '' END AS z FROM (SELECT trim(t) AS t FROM (${raw})) WHERE t IS NOT NULL) GROUP BY z ORDER BY z LIMIT 20`,
  );
  const named = rows.map((row) => row.text('z')).filter((text) => text !== '');
  return { unnamed: rows.find((row) => row.text('z') === '')?.number('n') ?? 0, named };
}
