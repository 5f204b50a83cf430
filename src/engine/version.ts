/** The DuckDB release that the pinned @duckdb/node-api carries; a test compares it with what is installed. */
export const duckDbVersion = '1.5.6';

/** As people call it. */
export const dialect = `DuckDB ${duckDbVersion}`;

/** Raised whenever a rule of this folder answers differently for the same SQL: it is part of every cache key. */
export const rulesVersion = 3;

export const engineVersion = `duckdb ${duckDbVersion}, rules ${rulesVersion}`;
