import type { Extent, ExtentRequest, SqlResult, TableShape } from '../model/ports.ts';
import { readEngineError } from './engine-problem.ts';
import type { OpenData } from './open-data.ts';
import { quoteName } from './quote.ts';
import { heapName, knownBy, knownTime } from './window.ts';

/** How far the rows of the tables reach, of those that could be known at the end of the present window. */
export async function readExtents(
  data: OpenData,
  asOf: number | null,
  requests: readonly ExtentRequest[],
): Promise<SqlResult<readonly Extent[]>> {
  const extents: Extent[] = [];
  try {
    for (const request of requests) {
      const shape = data.tables.find((table) => table.name === request.table);
      extents.push(shape === undefined ? absent(request) : await readOne(data, shape, asOf, request));
    }
  } catch (error) {
    // It is our SQL: only the data can be at fault.
    if (readEngineError(error) === undefined) throw error;
    return { ok: false, problem: { reason: 'runtime', detail: 'the data cannot be read to its end' } };
  }
  return { ok: true, value: extents };
}

function absent({ table, columns }: ExtentRequest): Extent {
  return { table, rows: 0, first: null, last: null, known: null, empty: columns, firstBy: [] };
}

/** One pass over the table; a second one where the first row of each `by` is asked for. */
async function readOne(
  data: OpenData,
  shape: TableShape,
  asOf: number | null,
  request: ExtentRequest,
): Promise<Extent> {
  const has = (name: string) => shape.columns.some((column) => column.name === name);
  const time = shape.time !== undefined && has(shape.time) ? quoteName(shape.time) : null;
  const columns = request.columns.filter(has);
  const from = `FROM ${quoteName(heapName(shape.name))}${whereKnown(shape, asOf)}`;
  const items = [
    'count(*)',
    ...(time === null ? ['NULL', 'NULL'] : [`epoch_us(min(${time}))`, `epoch_us(max(${time}))`]),
    knownTime(shape) === null ? 'NULL' : `epoch_us(max(${knownTime(shape)}))`,
    ...columns.map((name) => `count(${quoteName(name)})`),
  ];
  const [[rows, first, last, known, ...counts] = []] = await read(data, `SELECT ${items.join(', ')} ${from}`);
  const empty = columns.filter((_, index) => Number(counts[index] ?? 0) === 0);
  const by = request.by !== null && time !== null && has(request.by) ? quoteName(request.by) : null;
  const firsts =
    by === null
      ? []
      : await read(
          data,
          `SELECT CAST(${by} AS VARCHAR), epoch_us(min(${time})) ${from} GROUP BY ${by} HAVING ${by} IS NOT NULL ORDER BY 1`,
        );
  return {
    table: shape.name,
    rows: Number(rows ?? 0),
    first: numberOf(first),
    last: numberOf(last),
    known: numberOf(known),
    empty: request.columns.filter((name) => !has(name) || empty.includes(name)),
    firstBy: firsts.flatMap(([name, start]) => (start === null ? [] : [[String(name), Number(start)] as const])),
  };
}

function whereKnown(shape: TableShape, asOf: number | null): string {
  const condition = knownBy(shape, asOf);
  return condition === null ? '' : ` WHERE ${condition}`;
}

async function read({ connection }: OpenData, sql: string) {
  return (await connection.runAndReadAll(sql)).getRows();
}

function numberOf(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
