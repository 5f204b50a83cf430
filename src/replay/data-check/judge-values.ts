import type { ColumnFacts, DayFacts, NotionalFacts, TableFacts } from '../../model/survey.ts';
import { type Finding, finding, rowsWord, some } from './finding.ts';

/** What is wrong with values: scale, sign, units of size, words, columns that never change. */
export function judgeValues(facts: TableFacts): Finding[] {
  return [
    ...emptyKeys(facts),
    ...facts.notPositive.map(({ column, rows, example }) =>
      finding(
        'not-positive',
        'error',
        facts.table,
        {
          message: `${rowsWord(rows)} have a \`${column}\` of zero or less, such as ${example}`,
          action: 'find out what the source means by it (a correction? a missing value?), and leave such rows out',
        },
        { column, rows },
      ),
    ),
    ...facts.columns.flatMap((column) => judgeColumn(facts, column)),
    ...jumps(facts),
    ...steps(facts, 'price', 'price-scale'),
    ...steps(facts, 'qty', 'qty-scale'),
    ...notionals(facts),
    ...crossed(facts),
  ];
}

function emptyKeys(facts: TableFacts): Finding[] {
  return facts.emptyKeys.map(({ column, rows }) => {
    const message = `\`${column}\` is empty in ${rowsWord(rows)}${rows === facts.rows ? ', which is all' : ''}`;
    return finding(
      'empty-key',
      'error',
      facts.table,
      { message, action: `fill it, or leave these rows out: no signal can place them` },
      { column, rows },
    );
  });
}

/** Columns that differ from row to row in any market. */
const lively = [
  'price',
  'qty',
  'ts',
  'open',
  'high',
  'low',
  'close',
  'base_volume',
  'mark',
  'last',
  'bid_px',
  'ask_px',
  'amount',
];

function judgeColumn(facts: TableFacts, column: ColumnFacts): Finding[] {
  const found: Finding[] = [];
  const { name, min, max, filled } = column;
  if (column.unknown.length > 0) {
    const rows = column.unknown.reduce((sum, entry) => sum + entry.rows, 0);
    const words = some(
      column.unknown.map(({ value }) => `\`${value.slice(0, 30)}\``),
      4,
    );
    const message = `${rowsWord(rows)} hold a word in \`${name}\` that the table does not have: ${words}`;
    found.push(
      finding(
        'unknown-value',
        'error',
        facts.table,
        { message, action: `translate it in a mapping (\`values:\`); \`sop tables ${facts.table}\` lists the words` },
        { column: name, rows },
      ),
    );
  }
  const steady = lively.includes(name) ? filled >= 100 : ['side', 'taker_side'].includes(name) && filled >= 1000;
  if (steady && min === max && min !== null) {
    const message = `\`${name}\` is ${min.slice(0, 30)} in all of ${rowsWord(filled)}`;
    found.push(
      finding(
        'constant-column',
        'warning',
        facts.table,
        { message, action: 'it looks like a default that was filled in: check the export' },
        { column: name, rows: filled },
      ),
    );
  }
  return found;
}

function jumps(facts: TableFacts): Finding[] {
  return facts.jumps.map(({ symbol, rows, power, example }) => {
    const times = power > 0 ? `${10 ** power} times` : `1/${10 ** -power} of`;
    const message = `${rowsWord(rows)} of ${symbol} have a price about ${times} that of the trades around them, such as ${example}`;
    return finding(
      'price-scale',
      'error',
      facts.table,
      { message, action: 'check the unit or the number of decimals of these rows' },
      { symbol, column: 'price', rows },
    );
  });
}

const mostDaysApart = 3;

