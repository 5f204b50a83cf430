import type { SqlParameter } from '../model/ports.ts';
import { type OpenData, type Reach, sightIn } from './open-data.ts';
import type { Session } from './session.ts';

/** Who asks, and with which times: `$from` and `$as_of` are the same for a query and for the views that it reads. */
export interface Asking {
  readonly megabytes: number;
  readonly times: readonly SqlParameter[];
}

/**
 * What SQL that names these tables and views sees, as a text: the rows of each table, by itself and by views, and the times
 * where a view asks for them. The same text means the same answer, for SQL that does not ask for the times itself.
 */
export async function whatIsSeen(
  session: Session,
  data: OpenData,
  names: readonly string[],
  asking: Asking,
): Promise<string> {
  const reaches = await Promise.all(names.map((name) => reachOf(session, data, name, asking)));
  const seen = data.tables
    .filter(({ name }) => reaches.some(({ tables }) => tables.has(name)))
    .map((shape) => [shape.name, sightIn(data, shape)]);
  return JSON.stringify([seen, reaches.some(({ asksTime }) => asksTime) ? asking.times : null]);
}

/** What a table or a view reads: itself, and what the views below it read. */
async function reachOf(session: Session, data: OpenData, name: string, asking: Asking): Promise<Reach> {
  const { shapes, reach: known } = data.views;
  const found = known.get(name);
  if (found !== undefined) return found;
  const tables = new Set([name]);
  let asksTime = false;
  for (const below of tables) {
    const { query } = shapes.find((shape) => shape.name === below) ?? {};
    if (query === undefined) continue;
    const parameters = [...asking.times, ...query.parameters];
    const inspection = await session.inspect(data.sources, { ...query, parameters }, asking.megabytes);
    // One that cannot be read ends the making of whoever reads it.
    if (!inspection.ok) continue;
    for (const table of inspection.tables) tables.add(table);
    asksTime ||= asking.times.some((time) => inspection.parameters.includes(time.name));
  }
  const reach = { tables, asksTime };
  known.set(name, reach);
  return reach;
}
