import type { ResultColumn, SqlQuery, SqlResult } from '../model/ports.ts';
import type { OpenData } from './open-data.ts';
import type { WireBatch } from './protocol.ts';
import { type Asking, whatIsSeen } from './reach.ts';
import type { Session } from './session.ts';

type Send = (batch: WireBatch) => Promise<void>;

/** Rows of an answer that is kept: a case has a few dozen. */
const keptRows = 2048;

/**
 * Has a query answered, unless it was before and sees the same rows: a case is decided again as of several moments, and most of
 * them lie after all that it states. Data sets with an instance of their own are large, and are asked each time.
 */
export async function answerOnce(
  session: Session,
  data: OpenData,
  query: SqlQuery,
  asking: Asking & { readonly send: Send },
  run: (send: Send) => Promise<SqlResult<readonly ResultColumn[]>>,
): Promise<SqlResult<readonly ResultColumn[]>> {
  const key = data.instance === undefined ? await keyOf(session, data, query, asking) : null;
  const known = key === null ? undefined : data.answers.get(key);
  if (known !== undefined) {
    for (const batch of known.batches) await asking.send(batch);
    return known.result;
  }
  const batches: WireBatch[] = [];
  const result = await run((batch) => {
    batches.push(batch);
    return asking.send(batch);
  });
  const rows = batches.reduce((sum, { length }) => sum + length, 0);
  if (key !== null && result.ok && rows <= keptRows) data.answers.set(key, { result, batches });
  return result;
}

/** The query and what it sees, as a text; null where it cannot be read. */
async function keyOf(session: Session, data: OpenData, query: SqlQuery, asking: Asking): Promise<string | null> {
  const inspection = await session.inspect(data.sources, query, asking.megabytes);
  if (!inspection.ok) return null;
  const used = query.parameters.filter(({ name }) => inspection.parameters.includes(name));
  return JSON.stringify([query.sql, used, await whatIsSeen(session, data, inspection.tables, asking)]);
}
