import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { TableShape } from '../model/ports.ts';
import type { Attached } from './attach.ts';
import { createTable } from './load-rows.ts';
import { type DuckDb, type InstanceOptions, type Made, makeInstance } from './lock.ts';

interface Bounds {
  readonly threads: number;
  /** The bound at which the parent kills. */
  readonly megabytes: number;
}

/** The DuckDB instances of the child, made when first needed. */
export interface Instances {
  readonly duckdb: DuckDb;
  /** Locked and without any file: for loaded data, shared by data sets. */
  shared(bounds: Bounds): Promise<DuckDBInstance>;
  /**
   * Filled with what is read from any file, then locked so that it may read exactly these; the caller closes it and its
   * connection.
   */
  own<T>(
    bounds: Bounds,
    paths: readonly string[],
    attached: readonly Attached[],
    fill: (connection: DuckDBConnection) => Promise<T>,
  ): Promise<Made<T>>;
  /** May read any file and never sees SQL of an SOP. */
  loader(megabytes: number): Promise<DuckDBConnection>;
  /** A connection with empty tables of these shapes, kept for the next query on the same shapes. */
  empty(tables: readonly TableShape[], megabytes: number): Promise<DuckDBConnection>;
}

/** Sets of empty tables that stay open. A repository has few: all market tables, and those of some views. */
const keptShapes = 16;

export function createInstances(duckdb: DuckDb): Instances {
  const base = process.memoryUsage.rss() / 2 ** 20;
  const shared = new Map<string, Promise<DuckDBInstance>>();
  const shapes = new Map<string, Promise<DuckDBConnection>>();
  const loaders = new Map<number, Promise<DuckDBConnection>>();
  const make = <T>(options: InstanceOptions, fill: (connection: DuckDBConnection) => Promise<T>) =>
    makeInstance(duckdb, { ...options, megabytes: ownBound(options.megabytes, base) }, fill);
  const empty = () => Promise.resolve();

  const instances: Instances = {
    duckdb,
    shared: ({ threads, megabytes }) =>
      once(shared, `${threads} ${megabytes}`, async () => {
        const { instance, connection } = await make({ threads, megabytes, trust: 'locked', paths: [] }, empty);
        connection.closeSync();
        return instance;
      }),
    own: ({ threads, megabytes }, paths, attached, fill) =>
      make({ threads, megabytes, trust: 'locked', paths, attached }, fill),
    loader: (megabytes) =>
      once(
        loaders,
        megabytes,
        async () => (await make({ threads: 1, megabytes, trust: 'trusted', paths: [] }, empty)).connection,
      ),
    empty: (tables, megabytes) => {
      const key = JSON.stringify([megabytes, tables.map((table) => [table.name, table.columns])]);
      const found = once(shapes, key, async () => {
        const connection = await (await instances.shared({ threads: 1, megabytes })).connect();
        for (const table of tables) await createTable(connection, table);
        return connection;
      });
      // Used last goes to the end; the first is the one to let go.
      shapes.delete(key);
      shapes.set(key, found);
      const [oldest] = shapes.size > keptShapes ? shapes : [];
      if (oldest !== undefined) {
        shapes.delete(oldest[0]);
        void oldest[1].then((connection) => connection.closeSync());
      }
      return found;
    },
  };
  return instances;
}

/** DuckDB's own bound in megabytes: what Node does not use, less a margin for what DuckDB does not count. */
export function ownBound(megabytes: number, base: number): number {
  return Math.max(32, (megabytes - base) * 0.8);
}

/** A failure is not kept: the next caller tries again. */
function once<K, V>(known: Map<K, Promise<V>>, key: K, make: () => Promise<V>): Promise<V> {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  made.catch(() => known.delete(key));
  return made;
}
