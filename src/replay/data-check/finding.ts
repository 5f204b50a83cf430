/** One thing that is wrong, or looks wrong, with data files. Codes are permanent; docs/data.md gives the rule of each. */
export interface Finding {
  readonly code: FindingCode;
  /** `error`: results would be wrong or impossible; `warning`: somebody must look. */
  readonly level: 'error' | 'warning';
  readonly table: string;
  readonly file: string | null;
  readonly column: string | null;
  readonly symbol: string | null;
  /** Rows that are concerned; null where rows are what is missing, or cannot be counted. */
  readonly rows: number | null;
  readonly message: string;
  /** What to do. */
  readonly action: string;
}

export type FindingCode =
  | 'broken-line'
  | 'clock-ahead'
  | 'constant-column'
  | 'contracts-as-base'
  | 'crossed-values'
  | 'decimal-comma'
  | 'duplicate-file'
  | 'duplicate-rows'
  | 'empty-key'
  | 'empty-table'
  | 'future-time'
  | 'gap'
  | 'inverse-contracts'
  | 'late-rows'
  | 'mixed-zones'
  | 'missing-ids'
  | 'no-contract-size'
  | 'not-positive'
  | 'notional-mismatch'
  | 'out-of-order'
  | 'price-scale'
  | 'qty-scale'
  | 'renamed-symbol'
  | 'swapped-sides'
  | 'time-unit'
  | 'time-zone'
  | 'truncated-file'
  | 'unknown-value'
  | 'unreadable-value';

type Parts = Partial<Pick<Finding, 'file' | 'column' | 'symbol' | 'rows'>>;

export function finding(
  code: FindingCode,
  level: Finding['level'],
  table: string,
  words: { readonly message: string; readonly action: string },
  parts: Parts = {},
): Finding {
  return { code, level, table, file: null, column: null, symbol: null, rows: null, ...parts, ...words };
}

/** Errors first, then by table, code, file, column, symbol: the same for the same data. */
export function compareFindings(a: Finding, b: Finding): number {
  const key = (entry: Finding) => [
    entry.level,
    entry.table,
    entry.code,
    entry.file ?? '',
    entry.column ?? '',
    entry.symbol ?? '',
    entry.message,
  ];
  const [left, right] = [key(a), key(b)];
  for (const [at, text] of left.entries()) {
    const other = right[at] ?? '';
    if (text !== other) return text < other ? -1 : 1;
  }
  return 0;
}

/** A few names, and how many there are beyond. */
export function some(names: readonly string[], most = 3): string {
  const rest = names.length - most;
  return `${names.slice(0, most).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

export function rowsWord(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'row' : 'rows'}`;
}

/** Seconds as a person says them: `59 min`, `2.5 h`, `12 d`. */
export function span(seconds: number): string {
  const round = (value: number) => String(Math.round(value * 10) / 10);
  if (seconds < 120) return `${round(seconds)} s`;
  if (seconds < 7200) return `${round(seconds / 60)} min`;
  if (seconds < 172_800) return `${round(seconds / 3600)} h`;
  return `${round(seconds / 86_400)} d`;
}
