/**
 * Functions that may answer differently for the same rows, with why, in words for the analyst. `md5`, `sha1` and
 * `sha256` are steady; `hash` is not, because a new DuckDB may hash differently.
 */
export const notDeterministic: ReadonlyMap<string, string> = new Map([
  ...say('it reads the clock; use $as_of', [
    'now',
    'today',
    'get_current_time',
    'get_current_timestamp',
    'transaction_timestamp',
    'current_date',
    'current_time',
    'current_timestamp',
    'current_localtime',
    'current_localtimestamp',
    'localtime',
    'localtimestamp',
    'ago',
  ]),
  ...say('it draws random numbers', [
    'random',
    'setseed',
    'uuid',
    'uuidv4',
    'uuidv7',
    'gen_random_uuid',
    'reservoir_quantile',
  ]),
  ...say('it counts calls, not rows', ['nextval', 'currval', 'txid_current']),
  ...say('it is an estimate that may change with the order of rows', [
    'approx_count_distinct',
    'approx_quantile',
    'approx_top_k',
    'list_approx_count_distinct',
  ]),
  ...say('another DuckDB may hash differently; use md5', ['hash']),
]);

/** Words that are calls without parentheses; all but the clock's name the session. */
export const sessionWords: ReadonlySet<string> = new Set([
  'current_catalog',
  'current_role',
  'current_schema',
  'current_user',
  'session_user',
  'user',
]);

export const clockWords: ReadonlySet<string> = new Set([
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp',
]);

/** Aggregates whose answer is the order in which rows arrive, unless ORDER BY stands inside the call. */
export const needsOrder: ReadonlySet<string> = new Set([
  'any_value',
  'arbitrary',
  'array_agg',
  'first',
  'group_concat',
  'json_group_array',
  'json_group_object',
  'last',
  'list',
  'listagg',
  // Of several most frequent values it takes the one that came first.
  'mode',
  'string_agg',
]);

/** Of several rows with the extreme value, the first that came gives the answer. */
export const extremeOf: ReadonlySet<string> = new Set([
  'arg_max',
  'arg_max_null',
  'arg_max_nulls_last',
  'arg_min',
  'arg_min_null',
  'arg_min_nulls_last',
  'argmax',
  'argmin',
  'max_by',
  'min_by',
]);

/** Window functions that look at a row's position. rank, dense_rank, percent_rank and cume_dist treat ties alike. */
export const positional: ReadonlySet<string> = new Set([
  'fill',
  'first_value',
  'lag',
  'last_value',
  'lead',
  'nth_value',
  'ntile',
  'row_number',
]);

/** What makes a list the same in whatever order it was collected. */
export const forgetsOrder: ReadonlySet<string> = new Set([
  'array_length',
  'array_reverse_sort',
  'array_sort',
  'array_unique',
  'cardinality',
  'len',
  'length',
  'list_count',
  'list_max',
  'list_min',
  'list_reverse_sort',
  'list_sort',
  'list_unique',
]);

function say(why: string, names: readonly string[]): [string, string][] {
  return names.map((name) => [name, why]);
}
