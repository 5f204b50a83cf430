import type { Reading } from './mapping.ts';
import type { RawValue, ValueType } from './value.ts';

/** What the rooms below need from the outside world. `host/` and `engine/` implement these; only `cli/` knows which. */

/** A project's files. Paths are relative to the project's root and use `/`. */
export interface Store {
  /** Every file below `folder`, sorted by code point; an absent folder is empty. Symbolic links are not followed. */
  list(folder: string): Promise<string[]>;
  /** `undefined` where there is no such file. */
  read(path: string): Promise<FileContent | undefined>;
  /** Replaces the file in one step: a reader sees the old text or the new. Makes the folders that are missing. */
  write(path: string, text: string): Promise<void>;
  /** Removes a file if it is there. */
  remove(path: string): Promise<void>;
  /** Moves a file to another place of the project in one step, over what is there. */
  take(from: string, to: string): Promise<void>;
  /** The absolute real path of a data file, if it lies (symbolic links followed) inside `folder`. */
  resolveInside(folder: string, path: string): Promise<ResolvedPath>;
}

/** A folder of the project whose files belong together. */
export interface StagedFolder {
  /** `interrupted`: a process that replaced its files ended before it was done; `busy`: one is at it. */
  state(): Promise<'settled' | 'interrupted' | 'busy'>;
  /** Replaces and removes files, each in one step, and writes `last` when all else is done. `busy`: another process is at it, and nothing was changed. */
  replace(
    write: readonly { readonly path: string; readonly text: string }[],
    remove: readonly string[],
    last: { readonly path: string; readonly text: string },
  ): Promise<'done' | 'busy'>;
}

export type FileContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'too_large'; readonly bytes: number; readonly limit: number }
  | { readonly kind: 'not_text'; readonly offset: number }
  | { readonly kind: 'unreadable'; readonly reason: string };

export type ResolvedPath =
  | { readonly kind: 'file'; readonly absolute: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'outside' };

/** Earlier states of the project, as a version control system keeps them. */
export interface Revisions {
  /**
   * Opens the state that a change is measured against: where the project's history and that of `since` part. Where `since` holds
   * the newest commit already, the change is what is not committed; where all is, it is what that commit brought.
   */
  open(since: string): Promise<OpenedRevision>;
}

export type OpenedRevision =
  | { readonly ok: true; readonly revision: Revision }
  | { readonly ok: false; readonly problem: RevisionProblem };

/**
 * Why a state cannot be had. `fetch` is the command that would bring it, ready to be run; null where there is none, or where
 * none can be written safely.
 */
export type RevisionProblem =
  | { readonly reason: 'no_program' } // there is no git
  | { readonly reason: 'no_repository' }
  | { readonly reason: 'not_ours'; readonly folder: string } // git refuses a repository of another user
  | { readonly reason: 'no_commit' } // the repository is empty
  | { readonly reason: 'refused'; readonly why: string } // no name of a revision
  | { readonly reason: 'unknown'; readonly near: readonly string[]; readonly fetch: string | null }
  | { readonly reason: 'nothing_in_common'; readonly fetch: string | null }
  | { readonly reason: 'cut_off'; readonly fetch: string | null } // a shallow clone ends before it is known where the histories part
  | { readonly reason: 'not_a_folder'; readonly what: 'link' | 'submodule' } // `sops` itself, in the commit
  | { readonly reason: 'no_parent'; readonly fetch: string | null } // a shallow clone ends at the newest commit
  | { readonly reason: 'incomplete'; readonly fetch: string | null } // a clone that leaves out contents of files
  | { readonly reason: 'failed'; readonly detail: string };

/** The project as it was at a commit. */
export interface Revision {
  /** Its full id; null: before the first commit there was nothing. */
  readonly commit: string | null;
  readonly how: 'parted' | 'first_parent' | 'itself';
  /** Reads as the project's own store does, within the same limits; writes nothing. */
  readonly store: Store;
  /** The files below `sops`, and `sop.config.yaml`, that are not the same in the project now, ends of lines aside; sorted. */
  readonly changed: readonly string[];
  /** What of it cannot be read, in plain words without a full stop. Complete once all of it was used. */
  remarks(): readonly string[];
  close(): void;
}

/** Results of earlier runs by content hash. A miss, a damaged entry and a cache that can't be written all look alike. */
export interface Cache {
  get(kind: string, key: string): unknown;
  set(kind: string, key: string, value: unknown): void;
}

/** Column types of the market tables. DECIMAL carries precision and scale. */
export type ColumnSql = 'VARCHAR' | 'TIMESTAMP' | 'DOUBLE' | 'BIGINT' | 'BOOLEAN' | `DECIMAL(${number},${number})`;

export interface TableColumn {
  readonly name: string;
  readonly sql: ColumnSql;
  /** A column of times: until then the value reads as NULL. */
  readonly knownAt?: string;
}

