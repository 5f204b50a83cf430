import type { ColumnFacts, Counted, StrangeTime } from '../../model/survey.ts';
import { quoteName, quoteText } from '../quote.ts';
import { ask } from './ask.ts';
import type { Surveyed } from './surveyed.ts';

/** Columns that cannot be zero or negative in any market table that has them. */
const positive = [
  'price',
  'qty',
  'open',
  'high',
  'low',
  'close',
  'mark',
  'index',
  'last',
  'mark_px',
  'entry_px',
  'fill_px',
  'bid_px',
  'ask_px',
];

/** Bitcoin's first block: no market of ours is older. */
const earliest = Date.UTC(2009, 0, 3) * 1000;

export async function columnFacts(
  all: Surveyed,
  values: Readonly<Record<string, readonly string[]>>,
): Promise<ColumnFacts[]> {
  const columns = all.shape.columns.filter(({ name }) => all.has(name));
  if (columns.length === 0) return [];
  const items = columns.map(({ name }, at) => {
    const quoted = quoteName(name);
    return `count(${quoted}) AS n${at}, CAST(min(${quoted}) AS VARCHAR) AS lo${at}, CAST(max(${quoted}) AS VARCHAR) AS hi${at}`;
  });
  const [row] = await ask(all.connection, `SELECT ${items.join(', ')} FROM ${all.rows}`);
  if (row === undefined) return [];
  const told: ColumnFacts[] = [];
  for (const [at, { name }] of columns.entries()) {
    const filled = row.number(`n${at}`);
    const unknown = filled === 0 ? [] : await unknownValues(all, name, values[name]);
    told.push({
      name,
      filled,
      min: filled === 0 ? null : row.text(`lo${at}`),
      max: filled === 0 ? null : row.text(`hi${at}`),
      unknown,
    });
  }
  return told;
}

async function unknownValues(
  all: Surveyed,
  name: string,
  allowed: readonly string[] | undefined,
): Promise<ColumnFacts['unknown']> {
  if (allowed === undefined) return [];
  const list = allowed.map(quoteText).join(', ');
  const sql = `SELECT v, count(*) AS n FROM (SELECT ${quoteName(name)} AS v FROM ${all.rows}) WHERE v NOT IN (${list}) GROUP BY v ORDER BY n DESC, v LIMIT 5`;
  return (await ask(all.connection, sql)).map((row) => ({ value: row.text('v'), rows: row.number('n') }));
}

export async function notPositive(all: Surveyed): Promise<Counted[]> {
  const candidates = positive.filter((name) => all.has(name));
  const told: Counted[] = [];
  for (const name of candidates) {
    const quoted = quoteName(name);
    // An order without a limit, or a mark that is not known, may be written as 0; a trade cannot.
    const bad = all.shape.name === 'orders' ? `${quoted} < 0` : `${quoted} <= 0`;
    const [row] = await ask(
      all.connection,
      `SELECT count(*) AS n, CAST(min(${quoted}) AS VARCHAR) AS v FROM ${all.rows} WHERE ${bad}`,
    );
    if (row !== undefined && row.number('n') > 0)
      told.push({ column: name, rows: row.number('n'), example: row.text('v') });
  }
  return told;
}

export async function crossedRows(all: Surveyed): Promise<number> {
  const tests: string[] = [];
  if (['open', 'high', 'low', 'close'].every(all.has))
    tests.push('high < low OR open > high OR close > high OR open < low OR close < low');
  if (['bid_px', 'ask_px'].every(all.has)) tests.push('bid_px > ask_px');
  if (tests.length === 0) return 0;
  const [row] = await ask(all.connection, `SELECT count(*) AS n FROM ${all.rows} WHERE ${tests.join(' OR ')}`);
  return row?.number('n') ?? 0;
}

/** Times before there were such markets, and times that have not come yet. */
export async function strangeTimes(all: Surveyed, now: number): Promise<StrangeTime[]> {
  const told: StrangeTime[] = [];
  for (const name of [...new Set([all.shape.time, 'ingested_ts'])]) {
    if (name === undefined || !all.has(name)) continue;
    const us = `epoch_us(${quoteName(name)})`;
    for (const future of [false, true]) {
      const test = future ? `${us} > ${now + 86_400_000_000}` : `${us} < ${earliest}`;
      const [row] = await ask(
        all.connection,
        `SELECT count(*) AS n, min(${us}) AS us, CAST(min(${quoteName(name)}) AS VARCHAR) AS t FROM ${all.rows} WHERE ${test}`,
      );
      if (row !== undefined && row.number('n') > 0)
        told.push({
          column: name,
          rows: row.number('n'),
          example: row.text('t'),
          microseconds: row.number('us'),
          future,
        });
    }
  }
  return told;
}

export async function emptyKeys(all: Surveyed, required: readonly string[]): Promise<Counted[]> {
  const names = [...new Set([...required, ...all.shape.key])].filter(all.has);
  if (names.length === 0) return [];
  const items = names.map((name, at) => `count(*) - count(${quoteName(name)}) AS n${at}`);
  const [row] = await ask(all.connection, `SELECT ${items.join(', ')} FROM ${all.rows}`);
  return names.flatMap((column, at) => {
    const rows = row?.number(`n${at}`) ?? 0;
    // A key column that no row fills is absent, not empty here and there.
    return rows === 0 || (rows === all.count && !required.includes(column)) ? [] : [{ column, rows, example: '' }];
  });
}
