/** Where a dialect of SQL differs from the others. Everything else that is emitted is the same for all of them. */
export interface Dialect {
  readonly name: DialectName;
  /** A name, quoted. Names that `namePattern` refuses never get here. */
  readonly quoteName: (name: string) => string;
  /** A text as a literal. It holds no NUL and no lone surrogate. */
  readonly quoteText: (text: string) => string;
  /** A double as a literal, from its shortest decimal. */
  readonly double: (digits: string) => string;
  readonly doubleType: string;
  readonly decimalType: (precision: number, scale: number) => string;
  readonly textType: string;
  /** A type that holds NULL as well, where a cast to the plain type would refuse it. */
  readonly nullable: (type: string) => string;
  /** True for what is neither NaN nor infinite. */
  readonly isFinite: (value: string) => string;
  /** True for a decimal that is no whole number. The floor of a decimal may have a digit too many. */
  readonly isFraction: (value: string) => string;
  /** Stands between `AS` and the parenthesis of a common table expression. */
  readonly hint: string;
  /** Ends a common table expression: keeps a planner from writing its columns out again wherever they are used. */
  readonly fence: string;
  /** Longer names are cut by the database. In bytes. */
  readonly longestName: number;
}

export const dialectNames = ['duckdb', 'postgres', 'clickhouse', 'trino', 'spark'] as const;
export type DialectName = (typeof dialectNames)[number];

const doubled = (quote: string) => (name: string) => `${quote}${name.replaceAll(quote, quote + quote)}${quote}`;
const backslashed = (quote: string) => (text: string) =>
  `${quote}${text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`)}${quote}`;

/** `0.5` alone is a decimal in most dialects; with an exponent it is a double. */
const withExponent = (digits: string) => (digits.includes('e') ? digits : `${digits}e0`).replace('e', 'E');

const plain = {
  quoteName: doubled('"'),
  quoteText: doubled("'"),
  double: withExponent,
  doubleType: 'DOUBLE',
  decimalType: (precision: number, scale: number) => `DECIMAL(${precision}, ${scale})`,
  textType: 'VARCHAR',
  nullable: (type: string) => type,
  isFraction: (value: string) => `${value} % 1 <> 0`,
  hint: '',
  fence: '',
  longestName: 1000,
};

/** Compared like this where no function tells; NaN is the greatest number there. */
const between = (low: string, high: string) => (value: string) => `${value} > ${low} AND ${value} < ${high}`;

export const dialects: Readonly<Record<DialectName, Dialect>> = {
  duckdb: { ...plain, name: 'duckdb', isFinite: (value) => `isfinite(${value})`, hint: 'NOT MATERIALIZED ' },
  postgres: {
    ...plain,
    name: 'postgres',
    double: (digits) => `CAST('${digits}' AS double precision)`,
    doubleType: 'double precision',
    decimalType: (precision, scale) => `numeric(${precision}, ${scale})`,
    textType: 'text',
    isFinite: between("CAST('-Infinity' AS double precision)", "CAST('Infinity' AS double precision)"),
    hint: 'NOT MATERIALIZED ',
    fence: '\n  OFFSET 0',
    longestName: 63,
  },
  clickhouse: {
    ...plain,
    name: 'clickhouse',
    quoteName: backslashed('`'),
    quoteText: backslashed("'"),
    doubleType: 'Float64',
    decimalType: (precision, scale) => `Decimal(${precision}, ${scale})`,
    textType: 'String',
    nullable: (type) => `Nullable(${type})`,
    isFinite: (value) => `isFinite(${value})`,
    // Its `%` cuts decimals to whole numbers first.
    isFraction: (value) => `${value} <> trunc(${value})`,
  },
  trino: { ...plain, name: 'trino', isFinite: (value) => `is_finite(${value})` },
  spark: {
    ...plain,
    name: 'spark',
    quoteName: doubled('`'),
    // `${name}` would be replaced even inside a literal.
    quoteText: (text) => backslashed("'")(text).replaceAll('$', '\\u0024'),
    textType: 'STRING',
    isFinite: between("CAST('-Infinity' AS DOUBLE)", "CAST('Infinity' AS DOUBLE)"),
  },
};

/** Names that every dialect can quote and tell apart. */
export const namePattern = /^[^\p{Cc}\p{Cs}$`"\\]+$/u;