/** A market table that SQL may read. */
export interface TableShape {
  readonly name: string;
  readonly columns: readonly TableColumn[];
  /** The columns that make a row unique: an ORDER BY that holds them all is a total order. */
  readonly key: readonly string[];
  /** The column that says when a row happened; reference data has none. */
  readonly time?: string;
  /** The column by which rows arrive as feeds of their own that never fall silent: `symbol`. */
  readonly feed?: string;
  /** The first of these that holds a time says when the row could be known; a row without any is always seen. */
  readonly known?: readonly string[];
}

/** A named parameter of SQL (`$name`) with its declared type; the text of a number is kept exactly. */
export interface SqlParameter {
  readonly name: string;
  readonly type: ValueType | 'timestamp';
  /** A timestamp as `2026-11-02 00:30:00.000000`, UTC. */
  readonly value: string;
}

/** One SELECT of a signal group or a view. */
export interface SqlQuery {
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
}

/** SQL that lists the rows behind signals, for some subjects. */
export interface EvidenceQuery extends SqlQuery {
  /** Columns of the subject that the SQL returns. */
  readonly keyColumns: readonly string[];
  /** The subjects: the text of each value; times as `2026-11-02 00:30:00.000000`. */
  readonly keys: readonly (readonly (string | null)[])[];
  /** The column that says when a row happened. */
  readonly timeColumn: string;
  /** Rows that are listed of each subject. */
  readonly most: number;
}

/**
 * A table that is computed from others when a query first reads it, and kept for the data set: columns in their declared
 * types, and no two rows with one key.
 */
export interface ViewShape extends TableShape {
  readonly query: SqlQuery;
}

/**
 * Something wrong with SQL, at `offset` (UTF-16 units into the SQL text, absent where the engine names no place).
 * `reason` names what happened; the other fields are plain names for the message, never raw engine text.
 */
export interface SqlProblem {
  readonly reason: SqlReason;
  readonly offset?: number;
  /** Length of what is wrong, where known. */
  readonly length?: number;
  /** The table, column, function, setting … in question. */
  readonly name?: string;
  /** Names that the engine or the allow-list would have accepted, nearest first. */
  readonly candidates?: readonly string[];
  /** The view in whose SQL it is, not in that of the query which reads the view; `offset` counts in the view's SQL. */
  readonly view?: string;
  /** More words in plain English where `reason` alone does not say enough. Never multi-line. */
  readonly detail?: string;
}

export type SqlReason =
  | 'syntax' // the text is no SQL at this place
  | 'not_one_select' // DELETE, CREATE, SET, PRAGMA, ATTACH, COPY, two statements, none
  | 'unknown_table'
  | 'unknown_column'
  | 'ambiguous_column'
  | 'unknown_function'
  | 'forbidden_function' // exists, but is outside the allow-list: files, network, settings, catalogue, query()
  | 'forbidden_source' // a file name, another schema or a catalogue table in FROM
  | 'not_deterministic' // now(), random(), uuid() …: the same rows would not give the same answer
  | 'order_dependent' // any_value, first, list, string_agg … without ORDER BY; LIMIT without ORDER BY
  | 'ties' // ORDER BY is not shown to be total: a warning
  | 'unknown_parameter' // $name that the SOP does not declare
  | 'type' // no function or operator for these types, a cast that can't be
  | 'aggregate' // column neither grouped nor aggregated, aggregate in WHERE …
  | 'other' // bound wrong for a reason in `detail`
  | 'runtime' // only fails on rows: division, conversion, overflow
  | 'deadline' // killed: took longer than allowed
  | 'memory' // killed: used more memory than allowed
  | 'rows' // returned more rows than allowed
  | 'two_rows'; // a view returned two rows for one key; `name` is the key as text

export interface ResultColumn {
  readonly name: string;
  /** DuckDB's name of the type, e.g. `DOUBLE`, `DECIMAL(38,8)`, `TIMESTAMP`, `VARCHAR`, `HUGEINT`. */
  readonly sql: string;
  readonly kind: 'number' | 'integer' | 'decimal' | 'boolean' | 'text' | 'timestamp' | 'interval' | 'other';
}

/** What binding a query without data tells. */
export interface BoundQuery {
  readonly columns: readonly ResultColumn[];
  /** Market tables that the query reads, sorted. */
  readonly tables: readonly string[];
  /** Problems of level warning that do not stop the query (`ties`). */
  readonly warnings: readonly SqlProblem[];
}

/** Rows column by column: `columns[i]` belongs to the i-th result column, all of `length`. */
export interface RowBatch {
  readonly length: number;
  readonly columns: readonly ArrayLike<RawValue>[];
}

/** Rows for a market table: given in a case, or a file that trusted code resolved. Columns left out are NULL. */
export type TableData =
  | {
      readonly kind: 'rows';
      readonly table: string;
      readonly columns: readonly string[];
      /** Text of each value; null is NULL. Timestamps as `2026-11-02 00:30:00.000000`. */
      readonly rows: readonly (readonly (string | null)[])[];
    }
  | {
      readonly kind: 'files';
      readonly table: string;
      readonly absolute: readonly string[];
      /** Absent: by the columns' own names. */
      readonly reading?: Reading;
    };

