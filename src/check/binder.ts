import { createHash } from 'node:crypto';
import type { BoundQuery, Cache, Limits, SqlEngine, SqlQuery, SqlResult, TableShape } from '../model/ports.ts';
import type { Parameter, Sop, SqlText } from '../model/sop.ts';
import { parseTime, sqlTime } from '../text/time.ts';

/** Binding reads no data: what takes longer than this builds something out of constants. */
export const bindLimits: Limits = { milliseconds: 5_000, megabytes: 1_000, rows: 0 };

/** A SOP or a view: each has parameters of its own. */
type SqlOwner = Pick<Sop, 'parameters'>;

/** Binds each query once, and remembers the answer between runs. */
export interface Binder {
  /** Starts on a SOP's SQL while other files are still being read: the engine is a process of its own. */
  ahead(sop: Sop, tables: readonly TableShape[]): void;
  bind(owner: SqlOwner, sql: SqlText, tables: readonly TableShape[]): Promise<SqlResult<BoundQuery>>;
}

/** The answer depends on the text, the parameters, the tables and the engine, and on nothing else: so it is remembered. */
export function createBinder(engine: SqlEngine, cache: Cache): Binder {
  const asked = new Map<string, Promise<SqlResult<BoundQuery>>>();
  const shapes = new WeakMap<readonly TableShape[], Shapes>();

  function bind(owner: SqlOwner, sql: SqlText, tables: readonly TableShape[]): Promise<SqlResult<BoundQuery>> {
    const query = { sql: sql.text, parameters: sqlParameters(owner.parameters) };
    const known = shapes.get(tables) ?? shapesOf(tables);
    shapes.set(tables, known);
    const key = digest(JSON.stringify([engine.version, query, known.digest]));
    const found = asked.get(key) ?? remembered(key, query, known.tables);
    asked.set(key, found);
    return found;
  }

  async function remembered(
    key: string,
    query: SqlQuery,
    tables: readonly TableShape[],
  ): Promise<SqlResult<BoundQuery>> {
    const cached = cache.get('bind', key);
    if (cached !== undefined) return cached as SqlResult<BoundQuery>; // written below, under a digest that the cache checks
    const result = await bindShortly(query, tables, engine);
    const passing = !result.ok && (result.problem.reason === 'deadline' || result.problem.reason === 'memory');
    if (!passing) cache.set('bind', key, result);
    return result;
  }

  return {
    bind,
    ahead: (sop, tables) => {
      for (const sql of sop.groups.flatMap((group) => [group.sql, group.evidence, group.members])) {
        // A failure is thrown where the answer is awaited.
        if (sql !== null) bind(sop, sql, tables).catch(() => undefined);
      }
    },
  };
}

/**
 * SQL can only read tables whose names stand in it, and to hand over all of them takes as long as to bind. What is wrong is
 * said with all tables in view, for the names that the message suggests.
 */
async function bindShortly(
  query: SqlQuery,
  tables: readonly TableShape[],
  engine: SqlEngine,
): Promise<SqlResult<BoundQuery>> {
  const text = query.sql.toLowerCase();
  const mentioned = tables.filter(({ name }) => text.includes(name.toLowerCase()));
  const result = await engine.bind(mentioned, query, bindLimits);
  if (result.ok || mentioned.length === tables.length) return result;
  if (result.problem.reason === 'deadline' || result.problem.reason === 'memory') return result;
  return engine.bind(tables, query, bindLimits);
}

/** The window of a run, as SQL gets it: `$from` and `$as_of`, in microseconds since 1970 UTC. */
export interface Moment {
  readonly from: number;
  readonly asOf: number;
}

/** The parameters that a SOP or a view declares. */
export function ownParameters(parameters: readonly Parameter[]): SqlQuery['parameters'] {
  return parameters.map(({ name, type, value: { value } }) => {
    const time = type === 'date and time' ? parseTime(value) : undefined;
    return { name: name.value, type, value: time === undefined ? value : sqlTime(time) };
  });
}

/** A SOP's parameters as its SQL gets them, the reserved ones included. To bind, any moment will do. */
export function sqlParameters(
  parameters: readonly Parameter[],
  { from, asOf }: Moment = { from: 0, asOf: 0 },
): SqlQuery['parameters'] {
  return [
    ...ownParameters(parameters),
    { name: 'from', type: 'timestamp', value: sqlTime(from) },
    { name: 'as_of', type: 'timestamp', value: sqlTime(asOf) },
  ];
}

interface Shapes {
  readonly tables: readonly TableShape[];
  readonly digest: string;
}

/** What the engine needs of the tables, digested once: a library has many queries and one set of tables. */
function shapesOf(tables: readonly TableShape[]): Shapes {
  const plain = tables.map(({ name, columns, key }) => ({ name, columns, key }));
  return { tables: plain, digest: digest(JSON.stringify(plain)) };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