/** Typical values that change by a power of ten from one file or day to the next. */
function steps(facts: TableFacts, column: 'price' | 'qty', code: 'price-scale' | 'qty-scale'): Finding[] {
  const groups = new Map<string, DayFacts[]>();
  for (const day of facts.days) {
    if (day.rows < 20 || (day[column] ?? 0) <= 0) continue;
    const key = `${day.venue}\u0000${day.symbol}`;
    groups.set(key, [...(groups.get(key) ?? []), day]);
  }
  return [...groups.values()].flatMap((days) => {
    const at = days.findIndex((day, index) => powerOf(day, days[index - 1], column) !== 0);
    const day = days[at];
    const before = days[at - 1];
    if (day === undefined || before === undefined) return [];
    const power = powerOf(day, before, column);
    const times = power > 0 ? `about ${10 ** power} times` : `about 1/${10 ** -power} of`;
    const file = facts.files[day.file]?.file ?? '';
    const where = day.file === before.file ? new Date(day.day * 86_400_000).toISOString().slice(0, 10) : file;
    const message = `the typical \`${column}\` of ${day.symbol} is ${times} what it was before, from ${where} on`;
    const action =
      'check the unit: other decimals, contracts in place of base units, or another instrument under the same name';
    return [
      finding(code, 'error', facts.table, { message, action }, { symbol: day.symbol, column, file, rows: day.rows }),
    ];
  });
}

/** The power of ten by which a typical value changed; 0 where it did not, or where weeks lie between. */
function powerOf(day: DayFacts, before: DayFacts | undefined, column: 'price' | 'qty'): number {
  // After weeks without rows a market may really be elsewhere.
  if (before === undefined || day.day - before.day > mostDaysApart) return 0;
  const power = Math.log10((day[column] ?? 1) / (before[column] ?? 1));
  // Sizes vary far more than prices: only the step itself can be seen, not how exactly it is a power of ten.
  if (column === 'qty') return Math.abs(power) < 1.9 ? 0 : Math.round(power);
  return Math.abs(power) < 0.9 || Math.abs(power - Math.round(power)) >= 0.1 ? 0 : Math.round(power);
}

/** Currencies that count as dollars when a value in USD is compared with price × size. */
const dollars = /(USD[TCP]?|FDUSD|BUSD|TUSD|DAI)([-_/:].*)?$/i;

function notionals(facts: TableFacts): Finding[] {
  return facts.notionals.flatMap((notional) => {
    const { column, symbol, rows } = notional;
    if (rows < 20 || (column === 'notional_usd' && !dollars.test(symbol))) return [];
    const parts = { symbol, column, rows };
    if (Math.abs(notional.median - 1) <= 0.02) return offRows(facts.table, notional);
    if (isConstant(notional.perQtyLow, notional.perQtyHigh) && notional.priceHigh > notional.priceLow * 1.001) {
      const message = `\`qty\` of ${symbol} looks like inverse contracts of ${short(notional.perQtyLow)} each: \`${column}\` is size × ${short(notional.perQtyLow)} whatever the price`;
      return [
        finding(
          'inverse-contracts',
          'error',
          facts.table,
          { message, action: 'read the raw file through a mapping with `contracts:`, so that sizes are base units' },
          parts,
        ),
      ];
    }
    if (notional.high / notional.low < 1.02) {
      const message = `\`qty\` of ${symbol} looks like contracts of ${short(notional.median)} base units: \`${column}\` is ${short(notional.median)} × price × size`;
      return [
        finding(
          'contracts-as-base',
          'error',
          facts.table,
          { message, action: 'read the raw file through a mapping with `contracts:`, so that sizes are base units' },
          parts,
        ),
      ];
    }
    const message = `\`${column}\` of ${symbol} is not price × size: typically ${short(notional.median)} times it`;
    return [
      finding(
        'notional-mismatch',
        'error',
        facts.table,
        { message, action: 'check which currency it is in, and how it was computed' },
        parts,
      ),
    ];
  });
}

function offRows(table: string, { column, symbol, off }: NotionalFacts): Finding[] {
  if (off === 0) return [];
  const message = `\`${column}\` differs from price × size by more than 5 % in ${rowsWord(off)} of ${symbol}`;
  return [
    finding(
      'notional-mismatch',
      'error',
      table,
      { message, action: 'check how these rows were computed; SOPs that add up values would be wrong' },
      { symbol, column, rows: off },
    ),
  ];
}

function isConstant(low: number, high: number): boolean {
  return low > 0 && high / low < 1.0005;
}

function crossed(facts: TableFacts): Finding[] {
  if (facts.crossed === 0) return [];
  const message =
    facts.table === 'candles'
      ? `${rowsWord(facts.crossed)} whose high or low lies inside open and close`
      : `${rowsWord(facts.crossed)} whose bid is above the ask`;
  return [
    finding(
      'crossed-values',
      'error',
      facts.table,
      { message, action: 'check the order of the columns in the export' },
      { rows: facts.crossed },
    ),
  ];
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