/** What a file holds, found when it is opened. */
export interface FileColumns {
  readonly table: string;
  /** Columns of the market table that the file has. The others are unavailable, not NULL. */
  readonly present: readonly string[];
  /** Columns of the file that the market table does not know, sorted. */
  readonly ignored: readonly string[];
  /** For each file in the order of the request, the mapping by which it is read; null: by its own column names. */
  readonly mappings: readonly (string | null)[];
}

export type SqlResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: SqlProblem };

/** A problem with a data file, in plain words: not the format it claims, a column that can't be read as its type. */
export interface DataProblem {
  readonly reason: 'unreadable' | 'column_type' | 'deadline' | 'memory' | 'no_columns';
  readonly file: string;
  readonly table: string;
  readonly column?: string;
  readonly detail?: string;
}

export interface Limits {
  /** Wall-clock milliseconds for one call; then the child is killed. */
  readonly milliseconds: number;
  /** Resident megabytes of the child; above it the child is killed. */
  readonly megabytes: number;
  /** Rows that a query may return. */
  readonly rows: number;
}

/** SQL over market tables, run where a parent can kill it. Calls are answered in order. */
export interface SqlEngine {
  /** Engine and version as a stable text, part of every cache key: `duckdb 1.5.6, allow-list 3`. */
  readonly version: string;
  /** Binds a query against empty tables. */
  bind(tables: readonly TableShape[], query: SqlQuery, limits: Limits): Promise<SqlResult<BoundQuery>>;
  /** Opens a data set. SQL on it sees the given rows and nothing else. */
  open(tables: readonly TableShape[], data: readonly TableData[], options: OpenOptions): Promise<OpenResult>;
  /** Writes a file of JSON lines as a Parquet file, which replaces the one of that name in one step. */
  writeParquet(lines: string, path: string, columns: readonly TableColumn[]): Promise<void>;
  /** Starts now what the first call would wait for. What goes wrong is said by that call. */
  warm(): void;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly limits: Limits;
  /** 1 for cases (parallel floating-point sums differ from run to run); more for back-tests. */
  readonly threads: number;
  /** Views that queries may read, beside the tables. They are computed within the limits of the query that reads them. */
  readonly views?: readonly ViewShape[];
  /**
   * Tables that nobody gives rows of, and that are there, empty, if the table `coverage` says anything of them: one that had no
   * rows is another thing than one that nobody delivered.
   */
  readonly covered?: readonly TableShape[];
}

export type OpenResult =
  | { readonly ok: true; readonly value: DataSet }
  | { readonly ok: false; readonly problem: DataProblem };

/**
 * What SQL sees of a data set: rows that could be known at `asOf`, and of events only those that happened at `since` or
 * later. Microseconds since 1970 UTC; null is no bound.
 */
export interface Window {
  readonly since: number | null;
  readonly asOf: number | null;
  /** Of tables that have a feed a symbol (or whatever `feed` names), only the rows of this one. */
  readonly feed?: { readonly column: string; readonly value: string };
  /** A table whose feed broke off: rows that happened later than `last` are not there. */
  readonly brokenOff?: { readonly table: string; readonly last: number };
}

/** What is asked of a table's content: which columns hold nothing, and the first row of each value of `by`. */
export interface ExtentRequest {
  readonly table: string;
  readonly columns: readonly string[];
  readonly by: string | null;
}

/** How far the rows of a table reach that could be known at the window's end. Times in microseconds since 1970 UTC. */
export interface Extent {
  readonly table: string;
  readonly rows: number;
  /** When its first row happened, and its last; null without rows, and for reference data. */
  readonly first: number | null;
  readonly last: number | null;
  /** When its last row became known; null where no row says so. */
  readonly known: number | null;
  /** Of the columns that were asked for, those that are absent or hold no value in any row. */
  readonly empty: readonly string[];
  /** When the first row of each value of `by` happened, ordered by value. */
  readonly firstBy: readonly (readonly [string, number])[];
}

export interface DataSet {
  /** One entry a table that came from files. */
  readonly files: readonly FileColumns[];
  /** Of the tables that `covered` named, those that are there. */
  readonly covered: readonly string[];
  /** Cuts what every later call sees; without a call, everything is seen. */
  cut(window: Window): Promise<void>;
  /** How far the tables reach, one entry a request. It ignores `since`. */
  extents(requests: readonly ExtentRequest[], limits: Limits): Promise<SqlResult<readonly Extent[]>>;
  /**
   * Runs a query, and computes the views that it reads where none has before. `onBatch` gets the rows in order of arrival.
   * A query that needs a column that a file lacks (a view may need it) fails with `unknown_column`; the caller knows from
   * `files` that it is unavailable and not misspelt. Of evidence it gives a row for each subject that has any: `subject` (its
   * place in `keys`), `total` (how many rows there are) and `listed`, the first of them by time, table, row and note, as JSON
   * text: a list of `[table, row, microseconds since 1970 UTC, note]`.
   */
  run(
    query: SqlQuery | EvidenceQuery,
    limits: Limits,
    onBatch: (batch: RowBatch) => void,
  ): Promise<SqlResult<readonly ResultColumn[]>>;
  close(): Promise<void>;
}
